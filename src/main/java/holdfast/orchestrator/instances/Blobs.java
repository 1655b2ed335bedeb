package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/// What is in the buckets of a pool (aeolus.md 5.3.7). Contents pass through piece by piece; nobody holds them whole.
/// Buckets are named by their ids, blobs by their keys.
public interface Blobs {
    Optional<Blob> find(String bucket, String key);

    /// Writes a blob, or another content into one.
    ///
    /// @param content is read to its end, not closed
    /// @return NOT_THERE without such a bucket, NOT_YOURS, BROKEN, SILENT; then nothing is there that was not
    ///     before
    /// @throws IOException if `content` cannot be read; likewise
    Answer<Blob> put(String bucket, Draft draft, InputStream content) throws IOException;

    Answer<Content> open(String bucket, String key);

    /// Replaces what is said about a blob.
    Answer<Blob> describe(String bucket, String key, Map<String, String> metadata);

    /// @return what it was
    Answer<Blob> delete(String bucket, String key);

    /// Begins a blob that comes in segments.
    ///
    /// @return the id of this upload
    Answer<String> begin(String bucket, Draft draft);

    /// Takes one segment; sent again it replaces what came before.
    ///
    /// @param order 1..10,000
    /// @return the id of the segment
    /// @throws IOException if `content` cannot be read
    Answer<String> segment(
            String bucket, String key, String upload, int order, OptionalLong length, InputStream content)
            throws IOException;

    /// Makes the blob of its segments.
    ///
    /// @param segments ids by order
    Answer<Blob> finish(String bucket, String key, String upload, SortedMap<Integer, String> segments);

    /// @param length in bytes
    /// @param type a media type
    /// @param metadata by names in lower case
    record Blob(
            String bucket,
            String key,
            long length,
            String type,
            Optional<Instant> modified,
            Map<String, String> metadata) {
        public Blob {
            metadata = Map.copyOf(metadata);
        }
    }

    /// A blob to be.
    ///
    /// @param length in bytes, if it is known before
    record Draft(String key, String type, Map<String, String> metadata, OptionalLong length) {
        public Draft {
            metadata = Map.copyOf(metadata);
        }
    }

    /// @param bytes to be closed by whoever asked
    record Content(Blob blob, InputStream bytes) {}
}
