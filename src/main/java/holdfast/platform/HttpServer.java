package holdfast.platform;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens on one port and hands requests to whoever serves their path. Each request runs on a virtual thread of its
/// own.
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final int LARGE_BODIES_AT_ONCE = 3;

    private final Options options;
    private final Map<String, Handler> handlers;
    private final WebServer server;
    private final Set<Thread> streams = ConcurrentHashMap.newKeySet();
    private final Semaphore largeBodies = new Semaphore(LARGE_BODIES_AT_ONCE);
    private volatile boolean stopping;

    /// Where and how patiently a server listens.
    ///
    /// @param host address or name of the interface; `127.0.0.1` is reached from this machine only
    /// @param port 0 = any that is free
    /// @param silence how long a connection may say nothing in the middle of a request
    /// @param body how long the whole of a body may take
    /// @param grace how long requests may go on when the server stops
    public record Options(String host, int port, Duration silence, Duration body, Duration grace) {
        /// Port 8580 of this machine.
        public static Options standard() {
            return new Options("127.0.0.1", 8580, Duration.ofSeconds(15), Duration.ofMinutes(2), Duration.ofSeconds(5));
        }

        public Options withHost(String address) {
            return new Options(address, port, silence, body, grace);
        }

        public Options withPort(int number) {
            return new Options(host, number, silence, body, grace);
        }
    }

    /// Serves requests.
    public interface Handler {
        /// @throws ClientGone as it comes from the request
        HttpReply handle(HttpRequest request);
    }

    /// Who serves a part of the paths.
    ///
    /// @param first the first segment of the path, such as `v1`; empty for whatever nobody else serves
    public record Mount(String first, Handler handler) {}

    /// The other side of the connection has gone: there is nobody to answer.
    public static final class ClientGone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ClientGone(Throwable cause) {
            super(cause);
        }
    }

    private HttpServer(Options options, List<Mount> mounts) {
        this.options = options;
        this.handlers = mounts.stream().collect(Collectors.toUnmodifiableMap(Mount::first, Mount::handler));
        this.server = WebServer.builder()
                .host(options.host())
                .port(options.port())
                .shutdownHook(false) // the order of stopping is ours
                .shutdownGracePeriod(options.grace())
                .connectionOptions(
                        socket -> socket.readTimeout(options.silence()).connectTimeout(options.silence()))
                .idleConnectionTimeout(Duration.ofMinutes(1))
                .idleConnectionPeriod(Duration.ofSeconds(20))
                .maxTcpConnections(10_000)
                .addProtocol(Http1Config.builder()
                        .maxPrologueLength(8_192)
                        .maxHeadersSize(16_384)
                        .build())
                .routing(HttpRouting.builder().any(this::serve))
                .build();
    }

    /// Starts to listen.
    ///
    /// @throws CannotStartException if the port is taken or not ours to take
    public static HttpServer start(Options options, List<Mount> mounts) {
        var http = new HttpServer(options, mounts);
        try {
            http.tryAddress();
            http.server.start();
        } catch (IOException e) {
            throw http.explained(new UncheckedIOException(e));
        } catch (RuntimeException e) {
            throw http.explained(e);
        }
        if (!http.server.isRunning())
            throw new CannotStartException(
                    "Port " + options.port() + " of " + options.host() + " cannot be listened on; the log says why.");
        return http;
    }

    /// The web server only writes into the log that it cannot have an address, and returns as if all were well.
    private void tryAddress() throws IOException {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true); // connections of an earlier server that are not quite over do not matter
            socket.bind(new InetSocketAddress(options.host(), options.port()));
        }
    }

    private RuntimeException explained(RuntimeException e) {
        var where = "Port " + options.port() + " of " + options.host();
        if (!causedBy(e, BindException.class)) {
            return causedBy(e, IOException.class) || causedBy(e, IllegalArgumentException.class)
                    ? new CannotStartException(where + " cannot be listened on: " + root(e).getMessage(), e)
                    : e;
        }
        var said = String.valueOf(root(e).getMessage());
        if (said.contains("ermission")) {
            return new CannotStartException(where + " may only be taken by root; choose a port above 1023.", e);
        }
        if (said.contains("assign")) {
            return new CannotStartException(
                    options.host()
                            + " is no address of this machine; use 127.0.0.1, or 0.0.0.0 for all of its addresses.",
                    e);
        }
        var holder =
                PortHolder.find(options.port()).map(process -> " by " + process).orElse("");
        return new CannotStartException(
                where + " is taken" + holder + "; stop that, or choose another port with --port.", e);
    }

    private static boolean causedBy(Throwable e, Class<? extends Throwable> kind) {
        return kind.isInstance(e) || (e.getCause() != null && causedBy(e.getCause(), kind));
    }

    private static Throwable root(Throwable e) {
        return e.getCause() == null ? e : root(e.getCause());
    }

    /// The port that it listens on.
    public int port() {
        return server.port();
    }

    /// Such as `http://127.0.0.1:8580`.
    public URI address() {
        var host = options.host().equals("0.0.0.0") || options.host().equals("::") ? "127.0.0.1" : options.host();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port());
    }

    /// How many clients listen to events.
    public int streams() {
        return streams.size();
    }

    /// Takes no new connections, ends the streams of events, waits a while for other requests, and closes what is
    /// left.
    @Override
    public void close() {
        stopping = true;
        streams.forEach(Thread::interrupt);
        server.stop();
    }

    private void serve(ServerRequest wire, ServerResponse response) {
        var known = HttpRequest.of(wire, largeBodies, options.body());
        if (known.isEmpty()) {
            send(wire, response, HttpReply.of(400, "text/plain", "the address is not properly encoded\n"));
            return;
        }
        var request = known.get();
        try {
            switch (answer(request)) {
                case HttpReply.Content content -> send(wire, response, content);
                case HttpReply.Events(var source) -> stream(response, source);
            }
        } catch (ClientGone | UncheckedIOException e) {
            LOG.debug("{} {}: the client has gone", request.method(), request.path(), e);
            throw e;
        } finally {
            request.close();
        }
    }

    private HttpReply answer(HttpRequest request) {
        var first = request.path().isEmpty() ? "" : request.path().getFirst();
        return Optional.ofNullable(handlers.get(first))
                .or(() -> Optional.ofNullable(handlers.get("")))
                .<Function<HttpRequest, HttpReply>>map(handler -> handler::handle)
                .orElse(_ -> HttpReply.of(404, "text/plain", "nothing is served here\n"))
                .apply(request);
    }

    private static void send(ServerRequest wire, ServerResponse response, HttpReply.Content content) {
        response.status(Status.create(content.status()));
        response.header(HeaderNames.create("X-Content-Type-Options"), "nosniff");
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        content.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
        if (content.body().length > 0) {
            response.header(HeaderNames.CONTENT_TYPE, content.type());
        }
        if (wire.prologue().method().text().equals("HEAD")) {
            response.contentLength(content.body().length);
            response.send();
        } else {
            response.send(content.body());
        }
    }

    private void stream(ServerResponse response, HttpReply.EventSource source) {
        response.status(Status.OK_200);
        response.header(HeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8");
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.header(HeaderNames.create("X-Accel-Buffering"), "no");
        streams.add(Thread.currentThread());
        try (var out = response.outputStream()) {
            if (!stopping) {
                source.run(new EventWriter(out));
            }
        } catch (InterruptedException _) {
            LOG.debug("a stream of events ends with the server");
        } catch (IOException e) {
            throw new ClientGone(e);
        } finally {
            streams.remove(Thread.currentThread());
        }
    }
}
