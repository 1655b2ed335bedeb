package holdfast.drivers.qemu;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/// Work on the files of a directory that only one may do at a time, whichever process it is in.
final class Alone {
    /// Locks of files are between processes; this one is between our threads.
    private static final ReentrantLock HERE = new ReentrantLock();

    private Alone() {}

    interface Work<T> {
        T get() throws IOException;
    }

    /// Waits for whoever works in `directory`, which is made if need be. A process that dies lets go of it.
    static <T> T in(Path directory, Work<T> work) throws IOException {
        HERE.lock();
        try (var channel = FileChannel.open(Files.createDirectories(directory).resolve("lock"), CREATE, WRITE);
                var _ = channel.lock()) {
            return work.get();
        } finally {
            HERE.unlock();
        }
    }
}
