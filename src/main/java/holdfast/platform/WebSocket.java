package holdfast.platform;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.websocket.WsConnection;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns a connection into a WebSocket (RFC 6455) on which this side speaks and the other listens.
final class WebSocket implements Http1Upgrader {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocket.class);
    private static final String ACCEPT_KEY = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int GOING_AWAY = 1001;
    private static final int NORMAL = 1000;
    private static final int LONGEST_REASON = 120;

    private final Door door;
    private final Watchdog watchdog;
    private final Duration patience;
    private final Set<Speaker> speakers;

    /// Says who may come in.
    interface Door {
        /// @param peer the address that the connection comes from
        /// @return what to tell; empty if the request has to be answered as any other, which says what is wrong
        ///     with it
        Optional<HttpReply.LineSource> open(HttpPrologue prologue, WritableHeaders<?> headers, String peer);
    }

    /// @param patience how long one message may wait for the client
    /// @param speakers those who speak now
    WebSocket(Door door, Watchdog watchdog, Duration patience, Set<Speaker> speakers) {
        this.door = door;
        this.watchdog = watchdog;
        this.patience = patience;
        this.speakers = speakers;
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
        var source = key.isEmpty() || version.filter("13"::equals).isEmpty()
                ? Optional.<HttpReply.LineSource>empty()
                : door.open(prologue, headers, connection.remotePeer().host());
        if (source.isEmpty()) {
            return null;
        }
        watchdog.end(); // the headers are complete
        connection
                .dataWriter()
                .write(BufferData.create(
                        ("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                        + "Sec-WebSocket-Accept: " + accept(key.get()) + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII)));
        var conversation = new Conversation(source.get());
        var socket = WsConnection.create(connection, prologue, headers, key.get(), conversation);
        return new Watched(socket, conversation);
    }

    private static String accept(String key) {
        try {
            var hash =
                    MessageDigest.getInstance("SHA-1").digest((key + ACCEPT_KEY).getBytes(StandardCharsets.US_ASCII));
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
            return socket.idleTime();
        }

        @Override
        public void close(boolean interrupt) {
            socket.close(interrupt);
        }
    }

    /// The connection's own thread hears; another speaks, until one of the two has gone.
    private final class Conversation implements WsListener {
        private final HttpReply.LineSource source;
        private volatile boolean closed;
        private Optional<Thread> speaker = Optional.empty();

        Conversation(HttpReply.LineSource source) {
            this.source = source;
        }

        @Override
        public void onOpen(WsSession session) {
            var thread = Thread.ofVirtual().name("websocket").unstarted(() -> speak(session));
            speaker = Optional.of(thread);
            speakers.add(new Speaker(thread, this));
            thread.start();
        }

        private void speak(WsSession session) {
            try {
                source.run(new HttpReply.LineSink() {
                    @Override
                    public void line(String text) {
                        send(() -> session.send(text, true));
                    }

                    @Override
                    public void heartbeat() {
                        send(() -> session.ping(BufferData.empty()));
                    }
                });
                end(session, NORMAL, "there is no more to tell");
            } catch (HttpServer.ClientGone e) {
                LOG.debug("a subscriber has gone", e);
                end(session, GOING_AWAY, "you read too slowly; go on with after=<the last cursor you have>");
            } catch (InterruptedException _) {
                end(session, GOING_AWAY, "the server stops; connect again and go on after your last cursor");
            } catch (RuntimeException e) {
                LOG.error("a subscriber could not be told", e);
                end(session, 1011, "the server failed; its log tells why");
            } finally {
                speakers.remove(new Speaker(Thread.currentThread(), this));
            }
        }

        private synchronized void send(Runnable action) {
            if (closed) {
                throw new HttpServer.ClientGone(new IllegalStateException("closed"));
            }
            watchdog.begin(patience);
            try {
                action.run();
            } catch (RuntimeException e) { // the web server has exceptions of its own for a broken connection
                throw new HttpServer.ClientGone(e);
            } finally {
                watchdog.end();
            }
        }

        private void end(WsSession session, int code, String reason) {
            boolean first;
            synchronized (this) {
                first = !closed;
                closed = true;
            }
            if (first) {
                watchdog.begin(patience);
                try {
                    session.close(
                            code, reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) : reason);
                } catch (RuntimeException e) {
                    LOG.debug("could not say good-bye", e);
                } finally {
                    watchdog.end();
                }
            }
            if (session instanceof ServerConnection connection) {
                connection.close(true); // whoever reads on it need not wait for the other side
            }
        }

        @Override
        public void onPing(WsSession session, BufferData buffer) {
            send(() -> session.pong(buffer));
        }

        @Override
        public void onClose(WsSession session, int status, String reason) {
            over();
        }

        @Override
        public void onError(WsSession session, Throwable t) {
            over();
        }

        private void over() {
            synchronized (this) {
                closed = true;
            }
            speaker.ifPresent(Thread::interrupt);
        }
    }
}
