package holdfast.platform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Files and directories that only their owner may read, and that are whole or not there.
public final class PrivateFiles {
    private static final Logger LOG = LoggerFactory.getLogger(PrivateFiles.class);
    private static final SecureRandom RANDOM = new SecureRandom();

    private PrivateFiles() {}

    /// Makes a directory and its parents; those that are made here have mode 0700. One that exists is left as it
    /// is.
    public static void makeDirectory(Path directory) throws IOException {
        if (Files.isDirectory(directory)) return; // also a symbolic link to one
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /// Writes a small secret with mode 0600, replacing what was there in one step, and makes it durable.
    public static void writeSecret(Path file, String text) throws IOException {
        var directory = requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory");
        var fresh = directory.resolve(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = FileChannel.open(fresh, Set.of(CREATE_NEW, WRITE), mode)) {
            var bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
            while (bytes.hasRemaining()) channel.write(bytes);
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        syncDirectory(directory);
    }

    /// The text of a small secret file without the space around it, or empty when there is no such file. One that
    /// others could read is closed to them, with a warning.
    public static Optional<String> readSecret(Path file) throws IOException {
        if (!Files.exists(file)) return Optional.empty();
        var mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        if (!mode.endsWith("------")) {
            LOG.warn(
                    "{} could be read by others (mode {}); now by its owner only. Make a new secret if it matters.",
                    file,
                    mode);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        return Optional.of(Files.readString(file).strip());
    }

    /// A random secret of 192 bits, in characters that need no quoting anywhere.
    public static String newSecret() {
        var bytes = new byte[24];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// Makes what was created in, renamed in or removed from a directory durable.
    static void syncDirectory(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory)) {
            channel.force(true);
        }
    }

    /// Deletes a directory with all that is in it, not following links. What is not there, or goes meanwhile, is
    /// fine.
    public static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory, java.nio.file.LinkOption.NOFOLLOW_LINKS)) return;
        Files.walkFileTree(
                directory, EnumSet.noneOf(java.nio.file.FileVisitOption.class), 100, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException error) throws IOException {
                        if (error instanceof NoSuchFileException) return FileVisitResult.CONTINUE;
                        throw error;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path visited, @org.jspecify.annotations.Nullable IOException error) throws IOException {
                        if (error != null) throw error;
                        Files.deleteIfExists(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
