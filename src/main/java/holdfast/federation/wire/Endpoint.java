package holdfast.federation.wire;

import java.util.Optional;

/// Where a node is asked.
///
/// @param address `host:port` of its gateway
/// @param secure whether it is asked by TLS
/// @param fingerprint of the only key that it may show then; empty: any that is vouched for
public record Endpoint(String address, boolean secure, Optional<String> fingerprint) {
    /// Without TLS, as unmodified nodes are asked.
    public static Endpoint plain(String address) {
        return new Endpoint(address, false, Optional.empty());
    }
}
