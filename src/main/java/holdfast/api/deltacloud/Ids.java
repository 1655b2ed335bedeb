package holdfast.api.deltacloud;

import java.util.Optional;
import java.util.UUID;

/// Ids as clients write them.
final class Ids {
    private Ids() {}

    /// @return empty for what is no id of ours
    static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text))
                    .filter(uuid -> uuid.toString().equalsIgnoreCase(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// @throws Problem if it is no id of an instance
    static UUID instance(String text) {
        return uuid(text).orElseThrow(() -> Problem.notThere("instance", text));
    }

    /// The account that a thing `<account>~<key>` lives at.
    static Optional<UUID> account(String thing) {
        int end = thing.indexOf('~');
        return end < 0 ? Optional.empty() : uuid(thing.substring(0, end));
    }
}
