package holdfast.platform;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A stream that waits in a file, so that its length is known. Whoever closes it deletes the file.
public final class Spool implements AutoCloseable {
    private static final int PIECE = 1 << 16;

    private final Path file;
    private final long length;

    private Spool(Path file, long length) {
        this.file = file;
        this.length = length;
    }

    /// Reads a stream to its end, and does not close it.
    ///
    /// @param most in bytes
    /// @return empty if there is more
    public static Optional<Spool> of(InputStream content, long most) throws IOException {
        var file = Files.createTempFile("holdfast-spool", "");
        boolean kept = false;
        try {
            long length = copied(content, file, most);
            kept = length <= most;
            return kept ? Optional.of(new Spool(file, length)) : Optional.empty();
        } finally {
            if (!kept) {
                Files.delete(file);
            }
        }
    }

    /// @return more than `most` if there is more
    private static long copied(InputStream content, Path file, long most) throws IOException {
        var piece = new byte[PIECE];
        long length = 0;
        try (var out = Files.newOutputStream(file)) {
            for (int got = content.read(piece); got >= 0 && length <= most; got = content.read(piece)) {
                length += got;
                out.write(piece, 0, got);
            }
        }
        return length;
    }

    /// In bytes.
    public long length() {
        return length;
    }

    /// From its beginning; somebody must close it.
    public InputStream open() throws IOException {
        return new BufferedInputStream(Files.newInputStream(file), PIECE);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
