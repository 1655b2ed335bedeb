package holdfast.platform;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/// Writes server-sent events in their text form.
final class EventWriter implements HttpReply.EventSink {
    private final OutputStream out;

    EventWriter(OutputStream out) {
        this.out = out;
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
        try {
            out.write(text.getBytes(UTF_8));
            out.flush();
        } catch (IOException | UncheckedIOException e) {
            throw new HttpServer.ClientGone(e);
        }
    }
}
