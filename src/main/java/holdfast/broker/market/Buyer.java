package holdfast.broker.market;

import holdfast.protocol.rear.NodeIdentity;
import java.util.Optional;

/// Who buys.
///
/// @param identity what the buyer says of itself
/// @param key what it has proved to be; a customer of a supernode is a buyer of its own
/// @param cluster the id of its fabric
/// @param caller who asks for a customer
/// @param party for whom counts what all of a domain may have: the domain, if somebody vouches for it
public record Buyer(NodeIdentity identity, String key, String cluster, Optional<Caller> caller, String party) {
    /// One who buys for others.
    ///
    /// @param key what the keys of its customers begin with, before a slash
    /// @param known whether administrators vouch for it
    public record Caller(String key, boolean known) {}

    /// One who buys for itself, and is of the domain that it says.
    public Buyer(NodeIdentity identity, String key, String cluster) {
        this(identity, key, cluster, Optional.empty(), identity.domain());
    }
}
