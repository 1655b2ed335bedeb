package holdfast.broker.choice;

import java.util.Optional;

/// A threshold that is told once each time a value crosses it. It is crossed back only when the value is below it by 5
/// % or by 1, whichever is more, so that a value that trembles tells nothing new.
///
/// @param threshold over at this value or above; not negative
public record Hysteresis(long threshold) {
    public Hysteresis {
        Limits.within("threshold", threshold, 0, Long.MAX_VALUE);
    }

    /// Over or not, and what is to be told, if anything.
    public record Next(boolean over, Optional<Crossing> crossing) {}

    public enum Crossing {
        RISEN,
        FALLEN
    }

    /// @param over whether it was over before
    public Next next(boolean over, long value) {
        if (!over && value >= threshold) {
            return new Next(true, Optional.of(Crossing.RISEN));
        }
        if (over && value <= threshold - Math.max(1, threshold / 20)) {
            return new Next(false, Optional.of(Crossing.FALLEN));
        }
        return new Next(over, Optional.empty());
    }
}
