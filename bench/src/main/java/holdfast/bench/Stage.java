package holdfast.bench;

import holdfast.platform.Database;
import holdfast.platform.EmbeddedPostgres;
import holdfast.platform.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;

/// A new, durable embedded PostgreSQL in a directory of its own, gone when it is closed.
final class Stage implements AutoCloseable {
    private final Path directory;
    private final EmbeddedPostgres postgres;
    private final Database database;

    private Stage(Path directory) {
        this.directory = directory;
        this.postgres = EmbeddedPostgres.start(directory.resolve("postgres"), EmbeddedPostgres.Options.standard());
        this.database = Database.open(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    static Stage open() throws IOException {
        return new Stage(place());
    }

    /// A new directory on the disk of the product: a memory file system would make the figures better than they are.
    static Path place() throws IOException {
        var target = Path.of(System.getProperty("holdfast.home"), "bench", "target");
        Files.createDirectories(target);
        return Files.createTempDirectory(target, "data-");
    }

    Path directory() {
        return directory;
    }

    Database database() {
        return database;
    }

    /// The process id of the database server.
    long postgres() {
        return postgres.pid();
    }

    /// Another database on the same server, empty.
    PGSimpleDataSource fresh(String name) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("drop database if exists " + name + " with (force)");
            statement.execute("create database " + name);
        }
        var source = new PGSimpleDataSource();
        source.setUrl(postgres.jdbcUrl(name));
        source.setUser(postgres.user());
        source.setPassword(postgres.password());
        return source;
    }

    @Override
    public void close() throws IOException {
        database.close();
        postgres.close();
        PrivateFiles.deleteTree(directory);
    }
}
