package holdfast.calendar;

import java.time.Instant;

/// What a search for the earliest start found. Bounded work may end without knowing, and says so (promise.md 6.1).
public sealed interface Fit {
    /// It fits from this instant on, and from no earlier one.
    record At(Instant start) implements Fit {}

    /// It fits nowhere before the horizon.
    record Never() implements Fit {}

    /// The search was given up; no start before this instant fits.
    record Unknown(Instant searchedUntil) implements Fit {}
}
