package holdfast.bench;

import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.types.Move;
import holdfast.engine.Step;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

/// How many processes with one step the engine completes durably per second. Each moves a resource of its own from one
/// state through a second into a third, with the journal that goes with it: the least that the product ever does.
final class EngineBench {
    private static final String PROCESS = "job.run";
    private static final int PRODUCERS = 8;
    private static final int BACKLOG = 20_000;
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final long LOOK = TimeUnit.SECONDS.toNanos(1);
    private static final long TIME = TimeUnit.SECONDS.toNanos(5);

    private final Platform platform = Platform.real();
    private final Database database;
    private final Engine engine;
    private final AtomicInteger done = new AtomicInteger();
    private final Map<UUID, Runnable> waiting = new ConcurrentHashMap<>();

    private EngineBench(Database database) {
        this.database = database;
        this.engine = new Engine(platform, database);
        var steps = List.of(Step.of("work", _ -> Outcome.done()));
        engine.definitions()
                .add(ProcessDefinition.of(
                        PROCESS,
                        Move.of(Set.of("ready"), "working", "finished", "broken"),
                        _ -> steps,
                        (tx, resource, _) -> tx.afterCommit(() -> finished(resource.id()))));
    }

    private void finished(UUID resource) {
        done.incrementAndGet();
        var action = waiting.remove(resource);
        if (action != null) {
            action.run();
        }
    }

    static void run() throws Exception {
        try (var stage = Stage.open()) {
            var database = stage.database();
            smallBatches(database, 4, 2 * TIME); // warm-up
            Report.title("engine: 8 producers, one process in each transaction");
            compared(database, "each waits until its process is done", () -> smallBatches(database, 1, TIME));
            compared(database, "each has up to 32 processes under way", () -> smallBatches(database, 32, TIME));
            Report.title("engine: backlog of " + BACKLOG + " processes");
            compared(database, "drained", () -> backlog(database));
        }
    }

    /// Measures the database and the engine in turn, several times: the machine is not ours alone, and a ratio holds
    /// only for two figures of about the same moment.
    private static void compared(Database database, String what, Callable<Double> bench) throws Exception {
        var rates = new double[ROUNDS];
        var limits = new ArrayList<Limits>();
        for (int round = 0; round < ROUNDS; round++) {
            var before = Limits.measure(database, LOOK);
            try (var _ = Sampler.start(database)) {
                rates[round] = bench.call();
            }
            limits.add(before.and(Limits.measure(database, LOOK)));
        }
        Report.rates("engine: processes completed, " + what, rates);
        Report.rates("database: single-row commits, 1 connection", of(limits, Limits::single));
        Report.rates("database: single-row commits, 8 connections", of(limits, Limits::eight));
        Report.rates("database: rows in batches of 256", of(limits, Limits::batched));
        Report.ratios("ratio to single-row commits of 1 connection", rates, of(limits, Limits::single));
        Report.ratios("ratio to single-row commits of 8 connections", rates, of(limits, Limits::eight));
        Report.ratios("ratio to batched rows", rates, of(limits, Limits::batched));
    }

    private static double[] of(List<Limits> limits, ToDoubleFunction<Limits> which) {
        return limits.stream().mapToDouble(which).toArray();
    }

    /// @param window how many processes of one producer may be open at a time
    private static double smallBatches(Database database, int window, long nanos) throws Exception {
        var bench = new EngineBench(database);
        var resources = bench.resources(nanos == TIME ? 20_000 : 40_000);
        bench.engine.start(List.of(new Nobody()), false);
        var next = new AtomicInteger();
        long began = System.nanoTime();
        long end = began + nanos;
        int completed;
        try (var producers = Executors.newFixedThreadPool(PRODUCERS)) {
            var jobs = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < PRODUCERS; i++) {
                jobs.add(() -> {
                    var room = new Semaphore(window);
                    while (System.nanoTime() < end) {
                        int index = next.getAndIncrement();
                        if (index >= resources.size()) {
                            throw new IllegalStateException("too few resources were made beforehand");
                        }
                        var resource = resources.get(index);
                        room.acquire();
                        bench.waiting.put(resource, room::release);
                        bench.database.inTransaction(tx -> bench.engine
                                .processes()
                                .schedule(tx, Request.now(PROCESS, resource, "bench"))
                                .orThrow());
                    }
                    return true;
                });
            }
            for (var job : producers.invokeAll(jobs)) {
                job.get();
            }
            completed = bench.done.get();
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        bench.engine.stop();
        bench.verify(bench.done.get(), next.get());
        return completed / seconds;
    }

    private static double backlog(Database database) throws Exception {
        var bench = new EngineBench(database);
        var resources = bench.resources(BACKLOG);
        var left = new CountDownLatch(BACKLOG);
        resources.forEach(resource -> bench.waiting.put(resource, left::countDown));
        for (int from = 0; from < BACKLOG; from += 500) {
            var some = resources.subList(from, from + 500);
            database.inTransaction(tx -> {
                some.forEach(resource -> bench.engine
                        .processes()
                        .schedule(tx, Request.now(PROCESS, resource, "bench"))
                        .orThrow());
                return true;
            });
        }
        long began = System.nanoTime();
        bench.engine.start(List.of(new Nobody()), false);
        if (!left.await(3, TimeUnit.MINUTES)) {
            throw new IllegalStateException(left.getCount() + " processes are still open after 3 minutes");
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        bench.engine.stop();
        bench.verify(bench.done.get(), BACKLOG);
        return BACKLOG / seconds;
    }

    private List<UUID> resources(int count) {
        var ids = new ArrayList<UUID>();
        while (ids.size() < count) {
            database.inTransaction(tx -> {
                var rows = new ArrayList<Resource>();
                for (int i = 0; i < 1000; i++) {
                    rows.add(engine.resources()
                            .fresh(
                                    platform.newId(),
                                    "job",
                                    "bench",
                                    Optional.empty(),
                                    "job",
                                    "ready",
                                    "bench",
                                    Map.of("facts", Map.of())));
                }
                tx.sql()
                        .execute(
                                "insert into resource (id, type, actor, name, state, project, data, created, updated)"
                                        + " select id, 'job', 'bench', 'job', 'ready', 'bench', '{\"facts\":{}}', now(), now()"
                                        + " from unnest(?::uuid[]) id",
                                (Object) rows.stream().map(Resource::id).toArray(UUID[]::new));
                rows.forEach(row -> ids.add(row.id()));
                return true;
            });
        }
        return ids;
    }

    /// What was counted must be in the database; then makes room for the next part.
    private void verify(int counted, int scheduled) {
        database.inTransaction(tx -> {
            int stored = tx.sql()
                    .fetchCount(tx.sql()
                            .selectFrom("process p join resource r on r.id = p.resource"
                                    + " where p.result = 'done' and r.state = 'finished'"));
            if (stored != counted || counted > scheduled) {
                throw new IllegalStateException("counted " + counted + " done processes of " + scheduled
                        + ", but the database has " + stored);
            }
            tx.sql().execute("truncate process_log, process, journal, resource cascade");
            return true;
        });
    }

    /// Whose resources they are.
    private record Nobody() implements Actor {
        @Override
        public String name() {
            return "bench";
        }

        @Override
        public void on(Tx tx, String sender, Message message) {
            throw new IllegalArgumentException("nobody writes to us");
        }
    }
}
