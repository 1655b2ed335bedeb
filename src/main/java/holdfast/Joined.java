package holdfast;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;

/// Streams, one after the other; each is opened when its turn has come.
final class Joined extends InputStream {
    private final Iterator<Source> sources;
    private InputStream now = InputStream.nullInputStream();

    /// Opens one of them.
    interface Source {
        InputStream open();
    }

    Joined(Iterator<Source> sources) {
        this.sources = sources;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int got = now.read(bytes, offset, length);
        while (got < 0 && sources.hasNext()) {
            now.close();
            now = sources.next().open();
            got = now.read(bytes, offset, length);
        }
        return got;
    }

    @Override
    public void close() throws IOException {
        now.close();
    }
}
