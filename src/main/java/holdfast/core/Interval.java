package holdfast.core;

import java.time.Duration;
import java.time.Instant;

/// A stretch of time that contains its start and not its end, so that what ends at noon and what starts at noon do not
/// touch.
///
/// @param from first instant inside
/// @param until first instant after; strictly later than `from`
public record Interval(Instant from, Instant until) {
    /// The end of what has none.
    public static final Instant FOREVER = Instant.MAX;

    /// @throws IllegalArgumentException if `until` is not after `from`
    public Interval {
        if (!from.isBefore(until)) {
            throw new IllegalArgumentException("an interval must end after it starts: " + from + " .. " + until);
        }
    }

    /// The interval that starts at `from` and lasts `length`.
    public static Interval of(Instant from, Duration length) {
        return new Interval(from, from.plus(length));
    }

    /// The interval that starts at `from` and has no end.
    public static Interval since(Instant from) {
        return new Interval(from, FOREVER);
    }

    /// Whether it has an end.
    public boolean isBounded() {
        return until.isBefore(FOREVER);
    }

    /// Whether some instant is in both.
    public boolean overlaps(Interval other) {
        return from.isBefore(other.until) && other.from.isBefore(until);
    }

    /// Whether `instant` is inside.
    public boolean contains(Instant instant) {
        return !instant.isBefore(from) && instant.isBefore(until);
    }

    /// Whether every instant of `other` is inside.
    public boolean contains(Interval other) {
        return !other.from.isBefore(from) && !other.until.isAfter(until);
    }

    /// How long it lasts.
    public Duration length() {
        return Duration.between(from, until);
    }

    @Override
    public String toString() {
        return from + ".." + until;
    }
}
