package holdfast.api.deltacloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.orchestrator.instances.Blobs.Blob;
import holdfast.orchestrator.instances.Blobs.Draft;
import holdfast.platform.Spool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.fileupload2.core.MultipartInput;

/// A blob that comes as a part of a form (aeolus.md 5.3.7). Its content passes through as it comes, or waits in a file
/// for its name, which old clients send last; what else the form says of it later is written afterwards.
final class BlobForm {
    private static final String DATA = "blob_data";
    private static final String KEY = "blob_id";
    private static final int LONGEST = 8_192;
    private static final int MOST_META = 100;
    /// Of what waits in a file, in bytes.
    private static final long LARGEST = 5L << 30;

    private final Ask ask;
    private final Map<String, String> fields;
    private Optional<Blob> blob = Optional.empty();
    private Optional<Waiting> waiting = Optional.empty();

    /// A content whose name is not known yet.
    private record Waiting(Spool content, Optional<String> type) {
        void forget() {
            try {
                content.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private BlobForm(Ask ask) {
        this.ask = ask;
        this.fields = new HashMap<>(ask.fields());
    }

    static Told create(Ask ask) {
        var form = new BlobForm(ask);
        if (ask.request().mediaType().equals(Fields.MULTIPART)) {
            form.read();
        } else { // a small one: the client in Ruby sends it as a field of the query
            var content = new ByteArrayInputStream(ask.required(DATA).getBytes(UTF_8));
            form.blob = Optional.of(form.put(ask.required(KEY), Optional.empty(), OptionalLong.empty(), content));
        }
        var written = form.blob.orElseThrow(
                () -> Problem.malformed("Required parameter 'blob_data' not found in [" + form.names() + "]"));
        var metadata = form.metadata();
        var whole = metadata.equals(written.metadata())
                ? written
                : ask.things()
                        .get()
                        .blobs()
                        .describe(ask.id(), written.key(), metadata)
                        .orThrow();
        return Told.created(Buckets.document(ask, whole), ask.links().member(Buckets.NAME, ask.id(), whole.key()));
    }

    private String names() {
        return Problem.shorten(String.join(", ", new TreeMap<>(fields).keySet()));
    }

    private void take(Fields.Head head, MultipartInput parts) throws IOException {
        try (var in = parts.newInputStream()) {
            if (!head.name().equals(DATA)) {
                var text = in.readNBytes(LONGEST + 1);
                if (text.length > LONGEST) {
                    throw new Problem(413, "the field " + Problem.shorten(head.name()) + " is too long");
                }
                fields.put(head.name(), new String(text, UTF_8));
                return;
            }
            if (key().isPresent()) {
                blob = Optional.of(put(key().get(), head.type(), OptionalLong.empty(), in));
            } else if (waiting.isEmpty()) {
                waiting = Optional.of(new Waiting(kept(in), head.type()));
            }
        }
    }

    private Optional<String> key() {
        return Optional.ofNullable(fields.get(KEY)).filter(text -> !text.isBlank());
    }

    private static Spool kept(InputStream in) throws IOException {
        return Spool.of(in, LARGEST)
                .orElseThrow(() ->
                        new Problem(413, "say blob_id before blob_data, if that is longer than " + LARGEST + " bytes"));
    }

    private void read() {
        try {
            Fields.each(ask.request(), ask.request().content(), this::take);
            if (blob.isEmpty() && waiting.isPresent()) {
                blob = Optional.of(written(waiting.get()));
            }
        } finally {
            waiting.ifPresent(Waiting::forget);
        }
    }

    private Blob written(Waiting late) {
        var key = key().orElseThrow(
                        () -> Problem.malformed("Required parameter 'blob_id' not found in [" + names() + "]"));
        try (var in = late.content.open()) {
            return put(key, late.type, OptionalLong.of(late.content.length()), in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Blob put(String key, Optional<String> type, OptionalLong length, InputStream content) {
        var draft = new Draft(key, Buckets.type(type), metadata(), length);
        return Buckets.taken(() -> ask.things().get().blobs().put(ask.id(), draft, content));
    }

    /// `meta_params` pairs of `meta_name1`, `meta_value1` and so on.
    private Map<String, String> metadata() {
        var count = fields.getOrDefault("meta_params", "0").strip();
        if (!count.matches("[0-9]{1,3}") || Integer.parseInt(count) > MOST_META) {
            throw Problem.malformed("meta_params is a whole number from 0 to " + MOST_META);
        }
        var metadata = new TreeMap<String, String>();
        IntStream.rangeClosed(1, Integer.parseInt(count)).forEach(number -> {
            var name = fields.getOrDefault("meta_name" + number, "").strip();
            if (!name.isEmpty()) {
                metadata.put(name.toLowerCase(Locale.ROOT), fields.getOrDefault("meta_value" + number, ""));
            }
        });
        return metadata;
    }
}
