package holdfast.protocol;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// One way to make an instance (aeolus.md 2.8: InstanceMatch).
///
/// @param account resource of type `provider`
/// @param profile key of the back-end profile
/// @param sizes sent with the request to make it, by property: `memory`, `cpu`, `storage`, `architecture`
/// @param image as the provider calls it
/// @param realm key of the provider's realm; empty = any
public record Match(UUID account, String profile, Map<String, String> sizes, String image, Optional<String> realm) {
    public Match {
        sizes = Map.copyOf(sizes);
    }
}
