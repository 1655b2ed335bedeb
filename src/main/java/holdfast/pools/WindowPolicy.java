package holdfast.pools;

import holdfast.core.Interval;
import holdfast.core.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Which times may be reserved (promise.md 2.2, 6.10).
///
/// @param start how far ahead a reservation may begin
/// @param end how far ahead it may end
/// @param longest how long it may last; also what it lasts if nothing is said of its end
/// @param unbounded whether one may have no end
public record WindowPolicy(Duration start, Duration end, Duration longest, boolean unbounded) {
    /// How far in the past a start may be and is read as now, because clocks differ.
    public static final Duration TOLERANCE = Duration.ofSeconds(60);

    /// A year ahead, and a year long.
    public static final WindowPolicy STANDARD =
            new WindowPolicy(Duration.ofDays(365), Duration.ofDays(730), Duration.ofHours(8_760), false);

    /// The same without a limit of how long.
    public WindowPolicy forAnyLength() {
        return new WindowPolicy(start, end, start.plus(end), unbounded);
    }

    /// The rule that a time breaks.
    public Optional<Refusal> fault(Interval when, Instant now) {
        if (when.from().isBefore(now.minus(TOLERANCE))) {
            return wrong(
                    "start",
                    "start is " + when.from() + ", which is more than " + TOLERANCE.toSeconds() + " s before now, "
                            + now);
        }
        if (!when.until().isAfter(now)) {
            return wrong("end", "end is " + when.until() + ", which is over; now is " + now);
        }
        return limits(when, now);
    }

    /// The limit that a time breaks, which may have begun.
    public Optional<Refusal> limits(Interval when, Instant now) {
        if (when.from().isAfter(now.plus(start))) {
            return wrong("start", "start is " + when.from() + "; it can be at most " + days(start) + " ahead");
        }
        if (!when.isBounded()) {
            return unbounded ? Optional.empty() : wrong("end", "end is missing; here a reservation must have one");
        }
        if (when.length().compareTo(longest) > 0) {
            return wrong(
                    "end",
                    "it would last " + when.length().toHours() + " hours; the longest is " + longest.toHours()
                            + " hours");
        }
        return when.until().isAfter(now.plus(end))
                ? wrong("end", "end is " + when.until() + "; it can be at most " + days(end) + " ahead")
                : Optional.empty();
    }

    /// The last instant at which something may begin that lasts for `length`.
    public Instant lastStart(Duration length, Instant now) {
        var byEnd = now.plus(end).minus(length);
        var byStart = now.plus(start);
        return byEnd.isBefore(byStart) ? byEnd : byStart;
    }

    /// Until when something may last at most that begins at `from`.
    public Instant lastEnd(Instant from, Instant now) {
        if (unbounded) {
            return Instant.MAX;
        }
        var byLength = from.plus(longest);
        var byEnd = now.plus(end);
        return byLength.isBefore(byEnd) ? byLength : byEnd;
    }

    private static Optional<Refusal> wrong(String field, String message) {
        return Optional.of(Refusal.malformed(field, message).because("policy", Optional.empty(), true));
    }

    private static String days(Duration time) {
        return time.toDays() + " days";
    }
}
