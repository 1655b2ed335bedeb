package holdfast.orchestrator.instances;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// What was asked of an instance, and what became of it (aeolus.md 2.8, 3.3): a job in the words of CIMI.
///
/// @param whole whether that is a deployment
/// @param message why it failed
public record TaskView(
        UUID id,
        UUID instance,
        boolean whole,
        Action action,
        State state,
        String user,
        Instant created,
        Optional<Instant> started,
        Optional<Instant> ended,
        Optional<String> message) {
    /// The states of a task.
    public enum State {
        QUEUED,
        RUNNING,
        FINISHED,
        FAILED,
        CANCELED;

        /// As it is stored.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public boolean over() {
            return switch (this) {
                case QUEUED, RUNNING -> false;
                case FINISHED, FAILED, CANCELED -> true;
            };
        }
    }
}
