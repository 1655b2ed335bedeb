package holdfast.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import holdfast.platform.Json;
import holdfast.platform.KeystoneCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// As much of a Keystone as we ask of one, on a real socket, which may be slow, away, or of another opinion.
final class StandInKeystone implements AutoCloseable {
    static final String PASSWORD = "the service's own";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final Map<String, String> tokens = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final CountDownLatch patience = new CountDownLatch(1);
    private Instant mineUntil = Instant.EPOCH;
    private int logins;
    private int status;
    private boolean slow;

    StandInKeystone() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    KeystoneAccount account(String password) {
        return new KeystoneAccount(
                new KeystoneCredentials(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                        "holdfast",
                        "Default",
                        password,
                        "service",
                        "Default"),
                Set.of("admin"),
                Set.of("reader"));
    }

    /// Knows a token of a user `u-NAME` in project `p1`.
    synchronized void issue(String token, Instant until, String name, String... roles) {
        tokens.put(
                token,
                "{\"token\": {\"expires_at\": \"%s\", \"is_domain\": false, \"user\": {\"id\": \"u-%s\", \"name\": \"%s\"}, \"project\": {\"id\": \"p1\", \"name\": \"expo\"}, \"roles\": [%s]}}"
                        .formatted(
                                until,
                                name,
                                name,
                                String.join(
                                        ",",
                                        List.of(roles).stream()
                                                .map("{\"id\": \"r\", \"name\": \"%s\"}"::formatted)
                                                .toList())));
    }

    /// Answers a token with just that.
    synchronized void say(String token, String answer) {
        tokens.put(token, answer);
    }

    synchronized void revoke(String token) {
        tokens.remove(token);
    }

    /// The token that the service gets from now on is good until then.
    synchronized void loginUntil(Instant until) {
        mineUntil = until;
    }

    /// Takes no token that the service has.
    synchronized void forgetTheService() {
        logins += 100;
    }

    /// Answers everything with a status; 0 = as it should.
    synchronized void answer(int always) {
        status = always;
    }

    /// Answers nothing any more until it is closed.
    synchronized void beSlow() {
        slow = true;
    }

    /// The requests so far, as method and what they showed.
    synchronized List<String> asked() {
        return List.copyOf(asked);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (isSlow()) {
                patience.await();
                return;
            }
            var told = told(exchange);
            var text = told.getValue().getBytes(UTF_8);
            exchange.sendResponseHeaders(told.getKey(), text.length == 0 ? -1 : text.length);
            exchange.getResponseBody().write(text);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isSlow() {
        return slow;
    }

    private synchronized Map.Entry<Integer, String> told(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        boolean login = exchange.getRequestMethod().equals("POST");
        var subject = String.valueOf(exchange.getRequestHeaders().getFirst("X-Subject-Token"));
        asked.add(login ? "login" : subject);
        if (status != 0) return Map.entry(status, "{}");
        if (!exchange.getRequestURI().getPath().equals("/v3/auth/tokens")) return Map.entry(404, "{}");
        if (login) {
            var user =
                    Json.tree(body).at("/auth/identity/password/user/password").asString("");
            if (!user.equals(PASSWORD)) return Map.entry(401, "{}");
            logins++;
            exchange.getResponseHeaders().set("X-Subject-Token", "mine-" + logins);
            return Map.entry(201, "{\"token\": {\"expires_at\": \"%s\"}}".formatted(mineUntil));
        }
        if (!("mine-" + logins).equals(exchange.getRequestHeaders().getFirst("X-Auth-Token")))
            return Map.entry(401, "{}");
        return tokens.containsKey(subject) ? Map.entry(200, tokens.get(subject)) : Map.entry(404, "{}");
    }

    @Override
    public void close() {
        patience.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
