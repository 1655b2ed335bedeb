package holdfast.notifications;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/// The way out to those who are called.
public interface Receiver {
    /// Posts a letter, signed with `secret` if there is one. Returns within 30 seconds.
    ///
    /// @return the status of the answer
    /// @throws IOException when there is none; the message does not name the address
    int post(URI callback, Letter letter, Optional<String> secret) throws IOException, InterruptedException;

    /// What is posted.
    ///
    /// @param type its media type
    /// @param signature the header that holds `sha256=<HMAC of the body>`, where there is a secret
    record Letter(String type, String signature, String body) {
        /// As our own interface writes it.
        static Letter json(String body) {
            return new Letter("application/json; charset=utf-8", "X-Signature", body);
        }
    }

    /// Whether anything would be posted there, as far as that is known without asking anybody.
    default boolean takes(URI callback) {
        return true;
    }
}
