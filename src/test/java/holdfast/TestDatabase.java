package holdfast;

import holdfast.platform.Database;
import holdfast.platform.EmbeddedPostgres;
import holdfast.platform.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A new, empty, migrated database on a real PostgreSQL that all tests of this JVM share. Takes about 20 ms after the
/// first.
///
/// In a test class: `@AutoClose final TestDatabase db = TestDatabase.fresh();`
public final class TestDatabase implements AutoCloseable {
    private static final String TEMPLATE = "migrated";
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final String name;
    private final List<Database> opened = new ArrayList<>();
    private final Database database;

    private TestDatabase(String name) {
        this.name = name;
        this.database = open();
    }

    /// A database of the caller's own.
    public static TestDatabase fresh() {
        var name = "test" + COUNTER.incrementAndGet();
        admin("create database " + name + " template " + TEMPLATE);
        return new TestDatabase(name);
    }

    /// The connections of the first server process.
    public Database database() {
        return database;
    }

    /// The connections of another server process on the same database; closed with this object at the latest.
    public Database open() {
        var another = Database.openMigrated(
                url(), user(), password(), Database.Options.standard().withPoolSize(8));
        opened.add(another);
        return another;
    }

    /// For a test that starts a real server process.
    public String url() {
        return Server.POSTGRES.jdbcUrl(name);
    }

    public String user() {
        return Server.POSTGRES.user();
    }

    public String password() {
        return Server.POSTGRES.password();
    }

    /// Empties all tables and restarts their numbers: faster than a fresh database, for a property with many tries.
    public void empty() {
        database.inTransaction(tx -> tx.sql().execute("""
                do $$ begin
                    execute (select 'truncate ' || string_agg(quote_ident(tablename), ', ') || ' restart identity cascade'
                               from pg_tables where schemaname = 'public' and tablename <> 'flyway_schema_history');
                end $$"""));
    }

    /// Drops the database, with all connections to it.
    @Override
    public void close() {
        opened.forEach(Database::close);
        admin("drop database " + name + " with (force)");
    }

    private static void admin(String sql) {
        try (var connection = Server.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql + ": " + e.getMessage(), e);
        }
    }

    /// The one server of this JVM; starts when it is first needed, and goes with the JVM.
    private static final class Server {
        static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                var home = Path.of(System.getProperty("holdfast.root", ".")).resolve("target/test-databases");
                removeLeftovers(home);
                var directory = home.resolve(String.valueOf(ProcessHandle.current().pid()));
                var postgres = EmbeddedPostgres.start(directory, EmbeddedPostgres.Options.forTests());
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(postgres, directory)));
                try (var connection = DriverManager.getConnection(
                                postgres.jdbcUrl(), postgres.user(), postgres.password());
                        var statement = connection.createStatement()) {
                    statement.execute("create database " + TEMPLATE);
                }
                Database.open(postgres.jdbcUrl(TEMPLATE), postgres.user(), postgres.password())
                        .close();
                return postgres;
            } catch (IOException | SQLException e) {
                throw new IllegalStateException("no database for tests", e);
            }
        }

        static Connection connect() throws SQLException {
            return DriverManager.getConnection(POSTGRES.jdbcUrl(), POSTGRES.user(), POSTGRES.password());
        }

        private static void stop(EmbeddedPostgres postgres, Path directory) {
            postgres.close();
            try {
                PrivateFiles.deleteTree(directory);
            } catch (IOException e) {
                System.err.println("left behind: " + directory + ": " + e);
            }
        }

        /// Directories of test runs that were killed.
        private static void removeLeftovers(Path home) throws IOException {
            if (!Files.isDirectory(home)) return;
            try (var directories = Files.list(home)) {
                for (var directory : directories.toList()) {
                    var pid = Long.parseLong(directory.getFileName().toString());
                    if (ProcessHandle.of(pid).isEmpty()) PrivateFiles.deleteTree(directory);
                }
            }
        }
    }
}
