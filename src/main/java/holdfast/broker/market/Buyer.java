package holdfast.broker.market;

import holdfast.protocol.rear.NodeIdentity;
import java.util.Optional;

/// Who buys.
///
/// @param identity what the buyer says of itself
/// @param key what it has proved to be; a customer of a supernode is a buyer of its own
/// @param cluster the id of its fabric
/// @param caller who asks for a customer
public record Buyer(NodeIdentity identity, String key, String cluster, Optional<Caller> caller) {
    /// One who buys for others.
    ///
    /// @param key what the keys of its customers begin with, before a slash
    /// @param known whether administrators vouch for it
    public record Caller(String key, boolean known) {}

    /// One who buys for itself.
    public Buyer(NodeIdentity identity, String key, String cluster) {
        this(identity, key, cluster, Optional.empty());
    }
}
