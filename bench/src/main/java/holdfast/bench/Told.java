package holdfast.bench;

import holdfast.platform.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/// Counts all statements that the database is sent, by their texts: `BENCH_JAVA_OPTS=-Dbench.statements=true`.
final class Told implements AutoCloseable {
    static final boolean WANTED = Boolean.getBoolean("bench.statements");
    private static final int SHOWN = 70;

    private static final String TABLE = """
            select calls, total_exec_time + total_plan_time, left(regexp_replace(query, '\\s+', ' ', 'g'), 150)
              from pg_stat_statements where query not like '%bench_row%' order by calls desc, 2 desc limit ?""";

    private final Database database;
    private final long units;

    private Told(Database database, long units) {
        this.database = database;
        this.units = units;
    }

    /// What a server must have loaded when it starts; to be said before a restart.
    static void prepare(Database database) throws SQLException {
        try (var connection = database.connect()) {
            run(connection, "alter system set shared_preload_libraries = 'pg_stat_statements'");
            run(connection, "alter system set pg_stat_statements.track_planning = on");
            run(connection, "create extension if not exists pg_stat_statements");
        }
    }

    /// @param units what the numbers are for one of
    static Told start(Database database, long units) throws SQLException {
        if (WANTED) {
            try (var connection = database.connect()) {
                run(connection, "select pg_stat_statements_reset()");
            }
        }
        return new Told(database, units);
    }

    private static void run(Connection connection, String statement) throws SQLException {
        try (var one = connection.createStatement()) {
            one.execute(statement);
        }
    }

    @Override
    public void close() throws SQLException {
        if (!WANTED) {
            return;
        }
        try (var connection = database.connect();
                var table = connection.prepareStatement(TABLE)) {
            table.setInt(1, SHOWN);
            System.out.println("  statements for each, and the microseconds of the database for them:");
            double calls = 0;
            double micros = 0;
            try (var rows = table.executeQuery()) {
                while (rows.next()) {
                    double own = rows.getDouble(1) / units;
                    double time = rows.getDouble(2) * 1_000 / units;
                    calls += own;
                    micros += time;
                    System.out.printf(Locale.ROOT, "  %7.2f %6.0f  %s%n", own, time, rows.getString(3));
                }
            }
            System.out.printf(Locale.ROOT, "  %7.2f %6.0f  all of these%n", calls, micros);
        }
    }
}
