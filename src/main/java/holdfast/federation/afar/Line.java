package holdfast.federation.afar;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/// A connection to a broker of messages, which is lost some time.
public interface Line extends AutoCloseable {
    /// How lines are opened.
    interface Opening {
        /// @throws IOException if there is no way to the broker, or it does not let us in; the message is for
        ///     people
        Line open() throws IOException;
    }

    /// Says something to all who listen there.
    ///
    /// @param user who says it, which the broker looks at
    /// @param ttl after which nobody needs to hear it
    void say(String exchange, String user, Duration ttl, byte[] body) throws IOException;

    /// Hears what is in a queue, one after the other.
    void hear(String queue, Consumer<byte[]> ear) throws IOException;

    boolean isOpen();

    @Override
    void close();
}
