package holdfast.platform;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// A client of one HTTP server, for short-lived programs.
///
/// Made on the JDK's oldest client because that one is ready in 60 ms, where the newer ones take 400 ms. Follows no
/// redirects and repeats no request by itself.
public final class HttpCaller {
    private static final int LONGEST_LINE = 64 << 20;
    private static final int LARGEST_ANSWER = 256 << 20;

    static {
        // Otherwise a POST whose connection breaks is sent again behind our back.
        System.setProperty("sun.net.http.retryPost", "false");
    }

    private final URI base;
    private final Optional<String> token;
    private final Duration connectLimit;
    private final Duration readLimit;

    /// @param base such as `http://127.0.0.1:8580`; its path, if any, goes before each request's
    /// @param token sent as a bearer token
    /// @param connectLimit how long making a connection may take
    /// @param readLimit how long the server may be silent
    public HttpCaller(URI base, Optional<String> token, Duration connectLimit, Duration readLimit) {
        this.base = base;
        this.token = token;
        this.connectLimit = connectLimit;
        this.readLimit = readLimit;
    }

    /// The server did not answer, or not in HTTP. The message says which, without naming the server.
    public static final class NoAnswerException extends IOException {
        private static final long serialVersionUID = 1L;

        NoAnswerException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// @param type media type, such as `application/json`
    public record Body(String type, String text) {}

    /// @param retryAfter what the header of that name says
    public record Answer(int status, String type, String text, Optional<String> retryAfter) {
        public boolean ok() {
            return status >= 200 && status < 300;
        }
    }

    /// Sends one request and reads the whole answer, whatever its status.
    ///
    /// @param path with query, beginning with a slash
    /// @throws NoAnswerException when there is none
    public Answer call(String method, String path, Optional<Body> body) throws NoAnswerException {
        try {
            var connection = open(method, path, "application/json, */*;q=0.5");
            if (body.isPresent()) {
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", body.get().type());
                try (var out = connection.getOutputStream()) {
                    out.write(body.get().text().getBytes(UTF_8));
                }
            }
            return answer(connection);
        } catch (IOException e) {
            throw new NoAnswerException(why(e), e);
        }
    }

    /// One server-sent event.
    ///
    /// @param name `message` unless the server said otherwise
    public record Event(String name, String data) {}

    /// A stream of server-sent events, or the answer that came instead.
    public static final class Events implements AutoCloseable {
        private final HttpURLConnection connection;
        private final Optional<Answer> refused;
        private final Optional<BufferedReader> lines;

        private Events(HttpURLConnection connection, Optional<Answer> refused, Optional<BufferedReader> lines) {
            this.connection = connection;
            this.refused = refused;
            this.lines = lines;
        }

        /// Set if the server answered with something else than a stream of events.
        public Optional<Answer> refused() {
            return refused;
        }

        /// The next event; waits for it. Empty when the server has ended the stream.
        ///
        /// @throws NoAnswerException when the connection breaks, or nothing, not even a heartbeat, comes in
        ///     time
        public Optional<Event> next() throws NoAnswerException {
            if (lines.isEmpty()) return Optional.empty();
            try {
                var name = "message";
                var data = new StringBuilder();
                for (var line = lines.get().readLine();
                        line != null;
                        line = lines.get().readLine()) {
                    if (line.isEmpty()) {
                        if (!data.isEmpty()) return Optional.of(new Event(name, data.toString()));
                        name = "message";
                    } else if (line.startsWith("event:")) {
                        name = line.substring(6).strip();
                    } else if (line.startsWith("data:")) {
                        if (data.length() + line.length() > LONGEST_LINE) throw new IOException("an event is too long");
                        if (!data.isEmpty()) data.append('\n');
                        data.append(line, line.startsWith("data: ") ? 6 : 5, line.length());
                    }
                }
                return Optional.empty();
            } catch (IOException e) {
                throw new NoAnswerException(why(e), e);
            }
        }

        @Override
        public void close() {
            connection.disconnect();
        }
    }

    /// Opens a stream of server-sent events. The server must say something, if only a comment, within the read
    /// limit.
    ///
    /// @throws NoAnswerException when there is no answer
    public Events events(String path) throws NoAnswerException {
        try {
            var connection = open("GET", path, "text/event-stream");
            if (connection.getResponseCode() != 200)
                return new Events(connection, Optional.of(answer(connection)), Optional.empty());
            var lines = new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8));
            return new Events(connection, Optional.empty(), Optional.of(lines));
        } catch (IOException e) {
            throw new NoAnswerException(why(e), e);
        }
    }

    private HttpURLConnection open(String method, String path, String accept) throws IOException {
        var prefix = base.toString().replaceAll("/{1,100}$", "");
        if (!(URI.create(prefix + path).toURL().openConnection() instanceof HttpURLConnection connection))
            throw new IOException("its URL is not one of http or https");
        connection.setRequestMethod(method);
        connection.setConnectTimeout((int) connectLimit.toMillis());
        connection.setReadTimeout((int) readLimit.toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestProperty("Accept", accept);
        token.ifPresent(secret -> connection.setRequestProperty("Authorization", "Bearer " + secret));
        return connection;
    }

    private static Answer answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        if (status < 0) throw new IOException("it does not speak HTTP");
        try (InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
            var bytes = in == null ? new byte[0] : in.readNBytes(LARGEST_ANSWER + 1);
            if (bytes.length > LARGEST_ANSWER) throw new IOException("its answer is longer than 256 MB");
            var type = Optional.ofNullable(connection.getContentType()).orElse("");
            var retryAfter = Optional.ofNullable(connection.getHeaderField("Retry-After"));
            return new Answer(status, type, new String(bytes, UTF_8), retryAfter);
        }
    }

    private static final Map<Class<? extends IOException>, String> WHY = Map.of(
            ConnectException.class, "nothing listens there",
            UnknownHostException.class, "there is no host of that name");

    private static String why(IOException e) {
        if (e instanceof SocketTimeoutException) return "it did not answer in time";
        var known = WHY.get(e.getClass());
        if (known != null) return known;
        return Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    }
}
