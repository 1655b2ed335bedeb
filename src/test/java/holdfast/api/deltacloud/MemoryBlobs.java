package holdfast.api.deltacloud;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.orchestrator.instances.AccountThing.Bucket;
import holdfast.orchestrator.instances.Blobs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;

/// Blobs in memory. Of a large one only its length is kept; it is read as zeros.
final class MemoryBlobs implements Blobs {
    private static final int LARGE = 1 << 20;

    private final MemoryAccounts accounts;
    private final Map<List<String>, Blob> blobs = new LinkedHashMap<>();
    private final Map<List<String>, byte[]> contents = new HashMap<>();
    private final Map<String, Draft> uploads = new HashMap<>();
    private final Map<String, byte[]> segments = new HashMap<>();
    /// Opened when the first byte of a blob has come.
    final CountDownLatch begun = new CountDownLatch(1);

    MemoryBlobs(MemoryAccounts accounts) {
        this.accounts = accounts;
    }

    private static <T> Answer<T> no() {
        return Answer.no(Refusal.notThere("there is no such blob"));
    }

    @Override
    public Optional<Blob> find(String bucket, String key) {
        return Optional.ofNullable(blobs.get(List.of(bucket, key)));
    }

    @Override
    public Answer<Blob> put(String bucket, Draft draft, InputStream content) throws IOException {
        if (accounts.find(Bucket.class, bucket).isEmpty())
            return Answer.no(Refusal.notThere("there is no bucket '" + bucket + "'"));
        var kept = new ByteArrayOutputStream();
        long length = 0;
        var piece = new byte[8192];
        for (int got = content.read(piece); got >= 0; got = content.read(piece)) {
            if (got > 0) begun.countDown();
            length += got;
            if (length <= LARGE) kept.write(piece, 0, got);
        }
        return Answer.yes(keep(bucket, draft, length, kept.toByteArray()));
    }

    private Blob keep(String bucket, Draft draft, long length, byte[] bytes) {
        var blob = new Blob(
                bucket,
                draft.key(),
                length,
                draft.type(),
                Optional.of(Instant.parse("2031-02-03T10:00:00Z")),
                draft.metadata());
        blobs.put(List.of(bucket, draft.key()), blob);
        contents.put(List.of(bucket, draft.key()), bytes);
        count(bucket);
        return blob;
    }

    private void count(String bucket) {
        var keys = blobs.keySet().stream()
                .filter(each -> each.getFirst().equals(bucket))
                .map(List::getLast)
                .toList();
        accounts.find(Bucket.class, bucket)
                .ifPresent(one -> accounts.things.put(bucket, new Bucket(one.id(), one.name(), keys)));
    }

    @Override
    public Answer<Content> open(String bucket, String key) {
        return find(bucket, key)
                .map(blob -> Answer.yes(
                        new Content(blob, blob.length() > LARGE ? zeros(blob.length()) : bytes(bucket, key))))
                .orElseGet(MemoryBlobs::no);
    }

    private InputStream bytes(String bucket, String key) {
        return new ByteArrayInputStream(contents.get(List.of(bucket, key)));
    }

    private static InputStream zeros(long length) {
        return new InputStream() {
            private long left = length;

            @Override
            public int read() {
                return left-- > 0 ? 0 : -1;
            }

            @Override
            public int read(byte[] bytes, int offset, int most) {
                int got = (int) Math.min(most, left);
                left -= got;
                return got == 0 ? -1 : got;
            }
        };
    }

    @Override
    public Answer<Blob> describe(String bucket, String key, Map<String, String> metadata) {
        var found = find(bucket, key);
        if (found.isEmpty()) return no();
        var old = found.get();
        var draft = new Draft(key, old.type(), metadata, OptionalLong.empty());
        return Answer.yes(keep(bucket, draft, old.length(), contents.get(List.of(bucket, key))));
    }

    @Override
    public Answer<Blob> delete(String bucket, String key) {
        var found = find(bucket, key);
        if (found.isEmpty()) return no();
        blobs.remove(List.of(bucket, key));
        count(bucket);
        return Answer.yes(found.get());
    }

    @Override
    public Answer<String> begin(String bucket, Draft draft) {
        uploads.put("up-1", draft);
        return Answer.yes("up-1");
    }

    @Override
    public Answer<String> segment(
            String bucket, String key, String upload, int order, OptionalLong length, InputStream content)
            throws IOException {
        if (!uploads.containsKey(upload)) return no();
        segments.put("s" + order, content.readAllBytes());
        return Answer.yes("s" + order);
    }

    @Override
    public Answer<Blob> finish(String bucket, String key, String upload, SortedMap<Integer, String> ids) {
        if (!uploads.containsKey(upload) || !segments.keySet().containsAll(ids.values())) return no();
        var whole = new ByteArrayOutputStream();
        ids.values().forEach(id -> whole.writeBytes(segments.get(id)));
        return Answer.yes(keep(bucket, uploads.remove(upload), whole.size(), whole.toByteArray()));
    }
}
