package holdfast.cli;

import java.nio.file.Path;
import java.util.Optional;

/// Copies everything that a server keeps into one file, and back.
public interface Backups {
    /// Writes a backup. An embedded database must not be in use: its server is stopped first.
    ///
    /// @param data directory of the server
    /// @param database JDBC URL, if not the embedded one
    /// @return bytes written
    /// @throws holdfast.platform.CannotStartException when the database is in use or cannot be read, or the file
    ///     not be written
    long save(Path data, Optional<String> database, Path file);

    /// Puts a backup into a data directory that holds nothing yet.
    ///
    /// @throws holdfast.platform.CannotStartException when something is there already, or the file is not a backup
    void restore(Path file, Path data, Optional<String> database);
}
