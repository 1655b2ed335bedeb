package holdfast.platform;

import io.helidon.webserver.ServerConnectionException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;

/// An answer on its way to a client, who may take only so long for each piece.
final class WatchedStream extends FilterOutputStream {
    private final Watchdog watchdog;
    private final Duration silence;

    WatchedStream(OutputStream out, Watchdog watchdog, Duration silence) {
        super(out);
        this.watchdog = watchdog;
        this.silence = silence;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        watchdog.begin(silence);
        try {
            out.write(bytes, from, length);
        } catch (ServerConnectionException | UncheckedIOException e) {
            throw new IOException("the client has gone", e);
        } finally {
            watchdog.end();
        }
    }

    /// What is written goes out with the next piece, or at the end.
    @Override
    public void flush() {}
}
