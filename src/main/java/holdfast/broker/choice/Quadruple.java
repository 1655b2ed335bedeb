package holdfast.broker.choice;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
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
        var worst = new HashMap<String, Quadruple>();
        for (var instant : ledger.instants(window)) {
            var here = at(ledger, instant);
            for (var name : ledger.dimensions()) {
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

    private static Capacities pick(Map<String, Quadruple> worst, Function<Quadruple, Capacities> part) {
        var amounts = new TreeMap<String, Long>();
        worst.forEach((name, one) -> amounts.put(name, part.apply(one).get(name)));
        return new Capacities(amounts);
    }
}
