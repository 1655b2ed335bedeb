package holdfast.broker.choice;

import holdfast.calendar.Profile;
import holdfast.calendar.Shortage;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A snapshot on which a decision tries things: what it took and gave back lies in a thin profile over each place, and
/// can be undone. Lives for one decision and one thread; the snapshot stays as it is.
///
/// With n changes in a place and k steps of what was tried there, questions take O(k D log n).
final class Room {
    private final Snapshot snapshot;
    private final Set<String> dimensions;
    private final Map<String, Profile> taken = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private final List<Use> uses = new ArrayList<>();
    private final Map<String, List<Use>> usesOfUnit = new HashMap<>();

    private record Entry(String place, Interval when, Capacities amount) {}

    /// @param given whether the unit was given back rather than taken
    private record Use(String unit, Interval when, boolean given) {}

    /// How far the room had changed at some time.
    record Mark(int entries, int uses) {}

    Room(Snapshot snapshot, Ask ask) {
        this.snapshot = snapshot;
        var names = new HashSet<String>();
        ask.items().forEach(item -> names.addAll(names(item)));
        ask.own().forEach(claim -> names.addAll(claim.amount().amounts().keySet()));
        snapshot.pending()
                .forEach(pending -> pending.claims()
                        .forEach(claim -> names.addAll(claim.amount().amounts().keySet())));
        snapshot.all().forEach(place -> {
            if (place.about() instanceof Place.Host host) {
                names.addAll(host.size().amounts().keySet());
            }
        });
        this.dimensions = Dimensions.with(names);
        give(ask.own());
    }

    private static Set<String> names(Item item) {
        var names = new HashSet<String>();
        if (item.need() instanceof Need.Quantity(var steps)) {
            steps.forEach(step -> names.addAll(step.amount().amounts().keySet()));
        }
        return names;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    /// The first instant of `when` at which the place has less than `wanted` beside what was taken. `wanted` of the
    /// answer includes what was taken, `free` is that of the snapshot.
    Optional<Shortage> shortage(Place place, Capacities wanted, Interval when) {
        var over = taken.get(place.id());
        if (over == null) {
            return place.free().firstViolation(wanted, when);
        }
        for (var step : over.steps(when)) {
            var found = shortage(place, wanted, step);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<Shortage> shortage(Place place, Capacities wanted, Profile.Step over) {
        var all = new HashMap<String, Long>();
        boolean ordinary = true;
        for (var entry : wanted.amounts().entrySet()) {
            if (entry.getValue() > 0) {
                long sum = Math.addExact(entry.getValue(), over.amount().get(entry.getKey()));
                ordinary &= sum > 0;
                all.put(entry.getKey(), sum);
            }
        }
        if (ordinary) {
            return place.free().firstViolation(new Capacities(all), over.when());
        }
        // more was given back than is wanted: only what was lost before can be missing
        for (var piece : place.free().steps(over.when())) {
            for (var entry : all.entrySet()) {
                long free = piece.amount().get(entry.getKey());
                if (free < entry.getValue()) {
                    return Optional.of(new Shortage(entry.getKey(), piece.when().from(), entry.getValue(), free));
                }
            }
        }
        return Optional.empty();
    }

    /// The least of each dimension over `when`, beside what was taken.
    Capacities least(Place place, Interval when) {
        var over = taken.get(place.id());
        if (over == null) {
            return place.free().min(when);
        }
        return over.steps(when).stream()
                .map(step -> place.free().min(step.when()).minus(step.amount()))
                .reduce(Dimensions::least)
                .orElse(Capacities.NONE);
    }

    /// How long there is so much from `end` on; empty if for ever.
    Optional<Duration> freeFor(Place place, Capacities amount, Instant end) {
        return end.equals(Instant.MAX)
                ? Optional.of(Duration.ZERO)
                : shortage(place, amount, new Interval(end, Instant.MAX))
                        .map(shortage -> Duration.between(end, shortage.at()));
    }

    /// Since when there is so much until `start`: not before the snapshot begins.
    Instant freeSince(Place place, Capacities amount, Instant start) {
        if (!snapshot.now().isBefore(start)) {
            return start;
        }
        var before = new Interval(snapshot.now(), start);
        var over = taken.get(place.id());
        var since = snapshot.now();
        for (var tried : over == null ? List.of(new Profile.Step(before, Capacities.NONE)) : over.steps(before)) {
            for (var piece : place.free().steps(tried.when())) {
                if (Dimensions.count(piece.amount().minus(tried.amount()), amount) == 0) {
                    since = piece.when().until();
                }
            }
        }
        return since;
    }

    boolean isFree(String unit, Interval when) {
        var parts = List.of(when);
        for (var use : usesOfUnit.getOrDefault(unit, List.of())) {
            if (use.when.overlaps(when)) {
                if (!use.given) {
                    return false;
                }
                parts = without(parts, use.when);
            }
        }
        var timeline = snapshot.units().get(unit);
        return timeline == null || parts.stream().allMatch(timeline::isFree);
    }

    /// Whether nobody has it at any time from the snapshot on.
    boolean isUntouched(String unit) {
        return isFree(unit, Interval.since(snapshot.now()));
    }

    private static List<Interval> without(List<Interval> parts, Interval hole) {
        var left = new ArrayList<Interval>();
        for (var part : parts) {
            if (!part.overlaps(hole)) {
                left.add(part);
                continue;
            }
            if (part.from().isBefore(hole.from())) {
                left.add(new Interval(part.from(), hole.from()));
            }
            if (hole.until().isBefore(part.until())) {
                left.add(new Interval(hole.until(), part.until()));
            }
        }
        return left;
    }

    void take(Collection<Claim> claims) {
        claims.forEach(claim -> {
            change(new Entry(claim.place(), claim.when(), claim.amount()));
            claim.units().forEach(unit -> use(new Use(unit, claim.when(), false)));
        });
    }

    /// Gives back what the snapshot has as booked.
    void give(Collection<Claim> claims) {
        claims.forEach(claim -> {
            if (claim.firm()) { // what is lent was never counted
                change(new Entry(claim.place(), claim.when(), Dimensions.times(claim.amount(), -1)));
            }
            claim.units().forEach(unit -> use(new Use(unit, claim.when(), true)));
        });
    }

    /// Takes back what [#take] took, in any order.
    void drop(Collection<Claim> claims) {
        claims.forEach(claim -> change(new Entry(claim.place(), claim.when(), Dimensions.times(claim.amount(), -1))));
    }

    Mark mark() {
        return new Mark(entries.size(), uses.size());
    }

    /// Undoes all since `mark`.
    void back(Mark mark) {
        while (entries.size() > mark.entries) {
            var last = entries.removeLast();
            over(last.place).add(last.when, Dimensions.times(last.amount, -1));
        }
        while (uses.size() > mark.uses) {
            usesOfUnit.getOrDefault(uses.removeLast().unit, List.of()).removeLast();
        }
    }

    private void change(Entry entry) {
        over(entry.place).add(entry.when, entry.amount);
        entries.add(entry);
    }

    private void use(Use use) {
        uses.add(use);
        usesOfUnit.computeIfAbsent(use.unit, _ -> new ArrayList<>()).add(use);
    }

    private Profile over(String place) {
        return taken.computeIfAbsent(place, _ -> new Profile(dimensions));
    }
}
