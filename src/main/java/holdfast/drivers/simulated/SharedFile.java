package holdfast.drivers.simulated;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// A file in which threads and processes keep the same things: what one of them does with these, no other sees half
/// done. Without a file they are kept by nobody, and the caller keeps other threads out.
final class SharedFile {
    private static final String ABSENT = "not there";

    /// The lock on a file keeps other processes out, but not other threads of this one.
    private static final ReentrantLock HERE = new ReentrantLock();

    private final Optional<Path> file;
    private final Contents contents;
    private Optional<String> known = Optional.empty();

    /// What is in it, in memory.
    interface Contents {
        /// Forgets everything for what the file says now; empty = there is no file.
        void read(Optional<String> text);

        /// What the file is to say; empty = nothing has changed since the last time this was called, or [#read] was.
        Optional<String> changed();
    }

    SharedFile(Optional<Path> file, Contents contents) {
        this.file = file;
        this.contents = contents;
    }

    /// Runs `work` on what the file says now, and keeps what it changes: nobody else who has the same file, in this
    /// process or in another one, does anything meanwhile. What could not be kept did not happen. Not to be nested.
    ///
    /// @throws UncheckedIOException if the file cannot be read or written
    <T> T alone(Supplier<T> work) {
        if (file.isEmpty()) return work.get();
        HERE.lock();
        try {
            Files.createDirectories(file.get().toAbsolutePath().getParent());
            try (var channel = FileChannel.open(beside(".lock"), CREATE, WRITE);
                    var _ = channel.lock()) {
                refresh();
                try {
                    return work.get();
                } finally {
                    save();
                }
            }
        } catch (IOException e) {
            known = Optional.empty();
            throw new UncheckedIOException("what is simulated cannot be kept in " + file.get(), e);
        } finally {
            HERE.unlock();
        }
    }

    private Path beside(String ending) {
        return file.orElseThrow().resolveSibling(file.orElseThrow().getFileName() + ending);
    }

    private void refresh() throws IOException {
        var there = version();
        if (known.equals(Optional.of(there))) return;
        contents.read(there.equals(ABSENT) ? Optional.empty() : Optional.of(Files.readString(file.orElseThrow())));
        known = Optional.of(there);
    }

    /// Changes whenever the file is replaced.
    private String version() throws IOException {
        try {
            var now = Files.readAttributes(file.orElseThrow(), BasicFileAttributes.class);
            return now.fileKey() + " " + now.lastModifiedTime() + " " + now.size();
        } catch (NoSuchFileException _) {
            return ABSENT;
        }
    }

    /// The file is whole or as before.
    private void save() throws IOException {
        var text = contents.changed();
        if (text.isEmpty()) return;
        var fresh = beside(".new");
        Files.writeString(fresh, text.get());
        Files.move(fresh, file.orElseThrow(), ATOMIC_MOVE);
        known = Optional.of(version());
    }
}
