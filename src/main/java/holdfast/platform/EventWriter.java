package holdfast.platform;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/// Writes server-sent events in their text form, to clients that read them.
final class EventWriter implements HttpReply.EventSink {
    private final OutputStream out;
    private final Watchdog watchdog;
    private final Duration patience;

    /// @param patience how long one event may wait for the client
    EventWriter(OutputStream out, Watchdog watchdog, Duration patience) {
        this.out = out;
        this.watchdog = watchdog;
        this.patience = patience;
    }

    @Override
    public void send(String name, String data) {
        write("event: " + name + "\ndata: " + data.replace("\r", "").replace("\n", "\ndata: ") + "\n\n");
    }

    @Override
    public void heartbeat() {
        write(":\n\n");
    }

    private void write(String text) {
        watchdog.begin(patience);
        try {
            out.write(text.getBytes(UTF_8));
            out.flush();
        } catch (IOException | RuntimeException e) { // the web server has exceptions of its own for a broken connection
            throw new HttpServer.ClientGone(e);
        } finally {
            watchdog.end();
        }
    }
}
