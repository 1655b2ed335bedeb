package holdfast.broker.choice;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/// What an item claims while it becomes another one, and around the instant at which it does.
public final class Hull {
    private Hull() {}

    /// Claims that cover both, and are no more than the greater of them at any instant and place. Of one item and
    /// place no two of them are at one time. O(n²) in the claims of a place.
    public static List<Claim> of(List<Claim> before, List<Claim> after) {
        record Where(UUID item, String place) implements Comparable<Where> {
            @Override
            public int compareTo(Where other) {
                int byItem = item.compareTo(other.item);
                return byItem != 0 ? byItem : place.compareTo(other.place);
            }
        }
        record Both(List<Claim> before, List<Claim> after) {}
        var places = new TreeMap<Where, Both>();
        for (var claim : before) {
            places.computeIfAbsent(
                            new Where(claim.item(), claim.place()), _ -> new Both(new ArrayList<>(), new ArrayList<>()))
                    .before
                    .add(claim);
        }
        for (var claim : after) {
            places.computeIfAbsent(
                            new Where(claim.item(), claim.place()), _ -> new Both(new ArrayList<>(), new ArrayList<>()))
                    .after
                    .add(claim);
        }
        var hull = new ArrayList<Claim>();
        places.values().forEach(both -> hull.addAll(atOnePlace(both.before, both.after)));
        return hull;
    }

    /// The same claims with no two of one item and place at one time.
    public static List<Claim> flat(List<Claim> claims) {
        return of(claims, List.of());
    }

    /// What is left of the claims from `instant` on.
    public static List<Claim> since(List<Claim> claims, Instant instant) {
        return within(claims, Interval.since(instant));
    }

    /// What of the claims lies before `instant`.
    public static List<Claim> until(List<Claim> claims, Instant instant) {
        return within(claims, new Interval(Instant.MIN, instant));
    }

    private static List<Claim> within(List<Claim> claims, Interval window) {
        var inside = new ArrayList<Claim>();
        for (var claim : claims) {
            if (claim.when().overlaps(window)) {
                inside.add(during(claim, common(claim.when(), window)));
            }
        }
        return inside;
    }

    /// The instants that are in both; there are some.
    static Interval common(Interval one, Interval other) {
        return new Interval(
                one.from().isAfter(other.from()) ? one.from() : other.from(),
                one.until().isBefore(other.until()) ? one.until() : other.until());
    }

    private static Claim during(Claim claim, Interval when) {
        return new Claim(claim.item(), claim.place(), when, claim.amount(), claim.units(), claim.firm());
    }

    private static List<Claim> atOnePlace(List<Claim> before, List<Claim> after) {
        var instants = new TreeSet<Instant>();
        for (var claims : List.of(before, after)) {
            claims.forEach(claim -> {
                instants.add(claim.when().from());
                instants.add(claim.when().until());
            });
        }
        var one = before.isEmpty() ? after.getFirst() : before.getFirst();
        boolean firm = before.stream().anyMatch(Claim::firm) || after.stream().anyMatch(Claim::firm);
        var hull = new ArrayList<Claim>();
        var starts = List.copyOf(instants);
        for (int i = 0; i + 1 < starts.size(); i++) {
            var when = new Interval(starts.get(i), starts.get(i + 1));
            var units = new TreeSet<String>();
            var amount = at(when.from(), before, units).max(at(when.from(), after, units));
            if (amount.nothing() && units.isEmpty()) {
                continue;
            }
            add(hull, new Claim(one.item(), one.place(), when, amount, Set.copyOf(units), firm));
        }
        return hull;
    }

    private static Capacities at(Instant instant, List<Claim> claims, Set<String> units) {
        var sum = Capacities.NONE;
        for (var claim : claims) {
            if (claim.when().contains(instant)) {
                sum = sum.plus(claim.amount());
                units.addAll(claim.units());
            }
        }
        return sum;
    }

    private static void add(List<Claim> hull, Claim next) {
        if (!hull.isEmpty()) {
            var last = hull.getLast();
            if (last.when().until().equals(next.when().from())
                    && last.amount().equals(next.amount())
                    && last.units().equals(next.units())) {
                hull.removeLast();
                hull.add(during(
                        last, new Interval(last.when().from(), next.when().until())));
                return;
            }
        }
        hull.add(next);
    }
}
