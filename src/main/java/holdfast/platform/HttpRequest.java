package holdfast.platform;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.common.socket.PeerInfo;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.http.ServerRequest;
import java.io.InputStream;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/// One request, as it came over the wire.
public final class HttpRequest {
    private static final String CHARSET = "charset=";

    private final HttpPrologue prologue;
    private final Headers headers;
    private final Optional<ServerRequest> wire;
    private final PeerInfo peer;
    private final String method;
    private final Addressed address;
    private final Map<String, String> said;
    private final Forwarded forwarded;
    private final Incoming incoming;

    /// What requests of one server share, and how long they may wait for their clients.
    ///
    /// @param silence for the next piece of a body
    /// @param body for all of it
    /// @param proxies addresses of proxies whose word counts
    record Limits(Semaphore megabytes, Watchdog watchdog, Duration silence, Duration body, Set<InetAddress> proxies) {}

    private HttpRequest(
            HttpPrologue prologue,
            Headers headers,
            Optional<ServerRequest> wire,
            Addressed address,
            Limits limits,
            PeerInfo peer) {
        this.prologue = prologue;
        this.headers = headers;
        this.wire = wire;
        this.peer = peer;
        this.method = prologue.method().text();
        this.address = address;
        this.said = Map.of();
        this.forwarded = new Forwarded(peer.host(), limits.proxies, this::lines);
        this.incoming = new Incoming(headers, wire, limits);
    }

    private HttpRequest(HttpRequest whole, Addressed address, Map<String, String> said) {
        this.prologue = whole.prologue;
        this.headers = whole.headers;
        this.wire = whole.wire;
        this.peer = whole.peer;
        this.method = whole.method;
        this.address = address;
        this.said = said;
        this.forwarded = whole.forwarded;
        this.incoming = whole.incoming;
    }

    /// The same request for whoever serves what is below the first segments of its path: they are no part of its
    /// path, and links lead below them.
    ///
    /// @param said headers that count in place of those that came, by name in lower case
    public HttpRequest below(int segments, Map<String, String> said) {
        return new HttpRequest(this, address.below(segments), Map.copyOf(said));
    }

    /// @return empty if path or query are not properly encoded
    static Optional<HttpRequest> of(ServerRequest wire, Limits limits) {
        return of(wire.prologue(), wire.headers(), Optional.of(wire), limits, wire.remotePeer());
    }

    /// One that asks for a WebSocket, and has no body.
    ///
    /// @return empty if path or query are not properly encoded
    static Optional<HttpRequest> of(HttpPrologue prologue, Headers headers, Limits limits, PeerInfo peer) {
        return of(prologue, headers, Optional.empty(), limits, peer);
    }

    private static Optional<HttpRequest> of(
            HttpPrologue prologue, Headers headers, Optional<ServerRequest> wire, Limits limits, PeerInfo peer) {
        try {
            return Optional.of(new HttpRequest(prologue, headers, wire, Addressed.of(prologue), limits, peer));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// Whether it may be answered with a WebSocket.
    public boolean isSocket() {
        return wire.isEmpty();
    }

    /// `GET`, `POST`, ...; upper case.
    public String method() {
        return method;
    }

    /// The decoded segments of the path; empty ones are left out, so that `/v1/` is `/v1`.
    public List<String> path() {
        return address.path();
    }

    /// The decoded query parameters, in their order.
    public Map<String, List<String>> query() {
        return address.query();
    }

    /// The path and query as they came, to name this request again.
    public String target() {
        var raw = prologue.query().rawValue();
        return rawPath() + (raw.isEmpty() ? "" : "?" + raw);
    }

    /// The path as it came: for logs, because a query may hold secrets.
    public String rawPath() {
        return address.raw();
    }

    /// The same with what is no part of it any more, see [#below]: as the client knows it.
    public String knownPath() {
        return address.above() + address.raw();
    }

    /// The first value of a header.
    public Optional<String> header(String name) {
        return Optional.ofNullable(said.get(name.toLowerCase(Locale.ROOT)))
                .or(() -> lines(name).stream().findFirst());
    }

    /// The first values of all headers whose names begin so, by the rest of their names in lower case.
    ///
    /// @param prefix in lower case
    public Map<String, String> headers(String prefix) {
        var found = new TreeMap<String, String>();
        for (var header : headers) {
            var name = header.headerName().lowerCase();
            if (name.length() > prefix.length() && name.startsWith(prefix)) {
                found.putIfAbsent(name.substring(prefix.length()), header.get());
            }
        }
        return found;
    }

    private List<String> lines(String name) {
        return headers.all(HeaderNames.create(name), List::of);
    }

    /// The media type of the body in lower case, without parameters; empty if not told.
    public String mediaType() {
        return header("Content-Type")
                .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .orElse("");
    }

    /// In which characters the client says that the body is written, if it does.
    public Optional<String> charset() {
        return header("Content-Type").stream()
                .flatMap(type -> Stream.of(type.split(";", 20)).skip(1))
                .map(String::strip)
                .filter(part -> part.regionMatches(true, 0, CHARSET, 0, CHARSET.length()))
                .map(part -> part.substring(CHARSET.length()).replace("\"", "").strip())
                .filter(name -> !name.isEmpty())
                .findFirst();
    }

    /// Under which address the client knows this server, such as `http://127.0.0.1:8580`: for links.
    public String base() {
        return forwarded.base(wire.filter(ServerRequest::isSecure).isPresent()) + address.above();
    }

    /// The address of the client; of the last proxy on its way that nobody trusts, if there are some.
    public String client() {
        return forwarded.client();
    }

    /// The certificate that the client has shown, if connections are encrypted and it was asked for one.
    public Optional<X509Certificate> certificate() {
        return peer.tlsCertificates()
                .filter(chain -> chain.length > 0)
                .map(chain -> chain[0])
                .filter(X509Certificate.class::isInstance)
                .map(X509Certificate.class::cast);
    }

    /// A body, or why there is none.
    public sealed interface Body {
        record Whole(byte[] bytes) implements Body {
            /// As UTF-8; what is not becomes replacement characters.
            public String text() {
                return new String(bytes, UTF_8);
            }

            /// The same, empty if it is not UTF-8.
            public Optional<String> utf8() {
                return Utf8.read(bytes);
            }
        }

        /// More than was allowed.
        record TooLarge() implements Body {}

        /// It did not arrive in time.
        record TooSlow() implements Body {}

        /// Too many large ones at the same time.
        record Crowded() implements Body {}
    }

    /// Reads the body; to be called once.
    ///
    /// @param most bytes
    /// @throws HttpServer.ClientGone if the connection breaks
    public Body body(int most) {
        return incoming.body(most);
    }

    /// The body as it comes, for what is too large to be held as a whole; instead of [#body]. A client that sends
    /// nothing for a while is gone.
    ///
    /// @return its reads throw [HttpServer.ClientGone] if the connection breaks; need not be closed
    public InputStream content() {
        return incoming.content();
    }

    /// How long the body is in bytes, if that was told.
    public OptionalLong told() {
        return incoming.told();
    }

    /// Whether some of the body has not been read.
    boolean isUnread() {
        return incoming.isUnread();
    }

    /// Reads on for a short while without looking: a client that is still sending would not see an answer before a
    /// connection that closes.
    void drain() {
        incoming.drain();
    }

    /// Lets go of what this request holds of the server.
    void close() {
        incoming.close();
    }
}
