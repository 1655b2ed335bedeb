package holdfast.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import holdfast.platform.Database;
import holdfast.platform.EmbeddedPostgres;
import holdfast.platform.PrivateFiles;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A new, durable embedded PostgreSQL in a directory of its own, gone when it is closed, unless it is kept.
final class Stage implements AutoCloseable {
    private static final Optional<Path> KEPT =
            Optional.ofNullable(System.getProperty("bench.data")).map(Path::of);

    private final Path directory;
    private final boolean kept;
    private final EmbeddedPostgres postgres;
    private final Database database;

    private Stage(Path directory, boolean kept) {
        this.directory = directory;
        this.kept = kept;
        if (Told.WANTED) {
            prepare(directory.resolve("postgres"));
        }
        this.postgres = EmbeddedPostgres.start(directory.resolve("postgres"), EmbeddedPostgres.Options.standard());
        this.database = Database.open(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    /// Has the server count statements when it starts the next time.
    private static void prepare(Path data) {
        try (var first = EmbeddedPostgres.start(data, EmbeddedPostgres.Options.standard());
                var database = Database.openMigrated(
                        first.jdbcUrl(), first.user(), first.password(), Database.Options.standard())) {
            Told.prepare(database);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stage open() throws IOException {
        return new Stage(place(), false);
    }

    /// One whose content is worth keeping: with `-Dbench.data=DIR` the next run finds it there.
    static Stage open(String name) throws IOException {
        if (KEPT.isEmpty()) {
            return open();
        }
        var directory = KEPT.get().resolve(name);
        Files.createDirectories(directory);
        return new Stage(directory, true);
    }

    /// A new directory on the disk of the product: a memory file system would make the figures better than they
    /// are.
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

    /// A server as users start it, on this database; its data directory lies in that of the stage.
    ///
    /// @param more of its options
    Up up(String... more) throws IOException, InterruptedException {
        return Up.start(
                directory.resolve("server"),
                Map.of("HOLDFAST_DATABASE_USER", postgres.user(), "HOLDFAST_DATABASE_PASSWORD", postgres.password()),
                Stream.concat(Stream.of("--database", postgres.jdbcUrl()), Stream.of(more)).toArray(String[]::new));
    }

    /// The process id of the database server.
    long postgres() {
        return postgres.pid();
    }

    /// The same database through connections with other settings of the server.
    Database with(String settings) {
        var options = "?options=" + URLEncoder.encode(settings, StandardCharsets.UTF_8).replace("+", "%20");
        return Database.openMigrated(
                postgres.jdbcUrl() + options, postgres.user(), postgres.password(), Database.Options.standard());
    }

    /// What the server has logged so far.
    String log() throws IOException {
        return Files.readString(directory.resolve("postgres/postgres.log"));
    }

    /// Connections to another database on the same server, an empty one. The first is made when it is asked for.
    HikariDataSource fresh(String name, int connections) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("drop database if exists " + name + " with (force)");
            statement.execute("create database " + name);
        }
        var config = new HikariConfig();
        config.setJdbcUrl(postgres.jdbcUrl(name));
        config.setUsername(postgres.user());
        config.setPassword(postgres.password());
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    /// Another database on the same server, empty and with our schema; the caller closes it.
    Database another(String name) throws SQLException {
        fresh(name, 1).close();
        return Database.open(postgres.jdbcUrl(name), postgres.user(), postgres.password());
    }

    @Override
    public void close() throws IOException {
        database.close();
        postgres.close();
        if (!kept) {
            PrivateFiles.deleteTree(directory);
        }
    }
}
