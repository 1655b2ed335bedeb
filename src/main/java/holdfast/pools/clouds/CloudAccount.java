package holdfast.pools.clouds;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// An account at a provider, without its credentials (aeolus.md 2.3). It is a site: what it has is looked at, and what
/// runs there is made, by the authority of clouds under the same id.
///
/// @param label unique
/// @param realms keys of those that it sees
/// @param takes the features of launches that its provider knows, such as `user_data`; empty if it does not say
public record CloudAccount(
        UUID id, String label, CloudProvider provider, Limits limits, Set<String> realms, Optional<Set<String>> takes) {
    public CloudAccount {
        realms = Set.copyOf(realms);
        takes = takes.map(Set::copyOf);
    }
}
