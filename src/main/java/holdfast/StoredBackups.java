package holdfast;

import holdfast.cli.Backups;
import holdfast.engine.Engine;
import holdfast.platform.Backup;
import holdfast.platform.CannotStartException;
import holdfast.platform.Database;
import holdfast.platform.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// Backups of the database of a data directory, or of one that is named by URL.
final class StoredBackups implements Backups {
    @Override
    public long save(Path data, Optional<String> database, Path file) {
        with(data, database, open -> Backup.write(open, file));
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new CannotStartException("the backup " + file + " cannot be read back: " + e.getMessage(), e);
        }
    }

    @Override
    public void restore(Path file, Path data, Optional<String> database) {
        with(data, database, open -> {
            Backup.restore(open, file);
            open.inTransaction(Engine::restored);
        });
    }

    /// The embedded database must not be in use: a server that runs on it is to be stopped first.
    private static void with(Path data, Optional<String> url, Consumer<Database> work) {
        if (url.isPresent()) {
            try (var open = Ground.external(url.get())) {
                work.accept(open);
            }
            return;
        }
        try (var postgres = EmbeddedPostgres.start(data.resolve("postgres"), EmbeddedPostgres.Options.standard());
                var open = Database.open(postgres.jdbcUrl(), postgres.user(), postgres.password())) {
            work.accept(open);
        }
    }
}
