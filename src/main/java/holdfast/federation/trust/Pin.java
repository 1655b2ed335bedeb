package holdfast.federation.trust;

import java.util.Optional;

/// A peer whose key is known.
///
/// @param nodeId what it says that it is called, if it was ever heard
/// @param domain what administrators said, else what it says of itself
/// @param vouched whether administrators said so
/// @param own whether administrators said that it is a node of this domain
/// @param role what it says
public record Pin(
        String fingerprint, Optional<String> nodeId, String domain, boolean vouched, boolean own, String role) {
    /// As rules look at it.
    public Caller caller() {
        return new Caller(own ? Caller.Standing.OWN : Caller.Standing.PEER, domain, vouched, role);
    }
}
