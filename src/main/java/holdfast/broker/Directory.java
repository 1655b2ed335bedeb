package holdfast.broker;

import holdfast.core.CloudSupply;
import holdfast.engine.Resources;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What users call the places of providers, and the names in the calendar.
public final class Directory {
    private static final int MOST_POOLS = 1_000;

    private final List<Pool> pools;

    private Directory(List<Pool> pools) {
        this.pools = List.copyOf(pools);
    }

    /// As things are. One query.
    public static Directory read(Tx tx, Resources resources) {
        return new Directory(resources.ofType(tx, ProviderSupply.POOL, MOST_POOLS).stream()
                .map(pool -> pool.as(Pool.class))
                .toList());
    }

    /// The account of a provider, by its name or id.
    public Optional<String> account(String name) {
        return pools.stream()
                .filter(pool ->
                        pool.name().equals(name) || pool.provider().toString().equals(name))
                .map(Pool::place)
                .findFirst();
    }

    /// All zones of that name; a zone of one provider is also called `provider/zone`.
    public List<String> zones(String name) {
        return all().entrySet().stream()
                .filter(zone ->
                        zone.getValue().endsWith("/" + name) || zone.getValue().equals(name))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// `provider/zone` of each, by its name in the calendar.
    private Map<String, String> all() {
        var zones = new TreeMap<String, String>();
        for (var pool : pools) {
            pool.supply()
                    .map(CloudSupply::zones)
                    .orElse(List.of())
                    .forEach(zone -> zones.put(Places.zone(pool.provider(), zone), pool.name() + "/" + zone));
        }
        return zones;
    }

    /// A size of servers by its name or id; of that provider, if one is given.
    public Optional<CloudSupply.Flavor> flavor(Optional<String> account, String name) {
        return pools.stream()
                .filter(pool -> account.isEmpty() || account.get().equals(pool.place()))
                .flatMap(pool -> pool.supply().stream())
                .flatMap(supply -> supply.flavors().stream())
                .filter(flavor -> flavor.name().equals(name) || flavor.id().equals(name))
                .findFirst();
    }

    /// A place in words: `lab`, `lab/north`, or the name of a host.
    public String words(String place) {
        var zone = all().get(place);
        if (zone != null) {
            return zone;
        }
        return pools.stream()
                .filter(pool -> pool.place().equals(place))
                .map(Pool::name)
                .findFirst()
                .orElseGet(() -> Places.name(place));
    }

    /// What there is to choose from.
    public List<String> accounts() {
        return pools.stream().map(Pool::name).sorted().toList();
    }

    public List<String> zones() {
        return List.copyOf(all().values());
    }
}
