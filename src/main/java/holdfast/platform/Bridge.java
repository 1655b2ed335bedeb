package holdfast.platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Joins two channels until both have said all, or one breaks. Holds one piece each way.
public final class Bridge {
    private static final int PIECE = 16_384;

    private Bridge() {}

    /// Waits for the end; both are closed then.
    ///
    /// @return why it broke off, if it did
    public static Optional<IOException> join(ByteChannel one, ByteChannel other) throws InterruptedException {
        var broken = new AtomicReference<Optional<IOException>>(Optional.empty());
        var back = Thread.ofVirtual().name("bridge").start(() -> copy(other, one, broken));
        try {
            copy(one, other, broken);
            back.join();
        } finally {
            close(one);
            close(other);
        }
        return broken.get();
    }

    /// Carries all that comes from one side to the other, which is told when no more comes.
    public static void carry(ReadableByteChannel from, WritableByteChannel to) throws IOException {
        var piece = ByteBuffer.allocate(PIECE);
        while (from.read(piece) >= 0) {
            piece.flip();
            while (piece.hasRemaining()) {
                to.write(piece);
            }
            piece.clear();
        }
        if (to instanceof ByteChannel channel) {
            Finishing.finish(channel);
        }
    }

    private static void copy(ByteChannel from, ByteChannel to, AtomicReference<Optional<IOException>> broken) {
        try {
            carry(from, to);
        } catch (IOException e) {
            broken.updateAndGet(first -> first.isPresent() ? first : Optional.of(e));
            close(from);
            close(to);
        }
    }

    private static void close(ByteChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // it is of no use any more
        }
    }
}
