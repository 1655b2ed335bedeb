package holdfast.platform;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Status;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.websocket.WsConnection;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Turns a connection into a WebSocket (RFC 6455) on which lines are told, or bytes go both ways.
final class WebSocket implements Http1Upgrader {
    private static final String ACCEPT_KEY = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final Door door;
    private final Conversation.Room room;

    /// Says who may come in.
    interface Door {
        /// @param peer where the connection comes from
        /// @return what to say on it, or why nothing is; empty if the request has to be answered as any other
        Optional<HttpReply> open(HttpPrologue prologue, WritableHeaders<?> headers, PeerInfo peer);
    }

    WebSocket(Door door, Conversation.Room room) {
        this.door = door;
        this.room = room;
    }

    @Override
    public String supportedProtocol() {
        return "websocket";
    }

    @Override
    @SuppressWarnings("NullAway") // the web server takes null for: not here
    public ServerConnection upgrade(ConnectionContext connection, HttpPrologue prologue, WritableHeaders<?> headers) {
        var key = headers.first(HeaderNames.create("Sec-WebSocket-Key"));
        var version = headers.first(HeaderNames.create("Sec-WebSocket-Version"));
        if (key.isEmpty() || version.filter("13"::equals).isEmpty()) {
            return null;
        }
        room.watchdog().end(); // the headers are complete
        return switch (door.open(prologue, headers, connection.remotePeer()).orElse(null)) {
            case HttpReply.Lines(var source) ->
                talk(connection, prologue, headers, key.get(), Map.of(), new LineConversation(room, source));
            case HttpReply.Tunnel tunnel ->
                talk(connection, prologue, headers, key.get(), tunnel.headers(), new ByteConversation(room, tunnel));
            case HttpReply.Content refusal -> {
                refuse(connection, refusal);
                yield new Refused();
            }
            case null, default -> null;
        };
    }

    private static Watched talk(
            ConnectionContext connection,
            HttpPrologue prologue,
            WritableHeaders<?> headers,
            String key,
            Map<String, String> more,
            Conversation conversation) {
        conversation.begin();
        try {
            accept(connection, key, more);
            return new Watched(WsConnection.create(connection, prologue, headers, key, conversation), conversation);
        } catch (RuntimeException e) {
            conversation.over(); // nobody is there to hear anything
            throw e;
        }
    }

    private static void accept(ConnectionContext connection, String key, Map<String, String> more) {
        var headers = new TreeMap<>(more);
        headers.put("Connection", "Upgrade");
        headers.put("Upgrade", "websocket");
        headers.put("Sec-WebSocket-Accept", accept(key));
        write(connection, Status.SWITCHING_PROTOCOLS_101, headers, new byte[0]);
    }

    private static void refuse(ConnectionContext connection, HttpReply.Content refusal) {
        var headers = new TreeMap<>(refusal.headers());
        headers.put("Connection", "close");
        headers.put("Content-Type", refusal.type());
        headers.put("Content-Length", "" + refusal.body().length);
        headers.put("Cache-Control", "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
        write(connection, Status.create(refusal.status()), headers, refusal.body());
    }

    private static void write(ConnectionContext connection, Status status, Map<String, String> headers, byte[] body) {
        var head = new StringBuilder("HTTP/1.1 ")
                .append(status.code())
                .append(' ')
                .append(status.reasonPhrase())
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("\r\n");
        connection.dataWriter().write(BufferData.create(head.toString().getBytes(US_ASCII)));
        if (body.length > 0) {
            connection.dataWriter().write(BufferData.create(body));
        }
    }

    private static String accept(String key) {
        try {
            var hash = MessageDigest.getInstance("SHA-1").digest((key + ACCEPT_KEY).getBytes(US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    /// Tells the speaker when the connection ends, also if the other side did not say so.
    private record Watched(ServerConnection socket, Conversation conversation) implements ServerConnection {
        @Override
        public void handle(Limit limit) throws InterruptedException {
            try {
                socket.handle(limit);
            } finally {
                conversation.over();
            }
        }

        @Override
        public Duration idleTime() {
            return conversation.idle(socket.idleTime());
        }

        @Override
        public void close(boolean interrupt) {
            socket.close(interrupt);
        }
    }

    /// All is said.
    private record Refused() implements ServerConnection {
        @Override
        public void handle(Limit limit) {}

        @Override
        public Duration idleTime() {
            return Duration.ZERO;
        }

        @Override
        public void close(boolean interrupt) {}
    }
}
