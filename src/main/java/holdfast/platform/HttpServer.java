package holdfast.platform;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.tls.Tls;
import io.helidon.common.tls.TlsClientAuth;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.helidon.webserver.websocket.WsConfig;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens on one port and hands requests to whoever serves their path. Each request runs on a virtual thread of its
/// own.
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    /// For all bodies of more than a megabyte together: one of the largest graphs, and some smaller ones.
    private static final int MEGABYTES_OF_BODIES = 96;

    /// Of a WebSocket, in bytes.
    private static final int LONGEST_FRAME = 128 << 10;

    /// As HTTP wants it (RFC 9110 5.6.7); the web server by itself would tell it in the time zone of this host.
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final Options options;
    private final Map<String, Handler> handlers;
    private final Sockets sockets;
    private final WebServer server;
    private final Watchdog watchdog = new Watchdog();
    private final HttpRequest.Limits limits;
    private final Sending sending;

    /// Where and how patiently a server listens.
    ///
    /// @param host address or name of the interface; `127.0.0.1` is reached from this machine only
    /// @param port 0 = any that is free
    /// @param patience with clients
    /// @param proxies addresses of proxies that may say for whom and under which name they ask
    /// @param rawQueries whether queries may hold what should be encoded there, such as brackets
    /// @param tls empty: connections are not encrypted
    /// @param setting what says which port it is, for who must choose another
    public record Options(
            String host,
            int port,
            Patience patience,
            Set<InetAddress> proxies,
            boolean rawQueries,
            Optional<Secure> tls,
            String setting) {
        /// Port 8580 of this machine.
        public static Options standard() {
            return new Options("127.0.0.1", 8580, Patience.standard(), Set.of(), false, Optional.empty(), "--port");
        }

        public Options withHost(String address) {
            return new Options(address, port, patience, proxies, rawQueries, tls, setting);
        }

        public Options withPort(int number) {
            return new Options(host, number, patience, proxies, rawQueries, tls, setting);
        }

        /// The same port, of which something else than the command line says which it is.
        public Options setBy(String name) {
            return new Options(host, port, patience, proxies, rawQueries, tls, name);
        }

        public Options withPatience(Patience other) {
            return new Options(host, port, other, proxies, rawQueries, tls, setting);
        }

        public Options withProxies(Set<InetAddress> trusted) {
            return new Options(host, port, patience, Set.copyOf(trusted), rawQueries, tls, setting);
        }

        public Options withRawQueries() {
            return new Options(host, port, patience, proxies, true, tls, setting);
        }

        public Options withTls(Secure secure) {
            return new Options(host, port, patience, proxies, rawQueries, Optional.of(secure), setting);
        }
    }

    /// How connections are encrypted.
    ///
    /// @param context with the key of this server
    /// @param asksClients whether clients are asked for a certificate; those that show none are served, too
    public record Secure(SSLContext context, boolean asksClients) {
        private Tls tls() {
            return Tls.builder()
                    .sslContext(context)
                    .clientAuth(asksClients ? TlsClientAuth.OPTIONAL : TlsClientAuth.NONE)
                    .build();
        }
    }

    /// How long a server waits for clients.
    ///
    /// @param silence for the next piece of a request, and for the client to take the next piece of an answer
    /// @param body for the whole of a body
    /// @param idle for the next request on a connection
    /// @param grace for requests to end when the server stops
    public record Patience(Duration silence, Duration body, Duration idle, Duration grace) {
        public static Patience standard() {
            return new Patience(
                    Duration.ofSeconds(20), Duration.ofMinutes(2), Duration.ofMinutes(1), Duration.ofSeconds(5));
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

    /// Takes connections that want to be WebSockets.
    public interface Sockets {
        Sockets NONE = _ -> Optional.empty();

        /// @return [HttpReply.Lines] or [HttpReply.Tunnel] to open one, [HttpReply.Content] not to; empty if
        ///     the
        ///     request is to be answered by its [Handler], as any other
        Optional<HttpReply> open(HttpRequest request);
    }

    /// The other side of the connection has gone: there is nobody to answer.
    public static final class ClientGone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ClientGone(Throwable cause) {
            super(cause);
        }
    }

    private HttpServer(Options options, List<Mount> mounts, Sockets sockets) {
        this.options = options;
        this.sockets = sockets;
        this.handlers = mounts.stream().collect(Collectors.toUnmodifiableMap(Mount::first, Mount::handler));
        this.sending = new Sending(watchdog, options.patience);
        this.limits = new HttpRequest.Limits(
                new Semaphore(MEGABYTES_OF_BODIES),
                watchdog,
                options.patience.silence,
                options.patience.body,
                options.proxies);
        var builder = WebServer.builder();
        options.tls().map(Secure::tls).ifPresent(builder::tls);
        this.server = builder.host(options.host())
                .port(options.port())
                .shutdownHook(false) // the order of stopping is ours
                .shutdownGracePeriod(options.patience.grace)
                .idleConnectionTimeout(options.patience.idle)
                .idleConnectionPeriod(options.patience.idle.dividedBy(4))
                .maxTcpConnections(10_000)
                // or the end of an answer waits 40 ms until the client has acknowledged its beginning
                .connectionOptions(socket -> socket.tcpNoDelay(true))
                .protocolsDiscoverServices(false)
                .addProtocol(WsConfig.builder().maxFrameLength(LONGEST_FRAME).build())
                .addConnectionSelector(new Connections())
                .routing(HttpRouting.builder().any(this::serve))
                .build();
    }

    /// Every connection speaks HTTP/1.1, must begin its first request soon, and come to the end of the headers of
    /// each.
    private final class Connections implements ServerConnectionSelector, Http1ConnectionListener {
        private final Http1ConnectionSelector http = Http1ConnectionSelector.builder()
                .addUpgrader(new WebSocket(
                        HttpServer.this::open,
                        new Conversation.Room(
                                watchdog, options.patience.silence, sending.streams(), sending::isStopping)))
                .config(Http1Config.builder()
                        .maxPrologueLength(8_192)
                        .validatePrologue(!options.rawQueries)
                        .maxHeadersSize(16_384)
                        .addReceiveListener(this)
                        .build())
                .build();

        @Override
        public int bytesToIdentifyConnection() {
            return 0;
        }

        @Override
        public Support supports(BufferData data) {
            return Support.SUPPORTED;
        }

        @Override
        public Set<String> supportedApplicationProtocols() {
            return http.supportedApplicationProtocols();
        }

        @Override
        public ServerConnection connection(ConnectionContext connection) {
            watchdog.begin(options.patience.idle);
            return http.connection(connection);
        }

        @Override
        public void prologue(ConnectionContext connection, HttpPrologue prologue) {
            watchdog.begin(options.patience.silence);
        }

        @Override
        public void headers(ConnectionContext connection, Headers headers) {
            watchdog.end();
        }
    }

    /// Starts to listen.
    ///
    /// @throws CannotStartException if the port is taken or not ours to take
    public static HttpServer start(Options options, List<Mount> mounts) {
        return start(options, mounts, Sockets.NONE);
    }

    /// The same, with WebSockets.
    public static HttpServer start(Options options, List<Mount> mounts, Sockets sockets) {
        Ports.demand(options.host(), options.port(), options.setting());
        var http = new HttpServer(options, mounts, sockets);
        http.server.start();
        if (!http.server.isRunning()) { // it does not throw
            Ports.demand(options.host(), options.port(), options.setting());
            throw new CannotStartException(
                    "The server could not listen on port " + options.port() + "; the log tells why.");
        }
        http.watchdog.start();
        return http;
    }

    /// The port that it listens on.
    public int port() {
        return server.port();
    }

    /// Such as `http://127.0.0.1:8580`; `https` with TLS.
    public URI address() {
        var host = options.host().equals("0.0.0.0") || options.host().equals("::") ? "127.0.0.1" : options.host();
        return URI.create((options.tls().isPresent() ? "https://" : "http://")
                + (host.contains(":") ? "[" + host + "]" : host) + ":" + port());
    }

    /// How many clients listen to events.
    public int streams() {
        return sending.streams().size();
    }

    /// Takes no new connections, ends the streams of events, waits a while for other requests, and closes what is
    /// left.
    @Override
    public void close() {
        sending.stop();
        server.stop();
        watchdog.close();
    }

    private void serve(ServerRequest wire, ServerResponse response) {
        response.header(HeaderNames.DATE, DATE.format(Instant.now()));
        var known = HttpRequest.of(wire, limits);
        if (known.isEmpty()) {
            response.status(Status.BAD_REQUEST_400).send("the address is not properly encoded\n");
            return;
        }
        var request = known.get();
        boolean last;
        try {
            last = sending.send(request, response, answer(request));
        } catch (ClientGone | UncheckedIOException e) {
            LOG.debug("{} {}: the client has gone", request.method(), request.path(), e);
            throw new CloseConnectionException("the client has gone", e);
        } finally {
            request.close();
        }
        if (last) {
            if (request.isUnread()) {
                request.drain();
            }
            throw new CloseConnectionException(
                    "the last answer on this connection"); // it does not look at the header itself
        }
    }

    private HttpReply answer(HttpRequest request) {
        var first = request.path().isEmpty() ? "" : request.path().getFirst().split(";", 2)[0];
        return Optional.ofNullable(handlers.get(first))
                .or(() -> Optional.ofNullable(handlers.get("")))
                .<Function<HttpRequest, HttpReply>>map(handler -> handler::handle)
                .orElse(_ -> HttpReply.of(404, "text/plain", "nothing is served here\n"))
                .apply(request);
    }

    private Optional<HttpReply> open(HttpPrologue prologue, Headers headers, PeerInfo peer) {
        return sending.isStopping()
                ? Optional.empty()
                : HttpRequest.of(prologue, headers, limits, peer).flatMap(sockets::open);
    }
}
