package holdfast.bench;

import holdfast.platform.Database;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Looks a hundred times a second at what the database is busy with: `BENCH_JAVA_OPTS=-Dbench.sample=true`.
final class Sampler implements AutoCloseable {
    private static final String LOOK = """
            select state, coalesce(wait_event_type || ' ' || wait_event, 'running') as wait,
                   left(regexp_replace(query, '\\s+', ' ', 'g'), 110) as query
              from pg_stat_activity
             where backend_type = 'client backend' and state <> 'idle' and pid <> pg_backend_pid() and query not like '%bench_row%'""";

    private final Map<String, Integer> seen = new HashMap<>();
    private final Thread thread;
    private volatile boolean stopped;
    private int looks;

    private Sampler(Database database) {
        thread = Thread.ofPlatform().daemon().name("sampler").unstarted(() -> run(database));
    }

    static Sampler start(Database database) {
        var sampler = new Sampler(database);
        if (Boolean.getBoolean("bench.sample")) {
            sampler.thread.start();
        }
        return sampler;
    }

    private void run(Database database) {
        try (var connection = database.connect();
                var look = connection.prepareStatement(LOOK)) {
            while (!stopped) {
                Thread.sleep(10);
                looks++;
                try (var rows = look.executeQuery()) {
                    while (rows.next()) {
                        seen.merge(rows.getString(1) + " | " + rows.getString(2) + " | " + rows.getString(3), 1, Integer::sum);
                    }
                }
            }
        } catch (SQLException e) {
            System.err.println("no longer looking at the database: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        if (!thread.isAlive()) {
            return;
        }
        thread.join();
        System.out.println("  share of time that a session spends so (sum may be above 100 %):");
        seen.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(30)
                .forEach(one -> System.out.printf(
                        Locale.ROOT, "  %5.1f %%  %s%n", 100.0 * one.getValue() / looks, one.getKey()));
    }
}
