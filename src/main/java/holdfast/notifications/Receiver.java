package holdfast.notifications;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/// The way out to those who are called.
public interface Receiver {
    /// Posts JSON, signed with `secret` if there is one. Returns within 30 seconds.
    ///
    /// @return the status of the answer
    /// @throws IOException when there is none; the message does not name the address
    int post(URI callback, String body, Optional<String> secret) throws IOException, InterruptedException;

    /// Whether anything would be posted there, as far as that is known without asking anybody.
    default boolean takes(URI callback) {
        return true;
    }
}
