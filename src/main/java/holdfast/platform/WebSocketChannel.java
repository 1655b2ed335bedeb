package holdfast.platform;

import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The client's end of a WebSocket on which bytes go both ways, see [HttpReply.Tunnel]. Takes no more from the network
/// than is read. One thread may read while another writes; an interrupt closes it.
final class WebSocketChannel implements Finishing, WebSocket.Listener {
    private static final int NORMAL = WebSocket.NORMAL_CLOSURE;
    private static final int PIECE = 16_384;
    private static final String BROKE_OFF = "the other side broke off";
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Optional<WebSocket> socket = Optional.empty();
    private ByteBuffer waiting = NOTHING;
    private CompletableFuture<Void> taken = new CompletableFuture<>();
    private boolean within;
    private boolean ended;
    private boolean closed;
    private Optional<String> broken = Optional.empty();

    // ---------------------------------------------------------------------------------------------------------------
    // what comes

    @Override
    public void onOpen(WebSocket opened) {
        lock.lock();
        try {
            if (closed) { // whoever wanted it waits no more
                opened.abort();
                return;
            }
            socket = Optional.of(opened);
        } finally {
            lock.unlock();
        }
        opened.request(1);
    }

    @Override
    @SuppressWarnings("NullAway") // the library takes null for: done with
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        lock.lock();
        try {
            boolean whole = last && !within;
            within = !last;
            if (data.hasRemaining()) {
                waiting = data;
                taken = new CompletableFuture<>();
                changed.signalAll();
                return taken;
            }
            ended |= whole;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        from.request(1);
        return null;
    }

    @Override
    @SuppressWarnings("NullAway") // as above
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        breaksOff("it speaks text where bytes were expected");
        from.abort();
        return null;
    }

    @Override
    @SuppressWarnings("NullAway") // as above
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        if (code == NORMAL) {
            lock.lock();
            try {
                ended = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        } else {
            breaksOff(reason.isBlank() ? BROKE_OFF : reason);
        }
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        breaksOff(BROKE_OFF);
    }

    private void breaksOff(String why) {
        lock.lock();
        try {
            broken = broken.or(() -> Optional.of(why));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---------------------------------------------------------------------------------------------------------------
    // as a channel

    @Override
    public int read(ByteBuffer into) throws IOException {
        lock.lock();
        try {
            while (!waiting.hasRemaining()) {
                if (closed) {
                    throw new ClosedChannelException();
                }
                if (broken.isPresent()) {
                    throw new IOException(broken.get());
                }
                if (ended) {
                    return -1;
                }
                changed.await();
            }
            int count = Math.min(into.remaining(), waiting.remaining());
            into.put(waiting.slice().limit(count));
            waiting.position(waiting.position() + count);
            if (!waiting.hasRemaining()) {
                waiting = NOTHING;
                taken.complete(null);
                socket.ifPresent(open -> open.request(1));
            }
            return count;
        } catch (InterruptedException _) {
            throw interrupted();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int count = from.remaining();
        while (from.hasRemaining()) {
            var piece = from.slice().limit(Math.min(PIECE, from.remaining()));
            int length = piece.remaining();
            send(piece);
            from.position(from.position() + length);
        }
        return count;
    }

    @Override
    public void finish() throws IOException {
        send(ByteBuffer.allocate(0));
    }

    private void send(ByteBuffer message) throws IOException {
        var open = open();
        try {
            open.sendBinary(message, true).get();
        } catch (ExecutionException e) {
            throw new IOException(why().orElse("the other side takes no more"), e);
        } catch (InterruptedException _) {
            throw interrupted();
        }
    }

    private WebSocket open() throws IOException {
        lock.lock();
        try {
            if (closed || socket.isEmpty()) {
                throw new ClosedChannelException();
            }
            return socket.get();
        } finally {
            lock.unlock();
        }
    }

    private Optional<String> why() {
        lock.lock();
        try {
            return broken;
        } finally {
            lock.unlock();
        }
    }

    private IOException interrupted() {
        close();
        Thread.currentThread().interrupt();
        return new ClosedByInterruptException();
    }

    @Override
    public boolean isOpen() {
        lock.lock();
        try {
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /// Says good-bye and does not wait for the answer.
    @Override
    public void close() {
        Optional<WebSocket> open;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            open = socket;
            taken.complete(null);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        open.ifPresent(some -> {
            var _ = some.sendClose(NORMAL, "")
                    .orTimeout(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((_, _) -> some.abort());
        });
    }
}
