package holdfast.bench;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// How PostgreSQL carries out what the engine asks most often: the statements as the engine sends them, caught by
/// `auto_explain`, so that no copy of them here can differ from what runs.
final class Plans {
    private static final String SETTINGS = "-c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0"
            + " -c auto_explain.log_analyze=on -c auto_explain.log_buffers=on";
    private static final int UNITS = 2_000;
    private static final Pattern ENTRY = Pattern.compile("duration: ([0-9.]+) ms  plan:\\n((?:\\t.*\\n)*)");
    private static final List<String> STATEMENTS = List.of(
            "update process set runner = ", "select min(first.run_after)", "where result is null and runner in (");

    private Plans() {}

    /// Drains a small backlog and prints for each statement its slowest plan.
    static void print(Stage stage) throws IOException, InterruptedException {
        int before = stage.log().length();
        try (var database = stage.with(SETTINGS)) {
            var left = new CountDownLatch(UNITS);
            var jobs = new Jobs(database, 1, _ -> left.countDown());
            jobs.schedule(jobs.resources(UNITS));
            jobs.start();
            if (!left.await(2, TimeUnit.MINUTES)) {
                throw new IllegalStateException(left.getCount() + " processes are still open after 2 minutes");
            }
            jobs.stop();
        }
        var entries = ENTRY.matcher(stage.log().substring(before)).results().toList();
        for (var statement : STATEMENTS) {
            entries.stream()
                    .filter(entry -> entry.group(2).contains(statement))
                    .max(Comparator.comparingDouble(entry -> Double.parseDouble(entry.group(1))))
                    .ifPresent(entry -> System.out.println("    slowest: " + entry.group(1) + " ms\n" + entry.group(2)));
        }
    }
}
