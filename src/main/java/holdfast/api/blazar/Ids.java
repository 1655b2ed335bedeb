package holdfast.api.blazar;

import java.util.Optional;
import java.util.UUID;

/// Ids of leases and reservations.
final class Ids {
    private Ids() {}

    /// @return empty if the text is no id as we write it
    static Optional<UUID> read(String text) {
        try {
            return Optional.of(UUID.fromString(text)).filter(id -> id.toString().equalsIgnoreCase(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
