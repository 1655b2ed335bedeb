package holdfast.platform;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A WebSocket of a server: the connection's own thread hears; another speaks, until one of the two has gone.
abstract class Conversation implements WsListener {
    static final int NORMAL = 1000;
    static final int GOING_AWAY = 1001;
    static final int UNSUPPORTED = 1003;
    static final int FAILED = 1011;

    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
    private static final int LONGEST_REASON = 120;

    private final Room room;
    private final Duration patience;
    private volatile boolean closed;
    private Optional<Thread> speaker = Optional.empty();

    /// What the conversations of a server share.
    ///
    /// @param patience how long one message may wait for the client
    /// @param speakers those who speak now
    record Room(Watchdog watchdog, Duration patience, Set<Speaker> speakers) {}

    /// @param patience how long one message may wait for the client
    Conversation(Room room, Duration patience) {
        this.room = room;
        this.patience = patience;
    }

    /// Says what there is to say, and ends.
    abstract void speak(WsSession session);

    /// How long the server should think that nothing was heard.
    ///
    /// @param heard for how long it was not
    Duration idle(Duration heard) {
        return heard;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void onOpen(WsSession session) {
        var thread = Thread.ofVirtual().name("websocket").unstarted(() -> spoken(session));
        speaker = Optional.of(thread);
        room.speakers.add(new Speaker(thread, this));
        thread.start();
    }

    private void spoken(WsSession session) {
        try {
            speak(session);
        } finally {
            room.speakers.remove(new Speaker(Thread.currentThread(), this));
        }
    }

    /// @throws HttpServer.ClientGone if nobody takes it
    final synchronized void send(Runnable action) {
        if (closed) {
            throw new HttpServer.ClientGone(new IllegalStateException("closed"));
        }
        room.watchdog.begin(patience);
        try {
            action.run();
        } catch (RuntimeException e) { // the web server has exceptions of its own for a broken connection
            throw new HttpServer.ClientGone(e);
        } finally {
            room.watchdog.end();
        }
    }

    /// Says good-bye, the first time.
    final void end(WsSession session, int code, String reason) {
        boolean first;
        synchronized (this) {
            first = !closed;
            closed = true;
        }
        if (first) {
            room.watchdog.begin(room.patience);
            try {
                session.close(code, reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) : reason);
            } catch (RuntimeException e) {
                LOG.debug("could not say good-bye", e);
            } finally {
                room.watchdog.end();
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

    /// The client has gone.
    void over() {
        synchronized (this) {
            closed = true;
        }
        speaker.ifPresent(Thread::interrupt);
    }
}
