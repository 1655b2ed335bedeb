package holdfast.broker.choice;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// Demands that change over time, as disjoint segments.
public final class Steps {
    private Steps() {}

    /// What is wanted at each instant: where parts overlap their sum; neighbours with equal amounts are one
    /// segment, and where nothing is wanted there is none. O(n D log n).
    ///
    /// @param parts 1,000 at most
    /// @throws holdfast.core.RefusedException if there are more
    public static List<Step> of(List<Step> parts) {
        Limits.within("steps", parts.size(), 0, Limits.LIST);
        return merged(parts);
    }

    /// The same of any number of parts.
    public static List<Step> merged(List<Step> parts) {
        var changes = new TreeMap<Instant, Capacities>();
        for (var part : parts) {
            changes.merge(part.when().from(), part.amount(), Capacities::plus);
            changes.merge(part.when().until(), Dimensions.times(part.amount(), -1), Capacities::plus);
        }
        changes.values().removeIf(Capacities::nothing);
        var segments = new ArrayList<Step>();
        var now = Capacities.NONE;
        var since = Instant.MIN;
        for (var change : changes.entrySet()) {
            if (!now.nothing()) {
                segments.add(new Step(new Interval(since, change.getKey()), now));
            }
            now = now.plus(change.getValue());
            since = change.getKey();
        }
        return segments;
    }

    /// The same demand when its term becomes another: moved as a whole if the new term is as long as the old, else
    /// what begins or ends with the term goes on doing so and the rest stays where it is. A term that only becomes
    /// shorter cuts it; one that also reaches beyond the old one has to keep each step, since nobody knows what is
    /// wanted where none was.
    ///
    /// @return the first step that would be lost, as it is, instead
    public static Answer<List<Step>> moved(List<Step> steps, Interval old, Interval next) {
        if (old.isBounded() && next.isBounded() && old.length().equals(next.length())) {
            return Answer.yes(shifted(steps, Duration.between(old.from(), next.from())));
        }
        if (!old.contains(next)) {
            var lost = steps.stream()
                    .filter(step -> !step.when().equals(old) && !step.when().overlaps(next))
                    .findFirst();
            if (lost.isPresent()) {
                return Answer.no(outside(lost.get(), next));
            }
        }
        var moved = new ArrayList<Step>();
        for (var step : steps) {
            var when = step.when();
            var from = when.from().equals(old.from()) ? next.from() : when.from();
            var until = when.until().equals(old.until()) ? next.until() : when.until();
            if (from.isBefore(until) && new Interval(from, until).overlaps(next)) {
                moved.add(new Step(Hull.common(new Interval(from, until), next), step.amount()));
            }
        }
        return moved.isEmpty() ? Answer.no(outside(steps.getFirst(), next)) : Answer.yes(moved);
    }

    private static Refusal outside(Step step, Interval next) {
        return Refusal.malformed(
                "start",
                "a step of it is from " + step.when().from() + " to "
                        + step.when().until()
                        + ", which is not in its new time " + next
                        + "; its steps move with it if it stays as long as it is");
    }

    /// The same demand earlier or later.
    public static List<Step> shifted(List<Step> steps, Duration by) {
        return steps.stream()
                .map(step -> new Step(
                        new Interval(
                                step.when().from().plus(by), step.when().until().plus(by)),
                        step.amount()))
                .toList();
    }

    /// The same demand with other amounts from `since` on.
    public static List<Step> changed(List<Step> steps, Instant since, UnaryOperator<Capacities> change) {
        var changed = new ArrayList<Step>(within(steps, new Interval(Instant.MIN, since)));
        within(steps, Interval.since(since))
                .forEach(step -> changed.add(new Step(step.when(), change.apply(step.amount()))));
        return changed;
    }

    /// What of the demand lies in a window.
    public static List<Step> within(List<Step> steps, Interval window) {
        return steps.stream()
                .filter(step -> step.when().overlaps(window))
                .map(step -> new Step(Hull.common(step.when(), window), step.amount()))
                .toList();
    }

    /// The same demand again and again, such as eight hours of each day.
    ///
    /// @param first the first time
    /// @param every from one start to the next, positive
    /// @param until no time starts at or after it; the last may end later
    /// @throws holdfast.core.RefusedException if that is more than 1,000 times
    public static List<Step> rolling(Interval first, Duration every, Instant until, Capacities amount) {
        if (every.isNegative() || every.isZero()) {
            throw Limits.malformed("every", "every is " + every + "; it must be positive");
        }
        var parts = new ArrayList<Step>();
        var start = first.from();
        while (start.isBefore(until)) {
            Limits.within("steps", parts.size() + 1L, 0, Limits.LIST);
            parts.add(new Step(Interval.of(start, first.length()), amount));
            start = start.plus(every);
        }
        return of(parts);
    }
}
