package holdfast.sim;

import static holdfast.sim.World.vm;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.orchestrator.Orchestrator.Created;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Many random lives of domains that buy and sell (fluidos.md 7): questions and answers are lost, servers die at any
/// commit, clocks differ, sellers end contracts, peers are away for minutes. After each step what must never be is
/// looked for (G1 to G3); at the end both sides agree (G5) and nothing is left.
///
/// One seed: `mvn test -Dtest=FederationSimulationTest -Dholdfast.seed=42`; how many: `-Dholdfast.seeds=100`.
final class FederationSimulationTest {
    private static final int USUAL = 4;
    private static final int STEPS = 20;
    private static final List<String> LIVE = List.of("active", "expiring");

    @Test
    void whatever_happens_no_guarantee_is_broken() {
        var one = Long.getLong("holdfast.seed");
        long first = one == null ? 1 : one;
        long last = one == null ? Long.getLong("holdfast.seeds", USUAL) : one;
        long traded = 0;
        for (long seed = first; seed <= last; seed++) {
            try (var domains = new Domains(seed)) {
                new Run(seed, domains).run();
                traded += domains.all.stream()
                        .mapToLong(domain -> domain.contracts().size())
                        .sum();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + " (repeat it with -Dholdfast.seed=" + seed + "): " + e.getMessage(), e);
            }
        }
        if (one == null) assertThat(traded).as("contracts").isPositive();
    }

    private static final class Run {
        private final Random dice;
        private final Domains domains;
        private final Map<Domain, List<UUID>> slices = new HashMap<>();
        private final List<String> told = new ArrayList<>();

        Run(long seed, Domains domains) {
            this.dice = new Random(seed);
            this.domains = domains;
            int count = 2 + dice.nextInt(2);
            for (int i = 0; i < count; i++) {
                var domain = domains.add("node" + i);
                domain.world.advance(Duration.ofSeconds(dice.nextInt(5)));
                domain.sells();
                slices.put(domain, new ArrayList<>());
            }
            for (var one : domains.all) {
                domains.all.stream().filter(other -> other != one).forEach(one::meets);
            }
        }

        void run() {
            try {
                for (int step = 0; step < STEPS; step++) {
                    domains.wire.trouble = dice.nextInt(3) * 20;
                    happen();
                    domains.settle();
                    domains.neverEver();
                }
                calm();
                domains.agree();
                domains.settleFor(Duration.ofHours(9), Duration.ofHours(1));
                domains.keepHouse();
                domains.settleFor(Duration.ofHours(4), Duration.ofHours(2));
                domains.neverEver();
                domains.agree();
                domains.nothingIsLeft();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(e.getMessage() + "\nafter " + String.join(", ", told), e);
            }
        }

        /// All answer again, and have the time to.
        private void calm() {
            domains.wire.trouble = 0;
            domains.wire.away.clear();
            domains.all.forEach(Domain::isSafe);
            domains.settleFor(Duration.ofMinutes(6), Duration.ofMinutes(2));
            domains.all.forEach(Domain::looks);
            domains.settleFor(Duration.ofMinutes(1), Duration.ofMinutes(1));
        }

        private void happen() {
            var domain = any(domains.all);
            switch (dice.nextInt(14)) {
                case 0, 1, 2, 3 -> create(domain);
                case 4 -> delete(domain);
                case 5 -> pass(Duration.ofSeconds(dice.nextInt(90)));
                case 6 -> pass(Duration.ofMinutes(dice.nextInt(40)));
                case 7 -> {
                    told(domain.node.id() + " looks");
                    domain.looks();
                }
                case 8, 9, 10 -> doom(domain);
                case 11 -> endSold(domain);
                case 12 -> {
                    told(domain.node.id() + " is away");
                    domains.wire.away.add(domain.node.address());
                }
                default -> {
                    told("all are back");
                    domains.wire.away.clear();
                }
            }
        }

        private <T> T any(List<T> some) {
            return some.get(dice.nextInt(some.size()));
        }

        private void told(String what) {
            told.add(what);
        }

        private void pass(Duration time) {
            told(time + " pass");
            domains.all.forEach(domain -> domain.world.advance(time));
        }

        private void doom(Domain domain) {
            int commit = 1 + dice.nextInt(40);
            boolean before = dice.nextBoolean();
            told(domain.node.id() + " is to die " + (before ? "before" : "after") + " commit " + commit);
            domain.diesAt(commit, before);
            create(domain);
        }

        private void create(Domain domain) {
            var start = domain.world
                    .now()
                    .plus(dice.nextInt(4) == 0 ? Duration.ofMinutes(dice.nextInt(60)) : Duration.ZERO);
            var term = Interval.of(start, Duration.ofMinutes(10 + dice.nextInt(240)));
            var part = vm("n", dice.nextInt(4) == 0 ? "LAB" : "NORTH", 1 + dice.nextInt(4));
            var name = "slice" + told.size();
            told(domain.node.id() + " makes " + name + " of " + part.capacities() + " for " + term);
            domain.surely(() -> {
                if (domain.world.createAnywhere(name, term, part) instanceof Answer.Yes<Created>(var made)) {
                    slices.get(domain).add(made.slice().id());
                }
            });
        }

        private void delete(Domain domain) {
            var some = slices.get(domain);
            if (!some.isEmpty()) {
                var slice = any(some);
                told(domain.node.id() + " deletes " + domain.world.slice(slice).name());
                domain.surely(() -> domain.world.orchestrator.delete(World.ALICE, slice));
            }
        }

        private void endSold(Domain domain) {
            var sold = domain.contracts().stream()
                    .filter(contract -> contract.actor().equals("broker") && LIVE.contains(contract.state()))
                    .toList();
            if (!sold.isEmpty()) {
                var contract = any(sold);
                told(domain.node.id() + " ends " + contract.name());
                domain.endsSold(contract.id());
            }
        }
    }
}
