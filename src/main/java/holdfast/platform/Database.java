package holdfast.platform;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import holdfast.platform.DatabaseUnavailableException.Why;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jooq.ConnectionProvider;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A pool of connections to one PostgreSQL database (version 15 or newer) whose schema is up to date.
public final class Database implements AutoCloseable {
    static {
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
    }

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int TRIES = 8;

    /// A database that says nothing for so long in a transaction is taken for gone: it hangs, or the network
    /// between swallows what is said. Connections outside of the pool may be silent for as long as they like.
    private static final Duration SILENCE = Duration.ofSeconds(30);

    /// A process that is suspended in the middle of a transaction must not keep its locks for ever. And a plan that
    /// was made while a table was empty must not read all of it once it is large: plans are kept for as long as a
    /// connection, and every query has its index. What then looks dear to the planner must not be compiled first.
    private static final String SESSION =
            "set idle_in_transaction_session_timeout = '60s'; set enable_seqscan = off; set jit = off";

    /// Set while a transaction runs on this thread: a second one inside it would not see the first one's changes,
    /// and might wait for its locks, or for a connection, for ever.
    private static final ScopedValue<Database> RUNNING = ScopedValue.newInstance();

    /// How a database is used.
    ///
    /// @param poolSize most transactions that run at the same time, at least 1
    /// @param patience how long to wait for a connection before giving up
    public record Options(int poolSize, Duration patience) {
        public Options {
            if (poolSize < 1) throw new IllegalArgumentException("pool size " + poolSize + " is below 1");
        }

        /// 12 connections, 5 seconds.
        public static Options standard() {
            return new Options(12, Duration.ofSeconds(5));
        }

        public Options withPoolSize(int size) {
            return new Options(size, patience);
        }

        public Options withPatience(Duration longest) {
            return new Options(poolSize, longest);
        }
    }

    private final PGSimpleDataSource server;
    private final HikariDataSource pool;
    /// That of the transaction which runs on this thread. All transactions share what jOOQ is configured with: to
    /// make it anew for each would cost more than a statement.
    private final ScopedValue<Connection> current = ScopedValue.newInstance();

    private final DSLContext sql;
    private final AtomicInteger commits = new AtomicInteger();
    private final LongAdder done = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private volatile Faults faults = Faults.NONE;

    private Database(PGSimpleDataSource server, HikariDataSource pool) {
        this.server = server;
        this.pool = pool;
        this.sql = DSL.using(new DefaultConfiguration()
                .set(new OfTransaction(current))
                .set(SQLDialect.POSTGRES)
                .set(new Settings()
                        .withExecuteLogging(false)
                        .withRenderCatalog(false)
                        .withRenderSchema(false)));
    }

    /// Connects with the standard options.
    ///
    /// @throws CannotStartException as in [#open(String, String, String, Options)]
    public static Database open(String url, String user, String password) {
        return open(url, user, password, Options.standard());
    }

    /// Connects and brings the schema up to date. Safe when several servers do it at once.
    ///
    /// @param url `jdbc:postgresql://host[:port]/database[?options]`
    /// @throws CannotStartException when the database cannot be reached, is older than version 15, was written by a
    ///     newer holdfast, or its schema is not as it was left
    public static Database open(String url, String user, String password, Options options) {
        var server = server(url, user, password);
        Migrations.apply(server, Migrations.IN_JAR);
        return connect(server, server(url, user, password), options);
    }

    /// Connects, without a look at the schema, to a database that is known to be up to date. Does not fail when it
    /// is not there: transactions do.
    public static Database openMigrated(String url, String user, String password, Options options) {
        return connect(server(url, user, password), server(url, user, password), options);
    }

    static PGSimpleDataSource server(String url, String user, String password) {
        var server = new PGSimpleDataSource();
        try {
            server.setUrl(url);
        } catch (IllegalArgumentException e) {
            throw new CannotStartException(
                    "The database URL " + url + " is not of the form jdbc:postgresql://host:port/database.", e);
        }
        server.setUser(user);
        server.setPassword(password);
        server.setApplicationName("holdfast");
        server.setConnectTimeout(5);
        server.setTcpKeepAlive(true);
        server.setReWriteBatchedInserts(true);
        return server;
    }

    /// @param pooled where the connections of the pool come from
    static Database connect(PGSimpleDataSource server, PGSimpleDataSource pooled, Options options) {
        if (pooled.getSocketTimeout() == 0) pooled.setSocketTimeout((int) SILENCE.toSeconds());
        var config = new HikariConfig();
        config.setPoolName("holdfast");
        config.setDataSource(pooled);
        config.setAutoCommit(false);
        config.setMaximumPoolSize(options.poolSize());
        if (options.poolSize() > 2) { // else nothing may be given back
            config.setMinimumIdle(2);
            config.setIdleTimeout(Duration.ofMinutes(1).toMillis());
        }
        config.setConnectionTimeout(options.patience().toMillis());
        config.setValidationTimeout(Math.min(2000, options.patience().toMillis()));
        config.setInitializationFailTimeout(-1); // it is there: we have just asked it
        config.setConnectionInitSql(SESSION);
        config.setIsolateInternalQueries(true); // or that statement opens a transaction which nobody ends
        return new Database(server, new HikariDataSource(config));
    }

    /// Runs `work` in one transaction (read committed) and returns its result. When the transaction loses a race
    /// against another one (serialization failure, deadlock, a lock not waited for) the whole of `work` is run
    /// again, up to eight times in all, after random pauses: so it must not do anything that a rollback does not
    /// undo.
    ///
    /// @throws DatabaseUnavailableException when no connection is to be had in time, or it breaks, or the disk is
    ///     full, or each try has lost
    /// @throws IllegalStateException when called inside of a transaction of the same database
    public <R extends @Nullable Object> R inTransaction(Function<? super Tx, ? extends R> work) {
        if (RUNNING.isBound() && RUNNING.get() == this)
            throw new IllegalStateException("a transaction inside of a transaction: hand the Tx down instead");
        var lockedFirst = new ArrayList<Consumer<Tx>>();
        for (int attempt = 1; ; attempt++) {
            try {
                return once(work, attempt == 1, lockedFirst);
            } catch (RuntimeException e) {
                if (SqlErrors.isLostRace(e)) {
                    LOG.debug("transaction lost a race, try {}", attempt, e);
                    if (attempt == TRIES)
                        throw new DatabaseUnavailableException(
                                "a transaction lost " + TRIES + " races, the last one: " + e.getMessage(),
                                Why.CROWDED,
                                e);
                    repeated.increment();
                    pause(attempt);
                    continue;
                }
                throw e instanceof DatabaseUnavailableException
                        ? e
                        : SqlErrors.unavailable(e)
                                .map(RuntimeException.class::cast)
                                .orElse(e);
            }
        }
    }

    private <R extends @Nullable Object> R once(
            Function<? super Tx, ? extends R> work, boolean first, List<Consumer<Tx>> lockedFirst) {
        var tx = new Tx(sql, first, lockedFirst);
        var connection = connection();
        R result;
        int n = 0;
        try {
            result = ScopedValue.where(RUNNING, this).where(current, connection).call(() -> {
                List.copyOf(lockedFirst).forEach(lock -> lock.accept(tx));
                R done = work.apply(tx);
                tx.flush();
                return done;
            });
            if (faults != Faults.NONE && ScopedValue.where(current, connection).call(() -> hasWritten(tx))) {
                n = commits.incrementAndGet();
                faults.beforeCommit(n);
            }
            commit(connection);
        } catch (Throwable e) {
            rollback(connection, e);
            tx.rolledBack();
            throw e;
        } finally {
            tx.end();
            giveBack(connection);
        }
        try {
            if (n > 0) faults.afterCommit(n);
        } catch (Throwable e) {
            tx.rolledBack(); // nobody hears of the commit
            throw e;
        }
        done.increment();
        tx.committed();
        return result;
    }

    /// Whether a kill around its commit differs from one around the commit before: what only reads leaves no trace.
    private static boolean hasWritten(Tx tx) {
        return Boolean.TRUE.equals(tx.sql().fetchValue("select pg_current_xact_id_if_assigned() is not null"));
    }

    /// @throws DatabaseUnavailableException if all are in use for too long
    private Connection connection() {
        try {
            return pool.getConnection();
        } catch (SQLTransientConnectionException e) {
            var state = pool.getHikariPoolMXBean();
            if (state != null && state.getTotalConnections() >= pool.getMaximumPoolSize()) {
                throw new DatabaseUnavailableException(
                        "all " + pool.getMaximumPoolSize() + " connections are in use, and "
                                + state.getThreadsAwaitingConnection() + " wait for one",
                        Why.BUSY,
                        e);
            }
            throw failed(e);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private RuntimeException failed(SQLException e) {
        return pool.isClosed()
                ? new DatabaseUnavailableException("the database was closed", Why.AWAY, e)
                : new TransactionException(e);
    }

    private static void rollback(Connection connection, Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e); // the connection is broken: the server has rolled back by itself
        }
    }

    /// The transaction has ended by now: a connection that breaks here changes nothing of what became of it.
    private static void giveBack(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.warn("a connection broke after its transaction: {}", e.getMessage());
        }
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(1, 10 << Math.min(attempt, 5)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted between two tries of a transaction", e);
        }
    }

    /// Tells `registry` how many connections are in use and waited for, as HikariCP names it, and how many
    /// transactions were committed or begun again. Only the first registry hears of connections.
    public void tell(MeterRegistry registry) {
        if (pool.getMetricsTrackerFactory() == null) {
            pool.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(registry));
        }
        FunctionCounter.builder("holdfast.transactions", done, LongAdder::doubleValue)
                .description("Transactions that were committed")
                .register(registry);
        FunctionCounter.builder("holdfast.transactions.repeated", repeated, LongAdder::doubleValue)
                .description("Tries of transactions that others got in the way of")
                .register(registry);
    }

    /// A connection of the caller's own, outside of the pool, committing each statement by itself: for listening to
    /// notifications, for locks that last as long as a session, and for streams. The caller closes it.
    public Connection connect() throws SQLException {
        return server.getConnection();
    }

    /// The version of the last migration that the schema has got.
    String schemaVersion() {
        return Migrations.version(server).orElse("none");
    }

    /// From now on these faults happen around each commit. For tests.
    public void inject(Faults injected) {
        commits.set(0);
        faults = injected;
    }

    /// Closes all connections of the pool; transactions that still run fail.
    @Override
    public void close() {
        pool.close();
    }

    /// Statements go through the connection of their transaction, which ends it.
    private record OfTransaction(ScopedValue<Connection> current) implements ConnectionProvider {
        @Override
        public Connection acquire() {
            return current.orElseThrow(() -> new IllegalStateException("no transaction runs on this thread"));
        }

        @Override
        public void release(Connection connection) {}
    }

    /// An error of the database outside of a statement: getting a connection, or committing.
    static final class TransactionException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TransactionException(SQLException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
