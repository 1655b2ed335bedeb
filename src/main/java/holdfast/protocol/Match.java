package holdfast.protocol;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/// One way to make an instance (aeolus.md 2.8: InstanceMatch).
///
/// @param account resource of type `provider`
/// @param profile key of the back-end profile
/// @param sizes that it gets, as far as they are known, by property: `memory`, `cpu`, `storage`, `architecture`
/// @param sent those of them that the request to make it names: the profile leaves a choice
/// @param image as the provider calls it
/// @param realm key of the provider's realm; empty = any
public record Match(
        UUID account,
        String profile,
        Map<String, String> sizes,
        Map<String, String> sent,
        String image,
        Optional<String> realm) {
    @SuppressWarnings("NullAway") // what was stored before the two were told apart has only what was sent
    public Match {
        sizes = Map.copyOf(sizes);
        sent = Map.copyOf(Objects.requireNonNullElse(sent, sizes));
    }

    /// One that is asked for by its profile alone.
    public Match(UUID account, String profile, Map<String, String> sizes, String image, Optional<String> realm) {
        this(account, profile, sizes, Map.of(), image, realm);
    }
}
