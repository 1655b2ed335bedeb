package holdfast.platform;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Posts JSON to addresses that somebody registered, as far as they are open. Follows no redirects; answers are bounded
/// in size and time.
public final class WebhookClient implements AutoCloseable {
    private static final long LARGEST_ANSWER = 1 << 20;
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final String ALGORITHM = "HmacSHA256";
    private static final String JSON = "application/json; charset=utf-8";

    private final CallbackPolicy policy;
    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_LIMIT)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    public WebhookClient(CallbackPolicy policy) {
        this.policy = policy;
    }

    public CallbackPolicy policy() {
        return policy;
    }

    /// @param text of at most a megabyte
    public record Answer(int status, String text) {}

    /// @param url of `http` or `https`
    /// @param secret signs time and body in the header `X-Holdfast-Signature`
    /// @param limit for the whole exchange
    /// @throws IOException when there is no answer, or one that is too long; the message says only of what
    ///     kind the trouble is, the cause more
    public Answer post(URI url, String event, String body, Optional<String> secret, Instant now, Duration limit)
            throws IOException, InterruptedException {
        var headers = new HashMap<>(Map.of("X-Holdfast-Event", event));
        secret.ifPresent(key -> headers.put("X-Holdfast-Signature", signature(key, now.getEpochSecond(), body)));
        return send(url, JSON, body, headers, limit);
    }

    /// As [#post], with a signature of nothing but the body: `sha256=<HMAC in hex>`.
    ///
    /// @param type the media type of the body
    /// @param header in which the signature is
    public Answer postSigned(URI url, String type, String header, String body, Optional<String> secret, Duration limit)
            throws IOException, InterruptedException {
        var headers = secret.map(key -> Map.of(header, "sha256=" + hmac(key, body)));
        return send(url, type, body, headers.orElse(Map.of()), limit);
    }

    private Answer send(URI url, String type, String body, Map<String, String> headers, Duration limit)
            throws IOException, InterruptedException {
        HttpRequest request;
        try {
            var builder = HttpRequest.newBuilder(url)
                    .header("Content-Type", type)
                    .POST(HttpRequest.BodyPublishers.ofString(body));
            headers.forEach(builder::header);
            request = builder.build();
        } catch (IllegalArgumentException e) {
            throw new IOException("its address is not one of http or https", e);
        }
        look(url);
        var answer = client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST_ANSWER));
        try {
            var got = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(got.statusCode(), got.body());
        } catch (ExecutionException e) {
            throw new IOException("it did not answer", e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("it did not answer", e);
        } finally {
            answer.cancel(true);
        }
    }

    private void look(URI url) throws IOException {
        boolean open;
        try {
            open = policy.allows(url);
        } catch (UnknownHostException e) {
            throw new IOException("it did not answer", e);
        }
        if (!open) {
            throw new IOException("its address is closed to callbacks");
        }
    }

    /// A failed call in the words of a log: what users are not to know of a network that is not theirs.
    public static String inDetail(IOException failure) {
        return failure.getMessage()
                + Optional.ofNullable(failure.getCause())
                        .map(cause -> ": " + cause)
                        .orElse("");
    }

    /// `t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>" in hex>`
    static String signature(String secret, long seconds, String body) {
        return "t=" + seconds + ",v1=" + hmac(secret, seconds + "." + body);
    }

    private static String hmac(String secret, String text) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /// What is under way is broken off.
    @Override
    public void close() {
        client.shutdownNow();
    }
}
