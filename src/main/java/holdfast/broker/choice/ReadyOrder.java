package holdfast.broker.choice;

import java.time.Instant;
import java.util.Comparator;
import java.util.UUID;

/// In which order things are done that are due: by time, and at one instant what gives capacity back before what takes
/// it (promise.md 4.4).
public final class ReadyOrder {
    private static final Comparator<Due> ORDER =
            Comparator.comparing(Due::at).thenComparing(Due::what).thenComparing(Due::reservation);

    private ReadyOrder() {}

    /// In the order of one instant.
    public enum What {
        END(30),
        EXPIRY(20),
        START(10),
        WARNING(0);

        private final int priority;

        What(int priority) {
            this.priority = priority;
        }

        /// Priority of its process: the largest runs first.
        public int priority() {
            return priority;
        }
    }

    /// Something that is due.
    public record Due(Instant at, What what, UUID reservation) {}

    public static Comparator<Due> comparator() {
        return ORDER;
    }
}
