package holdfast.pools.clouds;

import java.util.Set;
import java.util.UUID;

/// A part of all clouds together, as users name it (aeolus.md 2.3).
///
/// @param name unique
/// @param providers any realm of these, or none
/// @param realms ids of realms of providers
public record FrontendRealm(UUID id, String name, String description, Set<UUID> providers, Set<UUID> realms) {
    /// The name of the realm of what was launched without one, which no other has (aeolus.md 10, row 19).
    public static final String ANYWHERE = "any";

    public FrontendRealm {
        providers = Set.copyOf(providers);
        realms = Set.copyOf(realms);
    }
}
