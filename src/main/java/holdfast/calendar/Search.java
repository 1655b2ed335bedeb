package holdfast.calendar;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The earliest start of a demand for amounts and units on one place. Pure; the same calendar gives the same answer.
final class Search {
    private static final UnitTimeline NEVER_HELD = new UnitTimeline();

    private final Profile free;
    private final Map<String, UnitTimeline> held;

    /// @param free what the place has free
    /// @param held when its units are held; a unit that is not in it is always free
    Search(Profile free, Map<String, UnitTimeline> held) {
        this.free = free;
        this.held = held;
    }

    /// What was found, and with which units if it was.
    record Found(Fit fit, List<String> units) {}

    /// The earliest start at or after `from` at which both the amounts and one free unit for each device are there
    /// for all of `length`.
    Found earliest(Capacities amount, List<Set<String>> devices, Duration length, Instant from, Instant horizon) {
        var start = from;
        for (int tries = 0; tries < Profile.MOST_SKIPS; tries++) {
            var fit = free.earliest(amount, length, start, horizon);
            if (!(fit instanceof Fit.At(var at))) {
                return new Found(fit, List.of());
            }
            var end = Micros.instant(Micros.plus(Micros.of(at), Micros.of(length)));
            var units = choose(devices, new Interval(at, end));
            if (units.isPresent()) {
                return new Found(fit, units.get());
            }
            var next = nextRelease(devices, at);
            if (next.isEmpty()) {
                return new Found(new Fit.Never(), List.of());
            }
            start = next.get();
        }
        return new Found(new Fit.Unknown(start), List.of());
    }

    /// One unit for each device, all different and free for the whole window; the first by name as far as it can
    /// be.
    Optional<List<String>> choose(List<Set<String>> devices, Interval window) {
        var open = new ArrayList<List<String>>();
        for (var device : devices) {
            open.add(new TreeSet<>(device)
                    .stream().filter(unit -> timeline(unit).isFree(window)).toList());
        }
        return assign(open);
    }

    /// Between two releases the free units only become fewer, so that no start in between can do better.
    private Optional<Instant> nextRelease(List<Set<String>> devices, Instant after) {
        long earliest = devices.stream()
                .flatMap(Collection::stream)
                .mapToLong(unit -> timeline(unit).nextRelease(Micros.of(after)))
                .min()
                .orElse(Micros.END);
        return earliest == Micros.END ? Optional.empty() : Optional.of(Micros.instant(earliest));
    }

    private UnitTimeline timeline(String unit) {
        return held.getOrDefault(unit, NEVER_HELD);
    }

    /// A different member of each set, if there is any such choice: the augmenting paths of bipartite matching.
    static Optional<List<String>> assign(List<List<String>> choices) {
        var owner = new HashMap<String, Integer>();
        for (int device = 0; device < choices.size(); device++) {
            if (!place(device, choices, owner, new HashSet<>())) {
                return Optional.empty();
            }
        }
        var units = new String[choices.size()];
        owner.forEach((unit, device) -> units[device] = unit);
        return Optional.of(Arrays.asList(units));
    }

    private static boolean place(
            int device, List<List<String>> choices, Map<String, Integer> owner, Set<String> tried) {
        for (var unit : choices.get(device)) {
            if (!tried.contains(unit) && owner.putIfAbsent(unit, device) == null) {
                return true;
            }
        }
        for (var unit : choices.get(device)) {
            if (tried.add(unit) && place(Objects.requireNonNull(owner.get(unit)), choices, owner, tried)) {
                owner.put(unit, device);
                return true;
            }
        }
        return false;
    }
}
