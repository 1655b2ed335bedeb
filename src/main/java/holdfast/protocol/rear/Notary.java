package holdfast.protocol.rear;

import java.util.Optional;

/// Signs what this node states, and looks whether others have stated what they are said to (fluidos.md 5.13).
public interface Notary {
    /// Signs a text.
    ///
    /// @return the signature alone, without the text: a detached JWS that names the key
    String sign(String text);

    /// Of the key by which it signs.
    String fingerprint();

    /// What is wrong with a signature.
    ///
    /// @param fingerprint of the only key that counts
    /// @return empty if that key has signed that text
    Optional<String> fault(String text, String signature, String fingerprint);
}
