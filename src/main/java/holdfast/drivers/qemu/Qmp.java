package holdfast.drivers.qemu;

import holdfast.platform.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The control connection to one guest's QEMU. QEMU talks to one client at a time and leaves a second one waiting for
/// its greeting, so callers hold the machine's lock, keep a connection short, and every wait here has a limit.
final class Qmp implements AutoCloseable {
    /// Something that QEMU tells unasked.
    ///
    /// @param name such as `DEVICE_DELETED` or `SHUTDOWN`
    record Event(String name, JsonNode data) {}

    /// For the greeting and for each command. QEMU answers within a millisecond, and on a host with far too much to
    /// do within some seconds.
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /// Events kept until somebody asks; when there are more, the oldest go.
    static final int EVENTS = 256;

    private static final int LONGEST_LINE = 4 << 20;

    private final Duration patience;
    private final LineSocket socket;
    private final AtomicLong lastId = new AtomicLong();
    private final Map<Long, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
    private final CompletableFuture<JsonNode> greeting = new CompletableFuture<>();
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private @Nullable Waiter waiter;

    private record Waiter(Predicate<Event> wanted, CompletableFuture<Event> found) {}

    private Qmp(Path path, Duration patience) throws IOException {
        this.patience = patience;
        this.socket = new LineSocket(path, LONGEST_LINE, new LineSocket.Listener() {
            @Override
            public void line(String line) {
                take(line);
            }

            @Override
            public void ended(String why) {
                failAll(why);
            }
        });
    }

    /// Connects and gets through the greeting.
    ///
    /// @param patience limit for the greeting and for each command
    /// @throws SilentException if QEMU says nothing in time, for example because another client holds the
    ///     connection
    /// @throws IOException if nobody listens
    static Qmp open(Path socket, Duration patience) throws IOException {
        var qmp = new Qmp(socket, patience);
        try {
            LineSocket.await(
                    qmp.greeting,
                    patience,
                    "QEMU does not greet on " + socket + " (stopped, or busy with another client)");
            qmp.execute("qmp_capabilities", Map.of());
            return qmp;
        } catch (IOException e) {
            qmp.close();
            throw e;
        }
    }

    /// What QEMU returned for `command`.
    ///
    /// @throws QmpException if QEMU refused
    /// @throws SilentException if it did not answer in time
    /// @throws IOException if it is gone
    JsonNode execute(String command, Map<String, ?> arguments) throws IOException {
        var id = lastId.incrementAndGet();
        var answer = new CompletableFuture<JsonNode>();
        pending.put(id, answer);
        try {
            socket.send(Json.text(Map.of("execute", command, "arguments", arguments, "id", id)), patience);
            return LineSocket.await(answer, patience, "QEMU does not answer " + command);
        } finally {
            pending.remove(id);
        }
    }

    /// The first event that is wanted, of those kept and those that come within `limit`; it and those before it are
    /// used up.
    ///
    /// @throws IOException if the connection ends first
    Optional<Event> await(Predicate<Event> wanted, Duration limit) throws IOException {
        var found = new CompletableFuture<Event>();
        synchronized (events) {
            while (!events.isEmpty()) {
                var event = events.removeFirst();
                if (wanted.test(event)) return Optional.of(event);
            }
            waiter = new Waiter(wanted, found);
        }
        try {
            return Optional.of(found.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException _) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IOException("QEMU is gone: " + String.valueOf(e.getCause()), e);
        } finally {
            synchronized (events) {
                waiter = null;
            }
        }
    }

    private void take(String line) {
        JsonNode message;
        try {
            message = Json.tree(line);
        } catch (JacksonException _) {
            failAll("QEMU sent what is not JSON");
            socket.close();
            return;
        }
        if (message.has("event")) {
            keep(new Event(message.path("event").asString(""), message.path("data")));
        } else if (message.has("QMP")) {
            greeting.complete(message.path("QMP"));
        } else {
            var answer = pending.get(message.path("id").asLong(0));
            if (answer == null) return; // answered too late: nobody waits any more
            if (message.has("return")) answer.complete(message.path("return"));
            else answer.completeExceptionally(refusal(message.path("error")));
        }
    }

    private static QmpException refusal(JsonNode error) {
        return new QmpException(
                error.path("class").asString("GenericError"), error.path("desc").asString("no reason given"));
    }

    private void keep(Event event) {
        synchronized (events) {
            var waits = waiter;
            if (waits != null && waits.wanted.test(event)) {
                waits.found.complete(event);
                waiter = null;
                return;
            }
            if (events.size() == EVENTS) events.removeFirst();
            events.addLast(event);
        }
    }

    private void failAll(String why) {
        var gone = new IOException(why);
        greeting.completeExceptionally(gone);
        pending.values().forEach(answer -> answer.completeExceptionally(gone));
        synchronized (events) {
            if (waiter != null) waiter.found.completeExceptionally(gone);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
