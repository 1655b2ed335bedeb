package holdfast.notifications;

import holdfast.notifications.Threshold.Condition;
import java.util.Optional;

/// A threshold that is told once each time a value crosses it. It is crossed back only when the value is away from it
/// by 5 % or by 1, whichever is more, so that a value that trembles tells nothing new.
///
/// @param threshold the first value that is beyond it
/// @param side which values are beyond: those below it, or those above it; `threshold` itself is, too
public record Hysteresis(long threshold, Condition side) {
    /// Of what a subscriber asked for: strictly below a value, or strictly above it.
    static Hysteresis of(Threshold wanted) {
        return switch (wanted.condition()) {
            case LT -> new Hysteresis(wanted.value() - 1, Condition.LT);
            case GT ->
                new Hysteresis(wanted.value() == Long.MAX_VALUE ? Long.MAX_VALUE : wanted.value() + 1, Condition.GT);
        };
    }

    /// Over or not, and what is to be told, if anything.
    public record Next(boolean over, Optional<Crossing> crossing) {}

    public enum Crossing {
        /// The value is beyond the threshold now.
        REACHED,
        /// It is so no longer.
        LEFT
    }

    /// @param over whether it was over before
    public Next next(boolean over, long value) {
        if (!over && isBeyond(value)) {
            return new Next(true, Optional.of(Crossing.REACHED));
        }
        if (over && isAway(value)) {
            return new Next(false, Optional.of(Crossing.LEFT));
        }
        return new Next(over, Optional.empty());
    }

    private boolean isBeyond(long value) {
        return switch (side) {
            case LT -> value <= threshold;
            case GT -> value >= threshold;
        };
    }

    private boolean isAway(long value) {
        long margin = Math.max(1, Math.abs(threshold / 20));
        return switch (side) {
            case LT -> value >= threshold + margin;
            case GT -> value <= threshold - margin;
        };
    }
}
