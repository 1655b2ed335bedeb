package holdfast.bench;

import holdfast.bench.Contest.Compare;
import holdfast.bench.Contest.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What becomes of throughput and memory when there are many resources, and when many processes wait: both must stay
/// flat.
final class ScaleBench {
    private static final int[] RESOURCES = {1_000, 100_000, 1_000_000};
    private static final int WAITING = 100_000;
    private static final int UNITS = Integer.getInteger("bench.units", 10_000);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);

    private final Stage stage;
    private final boolean explain;

    private ScaleBench(Stage stage, boolean explain) {
        this.stage = stage;
        this.explain = explain;
    }

    static void run(List<String> options) throws Exception {
        try (var stage = Stage.open()) {
            var bench = new ScaleBench(stage, options.contains("--explain"));
            bench.drain(); // warm-up
            for (int size : RESOURCES) {
                bench.fill(size);
                bench.measure(size + " resources, nothing else waits");
                bench.await(WAITING);
                bench.measure(size + " resources, " + WAITING + " processes wait for a later time");
                bench.restart(size);
                new Jobs(stage.database(), 1, _ -> {}).clear();
            }
        }
    }

    private void measure(String what) throws Exception {
        Report.title("scale: " + what);
        new Contest().add("1 step, backlog of " + UNITS, this::drain).run(ROUNDS, Compare.NOTHING);
        memory();
        if (explain) {
            Plans.print(stage);
        }
    }

    /// Resources that lie there, with the content that types give them.
    private void fill(int count) {
        sql(
                """
                insert into resource (id, type, actor, name, state, project, data, created, updated)
                select uuidv7(), 'accountLink', 'bench', 'n' || i, 'inactive', 'p' || i %% 100,
                       jsonb_build_object('kind', 'accountLink', 'linkedAccountId', '1a' || i %% 1000), now(), now()
                  from generate_series(1, %d) i"""
                        .formatted(count));
        sql("vacuum analyze resource");
    }

    /// Processes that are due in a day, on resources of their own.
    private void await(int count) {
        sql(
                """
                with made as (
                    insert into resource (id, type, actor, name, state, project, data, created, updated)
                    select uuidv7(), 'job', 'bench', 'later', 'ready', 'bench', '{"facts": {}}', now(), now() from generate_series(1, %d)
                    returning id
                )
                insert into process (id, name, resource, resource_type, actor, step_since, run_after, entered, exit_reason, created)
                select uuidv7(), 'job.run', id, 'job', 'bench', now(), now() + interval '1 day', false, 'SCHEDULED', now() from made"""
                        .formatted(count));
        sql("vacuum analyze resource, process");
    }

    private void sql(String text) {
        try (var connection = stage.database().connect();
                var statement = connection.createStatement()) {
            statement.execute(text);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Score drain() throws Exception {
        var left = new CountDownLatch(UNITS);
        var jobs = new Jobs(stage.database(), 1, _ -> left.countDown());
        var resources = jobs.resources(UNITS);
        int before = jobs.stored();
        for (int from = 0; from < UNITS; from += 500) {
            jobs.schedule(resources.subList(from, Math.min(UNITS, from + 500)));
        }
        var cpu = Cpu.now(stage.postgres());
        long began = System.nanoTime();
        jobs.start();
        if (!left.await(5, TimeUnit.MINUTES)) {
            throw new IllegalStateException(left.getCount() + " processes are still open after 5 minutes");
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        var used = Cpu.now(stage.postgres()).since(cpu);
        jobs.stop();
        int stored = jobs.stored() - before;
        if (stored != UNITS) {
            throw new IllegalStateException("counted " + UNITS + " done processes, but the database has " + stored);
        }
        return new Score(UNITS / seconds, used.perUnit(UNITS));
    }

    /// How soon a new server runs the first of those that waited; all are due at once.
    private void restart(int size) throws Exception {
        sql("update process set run_after = now() where result is null and name = 'job.run'");
        var first = new CountDownLatch(1);
        var jobs = new Jobs(stage.database(), 1, _ -> first.countDown());
        long began = System.nanoTime();
        jobs.start();
        first.await();
        Report.millis("restart with " + WAITING + " due processes: first done", (System.nanoTime() - began) / 1e6);
        jobs.stop();
    }

    private void memory() throws IOException {
        System.gc();
        var runtime = Runtime.getRuntime();
        Report.line("heap after collection", mebibytes(runtime.totalMemory() - runtime.freeMemory()));
        Report.line("Java process, resident", mebibytes(kibibytes(ProcessHandle.current().pid(), "Rss:") << 10));
        long shared = kibibytes(stage.postgres(), "Pss:");
        for (var child : ProcessHandle.of(stage.postgres()).orElseThrow().children().toList()) {
            shared += kibibytes(child.pid(), "Pss:");
        }
        Report.line("PostgreSQL, all processes, proportional", mebibytes(shared << 10));
    }

    private static long kibibytes(long pid, String field) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "smaps_rollup")).stream()
                .filter(line -> line.startsWith(field))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,.0f MiB", bytes / 1048576.0);
    }
}
