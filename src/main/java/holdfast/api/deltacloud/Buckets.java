package holdfast.api.deltacloud;

import holdfast.core.Answer;
import holdfast.orchestrator.instances.AccountThing.Bucket;
import holdfast.orchestrator.instances.Blobs;
import holdfast.orchestrator.instances.Blobs.Blob;
import holdfast.orchestrator.instances.Blobs.Draft;
import holdfast.orchestrator.instances.Wish;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.Json;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Buckets, and blobs in them, which pass through piece by piece (aeolus.md 5.3.7).
final class Buckets {
    static final String NAME = "buckets";
    static final String ANY_TYPE = "application/octet-stream";

    private static final String META = "X-Deltacloud-Blobmeta-";
    private static final String UPLOAD = "X-Deltacloud-SegmentedBlob";
    private static final String ORDER = "X-Deltacloud-SegmentOrder";
    private static final int MOST_SEGMENTS = 10_000;
    /// Of everything that becomes part of a header.
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._-]{1,200}");
    private static final Pattern PRINTABLE = Pattern.compile("[ -~]{0,4096}");
    private static final Pattern TYPE =
            Pattern.compile("[A-Za-z0-9!#$&^_.+-]{1,100}/[A-Za-z0-9!#$&^_.+-]{1,100}(; ?[ -~]{1,200})?");

    private Buckets() {}

    static Collection collection() {
        var buckets = new Things<>(NAME, "bucket", Bucket.class, Buckets::bucket);
        return Collection.offered(
                NAME,
                buckets.index(),
                buckets.show(),
                buckets.create(
                        "name* location", ask -> new Wish.NewBucket(ask.required("name"), ask.field("location"))),
                buckets.destroy(),
                Operation.of(
                                "create_blob",
                                "POST *",
                                "blob_id* blob_data* meta_params meta_name1 meta_value1",
                                BlobForm::create)
                        .streaming(),
                Operation.of("blob", "GET */*", "", Buckets::show),
                Operation.of("content", "GET */*/content", "", Buckets::content),
                Operation.of("metadata", "HEAD */*", "", Buckets::metadata),
                Operation.of("upload", "PUT */*", "", Buckets::put).streaming(),
                Operation.of("describe", "POST */*", "", Buckets::describe),
                Operation.of("destroy_blob", "DELETE */*", "", Buckets::destroy));
    }

    private static void bucket(Entity entity, Ask ask, Bucket bucket) {
        int size = bucket.blobs().size();
        entity.text("name", bucket.name()).number("size", size);
        var json = Json.array();
        for (var key : bucket.blobs()) {
            var href = ask.links().member(NAME, bucket.id(), key);
            entity.xml(Element.of("blob").with("href", href).with("id", key));
            json.addObject().put("rel", "blob").put("href", href).put("id", key);
        }
        entity.json("blob_list", json);
    }

    private static Blobs blobs(Ask ask) {
        return ask.things().get().blobs();
    }

    static String key(Ask ask) {
        return ask.path().get(1);
    }

    private static Blob found(Ask ask) {
        return blobs(ask).find(ask.id(), key(ask)).orElseThrow(() -> Problem.notThere("blob", key(ask)));
    }

    private static Told show(Ask ask) {
        return Told.ok(document(ask, found(ask)));
    }

    static Document document(Ask ask, Blob blob) {
        var href = ask.links().member(NAME, blob.bucket(), blob.key());
        var metadata = new TreeMap<>(blob.metadata());
        var entity = new Entity("blob", blob.key(), href)
                .xml(Element.text("bucket", blob.bucket()))
                .json(
                        "bucket",
                        Json.object()
                                .put("rel", "bucket")
                                .put("href", ask.links().member(NAME, blob.bucket()))
                                .put("id", blob.bucket()))
                .number("content_length", blob.length())
                .text("content_type", blob.type())
                .time("last_modified", "last_modified", blob.modified())
                .field(
                        Element.of(
                                "user_metadata",
                                metadata.entrySet().stream()
                                        .map(one -> Element.cdata("entry", one.getValue())
                                                .with("key", one.getKey()))
                                        .toList()),
                        "user_metadata",
                        Json.toTree(metadata))
                .field(
                        Element.of("content").with("rel", "blob_content").with("href", href + "/content"),
                        "content",
                        Json.object().put("rel", "blob_content").put("href", href + "/content"));
        return Document.of(entity);
    }

    /// What a user has stored is never shown as a page of ours.
    private static Told content(Ask ask) {
        var content = blobs(ask).open(ask.id(), key(ask)).orThrow();
        var blob = content.blob();
        var name = WORD.matcher(blob.key()).matches()
                ? "filename=" + blob.key()
                : "filename*=UTF-8''" + Links.encoded(blob.key());
        var headers = Map.of(
                "Content-Disposition", "attachment; " + name, "Content-Security-Policy", "default-src 'none'; sandbox");
        return new Told.Raw(
                new HttpReply.Flow(type(Optional.of(blob.type())), blob.length(), headers, content.bytes()));
    }

    static String type(Optional<String> told) {
        return told.filter(TYPE.asMatchPredicate()).orElse(ANY_TYPE);
    }

    private static Told metadata(Ask ask) {
        return new Told.Nothing(204, headers(found(ask).metadata()));
    }

    private static Map<String, String> headers(Map<String, String> metadata) {
        var headers = new TreeMap<String, String>();
        metadata.forEach((name, value) -> {
            if (WORD.matcher(name).matches() && PRINTABLE.matcher(value).matches()) {
                headers.put(META + name, value);
            }
        });
        return headers;
    }

    private static Told describe(Ask ask) {
        var blob = blobs(ask).describe(ask.id(), key(ask), told(ask.request())).orThrow();
        return new Told.Nothing(204, headers(blob.metadata()));
    }

    private static Map<String, String> told(HttpRequest request) {
        return request.headers(META.toLowerCase(Locale.ROOT));
    }

    private static Told destroy(Ask ask) {
        blobs(ask).delete(ask.id(), key(ask)).orThrow();
        return Told.gone();
    }

    private static Told put(Ask ask) {
        var request = ask.request();
        var upload = request.header(UPLOAD).or(() -> ask.field("segmented_blob"));
        boolean segmented = request.header("X-Deltacloud-BlobType")
                .or(() -> ask.field("blob_type"))
                .filter("segmented"::equalsIgnoreCase)
                .isPresent();
        var draft = new Draft(key(ask), type(request.header("Content-Type")), told(request), request.told());
        if (upload.isPresent()) {
            return segment(ask, upload.get());
        }
        if (segmented) {
            var begun = blobs(ask).begin(ask.id(), draft).orThrow();
            return new Told.Nothing(204, Map.of(UPLOAD, begun));
        }
        return Told.ok(document(ask, taken(() -> blobs(ask).put(ask.id(), draft, request.content()))));
    }

    private static Told segment(Ask ask, String upload) {
        var request = ask.request();
        var order = request.header(ORDER).or(() -> ask.field("segment_order"));
        if (order.isEmpty()) {
            return finish(ask, upload);
        }
        int number = number(order.get());
        var segment =
                taken(() -> blobs(ask).segment(ask.id(), key(ask), upload, number, request.told(), request.content()));
        return new Told.Nothing(204, Map.of("X-Deltacloud-BlobSegmentId", segment));
    }

    private static int number(String text) {
        if (text.matches("[0-9]{1,5}")) {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= MOST_SEGMENTS) {
                return number;
            }
        }
        throw Problem.malformed("the order of a segment is a whole number from 1 to " + MOST_SEGMENTS);
    }

    /// The body says `1=sid1 , 2=sid2`.
    private static Told finish(Ask ask, String upload) {
        if (!(ask.request().body(Fields.LARGEST) instanceof HttpRequest.Body.Whole body)) {
            throw new Problem(413, "the list of segments is larger than " + Fields.LARGEST + " bytes, or too slow");
        }
        var segments = new TreeMap<Integer, String>();
        for (var pair : body.text().split(",", MOST_SEGMENTS + 1)) {
            var sides = pair.strip().split("=", 2);
            if (sides.length < 2 || sides[1].isBlank()) {
                throw Problem.malformed("the segments are told as 1=id1 , 2=id2");
            }
            segments.put(number(sides[0].strip()), sides[1].strip());
        }
        return Told.ok(document(
                ask, blobs(ask).finish(ask.id(), key(ask), upload, segments).orThrow()));
    }

    /// Takes what a client sends.
    interface Taking<T> {
        Answer<T> take() throws IOException;
    }

    static <T> T taken(Taking<T> taking) {
        try {
            return taking.take().orThrow();
        } catch (IOException e) {
            throw new Problem(502, "the provider took only a part of it");
        }
    }
}
