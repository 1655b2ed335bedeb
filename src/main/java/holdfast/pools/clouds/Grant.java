package holdfast.pools.clouds;

import holdfast.pools.clouds.Right.Target;
import java.util.Optional;
import java.util.UUID;

/// Somebody has a role on something, and on all that is part of it.
///
/// @param entity id of a user or of a group
/// @param role its id
/// @param scope what the object is
/// @param object empty for a global role
public record Grant(UUID entity, UUID role, Target scope, Optional<UUID> object) {
    /// Each is there once.
    String name() {
        return entity + "/" + role + "/" + object.map(UUID::toString).orElse("");
    }
}
