package holdfast.pools.clouds;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A cloud on a real socket: it is there, lets in whom it knows, and says which profiles and realms it has.
public final class TestCloud implements AutoCloseable {
    private final HttpServer server;
    /// Passwords by username.
    public final Map<String, String> users = new ConcurrentHashMap<>(Map.of("bob", "let-me-in", "eve", "so-do-i"));
    /// Whether realms are available, by key.
    public final Map<String, Boolean> realms = new ConcurrentHashMap<>(Map.of("us", true, "eu", false));

    public TestCloud() {
        this(0);
    }

    public TestCloud(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/api", this::answer);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port() + "/api";
    }

    private void answer(HttpExchange exchange) throws IOException {
        boolean asked = "force_auth=true".equals(exchange.getRequestURI().getQuery());
        boolean known = users.entrySet().stream()
                .map(user -> user.getKey() + ":" + user.getValue())
                .map(pair -> "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)))
                .anyMatch(header -> header.equals(exchange.getRequestHeaders().getFirst("Authorization")));
        var body = realms.entrySet().stream()
                .map(realm -> realm.getKey() + "=" + realm.getValue())
                .reduce("", (all, one) -> all + one + "\n")
                .getBytes(UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(asked && !known ? 401 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
