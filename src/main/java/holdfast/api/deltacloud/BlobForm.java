package holdfast.api.deltacloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.orchestrator.instances.Blobs.Blob;
import holdfast.orchestrator.instances.Blobs.Draft;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.fileupload2.core.MultipartInput;

/// A blob that comes as a part of a form (aeolus.md 5.3.7). Its content passes through as it comes; what the form says
/// of it later is written afterwards.
final class BlobForm {
    private static final String DATA = "blob_data";
    private static final int LONGEST = 8_192;
    private static final int MOST_META = 100;

    private final Ask ask;
    private final Map<String, String> fields;
    private Optional<Blob> blob = Optional.empty();

    private BlobForm(Ask ask) {
        this.ask = ask;
        this.fields = new HashMap<>(ask.fields());
    }

    static Told create(Ask ask) {
        var form = new BlobForm(ask);
        if (ask.request().mediaType().equals(Fields.MULTIPART)) {
            Fields.each(ask.request(), ask.request().content(), form::take);
        } else { // a small one: the client in Ruby sends it as a field of the query
            var content = new ByteArrayInputStream(ask.required(DATA).getBytes(UTF_8));
            form.blob = Optional.of(form.put(ask.required("blob_id"), Optional.empty(), content));
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
            var key = Optional.ofNullable(fields.get("blob_id"))
                    .filter(text -> !text.isBlank())
                    .orElseThrow(() -> Problem.malformed(
                            "Required parameter 'blob_id' not found in [" + names() + "] before blob_data"));
            blob = Optional.of(put(key, head.type(), in));
        }
    }

    private Blob put(String key, Optional<String> type, InputStream content) {
        var draft = new Draft(key, Buckets.type(type), metadata(), OptionalLong.empty());
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
