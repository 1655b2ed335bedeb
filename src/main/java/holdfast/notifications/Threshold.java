package holdfast.notifications;

import java.util.Locale;

/// When a subscriber wants to hear of capacity: as soon as one figure of it is beyond a value (promise.md 4.1).
///
/// @param dimension such as `vcpu`
/// @param value in units of the dimension, not negative
public record Threshold(String dimension, Figure capacityInfo, Condition condition, long value) {
    /// Which of the four figures is watched.
    public enum Figure {
        AVAILABLE,
        RESERVED,
        TOTAL,
        ALLOCATED;

        /// As it is written.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// On which side of the value it counts.
    public enum Condition {
        LT,
        GT;

        /// As it is written.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
