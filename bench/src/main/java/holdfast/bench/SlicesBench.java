package holdfast.bench;

import static java.util.Objects.requireNonNull;

import holdfast.authority.Advertising;
import holdfast.authority.Authorities;
import holdfast.authority.Authority;
import holdfast.broker.Broker;
import holdfast.broker.Supply;
import holdfast.calendar.Calendar;
import holdfast.core.Caller;
import holdfast.core.Capacities;
import holdfast.core.Demand;
import holdfast.core.Interval;
import holdfast.drivers.simulated.SimulatedDriver;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.inventory.Models;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.SliceRequest;
import holdfast.orchestrator.SliceState;
import holdfast.platform.Platform;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/// From a user's request to a slice that runs, through orchestrator, broker and authority, on a host that takes no
/// time.
final class SlicesBench {
    private static final Caller USER = new Caller("bench", "bench", false);
    private static final int RUNS = 200;
    private static final int AT_ONCE = 1_000;
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private final Stage stage;
    private final Platform platform = Platform.real();
    private final Engine engine;
    private final Calendar calendar = new Calendar();
    private final Orchestrator orchestrator;
    private final Broker broker;

    /// @param onDisk whether the simulated host keeps what it has in a file, as in a server, or only in memory
    private SlicesBench(Stage stage, boolean onDisk) {
        this.stage = stage;
        var database = stage.database();
        engine = new Engine(platform, database);
        var models = new Models(platform);
        broker = new Broker(
                "broker", platform, engine, calendar, new Supply("broker", platform, engine, calendar, models));
        orchestrator = new Orchestrator(
                "orchestrator", "broker", Orchestrator.Settings.standard(), platform, database, engine);
        var settings = onDisk
                ? SimulatedSettings.PERFECT.in(stage.directory().resolve("host.json"))
                : SimulatedSettings.PERFECT;
        var driver = new SimulatedDriver(settings, InstantSource.system(), new SplittableRandom(1));
        var advertising = new Advertising("big-am", platform, engine, calendar, models);
        var authority = new Authority("big-am", driver, platform, engine, calendar, models, advertising);
        var authorities = new Authorities(platform, database, engine, List.of(authority));
        database.inTransaction(
                tx -> authorities.open(tx, authority, BigSite.graphMl()).orThrow());
        database.inTransaction(tx -> {
            broker.supply().claim(tx, "big-am", "primary", "bench");
            return true;
        });
        engine.start(List.of(orchestrator, broker, authority), false);
    }

    static void run(List<String> options) throws Exception {
        try (var stage = Stage.open()) {
            var bench = new SlicesBench(stage, options.contains("--disk"));
            try (var _ = Sampler.start(stage.database())) {
                bench.awaitSupply();
                bench.oneByOne(20); // warm-up
                Report.title("slices: one sliver, one after the other, " + RUNS + " runs");
                bench.oneByOne(RUNS).print();
                if (!options.contains("--sequential")) {
                    Report.title("slices: " + AT_ONCE + " slices of one sliver at once");
                    bench.atOnce();
                    bench.audit();
                }
                Limits.measure(stage.database(), 2_000_000_000L).print();
            } finally {
                bench.engine.stop();
            }
        }
    }

    private void awaitSupply() throws InterruptedException {
        while (stage.database().inTransaction(tx -> !broker.tickets().check(tx, "bench", List.of(demand())).isEmpty())) {
            engine.changed().await(engine.changed().count(), Duration.ofMillis(50));
        }
    }

    private static Demand demand() {
        return new Demand(
                "VM", "node", "BIG", Capacities.of(2, 4, 10), Optional.empty(), Optional.empty(), List.of());
    }

    private UUID create(String name) {
        var now = platform.now();
        var request = new SliceRequest(
                name,
                new Interval(now, now.plus(Duration.ofHours(8))),
                List.of(demand()),
                List.of(),
                Optional.empty(),
                Optional.empty());
        return orchestrator.create(USER, request).orThrow().slice().id();
    }

    private record Times(long[] accepted, long[] active, long[] gone) {
        void print() {
            Report.times("request stored", accepted);
            Report.times("request to Active, all in all", active);
            Report.times("delete to Dead", gone);
        }
    }

    private Times oneByOne(int runs) throws InterruptedException {
        var times = new Times(new long[runs], new long[runs], new long[runs]);
        for (int i = 0; i < runs; i++) {
            long began = System.nanoTime();
            var slice = create("one by one " + i);
            times.accepted[i] = System.nanoTime() - began;
            await(slice, SliceState.STABLE_OK);
            times.active[i] = System.nanoTime() - began;
            long asked = System.nanoTime();
            orchestrator.delete(USER, slice).orThrow();
            await(slice, SliceState.DEAD);
            times.gone[i] = System.nanoTime() - asked;
        }
        return times;
    }

    private void await(UUID slice, SliceState wanted) throws InterruptedException {
        while (true) {
            long seen = engine.changed().count();
            var state = stage.database()
                    .inTransaction(tx ->
                            engine.resources().find(tx, slice).orElseThrow().state());
            if (state.equals(wanted.word())) {
                return;
            }
            if (state.equals(SliceState.CLOSING.word()) && wanted != SliceState.DEAD) {
                throw new IllegalStateException("slice " + slice + " was refused");
            }
            engine.changed().await(seen, Duration.ofSeconds(1));
        }
    }

    private void atOnce() throws Exception {
        long began = System.nanoTime();
        var asked = new HashMap<UUID, Long>();
        try (var users = Executors.newFixedThreadPool(8)) {
            var jobs = new ArrayList<Callable<Map.Entry<UUID, Long>>>();
            for (int i = 0; i < AT_ONCE; i++) {
                var name = "at once " + i;
                jobs.add(() -> {
                    long now = System.nanoTime();
                    return Map.entry(create(name), now);
                });
            }
            for (var job : users.invokeAll(jobs)) {
                asked.put(job.get().getKey(), job.get().getValue());
            }
        }
        double submitted = (System.nanoTime() - began) / 1e9;
        var open = new HashSet<>(asked.keySet());
        var times = new ArrayList<Long>();
        while (!open.isEmpty()) {
            if (System.nanoTime() - began > LIMIT.toNanos()) {
                throw new IllegalStateException(open.size() + " slices are not active after " + LIMIT);
            }
            Thread.sleep(20);
            var stable = stage.database().inTransaction(tx -> engine
                    .resources()
                    .list(
                            tx,
                            Resources.typed(Orchestrator.SLICE).and(Resources.inState(SliceState.STABLE_OK.word())),
                            AT_ONCE)
                    .stream()
                    .map(slice -> slice.id())
                    .toList());
            long now = System.nanoTime();
            for (var id : stable) {
                if (open.remove(id)) {
                    times.add(now - requireNonNull(asked.get(id)));
                }
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        Report.rates("requests stored, 8 users", AT_ONCE / submitted);
        Report.rates("slivers active, from the first request to the last Active", AT_ONCE / seconds);
        Report.times("request to Active in the crowd", times.stream().mapToLong(Long::longValue).toArray());
    }

    /// Nothing may be promised twice, and all that was asked for must be booked, by broker and authority.
    private void audit() {
        stage.database().inTransaction(tx -> {
            var violations = calendar.audit(tx);
            if (!violations.isEmpty()) {
                throw new IllegalStateException("overbooked: " + violations);
            }
            var now = new Interval(platform.now(), platform.now().plusSeconds(1));
            for (var book : List.of("broker", "big-am")) {
                long cores = calendar.usage(tx, book, now).values().stream()
                        .mapToLong(usage -> usage.used().get("core"))
                        .sum();
                if (cores != 2L * AT_ONCE) {
                    throw new IllegalStateException(book + " has " + cores + " cores booked, not " + 2 * AT_ONCE);
                }
            }
            return true;
        });
        Report.line("overbooked places", "0");
    }
}
