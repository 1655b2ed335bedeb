package holdfast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/// A server on a real socket that says what a test tells it to, and remembers what it was asked.
final class FakeServer implements AutoCloseable {
    static final String TOKEN = "secret-token";

    private final HttpServer server;
    private final Map<String, Deque<Reply>> replies = new ConcurrentHashMap<>();
    final List<Request> requests = java.util.Collections.synchronizedList(new ArrayList<>());
    final AtomicBoolean closed = new AtomicBoolean();

    record Request(String method, String target, String body) {}

    private record Reply(int status, String type, String text) {}

    FakeServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// Answers that request with JSON. Told several times, each answer is given once; the last one stays.
    FakeServer on(String request, int status, String json) {
        return add(request, new Reply(status, "application/json", json));
    }

    FakeServer on(String request, String json) {
        return on(request, 200, json);
    }

    FakeServer onText(String request, String text) {
        return add(request, new Reply(200, "application/xml", text));
    }

    /// Answers that request with a stream of events that ends after the last.
    FakeServer stream(String path, String... slices) {
        var text = new StringBuilder(": hello\n\n");
        for (var slice : slices)
            text.append("event: slice\ndata: ").append(slice.replace("\n", " ")).append("\n\n");
        return add("GET " + path, new Reply(200, "text/event-stream", text.toString()));
    }

    private FakeServer add(String request, Reply reply) {
        replies.computeIfAbsent(request, _ -> new ArrayDeque<>()).add(reply);
        return this;
    }

    private void answer(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        var request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        requests.add(new Request(
                exchange.getRequestMethod(), exchange.getRequestURI().toString(), body));
        var reply = reply(request, exchange.getRequestHeaders().getFirst("Authorization"));
        exchange.getResponseHeaders().set("Content-Type", reply.type);
        if (reply.status == 503) exchange.getResponseHeaders().set("Retry-After", "5");
        var bytes = reply.text.getBytes(UTF_8);
        exchange.sendResponseHeaders(reply.status, reply.type.equals("text/event-stream") ? 0 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Reply reply(String request, String authorization) {
        if (!("Bearer " + TOKEN).equals(authorization) && !request.equals("GET /v1/health"))
            return new Reply(401, "application/json", error(401, "Unauthorized", "the token is missing or wrong"));
        var known = replies.get(request);
        if (known == null)
            return new Reply(404, "application/json", error(404, "NotThere", "there is nothing at " + request));
        synchronized (known) {
            return known.size() > 1 ? known.remove() : known.element();
        }
    }

    static String error(int status, String code, String message) {
        return "{\"type\":\"error\",\"status\":%d,\"code\":\"%s\",\"message\":\"%s\"}".formatted(status, code, message);
    }

    static String collection(String... items) {
        return "{\"type\":\"collection\",\"data\":[" + String.join(",", items)
                + "],\"pagination\":{\"limit\":100,\"next\":null}}";
    }

    /// What a command asked, in the order in which it did.
    List<String> asked() {
        synchronized (requests) {
            return requests.stream()
                    .map(request -> request.method + " " + request.target)
                    .toList();
        }
    }

    /// The body of the only POST.
    String posted() {
        synchronized (requests) {
            return requests.stream()
                    .filter(request -> request.method.equals("POST"))
                    .findFirst()
                    .orElseThrow()
                    .body;
        }
    }

    @Override
    public void close() {
        closed.set(true);
        server.stop(0);
    }
}
