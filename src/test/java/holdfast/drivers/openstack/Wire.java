package holdfast.drivers.openstack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/// A real socket on a free port, behind which a peer answers. Where an answer says `{wire}`, the client reads the
/// address of this socket.
final class Wire implements AutoCloseable {
    static final String HERE = "{wire}";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final Peer peer;

    /// @param path with query
    /// @param headers by name in lower case
    record Asked(String method, String path, Map<String, String> headers, String body) {
        String line() {
            return method + " " + path;
        }
    }

    record Told(int status, Map<String, String> headers, String body) {
        static Told json(int status, String body) {
            return new Told(status, Map.of(), body);
        }
    }

    interface Peer {
        /// Empty: the connection is cut without a word.
        Optional<Told> answer(Asked asked);
    }

    Wire(Peer peer) {
        this.peer = peer;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var headers = exchange.getRequestHeaders().entrySet().stream()
                    .collect(Collectors.toUnmodifiableMap(
                            header -> header.getKey().toLowerCase(Locale.ROOT),
                            header -> header.getValue().getFirst()));
            var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            var told = peer.answer(new Asked(
                    exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body));
            if (told.isEmpty()) return;
            told.get().headers().forEach(exchange.getResponseHeaders()::set);
            var text = told.get().body().replace(HERE, url().toString()).getBytes(UTF_8);
            exchange.sendResponseHeaders(told.get().status(), text.length == 0 ? -1 : text.length);
            if (text.length > 0) exchange.getResponseBody().write(text);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
