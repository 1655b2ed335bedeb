package holdfast.protocol;

import holdfast.protocol.rear.HostingPolicy;
import java.util.Optional;

/// What is to be made of a service for one contract (fluidos.md 4.5).
///
/// @param namespace called as the contract
/// @param manifest objects in YAML, with what is secret in them
/// @param hosting where they run
/// @param peer the buyer's cluster, where it is needed
public record ServiceOrder(String namespace, String manifest, HostingPolicy hosting, Optional<Peer> peer) {
    /// A cluster of the buyer.
    ///
    /// @param cluster its id
    /// @param kubeconfig how to reach it, a secret
    public record Peer(String cluster, String kubeconfig) {
        @Override
        public String toString() {
            return "Peer[cluster=" + cluster + "]";
        }
    }

    /// Without what is secret.
    @Override
    public String toString() {
        return "ServiceOrder[namespace=" + namespace + ", hosting=" + hosting + "]";
    }
}
