package holdfast.drivers.holdfast;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.util.Base64;

/// Who we are at a peer.
///
/// @param address of the peer, without a path
/// @param user the public half of a key of its interface; empty = `secret` is a token
public record Account(URI address, String user, String secret) {
    String authorization() {
        return user.isEmpty()
                ? "Bearer " + secret
                : "Basic " + Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(UTF_8));
    }

    /// Without the secret.
    @Override
    public String toString() {
        return address + (user.isEmpty() ? "" : " as " + user);
    }
}
