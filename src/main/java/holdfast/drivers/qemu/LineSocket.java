package holdfast.drivers.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A unix-domain socket that carries lines of text. One virtual thread connects and reads it, so that every wait of the
/// caller has a limit; closing ends that thread.
final class LineSocket implements AutoCloseable {
    /// Called on the reading thread, so it must not wait.
    interface Listener {
        void line(String line);

        /// The last call.
        void ended(String why);
    }

    private final Path path;
    private final int longest;
    private final Listener listener;
    private final SocketChannel channel;
    private final CompletableFuture<Void> connected = new CompletableFuture<>();

    /// Begins to connect.
    ///
    /// @param longest bytes in one line; a peer that sends more is cut off
    /// @throws IOException if no socket can be made
    LineSocket(Path path, int longest, Listener listener) throws IOException {
        this.path = path;
        this.longest = longest;
        this.listener = listener;
        this.channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Thread.ofVirtual().name("lines of " + path).start(this::connectAndRead);
    }

    /// Sends one line; waits up to `patience` for the connection.
    ///
    /// @throws SilentException if there is no connection in time
    /// @throws IOException if it is closed
    void send(String line, Duration patience) throws IOException {
        await(connected, patience, "no connection to " + path);
        var bytes = ByteBuffer.wrap((line + "\n").getBytes(UTF_8));
        while (bytes.hasRemaining()) channel.write(bytes);
    }

    /// What `future` brings within `patience`, its failure as an [IOException].
    ///
    /// @throws SilentException if it brings nothing in time, or who waits is interrupted
    static <T> T await(CompletableFuture<T> future, Duration patience, String otherwise) throws IOException {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new SilentException(otherwise + " within " + patience.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof QmpException refused) throw refused;
            throw new IOException(otherwise + ": " + String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SilentException(otherwise + ": interrupted", e);
        }
    }

    private void connectAndRead() {
        try (channel) {
            channel.connect(UnixDomainSocketAddress.of(path));
            connected.complete(null);
            readLines();
            listener.ended("closed by the other side");
        } catch (IOException | RuntimeException e) {
            connected.completeExceptionally(e);
            listener.ended(String.valueOf(e.getMessage()));
        }
    }

    private void readLines() throws IOException {
        var buffer = ByteBuffer.allocate(8192);
        var line = new ByteArrayOutputStream();
        while (channel.read(buffer.clear()) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                byte next = buffer.get();
                if (next == '\n') {
                    listener.line(line.toString(UTF_8).stripTrailing());
                    line.reset();
                } else if (line.size() == longest) {
                    throw new IOException("a line of more than " + longest + " bytes");
                } else {
                    line.write(next);
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // Nothing is left to lose: whoever waits gets its answer from the reading thread.
        }
    }
}
