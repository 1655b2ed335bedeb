package holdfast.federation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.QueryText;
import holdfast.federation.wire.RearReader;
import holdfast.federation.wire.SelectorQuery;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Transaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/// A node of release 0.1 that sells, behind a real socket, written after fluidos.md 5.3 to 5.6 and 5.10: it knows none
/// of our extensions, answers with what was not asked for, refuses no reservation and sells once.
public final class UpstreamSeller implements AutoCloseable {
    /// How it is today.
    public enum Mood {
        WELL,
        /// It takes calls and never answers.
        HANGS,
        /// It answers 500 to everything.
        FAILS,
        /// It answers 200 with something that is no JSON.
        RAVES
    }

    public final List<Flavor> flavors = new CopyOnWriteArrayList<>();

    /// Method and target of each call, as they came.
    public final List<String> heard = new CopyOnWriteArrayList<>();

    public volatile Mood mood = Mood.WELL;

    /// What it answers to a list in place of its flavors.
    public volatile Optional<String> list = Optional.empty();

    /// How many purchases to come it takes, and does not do.
    public final AtomicInteger failsLate = new AtomicInteger();

    /// How many purchases to come it does, and does not answer.
    public final AtomicInteger losesAnswers = new AtomicInteger();

    /// What it makes of each contract before it tells it.
    public volatile UnaryOperator<Contract> writes = UnaryOperator.identity();

    /// When its contracts end: a year after they are made, whatever was asked (fluidos.md 3.6).
    public volatile Instant ends = Instant.now().plus(Duration.ofDays(365));

    /// What it has sold, by the names of its flavors.
    public final List<String> sold = new CopyOnWriteArrayList<>();

    /// Whether it was asked to write two things at once, which breaks it (U10).
    public volatile boolean broken;

    private final AtomicInteger writing = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();
    private final Map<String, Transaction> transactions = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final HttpServer server;

    public UpstreamSeller() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    /// `host:port`
    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /// Forgets what it holds, as it does when it starts again (U9).
    public void restart() {
        transactions.clear();
    }

    /// How often it was asked to write something by a path that has this in it.
    public long asked(String what) {
        return heard.stream()
                .filter(call -> call.startsWith("POST ") && call.contains(what))
                .count();
    }

    private void handle(HttpExchange exchange) throws IOException {
        boolean writes = exchange.getRequestMethod().equals("POST");
        if (writes && writing.incrementAndGet() > 1) broken = true;
        try {
            take(exchange);
        } finally {
            if (writes) writing.decrementAndGet();
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            heard.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            switch (mood) {
                case WELL -> answer(exchange, body);
                case HANGS -> closed.await();
                case FAILS -> send(exchange, 500, "Error getting all the Flavors\n");
                case RAVES -> send(exchange, 200, "<html>moved</html>");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void answer(HttpExchange exchange, String body) throws IOException {
        var path = exchange.getRequestURI().getPath().split("/");
        switch (exchange.getRequestMethod() + " " + (path.length > 3 ? path[3] : "")) {
            case "GET flavors" -> listed(exchange, path.length > 4 ? Optional.of(path[4]) : Optional.empty());
            case "POST reservations" -> reserve(exchange, body);
            case "POST transactions" -> purchase(exchange, path[4]);
            default -> send(exchange, 404, "404 page not found\n");
        }
    }

    private void listed(HttpExchange exchange, Optional<String> type) throws IOException {
        var available = flavors.stream().filter(Flavor::available).toList();
        if (list.isPresent()) {
            send(exchange, 200, list.get());
        } else if (type.isEmpty()) {
            send(
                    exchange,
                    available.isEmpty() ? 204 : 200,
                    Dialect.NODE.writer().flavors(available));
        } else if (!type.get().equals("k8slice") && !type.get().equals("service")) {
            send(exchange, 404, "404 page not found\n");
        } else {
            some(exchange, FlavorType.of(type.get()).orElseThrow(), available);
        }
    }

    /// As many as match, but the first ones, whatever they are (U1).
    private void some(HttpExchange exchange, FlavorType type, List<Flavor> available) throws IOException {
        var raw = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        if (raw.contains("latency") || raw.contains("regex")) {
            send(exchange, 400, "Error building the selector from the URL query parameters\n");
            return;
        }
        var selector = SelectorQuery.read(type, QueryText.read(raw).orThrow()).orThrow();
        long matching = available.stream().filter(selector::matches).count();
        send(
                exchange,
                200,
                Dialect.NODE.writer().flavors(available.stream().limit(matching).toList()));
    }

    private void reserve(HttpExchange exchange, String body) throws IOException {
        var ask = RearReader.reserve(body).orThrow();
        if (flavors.stream().noneMatch(flavor -> flavor.id().equals(ask.flavor()))) {
            send(exchange, 500, "Error getting the Flavor by ID\n");
            return;
        }
        var id = "0123456789abcdef0123456789abcdef-" + held.getAndIncrement();
        var taken = new Transaction(
                id,
                ask.flavor(),
                ask.buyer(),
                ask.buyer().fabric().orElse(""),
                ask.configuration(),
                Instant.parse("2035-01-01T00:00:00Z"));
        transactions.put(id, taken);
        // with the offset of the place where it stands (U12)
        send(
                exchange,
                200,
                Dialect.NODE.writer().transaction(taken).replace("2035-01-01T00:00:00Z", "2035-01-01T02:00:00+02:00"));
    }

    private void purchase(HttpExchange exchange, String id) throws IOException {
        var held = transactions.remove(id);
        if (held == null) { // it cannot tell a repeated one from an unknown one (U8)
            send(exchange, 500, "Error getting the Transaction\n");
            return;
        }
        if (failsLate.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            send(exchange, 500, "Error creating the Contract\n");
            return;
        }
        sold.add(held.flavor());
        if (losesAnswers.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return; // the connection ends without an answer
        }
        var flavor = flavors.stream()
                .filter(one -> one.id().equals(held.flavor()))
                .findFirst()
                .orElseThrow();
        var contract = new Contract(
                "contract-" + held.flavor() + "-1a2b",
                held.id(),
                flavor,
                held.configuration(),
                held.buyer(),
                held.cluster(),
                Samples.OWNER,
                Optional.of(new Contract.Credentials("torino-dc", "c2VjcmV0")),
                Optional.of(ends),
                Map.of(),
                Optional.empty(),
                Optional.empty());
        send(exchange, 200, Dialect.NODE.writer().contract(writes.apply(contract)));
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        if (status == 204) {
            exchange.sendResponseHeaders(204, -1);
            return;
        }
        var bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
