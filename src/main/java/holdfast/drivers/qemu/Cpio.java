package holdfast.drivers.qemu;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;

/// Writes a cpio archive in the `newc` format that Linux unpacks at boot. Same content, same bytes: no time, no owner,
/// numbered inodes.
final class Cpio implements AutoCloseable {
    private static final int DIRECTORY = 0040000;
    private static final int FILE = 0100000;
    private final OutputStream out;
    private long written;
    private int inode;

    Cpio(OutputStream out) {
        this.out = out;
    }

    /// @param name without a leading slash
    void directory(String name) throws IOException {
        entry(name, DIRECTORY | 0755, new byte[0]);
    }

    /// @param mode permission bits, such as 0755
    void file(String name, int mode, byte[] content) throws IOException {
        entry(name, FILE | mode, content);
    }

    private void entry(String name, int mode, byte[] content) throws IOException {
        var path = (name + "\0").getBytes(US_ASCII);
        var header = new StringBuilder("070701");
        int[] fields = {++inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, path.length, 0};
        for (int field : fields) header.append("%08X".formatted(field));
        write(header.toString().getBytes(US_ASCII));
        write(path);
        pad();
        write(content);
        pad();
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        written += bytes.length;
    }

    private void pad() throws IOException {
        while (written % 4 != 0) write(new byte[1]);
    }

    /// Writes the end mark and closes the stream.
    @Override
    public void close() throws IOException {
        entry("TRAILER!!!", 0, new byte[0]);
        out.close();
    }
}
