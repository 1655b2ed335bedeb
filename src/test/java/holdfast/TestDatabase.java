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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/// An empty, migrated database on a real PostgreSQL that all tests of this JVM share. One that a test is done with is
/// emptied for the next, because that takes a tenth of the time that a new one takes.
///
/// In a test class: `@AutoClose final TestDatabase db = TestDatabase.fresh();`
public final class TestDatabase implements AutoCloseable {
    private static final String TEMPLATE = "migrated";
    /// On a machine with much else to do a connection may take long: no test is to fail of that.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static final Deque<String> EMPTY = new ConcurrentLinkedDeque<>();

    /// What tells a database that a test has altered (it is thrown away) from one that has just other rows.
    private static final String SHAPE = """
            select (select string_agg(concat(relname, relkind, relnatts), ',' order by relname, relkind) from pg_class
                     where relnamespace = 'public'::regnamespace)
                || (select string_agg(version, ',' order by installed_rank) from flyway_schema_history)""";

    private static final String END_SESSIONS = """
            select pg_terminate_backend(pid, 5000) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid()""";

    private static final String MAKE_EMPTY = """
            do $$
            declare each text;
            begin
                set local session_replication_role = replica;
                for each in select quote_ident(tablename) from pg_tables
                             where schemaname = 'public' and tablename <> 'flyway_schema_history' loop
                    if pg_relation_size(each) > 1000000 then execute 'truncate ' || each || ' cascade';
                    else execute 'delete from ' || each; end if;
                end loop;
                perform setval(sequencename::regclass, 1, false) from pg_sequences where schemaname = 'public';
            end $$""";

    private final String name;
    private final List<Database> opened = new ArrayList<>();
    private final Database database;

    private TestDatabase(String name) {
        this.name = name;
        this.database = open();
    }

    /// A database of the caller's own.
    public static TestDatabase fresh() {
        var used = EMPTY.poll();
        if (used != null) return new TestDatabase(used);
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
        var options = Database.Options.standard().withPoolSize(8).withPatience(PATIENCE);
        var another = Database.openMigrated(url(), user(), password(), options);
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

    /// Empties all tables and starts their numbers anew, for a property with many tries. Do it when nothing runs.
    public void empty() {
        execute(MAKE_EMPTY);
    }

    private void execute(String sql) {
        try (var connection = Server.connect(name);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(name + ": " + e.getMessage(), e);
        }
    }

    /// Ends all connections, and gives the database to the next test.
    @Override
    public void close() {
        opened.forEach(Database::close);
        if (shape(name).equals(shape(TEMPLATE))) {
            execute(END_SESSIONS);
            empty();
            EMPTY.push(name);
        } else {
            admin("drop database " + name + " with (force)");
        }
    }

    private static String shape(String database) {
        try (var connection = Server.connect(database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(SHAPE)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        } catch (SQLException e) {
            return "broken: " + e.getMessage();
        }
    }

    private static void admin(String sql) {
        try (var connection = Server.connect("postgres");
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
                var directory =
                        home.resolve(String.valueOf(ProcessHandle.current().pid()));
                var postgres = EmbeddedPostgres.start(directory, EmbeddedPostgres.Options.forTests());
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(postgres, directory)));
                try (var connection =
                                DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
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

        static Connection connect(String database) throws SQLException {
            return DriverManager.getConnection(POSTGRES.jdbcUrl(database), POSTGRES.user(), POSTGRES.password());
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
