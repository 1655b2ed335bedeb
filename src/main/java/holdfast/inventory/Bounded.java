package holdfast.inventory;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/// A stream that refuses to be longer than its limit. Failures of the stream itself come out unchecked, so that no
/// parser takes them for a fault of the text.
final class Bounded extends FilterInputStream {
    private final long limit;
    private long count;

    Bounded(InputStream in, long limit) {
        super(in);
        this.limit = limit;
    }

    @Override
    public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        try {
            int got = in.read(buffer, offset, length);
            count += Math.max(got, 0);
            if (count > limit) {
                throw tooLong(limit);
            }
            return got;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    static RuntimeException tooLong(long limit) {
        return Assembly.refuse("graph", "the file is longer than " + limit + " bytes, the most that is read");
    }
}
