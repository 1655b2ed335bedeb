package holdfast.platform;

import io.helidon.common.buffers.BufferData;
import io.helidon.websocket.WsSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Binary messages both ways, joined with a channel. An empty message says that its sender sends no more. What is taken
/// from one side is given to the other before more is taken, so that nothing is held but one piece each way.
final class ByteConversation extends Conversation {
    private static final Logger LOG = LoggerFactory.getLogger(ByteConversation.class);
    private static final int PIECE = 16_384;
    /// For a client that does not know what an empty message says.
    private static final Duration LINGER = Duration.ofSeconds(30);

    private final ByteChannel far;
    private final Duration idle;
    private final CountDownLatch heardAll = new CountDownLatch(1);
    private volatile long moved = System.nanoTime();

    /// Whether the last message was the beginning of one.
    private boolean within;

    ByteConversation(Room room, HttpReply.Tunnel tunnel) {
        super(room, tunnel.idle());
        this.far = tunnel.far();
        this.idle = tunnel.idle();
    }

    /// It looks after that itself, both ways.
    @Override
    Duration idle(Duration heard) {
        return Duration.ZERO;
    }

    @Override
    public void onOpen(WsSession session) {
        super.onOpen(session);
        Thread.ofVirtual().name("websocket, idle").start(() -> watch(session));
    }

    private Duration quiet() {
        return Duration.ofNanos(System.nanoTime() - moved);
    }

    /// Until somebody has closed it.
    private void watch(WsSession session) {
        try {
            for (var left = idle; left.isPositive() && far.isOpen(); left = idle.minus(quiet())) {
                Thread.sleep(left.compareTo(LINGER) < 0 ? left : LINGER);
            }
            if (far.isOpen()) {
                end(session, GOING_AWAY, "nothing was sent either way for " + idle.toSeconds() + " s");
                hangUp();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    // ---------------------------------------------------------------------------------------------------------------
    // from the client

    @Override
    public void onMessage(WsSession session, BufferData buffer, boolean last) {
        moved = System.nanoTime();
        var piece = ByteBuffer.wrap(buffer.readBytes());
        boolean end = !piece.hasRemaining() && last && !within;
        within = !last;
        try {
            if (end) {
                Finishing.finish(far);
                heardAll.countDown();
            }
            while (piece.hasRemaining()) {
                far.write(piece);
            }
            moved = System.nanoTime();
        } catch (IOException e) {
            end(session, GOING_AWAY, why(e));
            hangUp();
        }
    }

    @Override
    public void onMessage(WsSession session, String text, boolean last) {
        end(session, UNSUPPORTED, "send binary messages");
        hangUp();
    }

    @Override
    void over() {
        super.over();
        hangUp();
    }

    private void hangUp() {
        try {
            far.close();
        } catch (IOException e) {
            LOG.debug("the far side of a connection did not close cleanly", e);
        }
    }

    // ---------------------------------------------------------------------------------------------------------------
    // to the client

    @Override
    void speak(WsSession session) {
        try {
            var piece = ByteBuffer.allocate(PIECE);
            while (far.read(piece) >= 0) {
                var bytes = BufferData.create(piece.array(), 0, piece.position());
                if (piece.position() > 0) {
                    send(() -> session.send(bytes, true));
                }
                moved = System.nanoTime();
                piece.clear();
            }
            send(() -> session.send(BufferData.empty(), true));
            while (!heardAll.await(LINGER.toMillis(), TimeUnit.MILLISECONDS) && quiet().compareTo(LINGER) < 0) {
                // the client sends on
            }
            end(session, NORMAL, "");
        } catch (HttpServer.ClientGone e) {
            LOG.debug("a client has gone", e);
            end(session, GOING_AWAY, "you read too slowly");
        } catch (InterruptedException | ClosedByInterruptException _) {
            Thread.interrupted(); // or the last word would not be said
            end(session, GOING_AWAY, "the server stops");
        } catch (IOException e) {
            end(session, GOING_AWAY, why(e));
        } catch (RuntimeException e) {
            LOG.error("a connection failed", e);
            end(session, FAILED, "the server failed; its log tells why");
        } finally {
            hangUp();
        }
    }

    private static String why(IOException e) {
        return e instanceof ClosedChannelException
                ? "the other side is closed"
                : Optional.ofNullable(e.getMessage()).orElse("the other side broke off");
    }
}
