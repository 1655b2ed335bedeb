package holdfast.platform;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/// The PostgreSQL programs that travel in our jar, unpacked once per version into a cache that all data directories of
/// a user share.
final class PostgresBinaries {
    /// Version of the binaries that the build puts on the class path; a test compares it with what the server says.
    static final String VERSION = "18.6";

    /// Clusters of different major versions cannot read each other's files.
    static final String MAJOR = "18";

    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

    private PostgresBinaries() {}

    /// The installation directory (with `bin/postgres` in it), unpacked into `cache` first if this version is not
    /// there yet.
    ///
    /// Safe when several processes do it at once: each unpacks for itself and the first rename wins.
    static Path unpacked(Path cache) {
        requirePlatform(System.getProperty("os.name"), System.getProperty("os.arch"));
        var home = cache.resolve("postgresql-" + VERSION + "-linux-x86_64");
        if (Files.isExecutable(home.resolve("bin/postgres"))) return home;
        try {
            PrivateFiles.makeDirectory(cache);
            var fresh = Files.createTempDirectory(cache, "unpacking-");
            try {
                unpack(fresh);
                sync(fresh);
                Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException e) {
                if (!Files.isExecutable(home.resolve("bin/postgres"))) throw e; // else somebody else was first
            } finally {
                PrivateFiles.deleteTree(fresh);
            }
            return home;
        } catch (IOException e) {
            throw DirectoryLock.cannotWrite(cache, e);
        }
    }

    static void requirePlatform(String system, String processor) {
        boolean fits = system.toLowerCase(Locale.ROOT).equals("linux")
                && (processor.equals("amd64") || processor.equals("x86_64"));
        if (!fits)
            throw new CannotStartException(
                    "The embedded PostgreSQL is for Linux on x86-64, this is " + system + " on " + processor
                            + ". Name a PostgreSQL server of version 15 or newer with --database jdbc:postgresql://...");
    }

    private static void unpack(Path target) throws IOException {
        try (InputStream packed = PostgresBinaries.class.getResourceAsStream(ARCHIVE)) {
            if (packed == null)
                throw new CannotStartException(
                        "This build of holdfast carries no PostgreSQL. Name a server of version 15 or"
                                + " newer with --database jdbc:postgresql://...");
            try (var tar = new TarArchiveInputStream(new XZCompressorInputStream(packed))) {
                for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) unpack(tar, entry, target);
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path target) throws IOException {
        var path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) throw new IOException("entry outside of the archive: " + entry.getName());
        if (entry.isDirectory()) {
            Files.createDirectories(path);
        } else if (entry.isSymbolicLink()) {
            Files.createDirectories(path.getParent());
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
            Files.createDirectories(path.getParent());
            Files.copy(tar, path);
            Files.setPosixFilePermissions(path, permissions(entry.getMode()));
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        var permissions = EnumSet.of(
                PosixFilePermission.OWNER_READ, PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);
        if ((mode & 0100) != 0)
            permissions.addAll(EnumSet.of(
                    PosixFilePermission.OWNER_EXECUTE,
                    PosixFilePermission.GROUP_EXECUTE,
                    PosixFilePermission.OTHERS_EXECUTE));
        return permissions;
    }

    /// The rename must not reach the disk before the contents do, or a power cut leaves empty programs under the
    /// final name.
    private static void sync(Path directory) throws IOException {
        Commands.run("sync", "--file-system", directory.toString());
    }
}
