package holdfast.pools.clouds;

import holdfast.engine.Resource;
import java.util.Optional;
import java.util.UUID;

/// Something that administrators have set up, as it is stored at one version.
///
/// @param id as others know it
/// @param resource that it is kept in
public record Entry<T>(UUID id, Resource resource, T value) {
    public String name() {
        return resource.name();
    }

    /// What it is a part of: the family of a pool, the provider of an account.
    public Optional<UUID> parent() {
        return resource.parent();
    }

    /// Counts changes, from 1.
    public long version() {
        return resource.version();
    }
}
