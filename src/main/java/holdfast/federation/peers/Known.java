package holdfast.federation.peers;

import holdfast.federation.wire.Capabilities;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.Endpoint;
import java.util.Optional;
import java.util.UUID;

/// A peer, for those who ask it something.
///
/// @param id of its resource
/// @param name what people call it here
/// @param member if it is a node of our domain that has joined us
public record Known(
        UUID id,
        String name,
        Endpoint endpoint,
        Dialect dialect,
        Capabilities capabilities,
        PeerCourse.State state,
        Optional<Membership> member) {
    /// Its id in its domain, if it has said it.
    public Optional<String> node() {
        return member.map(Membership::node).or(capabilities::nodeId);
    }

    /// Whether what it tells is offered by others.
    public boolean isCatalog() {
        return capabilities.role().equals(Capabilities.CATALOG);
    }
}
