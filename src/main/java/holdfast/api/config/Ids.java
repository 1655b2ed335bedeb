package holdfast.api.config;

import java.util.Optional;
import java.util.UUID;

/// Ids as they are in paths.
final class Ids {
    private static final int LENGTH = 36;

    private Ids() {}

    /// @return empty if it is no id of ours
    static Optional<UUID> of(String text) {
        try {
            return text.length() == LENGTH ? Optional.of(UUID.fromString(text)) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
