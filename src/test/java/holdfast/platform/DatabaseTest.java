package holdfast.platform;

import static holdfast.db.Tables.INBOX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class DatabaseTest {
    private static final Instant NOON = Instant.parse("2030-01-07T12:00:00.123456Z");

    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    private final Database database = db.database();

    @Test
    void what_is_written_is_read_back_to_the_microsecond() {
        var id = new UUID(1, 2);
        database.inTransaction(tx -> write(tx, id));
        assertThat(database.<Instant>inTransaction(
                        tx -> tx.sql().selectFrom(INBOX).where(INBOX.ID.eq(id)).fetchSingle(INBOX.RECEIVED)))
                .isEqualTo(NOON);
    }

    @Test
    void an_exception_rolls_back_and_comes_out_unchanged() {
        var bug = new IllegalArgumentException("a bug");
        assertThatThrownBy(() -> database.inTransaction(tx -> {
                    write(tx, new UUID(1, 1));
                    throw bug;
                }))
                .isSameAs(bug);
        assertThat(count()).isZero();
    }

    @Test
    void a_serialization_failure_runs_the_whole_again() {
        var tries = new AtomicInteger();
        database.inTransaction(tx -> {
            write(tx, new UUID(0, tries.incrementAndGet()));
            if (tries.get() < 3) raise(tx, "40001");
            return tries.get();
        });
        assertThat(tries).hasValue(3);
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void a_race_lost_eight_times_is_given_up_and_may_be_asked_for_again() {
        var tries = new AtomicInteger();
        assertThatThrownBy(() -> database.inTransaction(tx -> {
                    tries.incrementAndGet();
                    return raise(tx, "40P01");
                }))
                .isInstanceOfSatisfying(
                        DatabaseUnavailableException.class,
                        e -> assertThat(e.isCrowded()).isTrue())
                .hasMessageContaining("lost 8 races")
                .satisfies(e -> assertThat(SqlErrors.state(e)).hasValue("40P01"));
        assertThat(tries).hasValue(8);
    }

    @Test
    void other_errors_are_not_tried_again() {
        var tries = new AtomicInteger();
        assertThatThrownBy(() -> database.inTransaction(tx -> {
                    tries.incrementAndGet();
                    write(tx, new UUID(7, 7));
                    return write(tx, new UUID(7, 7));
                }))
                .matches(SqlErrors::isDuplicate);
        assertThat(tries).hasValue(1);
    }

    @Test
    void two_transactions_that_lock_each_other_out_both_succeed() throws Exception {
        var one = new UUID(1, 1);
        var two = new UUID(2, 2);
        database.inTransaction(tx -> write(tx, one) + write(tx, two));
        var bothHoldOne = new CyclicBarrier(2);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(locking(one, two, bothHoldOne));
            var second = threads.submit(locking(two, one, bothHoldOne));
            assertThat(first.get() + second.get()).as("tries of both").isEqualTo(3);
        }
    }

    private Callable<Integer> locking(UUID first, UUID second, CyclicBarrier meeting) {
        return () -> {
            var tries = new AtomicInteger();
            database.inTransaction(tx -> {
                lock(tx, first);
                if (tries.incrementAndGet() == 1) meet(meeting);
                return lock(tx, second);
            });
            return tries.get();
        };
    }

    @Test
    void actions_after_the_commit_run_in_order_and_only_after_a_commit() {
        var told = new ArrayList<String>();
        assertThatThrownBy(() -> database.inTransaction(tx -> {
                    tx.afterCommit(() -> told.add("never"));
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(told).isEmpty();
        database.inTransaction(tx -> {
            tx.afterCommit(() -> told.add("one"));
            tx.afterCommit(() -> {
                throw new IllegalStateException("must not spoil the others");
            });
            tx.afterCommit(() -> told.add("rows " + count())); // committed, and a transaction of its own is fine
            write(tx, new UUID(1, 1));
            return told.add("inside");
        });
        assertThat(told).containsExactly("inside", "one", "rows 1");
    }

    @Test
    void actions_of_a_try_that_lost_a_race_do_not_run() {
        var told = new ArrayList<Integer>();
        var tries = new AtomicInteger();
        database.inTransaction(tx -> {
            int n = tries.incrementAndGet();
            tx.afterCommit(() -> told.add(n));
            return n == 1 ? raise(tx, "40001") : 0;
        });
        assertThat(told).containsExactly(2);
    }

    @Test
    void a_part_that_is_taken_back_wants_nothing_done_after_the_commit_and_gives_back_what_it_took() {
        var told = new ArrayList<String>();
        database.inTransaction(tx -> {
            ask(tx, told, "all");
            part(tx, told, "gone", false);
            part(tx, told, "kept", true);
            return tx.keptIf(
                    () -> {
                        part(tx, told, "kept within", true);
                        return part(tx, told, "gone within", false);
                    },
                    _ -> false);
        });
        assertThat(told)
                .containsExactly(
                        "gone: back", "gone within: back", "kept within: back", "all: committed", "kept: committed");
    }

    private static String part(Tx tx, List<String> told, String name, boolean kept) {
        return tx.keptIf(() -> ask(tx, told, name), _ -> kept);
    }

    private static String ask(Tx tx, List<String> told, String name) {
        tx.afterCommit(() -> told.add(name + ": committed"));
        tx.afterRollback(() -> told.add(name + ": back"));
        return name;
    }

    @Test
    void a_connection_that_breaks_after_the_commit_changes_nothing() {
        var told = new ArrayList<String>();
        var breaking = new BreakingServer(db.url(), db.user(), db.password());
        try (var frail = Database.connect(breaking, breaking, new Database.Options(2, Duration.ofSeconds(5)))) {
            assertThat(frail.<Integer>inTransaction(tx -> {
                        ask(tx, told, "it");
                        breaking.now = true;
                        return write(tx, new UUID(1, 1));
                    }))
                    .isEqualTo(1);
        }
        assertThat(breaking.now).as("has not broken").isFalse();
        assertThat(told).containsExactly("it: committed");
        assertThat(count()).isEqualTo(1);
    }

    /// Its connections break once as they are given back to the pool.
    private static final class BreakingServer extends PGSimpleDataSource {
        private static final long serialVersionUID = 1L;

        volatile boolean now;

        BreakingServer(String url, String user, String password) {
            setUrl(url);
            setUser(user);
            setPassword(password);
        }

        @Override
        public Connection getConnection() throws SQLException {
            var real = super.getConnection();
            return (Connection) Proxy.newProxyInstance(
                    DatabaseTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                        if (now && method.getName().equals("clearWarnings")) {
                            now = false;
                            throw new SQLException("the connection is gone", "08006");
                        }
                        try {
                            return method.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }

    @Test
    void a_death_before_the_commit_leaves_nothing_and_one_after_it_everything() {
        var told = new ArrayList<String>();
        var deaths = List.of(
                new Faults() {
                    @Override
                    public void beforeCommit(int n) {
                        if (n == 2) throw new Killed();
                    }
                },
                new Faults() {
                    @Override
                    public void afterCommit(int n) {
                        if (n == 2) throw new Killed();
                    }
                });
        for (var death : deaths) {
            db.empty();
            told.clear();
            database.inject(death);
            for (int i = 0; i < 2; i++) {
                var id = new UUID(0, i);
                assertThat(count()).as("looking does not count").isEqualTo(i);
                try {
                    database.inTransaction(tx -> {
                        tx.afterCommit(() -> told.add(id.toString()));
                        return write(tx, id);
                    });
                } catch (Killed _) {
                    // as planned
                }
            }
            database.inject(Faults.NONE);
            assertThat(count()).isEqualTo(death == deaths.getFirst() ? 1 : 2);
            assertThat(told).as("the dead tell nothing").hasSize(1);
        }
    }

    @Test
    void a_transaction_inside_of_a_transaction_is_refused() {
        assertThatThrownBy(() -> database.inTransaction(_ -> count()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("hand the Tx down");
    }

    @Test
    void a_transaction_that_was_kept_is_of_no_use() {
        var kept = database.<Tx>inTransaction(tx -> tx);
        assertThatThrownBy(kept::sql).hasMessageContaining("has ended");
    }

    @Test
    void a_connection_that_breaks_is_told_apart_and_the_next_transaction_works() {
        assertThatThrownBy(() ->
                        database.inTransaction(tx -> tx.sql().fetch("select pg_terminate_backend(pg_backend_pid())")))
                .isInstanceOfSatisfying(
                        DatabaseUnavailableException.class,
                        e -> assertThat(e.isDiskFull()).isFalse());
        assertThat(count()).isZero();
    }

    @Test
    void a_full_disk_is_told_apart() {
        assertThatThrownBy(() -> database.inTransaction(tx -> raise(tx, "53100")))
                .isInstanceOfSatisfying(
                        DatabaseUnavailableException.class,
                        e -> assertThat(e.isDiskFull()).isTrue());
    }

    @Test
    void a_database_that_is_not_there_is_reported_within_the_time_allowed() {
        var nowhere = "jdbc:postgresql://127.0.0.1:1/x";
        try (var hasty = Database.openMigrated(nowhere, "x", "x", within(Duration.ofMillis(300)));
                var patient = Database.openMigrated(nowhere, "x", "x", within(Duration.ofMinutes(2)))) {
            var waits = CompletableFuture.runAsync(() -> patient.inTransaction(tx -> 1), Thread::startVirtualThread);
            assertThatThrownBy(() -> hasty.inTransaction(tx -> 1)).isInstanceOf(DatabaseUnavailableException.class);
            assertThat(waits).as("one that is allowed more").isNotDone();
        }
    }

    private static Database.Options within(Duration patience) {
        return new Database.Options(1, patience);
    }

    @Test
    void connections_that_are_all_in_use_are_told_apart_from_a_database_that_is_away() {
        try (var narrow = Database.openMigrated(db.url(), db.user(), db.password(), within(Duration.ofSeconds(2)))) {
            narrow.inTransaction(tx -> {
                assertThatThrownBy(() -> CompletableFuture.supplyAsync(() -> narrow.inTransaction(_ -> 1))
                                .join())
                        .cause()
                        .isInstanceOfSatisfying(DatabaseUnavailableException.class, e -> {
                            assertThat(e.isBusy()).isTrue();
                            assertThat(e.advice()).contains("more to do than it can at once");
                        });
                return tx.sql().execute("select 1");
            });
            assertThat(narrow.<Integer>inTransaction(_ -> 1)).isEqualTo(1);
        }
    }

    @Test
    void more_work_than_connections_waits_for_its_turn() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var done = new ArrayList<java.util.concurrent.Future<Integer>>();
            for (int i = 0; i < 200; i++) {
                var id = new UUID(0, i);
                done.add(threads.submit(() -> database.<Integer>inTransaction(tx -> write(tx, id))));
            }
            for (var future : done) assertThat(future.get()).isEqualTo(1);
        }
        assertThat(count()).isEqualTo(200);
    }

    @Test
    void a_closed_database_says_so() {
        var another = db.open();
        another.close();
        assertThatThrownBy(() -> another.inTransaction(tx -> 1))
                .isInstanceOf(DatabaseUnavailableException.class)
                .hasMessageContaining("was closed");
    }

    @Test
    void servers_that_start_at_the_same_time_bring_the_schema_up_to_date_once() throws Exception {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("drop schema public cascade");
            statement.execute("create schema public");
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var starts = new ArrayList<java.util.concurrent.Future<?>>();
            for (int i = 0; i < 4; i++)
                starts.add(threads.submit(
                        () -> Database.open(db.url(), db.user(), db.password()).close()));
            for (var start : starts) start.get();
        } catch (ExecutionException e) {
            throw new AssertionError("a start failed", e.getCause());
        }
        assertThat(count()).isZero();
    }

    @Test
    void a_database_written_by_a_newer_version_is_refused() throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("""
                    insert into flyway_schema_history
                           (installed_rank, version, description, type, script, installed_by, execution_time, success)
                    values (999, '999', 'from the future', 'SQL', 'V999__from_the_future.sql', 'x', 1, true)""");
        }
        assertThatThrownBy(() -> Database.open(db.url(), db.user(), db.password()))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("newer holdfast")
                .hasMessageContaining("from the future");
    }

    @Test
    void a_server_that_cannot_be_reached_or_entered_is_refused_with_the_reason() {
        assertThatThrownBy(() -> Database.open("jdbc:postgresql://127.0.0.1:1/x", "x", "x"))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("127.0.0.1:1");
        assertThatThrownBy(() -> Database.open(db.url(), db.user(), "wrong"))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("password authentication failed");
        assertThatThrownBy(() -> Database.open("postgres://there", "x", "x"))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("jdbc:postgresql://host:port/database");
    }

    private static int write(Tx tx, UUID id) {
        return tx.sql()
                .insertInto(INBOX)
                .set(INBOX.ID, id)
                .set(INBOX.RECEIVER, "test")
                .set(INBOX.RECEIVED, NOON)
                .execute();
    }

    private static int lock(Tx tx, UUID id) {
        return tx.sql()
                .update(INBOX)
                .set(INBOX.RECEIVER, "locked")
                .where(INBOX.ID.eq(id))
                .execute();
    }

    private static int raise(Tx tx, String state) {
        return tx.sql().execute("do $$ begin raise exception using errcode = '" + state + "'; end $$");
    }

    private static void meet(CyclicBarrier meeting) {
        try {
            meeting.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    private int count() {
        return database.<Integer>inTransaction(tx -> tx.sql().fetchCount(INBOX));
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
