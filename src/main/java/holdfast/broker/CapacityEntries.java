package holdfast.broker;

import holdfast.broker.Units.Unit;
import holdfast.broker.choice.Dimensions;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Entries;
import holdfast.calendar.Entry;
import holdfast.calendar.Entry.Origin;
import holdfast.calendar.Impact;
import holdfast.calendar.Whole;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Capacities;
import holdfast.core.CloudSupply;
import holdfast.core.Copies;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Notice;
import holdfast.engine.Notices;
import holdfast.engine.Resource;
import holdfast.engine.Signal;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// More or less of what a provider has, for a time, because somebody says so (promise.md 4.1): a buffer outside of the
/// calendar, an upgrade that is announced, a downtime that is planned. For whatever interface; who may do it is for the
/// caller to decide.
///
/// What is said of a host counts for its zone, and what is said of a zone for its account.
public final class CapacityEntries {
    private final String broker;
    private final Platform platform;
    private final Notices notices;
    private final Signal changed;
    private final Calendar calendar;
    private final Entries entries;
    private final Units units;
    private final Losses losses;
    private final Mending mending;

    CapacityEntries(
            String broker,
            Platform platform,
            Engine engine,
            Calendar calendar,
            Units units,
            Losses losses,
            Mending mending) {
        this.broker = broker;
        this.platform = platform;
        this.notices = engine.notices();
        this.changed = engine.changed();
        this.calendar = calendar;
        this.entries = new Entries(calendar);
        this.units = units;
        this.losses = losses;
        this.mending = mending;
    }

    /// What is to be changed.
    ///
    /// @param zone of the pool; empty for the whole account, or for the zone of the host
    /// @param host of the pool
    /// @param when its end may be [Instant#MAX]
    /// @param change all of it more, or all of it less; empty = all that a host has is away
    /// @param source why, or who says so
    /// @param forced whether it is done though somebody is hurt
    public record Wish(
            Optional<String> zone,
            Optional<String> host,
            Interval when,
            Optional<Capacities> change,
            Origin origin,
            String source,
            boolean forced) {}

    /// What became of it.
    ///
    /// @param entry as it is, or would be
    /// @param taken whether the book has changed
    /// @param hurt who will not get what was promised, or would not; the weakest first
    /// @param ways of a rehearsal: the hosts and zones where those of them would go who could, by id
    public record Outcome(Entry entry, boolean taken, List<Resource> hurt, Map<UUID, List<String>> ways) {
        private Outcome(Entry entry, boolean taken, List<Resource> hurt) {
            this(entry, taken, hurt, Map.of());
        }
    }

    /// Writes an entry; one that hurts somebody only if it is forced. Then who may move goes elsewhere, and hears
    /// of that alone, and the others are marked and told.
    ///
    /// @param pool of type `pool`
    public Answer<Outcome> add(Tx tx, Caller caller, Resource pool, Wish wish) {
        if (wish.forced) {
            mending.lock(tx);
        }
        return chain(tx, caller, pool, wish).flatMap(chain -> {
            var outcome = isLess(chain)
                    ? entries.decrease(tx, chain, wish.forced).map(impact -> outcome(tx, chain.getFirst(), impact))
                    : more(tx, chain);
            return outcome.map(done -> told(tx, pool, done));
        });
    }

    /// What became of one that was written, and is still there.
    public Optional<Outcome> before(Tx tx, UUID entry) {
        return entries.find(tx, entry).map(found -> new Outcome(found, true, List.of()));
    }

    /// What [#add] would do to those who have reserved. Changes nothing.
    public Answer<Outcome> rehearse(Tx tx, Caller caller, Resource pool, Wish wish) {
        return chain(tx, caller, pool, wish)
                .flatMap(chain -> isLess(chain)
                        ? entries.rehearse(tx, chain)
                                .map(impact -> new Outcome(
                                        chain.getFirst(),
                                        false,
                                        losses.victims(tx, impact.violations()),
                                        impact.violations().isEmpty() ? Map.of() : ways(tx, chain)))
                        : Answer.yes(new Outcome(chain.getFirst(), false, List.of())));
    }

    /// Tried out, and taken back.
    private Map<UUID, List<String>> ways(Tx tx, List<Entry> chain) {
        var ways = new TreeMap<UUID, List<String>>();
        calendar.atomically(tx, () -> {
            ways.putAll(mending.ways(tx, () -> entries.decrease(tx, chain, true).orThrow()));
            return Answer.no(Refusal.clash("it was a rehearsal"));
        });
        return ways;
    }

    /// Takes an entry away from now on. What was more is kept if somebody has reserved it, unless it is forced.
    ///
    /// @return [Refusal.Kind#NOT_THERE] if the pool has none of that id, or no longer
    public Answer<Outcome> remove(Tx tx, Resource pool, UUID id, boolean forced) {
        if (forced) {
            mending.lock(tx);
        }
        var found = entries.find(tx, id).filter(entry -> isOf(pool, entry) && !isShadow(entry));
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no entry " + id + " of " + pool.name()));
        }
        var all = new ArrayList<UUID>();
        all.add(id);
        above(tx, pool, found.get().place()).stream()
                .map(place -> Copies.id(place, id))
                .filter(shadow -> entries.find(tx, shadow).isPresent())
                .forEach(all::add);
        return entries.withdraw(tx, all, platform.now(), forced)
                .map(impact -> told(tx, pool, outcome(tx, found.get(), impact)));
    }

    /// The entries of a pool that count and overlap the window, by place and start.
    public List<Entry> list(Tx tx, Resource pool, Interval when) {
        var content = pool.as(Pool.class);
        var places = new ArrayList<String>();
        places.add(content.place());
        content.supply()
                .map(CloudSupply::zones)
                .orElse(List.of())
                .forEach(zone -> places.add(Places.zone(content.provider(), zone)));
        units.hosts(tx, content.provider()).forEach(unit -> places.add(unit.place()));
        return list(tx, places, when);
    }

    /// Those of some places.
    List<Entry> list(Tx tx, List<String> places, Interval when) {
        return entries.list(tx, broker, places, when).stream()
                .filter(entry -> !isShadow(entry))
                .toList();
    }

    private Outcome outcome(Tx tx, Entry entry, Impact impact) {
        return new Outcome(entry, impact.taken(), losses.victims(tx, impact.violations()));
    }

    private Answer<Outcome> more(Tx tx, List<Entry> chain) {
        calendar.lock(tx, broker, chain.stream().map(Entry::place).toList());
        chain.forEach(entry -> entries.add(tx, entry).orThrow());
        return Answer.yes(new Outcome(chain.getFirst(), true, List.of()));
    }

    private static boolean isLess(List<Entry> chain) {
        return chain.getFirst().change().amounts().values().stream().allMatch(amount -> amount < 0);
    }

    /// Totals are for everybody to know.
    private Outcome told(Tx tx, Resource pool, Outcome outcome) {
        if (outcome.taken) {
            var entry = outcome.entry;
            var zone = zone(tx, pool, entry.place());
            var data = Json.object()
                    .put("provider", pool.name())
                    .put("start", entry.when().from().toString())
                    .put("end", entry.when().isBounded() ? entry.when().until().toString() : null);
            zone.ifPresent(name -> data.put("zone", name));
            data.set("change", Json.toTree(entry.change().amounts()));
            notices.tell(
                    tx,
                    new Notice(
                            platform.newId(),
                            "capacity.changed",
                            platform.now(),
                            Notice.Thing.of(pool),
                            "",
                            Optional.empty(),
                            zone,
                            data));
            if (outcome.hurt.isEmpty()) {
                mending.soon(tx, pool.id());
            } else {
                mending.mend(tx, pool);
            }
            tx.afterCommit(changed::raise);
        }
        return outcome;
    }

    // ------------------------------------------------------------------------------------------------------------
    // where it counts

    /// The entry and what follows from it above its place.
    private Answer<List<Entry>> chain(Tx tx, Caller caller, Resource pool, Wish wish) {
        return amounts(tx, pool, wish).map(amounts -> {
            var id = platform.newId();
            var chain = new ArrayList<Entry>();
            amounts.forEach((place, change) -> chain.add(new Entry(
                    chain.isEmpty() ? id : Copies.id(place, id),
                    broker,
                    place,
                    wish.when,
                    change,
                    wish.origin,
                    chain.isEmpty() ? wish.source : id.toString(),
                    caller.project(),
                    wish.forced,
                    platform.now())));
            return chain;
        });
    }

    /// By place, the narrowest first.
    private Answer<Map<String, Capacities>> amounts(Tx tx, Resource pool, Wish wish) {
        var content = pool.as(Pool.class);
        var hosts = units.hosts(tx, content.provider());
        var host = wish.host.flatMap(
                name -> hosts.stream().filter(unit -> unit.name().equals(name)).findFirst());
        if (wish.host.isPresent() && host.isEmpty()) {
            return Answer.no(Refusal.malformed(
                    "host", "host is '" + wish.host.get() + "', which " + pool.name() + " does not have"));
        }
        var zones = content.supply().map(CloudSupply::zones).orElse(List.of());
        var zone = host.map(Unit::zone).or(wish::zone);
        if (wish.zone.isPresent() && !(zones.contains(wish.zone.get()) && zone.equals(wish.zone))) {
            return Answer.no(Refusal.malformed(
                    "zone", "zone is '" + wish.zone.get() + "'; there are: " + String.join(", ", zones)));
        }
        return change(wish, host, hosts).map(change -> {
            var amounts = new LinkedHashMap<String, Capacities>();
            host.ifPresent(unit -> amounts.put(unit.place(), without(change, Dimensions.INSTANCE)));
            var above = ProviderSupply.above(change.amounts());
            zone.filter(_ -> !above.nothing())
                    .ifPresent(name -> amounts.put(Places.zone(content.provider(), name), above));
            var whole = zone.isPresent() ? ofHosts(hosts, above) : above;
            if (!whole.nothing()) {
                amounts.put(content.place(), whole);
            }
            return amounts;
        });
    }

    private static Answer<Capacities> change(Wish wish, Optional<Unit> host, List<Unit> hosts) {
        if (wish.change.isEmpty()) {
            return host.<Answer<Capacities>>map(
                            unit -> Answer.yes(Capacities.NONE.minus(ProviderSupply.ofHost(unit.total(), Whole.ALL))))
                    .orElseGet(() -> Answer.no(Refusal.malformed(
                            "change", "change is missing; without it a host is away, and no host is named")));
        }
        var amounts = wish.change.get().amounts();
        if (amounts.isEmpty()
                || amounts.values().stream().anyMatch(amount -> amount > 0)
                        == amounts.values().stream().anyMatch(amount -> amount < 0)) {
            return Answer.no(Refusal.malformed(
                    "change", "change must be all more or all less, and something; make two entries of it"));
        }
        for (var entry : amounts.entrySet()) {
            boolean known = isKnown(entry.getKey(), wish, host, hosts);
            if (!known || Math.abs(entry.getValue()) > Booking.MOST) {
                return Answer.no(Refusal.malformed(
                        "change." + entry.getKey(),
                        known
                                ? "change." + entry.getKey() + " is more than can be counted"
                                : entry.getKey() + unknown(entry.getKey(), host)));
            }
        }
        return Answer.yes(wish.change.get());
    }

    private static String unknown(String dimension, Optional<Unit> host) {
        if (host.isEmpty() && ProviderSupply.isCounted(dimension)) {
            return " is counted for the whole account, and not in a zone; leave zone out";
        }
        return " is nothing that is counted there; zones and accounts count "
                + String.join(", ", ProviderSupply.counted()) + ", and hosts what they have";
    }

    private static boolean isKnown(String dimension, Wish wish, Optional<Unit> host, List<Unit> hosts) {
        if (host.isPresent()) {
            return host.get().total().containsKey(dimension) && !dimension.equals(Dimensions.INSTANCE);
        }
        return ProviderSupply.isCounted(dimension)
                && (wish.zone.isEmpty()
                        || hosts.stream().anyMatch(unit -> unit.total().containsKey(dimension)));
    }

    /// What of a change an account has, too, since it has there what its hosts have together.
    private static Capacities ofHosts(List<Unit> hosts, Capacities change) {
        var some = new TreeMap<>(change.amounts());
        some.keySet()
                .removeIf(dimension ->
                        hosts.stream().noneMatch(unit -> unit.total().containsKey(dimension)));
        return new Capacities(some);
    }

    private static Capacities without(Capacities amount, String dimension) {
        var some = new TreeMap<>(amount.amounts());
        some.remove(dimension);
        return new Capacities(some);
    }

    /// The places above one, where what is said of it may count, too.
    private List<String> above(Tx tx, Resource pool, String place) {
        var content = pool.as(Pool.class);
        var above = new ArrayList<String>();
        zone(tx, pool, place).map(zone -> Places.zone(content.provider(), zone)).ifPresent(above::add);
        above.add(content.place());
        above.remove(place);
        return above;
    }

    /// The zone that this place is, or in which the host is that it is; empty for the whole account.
    public Optional<String> zone(Tx tx, Resource pool, String place) {
        var content = pool.as(Pool.class);
        return content.supply().map(CloudSupply::zones).orElse(List.of()).stream()
                .filter(zone -> Places.zone(content.provider(), zone).equals(place))
                .findFirst()
                .or(() -> units.hosts(tx, content.provider()).stream()
                        .filter(unit -> unit.place().equals(place))
                        .map(Unit::zone)
                        .findFirst());
    }

    private static boolean isOf(Resource pool, Entry entry) {
        var account = pool.as(Pool.class).place();
        return entry.place().equals(account) || entry.place().startsWith(account + "/");
    }

    /// What counts above the place of which it was said.
    static boolean isShadow(Entry entry) {
        try {
            return entry.id().equals(Copies.id(entry.place(), UUID.fromString(entry.source())));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
