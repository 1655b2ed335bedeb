package holdfast.platform;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/// Answers in gzip, for clients that take it: JSON only, whole answers only, and not where it is not worth it. Pages
/// are left alone, because the size of what is compressed would tell of the token in them; so are answers that a
/// browser fetches for a page of another site, which could try words and watch the size.
final class Compressed {
    private static final int LEAST = 1_024;
    private static final String JSON = "application/json";
    private static final String VARY = "Vary";

    private Compressed() {}

    static HttpReply.Content of(HttpReply.Content content, HttpRequest request) {
        if (content.body().length < LEAST || !content.type().startsWith(JSON)) {
            return content;
        }
        var varying = content.with(
                VARY,
                Stream.concat(
                                Stream.ofNullable(content.headers().get(VARY)),
                                Stream.of("Accept-Encoding, Sec-Fetch-Site"))
                        .collect(Collectors.joining(", ")));
        if (isForeign(request)
                || request.header("Accept-Encoding")
                        .filter(Compressed::takesGzip)
                        .isEmpty()) {
            return varying;
        }
        var packed = new ByteArrayOutputStream(content.body().length / 4);
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(content.body());
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return new HttpReply.Content(content.status(), content.type(), packed.toByteArray(), varying.headers())
                .with("Content-Encoding", "gzip");
    }

    /// Only browsers tell it.
    private static boolean isForeign(HttpRequest request) {
        return request.header("Sec-Fetch-Site")
                .filter(site -> !Set.of("same-origin", "none").contains(site))
                .isPresent();
    }

    /// `gzip`, `gzip;q=0.5`, but not `gzip;q=0`.
    private static boolean takesGzip(String accepted) {
        return Arrays.stream(accepted.toLowerCase(Locale.ROOT).split(","))
                .map(String::strip)
                .map(coding -> coding.split(";", 2))
                .anyMatch(coding -> coding[0].strip().equals("gzip")
                        && !(coding.length > 1 && coding[1].strip().matches("q=0(\\.0*)?")));
    }
}
