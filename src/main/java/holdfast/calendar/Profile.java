package holdfast.calendar;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// A quantity per dimension as a step function of all time: what is free of a place, or what is used of it.
///
/// Sparse and exact: only instants of change are kept, in a balanced tree that knows the least and the most of each
/// subtree and adds to whole subtrees at once (promise.md 6.2). With n instants of change and D dimensions, [#add],
/// [#min], [#firstViolation] and [#maxLength] take O(D log n); [#steps] takes O(D (log n + steps)). Starts as zero
/// everywhere.
///
/// Reading changes nothing, so that many threads may read while none writes. The shape of the tree depends on its
/// instants alone, never on the order of arrival.
public final class Profile {
    /// How many stretches without room [#earliest] looks at before it gives up.
    public static final int MOST_SKIPS = 10_000;

    private static final Duration SHORTEST = Duration.ofNanos(1_000);

    private final String[] dimensions;
    private final StepTree tree;

    /// Zero everywhere in these dimensions; others cannot be added later and count as zero.
    public Profile(Collection<String> dimensions) {
        this.dimensions = new TreeSet<>(dimensions).toArray(String[]::new);
        this.tree = new StepTree(this.dimensions.length);
    }

    /// These amounts from these instants on, and zero before; names and instants rise.
    Profile(String[] dimensions, List<Long> starts, List<long[]> values) {
        this.dimensions = dimensions;
        this.tree = StepTree.ofSteps(dimensions.length, starts, values);
    }

    /// A stretch of time in which nothing changes.
    public record Step(Interval when, Capacities amount) {}

    /// What it counts, sorted.
    public List<String> dimensions() {
        return List.of(dimensions);
    }

    /// Adds `amount` (which may be negative) for all of `when`.
    ///
    /// @throws IllegalArgumentException if `amount` names a dimension that the profile was not made for
    /// @throws ArithmeticException if a sum leaves the range of `long`; the profile is then unusable
    public void add(Interval when, Capacities amount) {
        tree.add(Micros.of(when.from()), Micros.of(when.until()), cells(amount));
    }

    /// The amounts at one instant.
    public Capacities at(Instant instant) {
        return capacities(tree.valueAt(Micros.of(instant)));
    }

    /// The least of each dimension over the window; the dimensions may be least at different instants.
    public Capacities min(Interval window) {
        return capacities(tree.least(Micros.of(window.from()), Micros.of(window.until())));
    }

    /// The most of each dimension over the window.
    public Capacities max(Interval window) {
        return capacities(tree.most(Micros.of(window.from()), Micros.of(window.until())));
    }

    /// Whether there is at least `demand` at each instant of the window.
    public boolean fits(Capacities demand, Interval window) {
        return firstViolation(demand, window).isEmpty();
    }

    /// The first instant of the window at which some dimension has less than `demand`, and the first such dimension
    /// by name.
    public Optional<Shortage> firstViolation(Capacities demand, Interval window) {
        long from = Micros.of(window.from());
        for (var entry : demand.amounts().entrySet()) {
            if (entry.getValue() > 0 && Arrays.binarySearch(dimensions, entry.getKey()) < 0) {
                return Optional.of(new Shortage(entry.getKey(), Micros.instant(from), entry.getValue(), 0));
            }
        }
        long[] wanted = wanted(demand);
        long at = tree.firstBelow(wanted, from, Micros.of(window.until()));
        if (at == Micros.END) {
            return Optional.empty();
        }
        long[] value = tree.valueAt(at);
        for (int d = 0; ; d++) {
            if (value[d] < wanted[d]) {
                return Optional.of(new Shortage(dimensions[d], Micros.instant(at), wanted[d], value[d]));
            }
        }
    }

    /// The earliest start at or after `from` such that `demand` fits for all of `duration` and ends no later than
    /// `horizon`.
    public Fit earliest(Capacities demand, Duration duration, Instant from, Instant horizon) {
        if (demand.amounts().entrySet().stream()
                .anyMatch(entry -> entry.getValue() > 0 && Arrays.binarySearch(dimensions, entry.getKey()) < 0)) {
            return new Fit.Never();
        }
        long[] wanted = wanted(demand);
        long length = Micros.of(duration);
        long last = Micros.of(horizon);
        long start = Micros.of(from);
        for (int skipped = 0; skipped <= MOST_SKIPS; skipped++) {
            long end = Micros.plus(start, length);
            if (end > last) {
                return new Fit.Never();
            }
            long violated = tree.firstBelow(wanted, start, end);
            if (violated == Micros.END) {
                return new Fit.At(Micros.instant(start));
            }
            start = tree.firstCovering(wanted, violated);
            if (start == Micros.END) {
                return new Fit.Never();
            }
        }
        return new Fit.Unknown(Micros.instant(start));
    }

    /// How long `demand` fits from `start` on: zero if not even then, empty if for ever.
    public Optional<Duration> maxLength(Capacities demand, Instant start) {
        var ever = new Interval(start, Instant.MAX);
        return firstViolation(demand, ever).map(shortage -> Duration.between(start, shortage.at()));
    }

    /// The steps of the window, first to last, without gap; neighbours differ.
    public List<Step> steps(Interval window) {
        var steps = new ArrayList<Step>();
        if (Micros.isEmpty(window)) {
            return steps;
        }
        tree.forEachStep(
                Micros.of(window.from()),
                Micros.of(window.until()),
                (from, until, value) -> steps.add(new Step(Micros.interval(from, until), capacities(value))));
        return steps;
    }

    /// What it is in the window; after that the last step goes on.
    public Curve curve(Interval window) {
        var steps = new ArrayList<List<Long>>();
        if (!Micros.isEmpty(window)) {
            tree.forEachStep(Micros.of(window.from()), Micros.of(window.until()), (from, _, value) -> {
                var step = new ArrayList<Long>(value.length + 1);
                step.add(from);
                Arrays.stream(value).forEach(step::add);
                steps.add(step);
            });
        }
        return new Curve(dimensions(), steps);
    }

    /// The same in the window, and zero outside of it; in O(D (log n + steps)).
    Profile during(Interval window) {
        var starts = new ArrayList<Long>();
        var values = new ArrayList<long[]>();
        if (!Micros.isEmpty(window)) {
            long until = Micros.of(window.until());
            tree.forEachStep(
                    Micros.of(window.from()), until, (at, _, value) -> ProfileBuilder.step(starts, values, at, value));
            if (until != Micros.END) {
                ProfileBuilder.step(starts, values, until, new long[dimensions.length]);
            }
        }
        return new Profile(dimensions, starts, values);
    }

    /// The stretches of the window in which `demand` fits at each instant, first to last, each as long as can be.
    public List<Interval> windows(Capacities demand, Interval window) {
        var windows = new ArrayList<Interval>();
        var at = window.from();
        while (at.isBefore(window.until())) {
            if (!(earliest(demand, SHORTEST, at, window.until()) instanceof Fit.At(var start))) {
                break;
            }
            var end = firstViolation(demand, new Interval(start, window.until()))
                    .map(Shortage::at)
                    .orElse(window.until());
            windows.add(new Interval(start, end));
            at = end;
        }
        return windows;
    }

    /// The number of instants at which something changes.
    public int changes() {
        return tree.size() - 1;
    }

    /// About how much of the heap it takes.
    long bytes() {
        return tree.bytes();
    }

    private long[] cells(Capacities amount) {
        var cells = new long[dimensions.length];
        amount.amounts().forEach((dimension, value) -> {
            int index = Arrays.binarySearch(dimensions, dimension);
            if (index < 0) {
                throw new IllegalArgumentException(
                        "the profile has no dimension " + dimension + ", only " + Arrays.toString(dimensions));
            }
            cells[index] = value;
        });
        return cells;
    }

    /// The demand in our dimensions. One that is not asked for is never too little, even where capacity was lost
    /// below what is booked.
    private long[] wanted(Capacities demand) {
        var wanted = new long[dimensions.length];
        for (int d = 0; d < wanted.length; d++) {
            long amount = demand.get(dimensions[d]);
            wanted[d] = amount > 0 ? amount : StepTree.ANY;
        }
        return wanted;
    }

    private Capacities capacities(long[] cells) {
        var amounts = new TreeMap<String, Long>();
        for (int d = 0; d < cells.length; d++) {
            amounts.put(dimensions[d], cells[d]);
        }
        return new Capacities(amounts);
    }
}
