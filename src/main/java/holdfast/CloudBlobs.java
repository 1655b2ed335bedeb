package holdfast;

import holdfast.authority.CloudThings;
import holdfast.authority.CloudThings.Told;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.orchestrator.instances.Blobs;
import holdfast.platform.Platform;
import holdfast.platform.Spool;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is in the buckets of one account. Contents pass through; one whose length is not known before is kept in a file
/// meanwhile, because providers must be told.
///
/// Segments are blobs beside the one that they become, since few providers know segments: whoever breaks off such an
/// upload finds them in the bucket.
final class CloudBlobs implements Blobs {
    private static final Pattern SEGMENT = Pattern.compile("[0-9]{1,5}");
    private static final String UPLOAD = "holdfast-upload-";
    /// Of what is kept in a file.
    private static final long LARGEST = 5L << 30;

    private final Supplier<Answer<CloudThings>> account;
    private final Platform platform;

    CloudBlobs(Supplier<Answer<CloudThings>> account, Platform platform) {
        this.account = account;
        this.platform = platform;
    }

    private interface Work<T> {
        Told<T> with(CloudThings things);
    }

    private <T> Answer<T> at(Work<T> work) {
        return account.get().flatMap(things -> CloudSides.answer(work.with(things)));
    }

    private static Blob read(CloudThings.Blob blob) {
        return new Blob(
                blob.bucket(),
                blob.name(),
                blob.length().orElse(0L),
                blob.type(),
                blob.modified().flatMap(ThingWords::time),
                blob.metadata());
    }

    private static CloudThings.Blob told(String bucket, Draft draft) {
        return new CloudThings.Blob(
                bucket, draft.key(), draft.type(), Optional.empty(), Optional.empty(), draft.metadata());
    }

    @Override
    public Optional<Blob> find(String bucket, String key) {
        return switch (at(things -> things.blob(bucket, key))) {
            case Answer.Yes<CloudThings.Blob>(var blob) -> Optional.of(read(blob));
            case Answer.No<CloudThings.Blob>(var why) -> {
                if (why.kind() == Refusal.Kind.NOT_THERE) {
                    yield Optional.empty();
                }
                throw new RefusedException(why);
            }
        };
    }

    @Override
    public Answer<Blob> put(String bucket, Draft draft, InputStream content) throws IOException {
        if (draft.length().isPresent()) {
            return stored(told(bucket, draft), draft.length().getAsLong(), content);
        }
        var kept = Spool.of(content, LARGEST);
        if (kept.isEmpty()) {
            return Answer.no(
                    Refusal.malformed("content", "say how long it is, if it is longer than " + LARGEST + " bytes"));
        }
        try (var spool = kept.get();
                var in = spool.open()) {
            return stored(told(bucket, draft), spool.length(), in);
        }
    }

    private Answer<Blob> stored(CloudThings.Blob blob, long length, InputStream content) throws IOException {
        var watched = new Watched(content);
        var answer = at(things -> things.store(blob, length, watched));
        if (watched.broken != null) {
            throw watched.broken;
        }
        return answer.map(CloudBlobs::read)
                .map(made ->
                        new Blob(made.bucket(), made.key(), length, made.type(), made.modified(), blob.metadata()));
    }

    /// Remembers that it could not be read.
    private static final class Watched extends FilterInputStream {
        private @Nullable IOException broken;

        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return super.read(bytes, offset, length);
            } catch (IOException e) {
                broken = e;
                throw e;
            }
        }

        @Override
        public void close() {
            // who has handed it in closes it
        }
    }

    @Override
    public Answer<Content> open(String bucket, String key) {
        return at(things -> things.blob(bucket, key))
                .flatMap(blob -> at(things -> things.content(bucket, key))
                        .map(content -> new Content(read(blob), content.bytes())));
    }

    @Override
    public Answer<Blob> describe(String bucket, String key, Map<String, String> metadata) {
        return at(things -> things.note(bucket, key, metadata))
                .flatMap(_ -> at(things -> things.blob(bucket, key)))
                .map(CloudBlobs::read);
    }

    @Override
    public Answer<Blob> delete(String bucket, String key) {
        return at(things -> things.blob(bucket, key))
                .flatMap(blob -> at(things -> things.removeBlob(bucket, key)).map(_ -> read(blob)));
    }

    // --------------------------------------------------------------------------------------------------------------
    // segments

    private static String part(String upload, String segment) {
        return UPLOAD + upload + "-" + segment;
    }

    /// What is known of the blob to be is kept with an empty one.
    @Override
    public Answer<String> begin(String bucket, Draft draft) {
        var upload = platform.newId().toString();
        var empty = new Draft(UPLOAD + upload, draft.type(), draft.metadata(), OptionalLong.of(0));
        return at(things -> things.store(told(bucket, empty), 0, InputStream.nullInputStream()))
                .map(_ -> upload);
    }

    private Answer<CloudThings.Blob> begun(String bucket, String upload) {
        return upload.matches("[0-9a-f-]{36}")
                ? at(things -> things.blob(bucket, UPLOAD + upload))
                : Answer.no(Refusal.notThere("there is no upload " + upload));
    }

    @Override
    public Answer<String> segment(
            String bucket, String key, String upload, int order, OptionalLong length, InputStream content)
            throws IOException {
        if (begun(bucket, upload) instanceof Answer.No<CloudThings.Blob>(var why)) {
            return Answer.no(why);
        }
        var segment = String.valueOf(order);
        var draft = new Draft(part(upload, segment), "application/octet-stream", Map.of(), length);
        return put(bucket, draft, content).map(_ -> segment);
    }

    @Override
    public Answer<Blob> finish(String bucket, String key, String upload, SortedMap<Integer, String> segments) {
        return begun(bucket, upload)
                .flatMap(begun -> {
                    var parts = new ArrayList<CloudThings.Blob>();
                    for (var segment : segments.values()) {
                        if (!SEGMENT.matcher(segment).matches()) {
                            return Answer.no(Refusal.notThere("there is no segment " + segment));
                        }
                        switch (at(things -> things.blob(bucket, part(upload, segment)))) {
                            case Answer.Yes<CloudThings.Blob>(var part) -> parts.add(part);
                            case Answer.No<CloudThings.Blob>(var why) -> {
                                return Answer.no(why.saying("segment " + segment + ": " + why.message()));
                            }
                        }
                    }
                    return joined(bucket, new Draft(key, begun.type(), begun.metadata(), OptionalLong.empty()), parts);
                })
                .map(blob -> {
                    segments.values().forEach(one -> at(things -> things.removeBlob(bucket, part(upload, one))));
                    at(things -> things.removeBlob(bucket, UPLOAD + upload));
                    return blob;
                });
    }

    private Answer<Blob> joined(String bucket, Draft draft, List<CloudThings.Blob> parts) {
        long length = parts.stream().mapToLong(part -> part.length().orElse(0L)).sum();
        try (var all = new Joined(parts.stream()
                .map(part -> (Joined.Source) () -> at(things -> things.content(bucket, part.name()))
                        .orThrow()
                        .bytes())
                .iterator())) {
            return stored(told(bucket, draft), length, all);
        } catch (IOException | RefusedException e) {
            return Answer.no(Refusal.broken("a segment cannot be read: " + e.getMessage()));
        }
    }
}
