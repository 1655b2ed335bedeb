package holdfast.broker;

import holdfast.calendar.Whole;
import holdfast.core.Answer;
import holdfast.core.Certificate;
import holdfast.core.CloudSupply;
import holdfast.core.Refusal;
import holdfast.engine.Resources;
import holdfast.platform.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What users call the places of providers, and the names in the calendar.
public final class Directory {
    private static final int MOST_POOLS = 1_000;
    private static final int MOST_SHOWN = 20;

    private static final Pattern PLACE = Pattern.compile("\\bp/[0-9a-f-]{36}(?:/[ahne]/[^\\s,;:]{1,255})?");

    private final List<Pool> pools;

    /// Some of all there is.
    ///
    /// @param provider its name or id; empty = all
    /// @param zone its name, or `provider/zone`; empty = all, and what is of no zone
    public record Where(Optional<String> provider, Optional<String> zone) {
        public static final Where EVERYWHERE = new Where(Optional.empty(), Optional.empty());
    }

    /// An account, or one of its zones.
    ///
    /// @param place in the broker's book
    /// @param id of the provider
    /// @param provider its name
    /// @param zone its name at the provider; empty for the account
    public record Area(String place, UUID id, String provider, Optional<String> zone) {
        /// `lab`, or `lab/north`.
        public String words() {
            return zone.map(name -> provider + "/" + name).orElse(provider);
        }

        private boolean isCalled(String name) {
            return words().equals(name) || zone.filter(name::equals).isPresent();
        }
    }

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
                .filter(pool -> isCalled(pool, name))
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

    /// All accounts with their zones behind each, or what is left of them.
    ///
    /// @param where zones only, if it names one
    /// @return [Refusal.Kind#MALFORMED] for a provider or zone that there is not
    public Answer<List<Area>> areas(Where where) {
        var provider = where.provider();
        if (provider.isPresent() && account(provider.get()).isEmpty()) {
            return Answer.no(unknown("provider", provider.get(), accounts()));
        }
        var areas = new ArrayList<Area>();
        for (var pool : pools) {
            if (provider.isEmpty() || isCalled(pool, provider.get())) {
                if (where.zone().isEmpty()) {
                    areas.add(new Area(pool.place(), pool.provider(), pool.name(), Optional.empty()));
                }
                pool.supply().map(CloudSupply::zones).orElse(List.of()).stream()
                        .map(zone -> new Area(
                                Places.zone(pool.provider(), zone), pool.provider(), pool.name(), Optional.of(zone)))
                        .filter(area -> where.zone().map(area::isCalled).orElse(true))
                        .forEach(areas::add);
            }
        }
        return areas.isEmpty() && where.zone().isPresent()
                ? Answer.no(unknown("zone", where.zone().get(), zones()))
                : Answer.yes(areas);
    }

    /// The zone in which a host is; empty if its provider is taken out.
    public Optional<Area> zoneOf(Units.Unit unit) {
        return pools.stream()
                .filter(pool -> pool.provider().equals(unit.provider()))
                .findFirst()
                .map(pool -> new Area(
                        Places.zone(pool.provider(), unit.zone()),
                        pool.provider(),
                        pool.name(),
                        Optional.of(unit.zone())));
    }

    private static Refusal unknown(String field, String name, List<String> known) {
        return Refusal.malformed(
                field,
                field + " is '" + name + "'; there are: " + (known.isEmpty() ? "none" : String.join(", ", known)));
    }

    private static boolean isCalled(Pool pool, String name) {
        return pool.name().equals(name) || pool.provider().toString().equals(name);
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

    /// The names of all sizes, or of those of a provider.
    public List<String> flavors(Optional<String> account) {
        return pools.stream()
                .filter(pool -> account.isEmpty() || account.get().equals(pool.place()))
                .flatMap(pool -> pool.supply().stream())
                .flatMap(supply -> supply.flavors().stream())
                .map(CloudSupply.Flavor::name)
                .distinct()
                .sorted()
                .limit(MOST_SHOWN)
                .toList();
    }

    /// A network of a provider.
    ///
    /// @param place in the broker's book
    /// @param account the provider's name
    public record Net(String place, UUID provider, String account, CloudSupply.Network network) {
        private boolean isCalled(String name) {
            return List.of(network.id(), network.name(), account + "/" + network.id(), account + "/" + network.name())
                    .contains(name);
        }
    }

    /// All networks of that id or name; a network of one provider is also called `provider/network`.
    public List<Net> networks(String name) {
        return networks().filter(net -> net.isCalled(name)).toList();
    }

    /// The network of an address; empty if its provider has it no more.
    public Optional<Net> networkOf(AddressRegister.Address address) {
        return networks().filter(net -> net.place().equals(address.place())).findFirst();
    }

    /// What a network is called, by its place: its id, and where several providers have one of that id, also whose.
    public String network(String place) {
        return networks()
                .filter(net -> net.place().equals(place))
                .findFirst()
                .map(this::called)
                .orElseGet(() -> Places.name(place));
    }

    private String called(Net net) {
        var id = net.network().id();
        boolean several =
                networks().filter(other -> other.network().id().equals(id)).count() > 1;
        return several ? net.account() + "/" + id : id;
    }

    private Stream<Net> networks() {
        return pools.stream()
                .flatMap(pool -> pool.supply().map(CloudSupply::networks).orElse(List.of()).stream()
                        .map(network -> new Net(
                                Places.network(pool.provider(), network.id()), pool.provider(), pool.name(), network)));
    }

    /// The only network of that id or name, for addresses of it to be reserved.
    ///
    /// @param field of the request, for the refusal
    public Answer<Net> network(String field, String name) {
        var found =
                networks(name).stream().filter(net -> net.network().external()).toList();
        if (found.isEmpty()) {
            return Answer.no(Refusal.malformed(
                    field,
                    field + " is '" + name + "', which is no external network; there are: "
                            + String.join(", ", external())));
        }
        return found.size() == 1
                ? Answer.yes(found.getFirst())
                : Answer.no(Refusal.malformed(
                        field,
                        "several providers have that network; say which: "
                                + found.stream()
                                        .map(net -> net.account + "/" + net.network.id())
                                        .collect(Collectors.joining(", "))));
    }

    private List<String> external() {
        return pools.stream()
                .flatMap(pool -> pool.supply().map(CloudSupply::networks).orElse(List.of()).stream()
                        .filter(CloudSupply.Network::external)
                        .map(network -> pool.name() + "/" + network.name()))
                .sorted()
                .toList();
    }

    /// A place in words: `lab`, `lab/north`, the name of a host, what a network is called, or an address.
    public String words(String place) {
        var zone = all().get(place);
        if (zone != null) {
            return zone;
        }
        return pools.stream()
                .filter(pool -> pool.place().equals(place))
                .map(Pool::name)
                .findFirst()
                .or(() -> Thing.at(place)
                        .filter(thing -> thing.kind() != Thing.Kind.HOST)
                        .map(this::words))
                .orElseGet(() -> Places.isAddress(place) ? Places.address(place) : network(place));
    }

    /// A thing as users say it, `network private`.
    private String words(Thing thing) {
        return thing.kind().word() + " " + called(thing);
    }

    /// What users call it: the name of a network or an image.
    public String called(Thing thing) {
        return pools.stream()
                .filter(pool -> thing.provider().equals(Optional.of(pool.provider())))
                .flatMap(pool -> pool.supply().stream())
                .flatMap(supply -> named(supply, thing.kind()).entrySet().stream())
                .filter(known -> known.getKey().equals(thing.name()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(thing.name());
    }

    /// What somebody calls by its name or id. What no provider has is taken as it is said, of the first of them:
    /// whoever decides on it finds that it is not there.
    ///
    /// @param account of the provider, if it was said
    public Optional<Thing> thing(Thing.Kind kind, Optional<String> account, String name) {
        if (kind.isOurs()) {
            return Optional.of(new Thing(kind, Optional.empty(), name));
        }
        var some = pools.stream()
                .filter(pool -> account.isEmpty() || account.get().equals(pool.place()))
                .toList();
        for (var pool : some) {
            for (var known : pool.supply()
                    .map(supply -> named(supply, kind))
                    .orElse(Map.of())
                    .entrySet()) {
                if (known.getKey().equals(name) || known.getValue().equals(name)) {
                    return Optional.of(new Thing(kind, Optional.of(pool.provider()), known.getKey()));
                }
            }
        }
        return some.stream().findFirst().map(pool -> new Thing(kind, Optional.of(pool.provider()), name));
    }

    /// By id.
    private static Map<String, String> named(CloudSupply supply, Thing.Kind kind) {
        var named = new TreeMap<String, String>();
        switch (kind) {
            case NETWORK -> supply.networks().forEach(network -> named.put(network.id(), network.name()));
            case IMAGE -> supply.images().forEach(image -> named.put(image.id(), image.name()));
            case HOST, SERVER, RESERVATION -> {}
        }
        return named;
    }

    /// The same refusal, with places, and what they count, named as users name them.
    public Refusal inWords(Refusal why) {
        return why.saying(inWords(why.message())).showing(this::inWords);
    }

    /// How a host or an element is shared is our affair: to users it is one `host` or `element`, and not free.
    private Certificate inWords(Certificate shown) {
        var place = inWords(shown.place());
        return shown.dimension().equals(Whole.DIMENSION)
                ? new Certificate(place, Places.isHost(shown.place()) ? "host" : "element", shown.at(), 1, 0)
                : new Certificate(place, shown.dimension(), shown.at(), shown.wanted(), shown.free());
    }

    /// The same text, with places named as users name them.
    public String inWords(String text) {
        return PLACE.matcher(text).replaceAll(place -> Matcher.quoteReplacement(words(place.group())));
    }

    /// What there is to choose from.
    public List<String> accounts() {
        return pools.stream().map(Pool::name).sorted().toList();
    }

    public List<String> zones() {
        return List.copyOf(all().values());
    }
}
