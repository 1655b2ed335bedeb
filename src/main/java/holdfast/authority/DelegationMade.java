package holdfast.authority;

import java.util.Optional;
import java.util.UUID;

/// What an authority lets a broker promise. States: `delegated` (to nobody yet, or to the claimant), `reclaimed`.
///
/// @param delegationName its name in the advertisement
/// @param claimant the broker that claimed it
/// @param claim what the broker calls its claim
public record DelegationMade(String delegationName, Optional<String> claimant, Optional<UUID> claim) {}
