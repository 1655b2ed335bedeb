package holdfast.broker.choice;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Which changes of a reservation are allowed (promise.md 4.4); whether there is room for them is another question.
public final class Updates {
    private static final Duration TOLERANCE = Duration.ofSeconds(60);

    private Updates() {}

    /// Time and vector of a reservation.
    public record Terms(Interval when, Capacities amount) {}

    /// What is to change; what is not named stays.
    ///
    /// @param amounts amounts that replace those of their dimensions; 0 removes one
    public record Change(Optional<Instant> start, Optional<Instant> end, Map<String, Long> amounts) {
        public Change {
            amounts = Map.copyOf(amounts);
        }
    }

    /// The terms after the change, or the rule that it breaks, in which case nothing of it is done. An end that is
    /// now ends it: the new terms then end now. O(D).
    ///
    /// @param allocated what is allocated or planned under it; it cannot shrink below
    public static Answer<Terms> rules(Terms old, Change change, Capacities allocated, Instant now) {
        if (!old.when.until().isAfter(now)) {
            return Answer.no(Refusal.clash("it ended at " + old.when.until() + "; it cannot change any more"));
        }
        boolean started = !old.when.from().isAfter(now);
        var start = change.start.orElse(old.when.from());
        var end = change.end.orElse(old.when.until());
        if (started && !start.equals(old.when.from())) {
            return Answer.no(Refusal.clash("it started at " + old.when.from() + "; its start cannot change any more"));
        }
        if (!started && start.isBefore(now.minus(TOLERANCE))) {
            return Answer.no(Refusal.malformed(
                    "start", "start is " + start + ", which is past; it may be no earlier than " + now));
        }
        if (!started && start.isBefore(now)) {
            start = now;
        }
        if (end.isBefore(now)) {
            return Answer.no(
                    Refusal.malformed("end", "end is " + end + ", which is past; it may be no earlier than " + now));
        }
        if (!end.isAfter(start)) {
            return Answer.no(Refusal.malformed("end", "end is " + end + "; it must be later than start " + start));
        }
        var amounts = new TreeMap<>(old.amount.amounts());
        for (var entry : new TreeMap<>(change.amounts).entrySet()) {
            var name = entry.getKey();
            if (entry.getValue() < 0) {
                return Answer.no(Refusal.malformed(
                        "capacity." + name,
                        "capacity." + name + " is " + entry.getValue() + "; it must not be below 0"));
            }
            if (entry.getValue() < allocated.get(name)) {
                return Answer.no(Refusal.malformed(
                        "capacity." + name,
                        "capacity." + name + " is " + entry.getValue() + "; " + allocated.get(name)
                                + " are allocated, destroy some first"));
            }
            amounts.put(name, entry.getValue());
        }
        return Answer.yes(new Terms(new Interval(start, end), new Capacities(amounts)));
    }
}
