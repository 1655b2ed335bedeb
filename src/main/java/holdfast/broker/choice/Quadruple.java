package holdfast.broker.choice;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/// What there is of a pool, what is free, reserved and in use (promise.md 6.4). Always `total = available + reserved +
/// allocated`.
///
/// @param reserved what reservations in force have beyond what is allocated under them
/// @param allocated all that is allocated
/// @param committed what reservations in force have, allocated or not
/// @param reclaimable the part of `allocated` that is lent
public record Quadruple(
        Capacities total,
        Capacities available,
        Capacities reserved,
        Capacities allocated,
        Capacities committed,
        Capacities reclaimable) {
    /// Of no pool at all.
    public static final Quadruple NOTHING = new Quadruple(
            Capacities.NONE, Capacities.NONE, Capacities.NONE, Capacities.NONE, Capacities.NONE, Capacities.NONE);

    /// At one instant. O(D log n).
    public static Quadruple at(Ledger ledger, Instant instant) {
        var total = ledger.total().at(instant);
        var committed = ledger.committed().at(instant);
        var inside = ledger.inside().at(instant);
        var lent =
                instant.isAfter(ledger.now()) ? Capacities.NONE : ledger.lent().at(instant);
        var reserved = committed.minus(inside);
        var allocated = inside.plus(ledger.firm().at(instant)).plus(lent);
        return new Quadruple(total, total.minus(reserved).minus(allocated), reserved, allocated, committed, lent);
    }

    /// For each dimension that at the earliest instant of the window at which least of it is available. With n
    /// changes in the window: O(n D log n).
    public static Quadruple over(Ledger ledger, Interval window) {
        return worst(ledger.dimensions(), ledger.instants(window), instant -> at(ledger, instant));
    }

    /// The same of anything that is known at some instants, in their order.
    public static Quadruple worst(
            Collection<String> dimensions, Collection<Instant> instants, Function<Instant, Quadruple> at) {
        var worst = new HashMap<String, Quadruple>();
        for (var instant : instants) {
            var here = at.apply(instant);
            for (var name : dimensions) {
                var least = worst.get(name);
                if (least == null || here.available.get(name) < least.available.get(name)) {
                    worst.put(name, here);
                }
            }
        }
        return new Quadruple(
                pick(worst, Quadruple::total),
                pick(worst, Quadruple::available),
                pick(worst, Quadruple::reserved),
                pick(worst, Quadruple::allocated),
                pick(worst, Quadruple::committed),
                pick(worst, Quadruple::reclaimable));
    }

    /// Two pools as one.
    public Quadruple plus(Quadruple other) {
        return new Quadruple(
                total.plus(other.total),
                available.plus(other.available),
                reserved.plus(other.reserved),
                allocated.plus(other.allocated),
                committed.plus(other.committed),
                reclaimable.plus(other.reclaimable));
    }

    /// Of some dimensions only.
    public Quadruple only(Set<String> dimensions) {
        return new Quadruple(
                Dimensions.only(dimensions, total),
                Dimensions.only(dimensions, available),
                Dimensions.only(dimensions, reserved),
                Dimensions.only(dimensions, allocated),
                Dimensions.only(dimensions, committed),
                Dimensions.only(dimensions, reclaimable));
    }

    private static Capacities pick(Map<String, Quadruple> each, Function<Quadruple, Capacities> part) {
        var amounts = new TreeMap<String, Long>();
        each.forEach((name, one) -> amounts.put(name, part.apply(one).get(name)));
        return new Capacities(amounts);
    }
}
