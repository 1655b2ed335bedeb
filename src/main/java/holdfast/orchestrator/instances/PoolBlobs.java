package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.orchestrator.instances.ThingAccess.Place;
import holdfast.pools.clouds.Right.Action;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/// What is in the buckets of a pool: each is looked for at its account, under the name that it has there. Reading needs
/// the right to use the bucket, writing that to change it.
final class PoolBlobs implements Blobs {
    private final AccountSides sides;
    private final Buckets buckets;

    /// Finds buckets.
    interface Buckets {
        Answer<Place> place(String bucket, Action action);
    }

    PoolBlobs(AccountSides sides, Buckets buckets) {
        this.sides = sides;
        this.buckets = buckets;
    }

    private interface Work<T> {
        Answer<T> at(Blobs blobs, String bucket);
    }

    private interface Writing<T> {
        Answer<T> at(Blobs blobs, String bucket) throws IOException;
    }

    private <T> Answer<T> at(String bucket, Action action, Work<T> work) {
        return buckets.place(bucket, action).flatMap(place -> work.at(sides.blobs(place.at()), place.key()));
    }

    private <T> Answer<T> writing(String bucket, Writing<T> work) throws IOException {
        return switch (buckets.place(bucket, Action.MODIFY)) {
            case Answer.No<Place>(var why) -> Answer.no(why);
            case Answer.Yes<Place>(var place) -> work.at(sides.blobs(place.at()), place.key());
        };
    }

    private static Blob in(String bucket, Blob blob) {
        return new Blob(bucket, blob.key(), blob.length(), blob.type(), blob.modified(), blob.metadata());
    }

    @Override
    public Optional<Blob> find(String bucket, String key) {
        return buckets.place(bucket, Action.USE) instanceof Answer.Yes<Place>(var place)
                ? sides.blobs(place.at()).find(place.key(), key).map(blob -> in(bucket, blob))
                : Optional.empty();
    }

    @Override
    public Answer<Blob> put(String bucket, Draft draft, InputStream content) throws IOException {
        return writing(bucket, (blobs, there) -> blobs.put(there, draft, content))
                .map(blob -> in(bucket, blob));
    }

    @Override
    public Answer<Content> open(String bucket, String key) {
        return at(bucket, Action.USE, (blobs, there) -> blobs.open(there, key))
                .map(content -> new Content(in(bucket, content.blob()), content.bytes()));
    }

    @Override
    public Answer<Blob> describe(String bucket, String key, Map<String, String> metadata) {
        return at(bucket, Action.MODIFY, (blobs, there) -> blobs.describe(there, key, metadata))
                .map(blob -> in(bucket, blob));
    }

    @Override
    public Answer<Blob> delete(String bucket, String key) {
        return at(bucket, Action.MODIFY, (blobs, there) -> blobs.delete(there, key))
                .map(blob -> in(bucket, blob));
    }

    @Override
    public Answer<String> begin(String bucket, Draft draft) {
        return at(bucket, Action.MODIFY, (blobs, there) -> blobs.begin(there, draft));
    }

    @Override
    public Answer<String> segment(
            String bucket, String key, String upload, int order, OptionalLong length, InputStream content)
            throws IOException {
        return writing(bucket, (blobs, there) -> blobs.segment(there, key, upload, order, length, content));
    }

    @Override
    public Answer<Blob> finish(String bucket, String key, String upload, SortedMap<Integer, String> segments) {
        return at(bucket, Action.MODIFY, (blobs, there) -> blobs.finish(there, key, upload, segments))
                .map(blob -> in(bucket, blob));
    }
}
