package holdfast.broker;

import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Violation;
import holdfast.calendar.Whole;
import holdfast.core.Capacities;
import holdfast.core.CloudSupply;
import holdfast.core.CloudSupply.Host;
import holdfast.core.Copies;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.Offer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/// What providers of cloud resources have, in the broker's book: an account with its limits, zones with the sum of
/// their hosts, and the hosts. Whatever is taken of a host is booked in its zone and its account, too, so that loose
/// quantities, instances and whole hosts share one truth (promise.md 4.8).
public final class ProviderSupply {
    public static final String POOL = "pool";
    /// What accounts and zones count. Where nothing is said of one, it is not limited.
    private static final Set<String> COUNTED = Set.of(
            "instance",
            "vcpu",
            "memory_mb",
            "address",
            "network",
            "subnet",
            "port",
            "router",
            "volume",
            "volume_gb",
            "snapshot");

    /// What of it no host has, so that no zone limits it.
    private static final Set<String> OF_ACCOUNTS =
            Set.of("address", "network", "subnet", "port", "router", "volume", "volume_gb", "snapshot");

    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Pools pools;
    private final Calendar calendar;
    private final Units units;

    ProviderSupply(String broker, Platform platform, Engine engine, Calendar calendar, Units units) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.pools = new Pools(resources);
        this.calendar = calendar;
        this.units = units;
    }

    /// The record of a provider.
    Optional<Resource> pool(Tx tx, UUID provider) {
        return resources.find(tx, id(provider)).filter(pool -> pool.removed().isEmpty());
    }

    /// All records, or that of an account.
    List<Pool> pools(Tx tx, Optional<String> account) {
        return pools.all(tx).stream()
                .filter(pool -> account.isEmpty() || account.get().equals(pool.place()))
                .toList();
    }

    private UUID id(UUID provider) {
        return Copies.id(broker, provider);
    }

    /// @return where more is booked now than there is
    List<Violation> updated(Tx tx, Message.UpdateSupply update) {
        var known = resources.lock(tx, id(update.provider()));
        if (known.isPresent()) {
            var pool = known.get();
            boolean old = pool.as(Pool.class).sequence() >= update.sequence();
            return old || pool.removed().isPresent() ? List.of() : replace(tx, pool, update);
        }
        return update.offer().map(offer -> begin(tx, update, offer)).orElse(List.of());
    }

    private List<Violation> begin(Tx tx, Message.UpdateSupply update, Offer offer) {
        var fresh = resources.fresh(
                id(update.provider()),
                POOL,
                broker,
                Optional.empty(),
                offer.name(),
                "active",
                "-",
                record(update, Optional.of(offer), Set.of()));
        resources.insert(tx, fresh, "clouds", "seen");
        return book(tx, update.provider(), offer.supply(), List.of());
    }

    private List<Violation> replace(Tx tx, Resource pool, Message.UpdateSupply update) {
        var before = pool.as(Pool.class);
        var zones = before.supply().map(CloudSupply::zones).orElse(List.of());
        var next = pool.withData(record(update, update.offer(), before.strangers()));
        resources.update(
                tx,
                pool.state(),
                update.offer().isPresent()
                        ? next
                        : next.withState("removed", Optional.empty()).removedAt(platform.now()),
                "clouds",
                update.offer().isPresent() ? "seen" : "taken out");
        var nothing = new CloudSupply(List.of(), Map.of(), List.of(), List.of(), List.of(), List.of(), false);
        return update.offer()
                .map(offer -> book(tx, update.provider(), offer.supply(), zones))
                .orElseGet(() -> {
                    var hurt = new ArrayList<>(book(tx, update.provider(), nothing, zones));
                    hurt.addAll(total(tx, Places.account(update.provider()), Capacities.NONE));
                    return hurt;
                });
    }

    private static Pool record(Message.UpdateSupply update, Optional<Offer> offer, Set<String> strangers) {
        return new Pool(
                update.provider(),
                offer.map(Offer::name).orElse("-"),
                Places.account(update.provider()),
                update.sequence(),
                offer.map(Offer::enforced).orElse(false),
                offer.map(Offer::peer).orElse(false),
                offer.map(Offer::cleaningSeconds).orElse(0),
                offer.map(Offer::supply).map(supply -> supply.with(List.of())),
                strangers);
    }

    /// Sets all totals anew; what stays as it is costs a look and no write.
    private List<Violation> book(Tx tx, UUID provider, CloudSupply supply, List<String> oldZones) {
        var hurt = new ArrayList<>(total(tx, Places.account(provider), account(supply)));
        var zones = new TreeMap<String, Capacities>();
        oldZones.forEach(zone -> zones.put(zone, Capacities.NONE));
        supply.hosts().stream()
                .filter(Host::up)
                .forEach(host -> zones.merge(host.zone(), counted(host), Capacities::plus));
        zones.forEach((zone, sum) -> hurt.addAll(total(tx, Places.zone(provider, zone), besides(sum))));
        var gone = new HashMap<String, Host>();
        for (var unit : units.hosts(tx, provider)) {
            gone.put(unit.name(), new Host(unit.name(), "", unit.zone(), false, Map.of(), Map.of()));
        }
        units.seen(tx, provider, supply.hosts(), platform.now());
        supply.hosts().forEach(host -> gone.put(host.name(), host));
        new TreeMap<>(gone).forEach((name, host) -> hurt.addAll(total(tx, Places.host(provider, name), whole(host))));
        return hurt;
    }

    private List<Violation> total(Tx tx, String place, Capacities total) {
        return calendar.setTotal(tx, broker, place, total, platform.now());
    }

    /// What may be promised in all. Where hosts are seen that is what they have, since what is held on them is used
    /// by others within limits of their own; all else is limited as the account is.
    private static Capacities account(CloudSupply supply) {
        var all = new TreeMap<String, Long>();
        COUNTED.forEach(dimension -> all.put(dimension, supply.limits().getOrDefault(dimension, Booking.MOST)));
        var there = supply.hosts().stream()
                .filter(Host::up)
                .map(ProviderSupply::counted)
                .reduce(Capacities.NONE, Capacities::plus);
        supply.hosts().stream()
                .flatMap(host -> counted(host).amounts().keySet().stream())
                .forEach(dimension -> all.put(dimension, there.get(dimension)));
        return new Capacities(all);
    }

    /// A zone that has hosts, with what only the account limits.
    private static Capacities besides(Capacities hosts) {
        var amounts = new TreeMap<>(hosts.amounts());
        if (!amounts.isEmpty()) {
            OF_ACCOUNTS.forEach(dimension -> amounts.putIfAbsent(dimension, Booking.MOST));
        }
        return new Capacities(amounts);
    }

    /// What a zone has of a host, which limits no number of instances.
    private static Capacities counted(Host host) {
        var amounts = new TreeMap<>(above(host.total()).amounts());
        amounts.putIfAbsent("instance", Whole.ALL);
        return new Capacities(amounts);
    }

    /// Whether accounts and zones count it.
    public static boolean isCounted(String dimension) {
        return COUNTED.contains(dimension);
    }

    /// What accounts and zones count, in the order of the alphabet.
    public static List<String> counted() {
        return COUNTED.stream().sorted().toList();
    }

    /// What zone and account count of what a host has or a server takes.
    static Capacities above(Map<String, Long> amounts) {
        var counted = new TreeMap<>(amounts);
        counted.keySet().retainAll(COUNTED);
        return new Capacities(counted);
    }

    /// What a host counts.
    ///
    /// @param whole how much of [Whole#DIMENSION]
    static Capacities ofHost(Map<String, Long> amounts, long whole) {
        var counted = new TreeMap<>(amounts);
        counted.remove("instance");
        counted.put(Whole.DIMENSION, whole);
        return new Capacities(counted);
    }

    private static Capacities whole(Host host) {
        return host.up() ? ofHost(host.total(), Whole.ALL) : Capacities.NONE;
    }
}
