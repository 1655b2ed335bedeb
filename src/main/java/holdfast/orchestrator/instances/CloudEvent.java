package holdfast.orchestrator.instances;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// Something that happened to an instance or a deployment, or at an account (aeolus.md 2.8).
///
/// @param number grows with time; those of accounts have none
/// @param source what it happened to
/// @param name of the source, if it has one of its own
/// @param code such as `running`, `stop_queued`, `provider_account_failure`; empty for what was made
/// @param summary for people
public record CloudEvent(
        OptionalLong number,
        Instant time,
        Kind kind,
        UUID source,
        Optional<String> name,
        Optional<String> code,
        String summary) {
    /// What things happen to.
    public enum Kind {
        INSTANCE,
        DEPLOYMENT,
        PROVIDER_ACCOUNT;

        /// As it is written on the wire.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Kind> named(String word) {
            for (var kind : values()) {
                if (kind.word().equals(word)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    EventView ofSource() {
        return new EventView(number.orElse(0), source, time, code, summary);
    }
}
