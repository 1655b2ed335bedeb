package holdfast.broker;

import java.util.Optional;
import java.util.UUID;

/// The broker's record of a delegation that it asked an authority for (fabric.md 3.6). States: `claiming`, `delegated`,
/// `reclaimed`, `failed`.
///
/// @param authority who delegates
/// @param delegationName its name in the authority's advertisement
/// @param delegation its id, once known: also the id of its graph
public record DelegationClaim(String authority, String delegationName, Optional<UUID> delegation) {}
