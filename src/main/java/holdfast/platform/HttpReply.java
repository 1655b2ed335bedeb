package holdfast.platform;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// What a server answers to an [HttpRequest].
public sealed interface HttpReply {
    /// A whole answer.
    ///
    /// @param type its media type; not sent where `body` is empty
    /// @param headers more headers, by name
    record Content(int status, String type, byte[] body, Map<String, String> headers) implements HttpReply {
        /// The same answer with one more header.
        public Content with(String name, String value) {
            var more = new TreeMap<>(headers);
            more.put(name, value);
            return new Content(status, type, body, more);
        }
    }

    /// An answer that is too large to be held as a whole, with status 200.
    ///
    /// @param type its media type
    /// @param length in bytes, exact
    /// @param headers more headers, by name
    /// @param source is closed whatever happens
    record Flow(String type, long length, Map<String, String> headers, InputStream source) implements HttpReply {
        private static final int PIECE = 16_384;

        /// @param silence how long the client may take for each piece
        void into(OutputStream out, Watchdog watchdog, Duration silence) throws IOException {
            var watched = new WatchedStream(out, watchdog, silence);
            var piece = new byte[PIECE];
            for (int got = source.read(piece); got >= 0; got = source.read(piece)) {
                watched.write(piece, 0, got);
            }
        }
    }

    /// An answer of unknown length that is too large to be held as a whole, with status 200. If it cannot be
    /// written to its end, the client sees that it is cut.
    ///
    /// @param type its media type
    /// @param headers more headers, by name
    record Written(String type, Map<String, String> headers, Writing writing) implements HttpReply {
        /// @param silence how long the client may take for each piece
        void into(OutputStream out, Watchdog watchdog, Duration silence) throws IOException {
            var pieces = new BufferedOutputStream(new WatchedStream(out, watchdog, silence), Flow.PIECE);
            writing.to(pieces);
            pieces.flush();
        }
    }

    /// Writes an answer, once.
    interface Writing {
        void to(OutputStream out) throws IOException;
    }

    /// Server-sent events until the source has no more to say, the client goes, or the server stops.
    record Events(EventSource source) implements HttpReply {}

    /// Lines of text until the source has no more to say, the client goes, or the server stops. Each is followed by
    /// blanks that make whatever stands in between let go of it.
    record Lines(LineSource source) implements HttpReply {}

    /// Bytes both ways between a client that has asked for a WebSocket and a channel, in binary messages; an empty
    /// one says that its sender sends no more. To anybody else it is not answered so.
    ///
    /// @param far is closed whatever happens; what its reads and writes throw is told to the client as the reason
    /// @param headers more headers, by name
    /// @param idle after which it is closed if nothing moves
    record Tunnel(ByteChannel far, Map<String, String> headers, Duration idle) implements HttpReply {}

    /// The same as [EventSource], for lines.
    interface LineSource {
        /// @throws InterruptedException when the server stops
        void run(LineSink sink) throws InterruptedException;
    }

    /// Where lines go. Both methods throw [HttpServer.ClientGone] once nobody listens any more.
    interface LineSink {
        /// @param text without a line break
        void line(String text);

        /// Nothing, so that what stands in between sees that the connection is in use.
        void heartbeat();
    }

    /// Says what it has to say; may wait in between, and is interrupted when the server stops.
    interface EventSource {
        /// @throws InterruptedException when the server stops
        void run(EventSink sink) throws InterruptedException;
    }

    /// Where events go. Both methods throw [HttpServer.ClientGone] once nobody listens any more.
    interface EventSink {
        /// @param name of the kind of event, one line
        void send(String name, String data);

        /// @param id by which the client says where to go on when it comes again, one line
        void send(String id, String name, String data);

        /// Nothing, so that what stands in between sees that the connection is in use.
        void heartbeat();
    }

    static Content of(int status, String type, String text) {
        return new Content(status, type, text.getBytes(UTF_8), Map.of());
    }

    static Content json(int status, Object value) {
        return of(status, "application/json; charset=utf-8", Json.text(value));
    }
}
