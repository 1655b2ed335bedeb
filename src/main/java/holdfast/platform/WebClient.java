package holdfast.platform;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocketHandshakeException;
import java.nio.channels.ByteChannel;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;

/// A client of other servers, for a server: keeps connections open, and is used by many threads at once. (For
/// programs that end soon there is [HttpCaller].)
///
/// Follows no redirects. Answers are bounded in size and time. A GET whose connection breaks may be sent once more by
/// itself; nothing else is.
public final class WebClient implements AutoCloseable {
    /// With which exceptions begin the messages that they take over from others.
    private static final Pattern CLASS = Pattern.compile("(?:[a-z]\\w*[.])+\\w+(?:Exception|Error)(?:: |$)");

    private final HttpClient client;
    private final long largestAnswer;

    /// @param connectLimit how long making a connection may take
    /// @param largestAnswer in bytes
    public WebClient(Duration connectLimit, long largestAnswer) {
        this(builder(connectLimit).build(), largestAnswer);
    }

    /// One that trusts whom `context` trusts.
    ///
    /// @param connectLimit how long making a connection may take
    /// @param largestAnswer in bytes
    public WebClient(Duration connectLimit, long largestAnswer, SSLContext context) {
        this(builder(connectLimit).sslContext(context).build(), largestAnswer);
    }

    private WebClient(HttpClient client, long largestAnswer) {
        this.client = client;
        this.largestAnswer = largestAnswer;
    }

    private static HttpClient.Builder builder(Duration connectLimit) {
        return HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectLimit)
                .version(HttpClient.Version.HTTP_1_1);
    }

    /// @param url of `http` or `https`
    /// @param body JSON
    public record Call(String method, URI url, Map<String, String> headers, Optional<String> body) {
        /// Without headers and body, which may hold secrets.
        @Override
        public String toString() {
            return method + " " + url;
        }
    }

    /// @param headers by name in lower case; of several with one name the first
    public record Answer(int status, Map<String, String> headers, String text) {
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }
    }

    /// There was no answer. The message says why, without naming the server.
    public static final class NoAnswerException extends IOException {
        private static final long serialVersionUID = 1L;

        private final boolean reached;

        NoAnswerException(String message, boolean reached, Throwable cause) {
            super(message, cause);
            this.reached = reached;
        }

        /// Whether the call may have had its effect; if not, it surely had none.
        public boolean reached() {
            return reached;
        }
    }

    /// Sends one request and reads the whole answer, whatever its status.
    ///
    /// @param limit for the whole exchange
    public Answer call(Call call, Duration limit) throws NoAnswerException, InterruptedException {
        var limited = BodyHandlers.limiting(BodyHandlers.ofString(), largestAnswer);
        return read(await(client.sendAsync(request(call), limited), limit));
    }

    /// Sends what comes out of a stream, without holding it, and reads the whole answer.
    ///
    /// @param call its own body is not sent
    /// @param length in bytes
    /// @param limit for the whole exchange
    public Answer send(Call call, InputStream bytes, long length, Duration limit)
            throws NoAnswerException, InterruptedException {
        var body = length == 0
                ? BodyPublishers.noBody()
                : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> bytes), length);
        var limited = BodyHandlers.limiting(BodyHandlers.ofString(), largestAnswer);
        return read(await(client.sendAsync(request(call, body), limited), limit));
    }

    /// Sends one request and hands the answer on as a stream, of whatever length.
    ///
    /// @param limit until the answer begins
    public Streamed open(Call call, Duration limit) throws NoAnswerException, InterruptedException {
        var got = await(client.sendAsync(request(call), BodyHandlers.ofInputStream()), limit);
        return new Streamed(got.statusCode(), headers(got), got.body());
    }

    /// Makes something of an answer while it comes.
    public interface Reading<T> {
        /// @throws IOException if the answer breaks off
        T read(Streamed answer) throws IOException;
    }

    /// Sends one request and has the answer read while it comes, so that it is not held.
    ///
    /// @param largest in bytes
    /// @param limit for the whole exchange
    public <T> T read(Call call, long largest, Duration limit, Reading<T> reading)
            throws NoAnswerException, InterruptedException {
        var limited = BodyHandlers.limiting(BodyHandlers.ofInputStream(), largest);
        var answer = client.sendAsync(request(call), limited);
        var read = answer.thenApplyAsync(
                got -> read(got, reading), task -> Thread.ofVirtual().start(task));
        try {
            return await(read, limit);
        } finally {
            answer.cancel(true);
            var _ = answer.thenAccept(WebClient::drop); // whoever reads on is let go
        }
    }

    private static <T> T read(HttpResponse<InputStream> got, Reading<T> reading) {
        try (var body = got.body()) {
            return reading.read(new Streamed(got.statusCode(), headers(got), body));
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static void drop(HttpResponse<InputStream> got) {
        try {
            got.body().close();
        } catch (IOException _) {
            // nobody wants the rest
        }
    }

    /// An answer that has only begun; somebody must close it.
    ///
    /// @param headers by name in lower case; of several with one name the first
    public record Streamed(int status, Map<String, String> headers, InputStream body) {
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }
    }

    /// What came of a request for a WebSocket.
    public sealed interface Dialled {
        /// @param channel see [HttpReply.Tunnel]; its end is the empty message, or a good-bye; somebody must
        ///     close
        ///     it
        record Open(ByteChannel channel) implements Dialled {}

        record Refused(Answer answer) implements Dialled {}
    }

    /// Asks for a WebSocket on which bytes go both ways.
    ///
    /// @param call of which url and headers count
    /// @param limit until it is open
    public Dialled dial(Call call, Duration limit) throws NoAnswerException, InterruptedException {
        var channel = new WebSocketChannel();
        var builder = client.newWebSocketBuilder();
        call.headers().forEach(builder::header);
        try {
            await(builder.buildAsync(socketUrl(call.url()), channel), limit);
            return new Dialled.Open(channel);
        } catch (NoAnswerException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused && refused.getResponse() != null) {
                var got = refused.getResponse();
                var text = got.body() instanceof String said ? said : "";
                return new Dialled.Refused(new Answer(got.statusCode(), headers(got), text));
            }
            channel.close();
            throw e;
        } catch (IllegalArgumentException e) {
            throw new NoAnswerException("its address is not one of http or https", false, e);
        }
    }

    private static URI socketUrl(URI url) {
        return URI.create(url.toString().replaceFirst("^http", "ws"));
    }

    private static <T> T await(CompletableFuture<T> answer, Duration limit)
            throws NoAnswerException, InterruptedException {
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw why(Optional.ofNullable(e.getCause()).orElse(e));
        } catch (TimeoutException e) {
            throw new NoAnswerException("it did not answer in time", true, e);
        } finally {
            answer.cancel(true);
        }
    }

    private static HttpRequest request(Call call) throws NoAnswerException {
        return request(call, call.body().map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody));
    }

    private static HttpRequest request(Call call, BodyPublisher body) throws NoAnswerException {
        try {
            var request = HttpRequest.newBuilder(call.url()).header("Accept", "application/json");
            if (call.body().isPresent()) request.setHeader("Content-Type", "application/json");
            call.headers().forEach(request::setHeader);
            return request.method(call.method(), body).build();
        } catch (IllegalArgumentException e) {
            throw new NoAnswerException("its address is not one of http or https", false, e);
        }
    }

    private static Answer read(HttpResponse<String> got) {
        return new Answer(got.statusCode(), headers(got), got.body());
    }

    private static Map<String, String> headers(HttpResponse<?> got) {
        return got.headers().map().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        header -> header.getKey().toLowerCase(java.util.Locale.ROOT),
                        header -> header.getValue().getFirst(),
                        (first, _) -> first));
    }

    private static NoAnswerException why(Throwable cause) {
        return switch (cause) {
            case HttpConnectTimeoutException e -> new NoAnswerException("it cannot be reached", false, e);
            case ConnectException e
            when e.getCause() instanceof UnresolvedAddressException ->
                new NoAnswerException("there is no host of that name", false, e);
            case ConnectException e -> new NoAnswerException("nothing listens there", false, e);
            case SSLHandshakeException e
            when e.getCause() instanceof CertificateException why ->
                new NoAnswerException(String.valueOf(why.getMessage()), false, e);
            case SSLHandshakeException e -> new NoAnswerException("TLS with it failed: " + e.getMessage(), false, e);
            case UnknownHostException e -> new NoAnswerException("there is no host of that name", false, e);
            case IllegalArgumentException e ->
                new NoAnswerException("its address is not one of http or https", false, e);
            default -> new NoAnswerException("it did not answer" + told(cause), true, cause);
        };
    }

    /// What the client of the platform says of it, without names of classes.
    private static String told(Throwable cause) {
        return Optional.ofNullable(cause.getMessage())
                .map(said -> CLASS.matcher(said).replaceAll(""))
                .filter(said -> !said.isBlank())
                .map(said -> ": " + said)
                .orElse("");
    }

    /// Begins nothing more; what is under way goes on.
    public void retire() {
        client.shutdown();
    }

    /// What is under way is broken off.
    @Override
    public void close() {
        client.shutdownNow();
    }
}
