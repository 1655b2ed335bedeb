package holdfast.bench;

import holdfast.bench.Contest.Compare;
import holdfast.bench.Contest.Score;
import holdfast.platform.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// How many processes with 0, 1 and 3 steps the engine completes durably per second, how long one takes while nothing
/// else happens, and what each costs. All steps do nothing: this is the least that the product ever does.
final class EngineBench {
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final int[] STEPS = {0, 1, 3};
    private static final int[] PRODUCERS = {1, 8, 64};
    private static final int WINDOW = 32;
    private static final int BACKLOG = 20_000;
    private static final int LARGE_BACKLOG = 100_000;
    private static final int IDLE_RUNS = 300;
    private static final long LOOK = TimeUnit.SECONDS.toNanos(1);
    private static final long TIME = TimeUnit.SECONDS.toNanos(3);

    private final Stage stage;
    private final Database database;

    private EngineBench(Stage stage) {
        this.stage = stage;
        this.database = stage.database();
    }

    static void run(List<String> options) throws Exception {
        try (var stage = Stage.open()) {
            var bench = new EngineBench(stage);
            bench.flow(1, 8, 3 * TIME); // warm-up
            try (var _ = Sampler.start(stage.database())) {
                bench.flows();
                bench.idle();
                bench.backlogs(BACKLOG);
                if (!options.contains("--short")) {
                    bench.backlogs(LARGE_BACKLOG);
                }
            }
        }
    }

    private void flows() {
        Report.title("engine: each producer has up to " + WINDOW + " processes under way, each in a transaction of its own");
        var contest = new Contest().add("single-row commits", this::singleCommits);
        for (int steps : STEPS) {
            for (int producers : PRODUCERS) {
                contest.add(steps + " steps, " + producers + " producers", () -> flow(steps, producers, TIME));
            }
        }
        contest.run(ROUNDS, Compare.OTHERS_TO_FIRST);
    }

    private void backlogs(int size) {
        Report.title("engine: backlog of " + size + " processes, drained");
        var contest = new Contest().add("single-row commits", this::singleCommits);
        for (int steps : STEPS) {
            contest.add(steps + " steps, backlog", () -> backlog(steps, size));
        }
        contest.run(size > BACKLOG ? 1 : ROUNDS, Compare.OTHERS_TO_FIRST);
    }

    private Score singleCommits() throws Exception {
        return new Score(Limits.measure(database, LOOK).single(), "");
    }

    private Score flow(int steps, int producers, long nanos) throws Exception {
        var done = new AtomicInteger();
        Map<UUID, Runnable> waiting = new ConcurrentHashMap<>();
        var jobs = new Jobs(database, steps, id -> {
            done.incrementAndGet();
            waiting.remove(id).run();
        });
        var resources = jobs.resources((int) (nanos / TIME * 20_000));
        jobs.start();
        var next = new AtomicInteger();
        var before = Cpu.now(stage.postgres());
        long began = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Boolean> produce = () -> {
                var room = new Semaphore(WINDOW);
                while (System.nanoTime() - began < nanos) {
                    room.acquire();
                    var resource = resources.get(next.getAndIncrement());
                    waiting.put(resource, room::release);
                    jobs.schedule(resource);
                }
                return room.tryAcquire(WINDOW, 60, TimeUnit.SECONDS);
            };
            var all = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < producers; i++) {
                all.add(produce);
            }
            for (var ended : threads.invokeAll(all)) {
                if (!ended.get()) {
                    throw new IllegalStateException("processes are still open after a minute");
                }
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        var used = Cpu.now(stage.postgres()).since(before);
        jobs.stop();
        verify(jobs, done.get(), next.get());
        return new Score(done.get() / seconds, used.perUnit(done.get()));
    }

    private Score backlog(int steps, int size) throws Exception {
        var left = new CountDownLatch(size);
        var jobs = new Jobs(database, steps, _ -> left.countDown());
        var resources = jobs.resources(size);
        for (int from = 0; from < size; from += 500) {
            jobs.schedule(resources.subList(from, from + 500));
        }
        var before = Cpu.now(stage.postgres());
        long began = System.nanoTime();
        jobs.start();
        if (!left.await(5, TimeUnit.MINUTES)) {
            throw new IllegalStateException(left.getCount() + " processes are still open after 5 minutes");
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        var used = Cpu.now(stage.postgres()).since(before);
        jobs.stop();
        verify(jobs, size, size);
        return new Score(size / seconds, used.perUnit(size));
    }

    private void idle() throws Exception {
        Report.title("engine: one process while nothing else happens, from before its transaction until it is durably done");
        for (int steps : STEPS) {
            var ended = new Semaphore(0);
            var jobs = new Jobs(database, steps, _ -> ended.release());
            var resources = jobs.resources(IDLE_RUNS);
            jobs.start();
            var times = new long[IDLE_RUNS];
            for (int i = 0; i < IDLE_RUNS; i++) {
                LockSupport.parkNanos(5_000_000); // so that the engine rests again
                long began = System.nanoTime();
                jobs.schedule(resources.get(i));
                ended.acquire();
                times[i] = System.nanoTime() - began;
            }
            jobs.stop();
            verify(jobs, IDLE_RUNS, IDLE_RUNS);
            Report.times(steps + " steps", times);
        }
    }

    private static void verify(Jobs jobs, int counted, int scheduled) {
        int stored = jobs.stored();
        if (stored != counted || counted != scheduled) {
            throw new IllegalStateException("counted " + counted + " done processes of " + scheduled
                    + ", but the database has " + stored);
        }
        jobs.clear();
    }
}
