package holdfast.platform;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/// Writes server-sent events in their text form, or plain lines, to clients that read them.
final class EventWriter implements HttpReply.EventSink, HttpReply.LineSink {
    private static final String FILLER = "\n" + " ".repeat(510) + "\n";

    private final OutputStream out;
    private final Watchdog watchdog;
    private final Duration patience;

    private final String idle;

    /// @param patience how long one event may wait for the client
    private EventWriter(OutputStream out, Watchdog watchdog, Duration patience, String idle) {
        this.idle = idle;
        this.out = out;
        this.watchdog = watchdog;
        this.patience = patience;
    }

    static HttpReply.EventSink events(OutputStream out, Watchdog watchdog, Duration patience) {
        return new EventWriter(out, watchdog, patience, ":\n\n");
    }

    static HttpReply.LineSink lines(OutputStream out, Watchdog watchdog, Duration patience) {
        return new EventWriter(out, watchdog, patience, FILLER);
    }

    @Override
    public void send(String name, String data) {
        write(text(name, data));
    }

    @Override
    public void send(String id, String name, String data) {
        write("id: " + id + "\n" + text(name, data));
    }

    private static String text(String name, String data) {
        return "event: " + name + "\ndata: " + data.replace("\r", "").replace("\n", "\ndata: ") + "\n\n";
    }

    @Override
    public void line(String text) {
        write(text + "\n" + FILLER);
    }

    @Override
    public void heartbeat() {
        write(idle);
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
