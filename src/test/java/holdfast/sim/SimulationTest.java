package holdfast.sim;

import static holdfast.sim.World.vm;

import holdfast.TestDatabase;
import holdfast.core.Answer;
import holdfast.core.Demand;
import holdfast.core.Interval;
import holdfast.orchestrator.Orchestrator.Created;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Many random lives of a small federation: slices come and go, messages are lost, doubled and reordered, drivers fail,
/// servers die. After each event what must never be is looked for; at the end everything must be over and free.
///
/// One seed: `mvn test -Dtest=SimulationTest -Dholdfast.seed=42`; how many: `-Dholdfast.seeds=10000`.
final class SimulationTest {
    private static final int EVENTS = 60;

    private static final int AT_ONCE = 2;

    @Test
    void whatever_happens_nothing_is_overbooked_lost_or_left() throws InterruptedException {
        var one = Long.getLong("holdfast.seed");
        var seeds = new AtomicLong(one == null ? 1 : one);
        long last = one == null ? Long.getLong("holdfast.seeds", 120) : one;
        var failures = new ConcurrentLinkedQueue<AssertionError>();
        var threads = IntStream.range(0, AT_ONCE)
                .mapToObj(_ -> Thread.ofPlatform().start(() -> run(seeds, last, failures)))
                .toList();
        for (var thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw failures.element();
        }
    }

    private static void run(AtomicLong seeds, long last, Queue<AssertionError> failures) {
        try (var test = TestDatabase.fresh()) {
            for (long seed = seeds.getAndIncrement();
                    seed <= last && failures.isEmpty();
                    seed = seeds.getAndIncrement()) {
                try {
                    new Run(seed, test).run();
                } catch (AssertionError | RuntimeException e) {
                    failures.add(new AssertionError(
                            "seed " + seed + " (repeat it with -Dholdfast.seed=" + seed + "): " + e.getMessage(), e));
                }
            }
        }
    }

    private static final class Run {
        private final Random dice;
        private final World world;
        private final List<UUID> slices = new ArrayList<>();
        private final Storm storm;

        Run(long seed, TestDatabase test) {
            dice = new Random(seed);
            world = new World(seed, test);
            storm = new Storm(world, dice);
        }

        void run() {
            world.settle();
            world.substrates
                    .values()
                    .forEach(substrate -> substrate.trouble = (verb, _) -> {
                        int luck = dice.nextInt(20);
                        if (luck == 0) {
                            throw new IllegalStateException("it may pass");
                        }
                        if (luck == 1) {
                            throw new SimSubstrate.Broken();
                        }
                    });
            storm.rage(EVENTS, this::happen, world::neverEver);
            world.substrates.values().forEach(substrate -> substrate.trouble = SimSubstrate.Trouble.NONE);
            storm.end();
            world.settleFor(Duration.ofHours(40), Duration.ofHours(4));
            world.neverEver();
            world.nothingIsLeft();
        }

        private void happen() {
            switch (dice.nextInt(16)) {
                case 0, 1 -> create();
                case 2 -> {
                    if (!slices.isEmpty()) {
                        world.orchestrator.delete(World.ALICE, slices.get(dice.nextInt(slices.size())));
                    }
                }
                case 3 -> world.advance(Duration.ofSeconds(dice.nextInt(90)));
                case 4 -> world.advance(Duration.ofMinutes(dice.nextInt(120)));
                case 5 -> storm.carryLate();
                case 6, 7, 8, 9 -> world.step();
                default -> storm.carry();
            }
        }

        private void create() {
            var demands = new ArrayList<Demand>();
            int count = 1 + dice.nextInt(3);
            for (int i = 0; i < count; i++) {
                var site = dice.nextInt(4) == 0 ? "NORTH" : "LAB";
                var devices = List.of("GPU Tesla T4", "GPU RTX6000", "GPU", "NVME P4510").subList(0, 4).stream()
                        .filter(_ -> dice.nextInt(4) == 0)
                        .limit(1)
                        .toArray(String[]::new);
                demands.add(vm("n" + i, site, 1 + dice.nextInt(5), devices));
            }
            var start = world.now().plus(dice.nextInt(3) == 0 ? Duration.ofMinutes(dice.nextInt(300)) : Duration.ZERO);
            var term = Interval.of(start, Duration.ofMinutes(5 + dice.nextInt(240)));
            var name = "slice" + slices.size() + "-" + dice.nextInt(1000);
            var all = demands.toArray(Demand[]::new);
            var answer = dice.nextInt(3) == 0 ? world.createAnywhere(name, term, all) : world.create(name, term, all);
            if (answer instanceof Answer.Yes<Created>(var made)) {
                slices.add(made.slice().id());
            }
        }
    }
}
