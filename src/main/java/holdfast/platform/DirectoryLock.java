package holdfast.platform;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Exclusive use of a directory by one process, until closed or until the process ends in whatever way.
///
/// The operating system holds the lock on the file `lock` in the directory; the file's text is the process id, for
/// people and for the error message.
public final class DirectoryLock implements AutoCloseable {
    /// Directories locked by this very process. Asked first, because closing a second channel to a lock file would
    /// let go of the lock on the first.
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /// Makes the directory if it is not there (readable by its owner alone) and locks it.
    ///
    /// @throws CannotStartException when the directory cannot be written, is full, or is in use by another process
    public static DirectoryLock take(Path directory) {
        Path real;
        try {
            PrivateFiles.makeDirectory(directory);
            real = directory.toRealPath();
        } catch (FileAlreadyExistsException e) {
            throw new CannotStartException(
                    "The data directory " + directory + " is a file. Name a directory, or move the file away.", e);
        } catch (IOException e) {
            throw cannotWrite(directory, e);
        }
        if (!OURS.add(real))
            throw new CannotStartException("The data directory " + real + " is already in use by this process ("
                    + ProcessHandle.current().pid() + ").");
        try {
            return new DirectoryLock(real, lock(real));
        } catch (IOException e) {
            OURS.remove(real);
            throw cannotWrite(real, e);
        } catch (RuntimeException e) {
            OURS.remove(real);
            throw e;
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        var file = directory.resolve("lock");
        var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock held = channel.tryLock();
            if (held == null)
                throw new CannotStartException(
                        "The data directory " + directory + " is in use by another holdfast, process "
                                + Files.readString(file).strip() + ". Stop that one, or choose another directory.");
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8)));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /// What to tell the operator when the directory or a file in it cannot be written.
    static CannotStartException cannotWrite(Path directory, IOException cause) {
        if (isDiskFull(cause))
            return new CannotStartException(
                    "No space is left in the data directory " + directory
                            + ". Free some, or choose a directory on another disk.",
                    cause);
        var why = cause instanceof AccessDeniedException
                ? "permission denied"
                : cause instanceof NoSuchFileException
                        ? "there is no such place, and none can be made"
                        : cause instanceof FileSystemException f && f.getReason() != null
                                ? f.getReason()
                                : String.valueOf(cause);
        return new CannotStartException(
                "The data directory " + directory + " cannot be written (" + why
                        + "). Give it to the user who runs holdfast, or choose another directory.",
                cause);
    }

    /// Whether an input or output error means that the file system has no room, or the user's quota is used up.
    static boolean isDiskFull(IOException cause) {
        var text = String.valueOf(cause.getMessage());
        return text.contains("No space left on device") || text.contains("Disk quota exceeded");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new CannotStartException("cannot unlock " + directory, e);
        } finally {
            OURS.remove(directory);
        }
    }
}
