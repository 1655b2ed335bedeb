package holdfast.api;

import holdfast.core.Caller;
import java.util.Optional;

/// With what somebody proved who it is, so that it can be asked later whether that still counts. Nobody learns the
/// secret from it.
///
/// @param key the access key; empty for a token
/// @param hash of the token, or of the secret key
public record Proof(Optional<String> key, String hash) {
    /// Somebody who proved who it is.
    public record Given(Caller caller, Proof proof) {}
}
