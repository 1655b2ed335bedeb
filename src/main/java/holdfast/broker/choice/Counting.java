package holdfast.broker.choice;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// How many instances of one flavor there would be room for (promise.md 6.1 COUNT).
public final class Counting {
    private Counting() {}

    /// For all of the window, on all hosts whose properties match, under the limits of their zones and accounts.
    /// Exact, since instances on different hosts do not touch each other and limits are nested. O(hosts x D log n).
    ///
    /// @return 0 to [Long#MAX_VALUE], which stands for more than can be counted
    public static long flavor(Snapshot snapshot, Flavor flavor, PropertyQuery query, Interval window) {
        var slot = new Load.Slot(flavor);
        var inZone = new TreeMap<Place, Long>(java.util.Comparator.comparing(Place::id));
        var loose = new HashMap<String, Long>();
        for (var place : snapshot.all()) {
            if (place.about() instanceof Place.Host host && host.reservable() && query.matches(host.properties())) {
                long slots = onHost(place, host, slot, window);
                var zone = place.zone().flatMap(snapshot::find);
                zone.ifPresentOrElse(
                        found -> inZone.merge(found, slots, Counting::sum),
                        () -> loose.merge(place.provider(), slots, Counting::sum));
            }
        }
        var each = above(flavor);
        var inAccount = new TreeMap<>(loose);
        inZone.forEach((zone, slots) -> inAccount.merge(
                zone.provider(), Math.min(slots, Dimensions.count(zone.free().min(window), each)), Counting::sum));
        long all = 0;
        for (var account : inAccount.entrySet()) {
            var limit = snapshot.find(account.getKey())
                    .map(place -> Dimensions.count(place.free().min(window), each))
                    .orElse(Long.MAX_VALUE);
            all = sum(all, Math.min(account.getValue(), limit));
        }
        return all;
    }

    /// The earliest start at or after that of the window from which on there is room for so many, on any hosts, for
    /// as long as the window.
    ///
    /// @param horizon when it must have ended
    /// @param decisions how many starts may be tried
    public static Optional<Instant> earliest(
            Snapshot snapshot, Flavor flavor, long wanted, Interval window, Instant horizon, int decisions) {
        var need = new Need.Instances(flavor, wanted, wanted, Affinity.NONE, PropertyQuery.everything());
        var item = Item.of(new UUID(0, 0), need).within(Spread.ANYWHERE);
        return Alternatives.earliest(Ask.of("", window, List.of(item)), snapshot, window.from(), horizon, decisions)
                .map(found -> found.when().from());
    }

    private static Capacities above(Flavor flavor) {
        return Dimensions.aboveHost(flavor.ofHost()).plus(Capacities.of(Dimensions.INSTANCE, 1));
    }

    private static long onHost(Place place, Place.Host host, Load.Slot slot, Interval window) {
        long slots = Dimensions.count(place.free().min(window), slot.ofHost(host));
        var clean = place.free().min(Load.withCleaning(window, host));
        return Math.min(slots, Math.max(0, clean.get(Dimensions.WHOLE)));
    }

    private static long sum(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }
}
