package holdfast.bench;

import holdfast.bench.Contest.Compare;
import holdfast.bench.Contest.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// The same durable work on Holdfast and on what a Java team would take instead, on one database server.
final class PeersBench {
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final int UNITS = Integer.getInteger("bench.units", 10_000);
    private static final String STEPS = "0,1,3";
    private static final int PRODUCERS = 8;
    private static final int OPEN = 2_000;
    private static final int IDLE_RUNS = 20;
    private static final long IDLE_TIME = TimeUnit.SECONDS.toNanos(10);
    private static final long TIME = TimeUnit.SECONDS.toNanos(12);
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(60);

    private final Stage stage;
    private final Map<String, Entrant> peers = new LinkedHashMap<>();

    /// @param fewest steps that a unit of it can have and still be asked for durably and run by somebody else
    private record Entrant(int fewest, Peer.Start start) {}

    private PeersBench(Stage stage) {
        this.stage = stage;
        peers.put("Holdfast", new Entrant(0, HoldfastPeer::new));
        peers.put("db-scheduler", new Entrant(1, DbSchedulerPeer::new));
        peers.put("DBOS, queue", new Entrant(0, (pool, steps, ran) -> new DbosPeer(pool, steps, ran, true)));
        peers.put("DBOS, at once", new Entrant(0, (pool, steps, ran) -> new DbosPeer(pool, steps, ran, false)));
        peers.put("JobRunr", new Entrant(1, JobRunrPeer::new));
        peers.put("Flowable", new Entrant(1, FlowablePeer::new));
    }

    /// @param options `--steps 0,1,3`, and names of peers, all if there are none
    static void run(List<String> options) throws Exception {
        var names = new ArrayList<>(options);
        int at = names.indexOf("--steps");
        var wanted = at < 0 ? STEPS : names.get(at + 1);
        if (at >= 0) {
            names.subList(at, at + 2).clear();
        }
        try (var stage = Stage.open()) {
            var bench = new PeersBench(stage);
            if (!names.isEmpty()) {
                bench.peers.keySet().retainAll(names);
            }
            for (int steps : Arrays.stream(wanted.split(",")).mapToInt(Integer::parseInt).toArray()) {
                Report.title("peers: warm-up, not counted");
                bench.contest(steps, UNITS / 3).run(1, Compare.NOTHING);
                Report.title("peers: units of " + steps + " durable steps, from request to durably finished, " + PRODUCERS
                        + " producers, at most " + OPEN + " open");
                bench.contest(steps, UNITS).run(ROUNDS, Compare.FIRST_TO_OTHERS);
            }
        }
    }

    private Contest contest(int steps, int units) {
        var contest = new Contest();
        peers.forEach((name, peer) -> {
            if (steps >= peer.fewest) {
                contest.add(name + ", " + steps + " steps", () -> measured(peer.start, steps, units));
            }
        });
        return contest;
    }

    private Score measured(Peer.Start start, int steps, int units) throws Exception {
        var room = new Semaphore(OPEN);
        var ran = new AtomicInteger();
        Runnable ends = () -> {
            ran.incrementAndGet();
            room.release();
        };
        try (var pool = stage.fresh("peer", Peer.WORKERS);
                var peer = start.start(pool, steps, ends)) {
            double idle = idle(peer, ran);
            int before = ran.get();
            var cpu = Cpu.now(stage.postgres());
            long began = System.nanoTime();
            int asked = enqueue(peer, room, units, began, before);
            awaitFinished(peer, ran, before + asked, began);
            double seconds = (System.nanoTime() - began) / 1e9;
            return new Score(asked / seconds, Cpu.now(stage.postgres()).since(cpu).perUnit(asked), idle);
        }
    }

    /// Median time of single units, in ms, from the request until the last step has run.
    private static double idle(Peer peer, AtomicInteger ran) throws Exception {
        var times = new double[IDLE_RUNS];
        long end = System.nanoTime() + IDLE_TIME;
        int runs = 0;
        for (int i = 0; i < IDLE_RUNS && System.nanoTime() < end; i++) {
            LockSupport.parkNanos(20_000_000);
            long began = System.nanoTime();
            peer.enqueue(i);
            while (ran.get() <= i) {
                if (System.nanoTime() - began > LIMIT) {
                    throw new IllegalStateException("a single unit did not run within a minute");
                }
                LockSupport.parkNanos(200_000);
            }
            times[runs++] = (System.nanoTime() - began) / 1e6;
        }
        Arrays.sort(times, 0, runs);
        return times[runs / 2];
    }

    private static int enqueue(Peer peer, Semaphore room, int units, long began, int first) throws Exception {
        var asked = new AtomicInteger();
        room.drainPermits();
        room.release(OPEN);
        try (var threads = Executors.newFixedThreadPool(PRODUCERS)) {
            Callable<Boolean> produce = () -> {
                while (System.nanoTime() - began < TIME) {
                    int number = asked.getAndIncrement();
                    if (number >= units) {
                        asked.decrementAndGet();
                        return true;
                    }
                    room.acquire();
                    peer.enqueue(first + number);
                }
                return true;
            };
            var jobs = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < PRODUCERS; i++) {
                jobs.add(produce);
            }
            for (var job : threads.invokeAll(jobs)) {
                job.get();
            }
        }
        return asked.get();
    }

    private static void awaitFinished(Peer peer, AtomicInteger ran, int all, long began) throws Exception {
        while (ran.get() < all || peer.finished() < all) {
            if (System.nanoTime() - began > LIMIT) {
                throw new IllegalStateException("of " + all + " units " + ran.get() + " have run and " + peer.finished()
                        + " are finished after a minute");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
