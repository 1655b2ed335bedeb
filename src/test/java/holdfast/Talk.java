package holdfast;

import holdfast.platform.Bridge;
import holdfast.platform.Finishing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;

/// What is said over a connection, and heard.
public final class Talk {
    private Talk() {}

    /// Says all of it, and that this was all.
    public static void say(ByteChannel channel, byte[] bytes) {
        try {
            var left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            Finishing.finish(channel);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// All that the other side says.
    public static byte[] all(ByteChannel channel) throws IOException {
        var bytes = new ByteArrayOutputStream();
        Bridge.carry(channel, Channels.newChannel(bytes));
        return bytes.toByteArray();
    }

    /// What comes back of what is said, while it is said.
    public static byte[] echoed(ByteChannel channel, byte[] bytes) throws IOException {
        Thread.ofVirtual().start(() -> say(channel, bytes));
        return all(channel);
    }
}
