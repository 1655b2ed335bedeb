package holdfast;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import holdfast.platform.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// A policy service of an operator, on a real socket. It says yes until it is told otherwise.
public final class PolicyReceiver implements AutoCloseable {
    public static final Reply YES = new Reply(204, "");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Heard> all = new CopyOnWriteArrayList<>();
    private volatile Function<Heard, Reply> answer = _ -> YES;

    /// @param token what it was shown
    public record Heard(String path, String token, JsonNode body) {
        public JsonNode lease() {
            return body.get("lease");
        }
    }

    public record Reply(int status, String body) {}

    public PolicyReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::hear);
        server.start();
    }

    private void hear(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            var token = exchange.getRequestHeaders().getFirst("X-Auth-Token");
            var heard = new Heard(exchange.getRequestURI().getPath(), token == null ? "" : token, Json.tree(body));
            all.add(heard);
            var reply = answer.apply(heard);
            var bytes = reply.body.getBytes(UTF_8);
            exchange.sendResponseHeaders(reply.status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// From now on it answers so.
    public void answering(Function<Heard, Reply> next) {
        answer = next;
    }

    public void answering(int status, String body) {
        answering(_ -> new Reply(status, body));
    }

    /// What it heard at a path, in order.
    public List<Heard> heard(String path) {
        return all.stream().filter(one -> one.path.equals(path)).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
