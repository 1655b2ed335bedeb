package holdfast.broker.choice;

import holdfast.calendar.Profile;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

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

    /// All that is known of a pool.
    ///
    /// @param now what is lent counts now and in the past, not in the future (promise.md 10.23)
    public record Ledger(Profile total, List<Reserved> reserved, List<Allocated> allocated, Instant now) {
        public Ledger {
            reserved = List.copyOf(reserved);
            allocated = List.copyOf(allocated);
        }
    }

    public record Reserved(UUID id, Interval when, Capacities amount) {}

    /// @param under the reservation that it is taken from, if any
    /// @param firm false for what is lent
    public record Allocated(Optional<UUID> under, Interval when, Capacities amount, boolean firm) {}

    /// At one instant. O(D (entries + log n)).
    public static Quadruple at(Ledger ledger, Instant instant) {
        var lentCounts = !instant.isAfter(ledger.now);
        var allocated = Capacities.NONE;
        var lent = Capacities.NONE;
        var under = new HashMap<UUID, Capacities>();
        for (var one : ledger.allocated) {
            if (one.when.contains(instant) && (one.firm || lentCounts)) {
                allocated = allocated.plus(one.amount);
                lent = one.firm ? lent : lent.plus(one.amount);
                one.under.ifPresent(id -> under.merge(id, one.amount, Capacities::plus));
            }
        }
        var committed = Capacities.NONE;
        var reserved = Capacities.NONE;
        for (var one : ledger.reserved) {
            if (one.when.contains(instant)) {
                committed = committed.plus(one.amount);
                reserved = reserved.plus(unused(one.amount, under.getOrDefault(one.id, Capacities.NONE)));
            }
        }
        var total = ledger.total.at(instant);
        return new Quadruple(total, total.minus(reserved).minus(allocated), reserved, allocated, committed, lent);
    }

    /// For each dimension that at the earliest instant of the window at which least of it is available. With e
    /// entries and n changes of the total in the window: O((e + n) (e D + log n)); ask for windows, not for ever.
    public static Quadruple over(Ledger ledger, Interval window) {
        var instants = new TreeSet<Instant>();
        instants.add(window.from());
        var just = ledger.now.plusNanos(1_000);
        if (window.contains(just)) {
            instants.add(just);
        }
        ledger.total.steps(window).forEach(step -> instants.add(step.when().from()));
        var edges = new ArrayList<Interval>();
        ledger.reserved.forEach(one -> edges.add(one.when));
        ledger.allocated.forEach(one -> edges.add(one.when));
        for (var edge : edges) {
            if (window.contains(edge.from())) {
                instants.add(edge.from());
            }
            if (window.contains(edge.until())) {
                instants.add(edge.until());
            }
        }
        var all = instants.stream().map(instant -> at(ledger, instant)).toList();
        var worst = new TreeMap<String, Quadruple>();
        for (var name : names(ledger, all)) {
            all.stream()
                    .min(Comparator.comparingLong(one -> one.available.get(name)))
                    .ifPresent(found -> worst.put(name, found));
        }
        return new Quadruple(
                pick(worst, Quadruple::total),
                pick(worst, Quadruple::available),
                pick(worst, Quadruple::reserved),
                pick(worst, Quadruple::allocated),
                pick(worst, Quadruple::committed),
                pick(worst, Quadruple::reclaimable));
    }

    private static TreeSet<String> names(Ledger ledger, List<Quadruple> all) {
        var names = new TreeSet<String>();
        all.forEach(one -> names.addAll(one.total.amounts().keySet()));
        ledger.reserved.forEach(one -> names.addAll(one.amount.amounts().keySet()));
        ledger.allocated.forEach(one -> names.addAll(one.amount.amounts().keySet()));
        return names;
    }

    private static Capacities pick(
            Map<String, Quadruple> worst, java.util.function.Function<Quadruple, Capacities> part) {
        var amounts = new TreeMap<String, Long>();
        worst.forEach((name, one) -> amounts.put(name, part.apply(one).get(name)));
        return new Capacities(amounts);
    }

    private static Capacities unused(Capacities amount, Capacities used) {
        var left = new TreeMap<String, Long>();
        amount.amounts().forEach((name, value) -> left.put(name, Math.max(0, value - used.get(name))));
        return new Capacities(left);
    }
}
