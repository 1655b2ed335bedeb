package holdfast.bench;

import holdfast.platform.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// What the database itself can do: the yardstick for everything that is measured on it.
///
/// @param single commits of one row per second, one connection
/// @param eight the same, eight connections together
/// @param batched rows per second, one connection, 256 rows in each commit
record Limits(double single, double eight, double batched) {
    private static final int BATCH = 256;

    static Limits measure(Database database, long nanos) throws Exception {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("create table if not exists bench_row (id bigint generated always as identity primary key,"
                    + " at timestamptz not null default now(), word text not null)");
        }
        return new Limits(
                commits(database, 1, nanos),
                commits(database, 8, nanos),
                insert(database, nanos, BATCH) / (nanos / 1e9));
    }

    /// The mean of two looks, one before and one after what is measured: the machine is not ours alone.
    Limits and(Limits other) {
        return new Limits(
                (single + other.single) / 2, (eight + other.eight) / 2, (batched + other.batched) / 2);
    }

    private static double commits(Database database, int connections, long nanos)
            throws InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(connections)) {
            var jobs = new ArrayList<Callable<Long>>();
            for (int i = 0; i < connections; i++) {
                jobs.add(() -> insert(database, nanos, 1));
            }
            long began = System.nanoTime();
            long rows = 0;
            for (Future<Long> job : threads.invokeAll(jobs)) {
                rows += job.get();
            }
            return rows / ((System.nanoTime() - began) / 1e9);
        }
    }

    /// Inserts for a time; returns how many rows were committed.
    private static long insert(Database database, long nanos, int batch) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement insert =
                        connection.prepareStatement("insert into bench_row (word) values (?)")) {
            connection.setAutoCommit(batch == 1);
            long end = System.nanoTime() + nanos;
            long rows = 0;
            while (System.nanoTime() < end) {
                if (batch == 1) {
                    insert.setString(1, "row " + rows++);
                    insert.executeUpdate();
                } else {
                    for (int i = 0; i < batch; i++) {
                        insert.setString(1, "row " + rows++);
                        insert.addBatch();
                    }
                    insert.executeBatch();
                    connection.commit();
                }
            }
            return rows;
        }
    }

    void print() {
        Report.rates("database: single-row commits, 1 connection", single);
        Report.rates("database: single-row commits, 8 connections", eight);
        Report.rates("database: rows in batches of " + BATCH, batched);
    }
}
