package holdfast.platform;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
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
    private final CompletableFuture<Optional<WsSession>> opened = new CompletableFuture<>();
    private volatile Optional<Thread> speaker = Optional.empty();

    /// What the conversations of a server share.
    ///
    /// @param patience how long one message may wait for the client
    /// @param speakers those who speak now
    /// @param stopping whether they are to come to an end
    record Room(Watchdog watchdog, Duration patience, Set<Speaker> speakers, BooleanSupplier stopping) {}

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

    /// The client is about to hear that it may speak: from now on a server that stops says good-bye first.
    final void begin() {
        var thread = Thread.ofVirtual().name("websocket").unstarted(this::spoken);
        speaker = Optional.of(thread);
        var mine = new Speaker(thread, this);
        room.speakers.add(mine);
        thread.start();
        if (room.stopping.getAsBoolean()) {
            mine.hush();
        }
    }

    @Override
    public void onOpen(WsSession session) {
        opened.complete(Optional.of(session));
    }

    private void spoken() {
        try {
            session().ifPresent(this::speak);
        } finally {
            room.speakers.remove(new Speaker(Thread.currentThread(), this));
        }
    }

    /// Who is interrupted while it waits for its client has that still to say. Empty if the client is gone before.
    private Optional<WsSession> session() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return opened.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("nothing fails it", e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
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
        opened.complete(Optional.empty());
        speaker.ifPresent(Thread::interrupt);
    }
}
