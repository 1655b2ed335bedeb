package holdfast.platform;

import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;

/// A channel that can say that nothing more is sent on it while it still hears.
public interface Finishing extends ByteChannel {
    /// The other side reads the end after what was written before.
    void finish() throws IOException;

    /// Finishes a channel that can be finished; any other goes on until it is closed.
    static void finish(ByteChannel channel) throws IOException {
        switch (channel) {
            case Finishing known -> known.finish();
            case SocketChannel socket -> socket.shutdownOutput();
            default -> {}
        }
    }
}
