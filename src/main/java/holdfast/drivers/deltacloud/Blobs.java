package holdfast.drivers.deltacloud;

import holdfast.authority.CloudThings.Blob;
import holdfast.authority.CloudThings.Content;
import holdfast.drivers.deltacloud.Outcome.NotDoneException;
import holdfast.platform.WebClient;
import holdfast.platform.WebClient.NoAnswerException;
import holdfast.platform.XmlTree;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/// What is in buckets: goes through as a stream, in both directions (aeolus.md 5.3.7).
final class Blobs {
    private static final String BUCKETS = "buckets";
    private static final String NOTE = "X-Deltacloud-Blobmeta-";
    private static final String ANYTHING = "application/octet-stream";

    private final Api api;

    Blobs(Api api) {
        this.api = api;
    }

    Blob find(String bucket, String name) {
        return read(bucket, name, api.get(api.of(BUCKETS, bucket, name)));
    }

    private static Blob read(String bucket, String name, XmlTree root) {
        return new Blob(
                bucket,
                name,
                root.says("content_type").orElse(ANYTHING),
                root.says("content_length").flatMap(Blobs::number),
                root.says("last_modified"),
                Reading.notes(root));
    }

    private static Optional<Long> number(String text) {
        return text.matches("\\d{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    /// The caller closes it.
    Content content(String bucket, String name) {
        var call = call("GET", api.of(BUCKETS, bucket, name, "content"), Map.of("Accept", "*/*"));
        var got = asked("GET", () -> api.web().open(call, api.limits().read()));
        if (got.status() == 200)
            return new Content(
                    got.header("content-type").orElse(ANYTHING),
                    got.header("content-length").flatMap(Blobs::number),
                    got.body());
        try {
            got.body().close();
        } catch (IOException e) {
            throw new NotDoneException(new Outcome.Away(String.valueOf(e.getMessage())));
        }
        throw new NotDoneException(Api.refused(got.status(), "it answered with status " + got.status()));
    }

    Blob store(Blob blob, long length, InputStream bytes) {
        var call = call("PUT", api.of(BUCKETS, blob.bucket(), blob.name()), Map.of("Content-Type", blob.type()));
        blob.metadata().forEach((name, value) -> call.headers().put(NOTE + name, value));
        var answer = asked("PUT", () -> api.web().send(call, bytes, length, Content.LONGEST));
        return Api.judge("PUT", answer)
                .orThrow()
                .body()
                .map(root -> read(blob.bucket(), blob.name(), root))
                .orElse(blob);
    }

    boolean note(String bucket, String name, Map<String, String> metadata) {
        var call = call("POST", api.of(BUCKETS, bucket, name), Map.of());
        metadata.forEach((note, value) -> call.headers().put(NOTE + note, value));
        Api.judge("POST", asked("POST", () -> api.web().call(call, api.limits().read())))
                .orThrow();
        return true;
    }

    private WebClient.Call call(String method, URI url, Map<String, String> more) {
        var headers = api.headers(true);
        headers.putAll(more);
        return new WebClient.Call(method, url, headers, Optional.empty());
    }

    private interface Exchange<T> {
        T run() throws NoAnswerException, InterruptedException;
    }

    private static <T> T asked(String method, Exchange<T> exchange) {
        try {
            return exchange.run();
        } catch (NoAnswerException e) {
            throw new NotDoneException(Api.lost(method, e.reached(), String.valueOf(e.getMessage())));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new NotDoneException(Api.lost(method, true, "interrupted"));
        }
    }
}
