package holdfast.federation.wire;

import java.util.Optional;

/// Where a node is asked.
///
/// @param address `host:port` of its gateway
/// @param secure whether it is asked by TLS
/// @param fingerprint of the only key that it may show then; without it no node is asked by TLS
public record Endpoint(String address, boolean secure, Optional<String> fingerprint) {
    /// Without TLS, as unmodified nodes are asked.
    public static Endpoint plain(String address) {
        return new Endpoint(address, false, Optional.empty());
    }

    /// By TLS, and nobody but who has that key.
    public static Endpoint pinned(String address, String fingerprint) {
        return new Endpoint(address, true, Optional.of(fingerprint));
    }

    /// Another place of the same node, asked as this one.
    public Endpoint at(String other) {
        return new Endpoint(other, secure, fingerprint);
    }
}
