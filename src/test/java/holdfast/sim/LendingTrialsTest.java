package holdfast.sim;

import static holdfast.sim.World.vm;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Answer;
import holdfast.core.Demand;
import holdfast.core.Interval;
import holdfast.engine.Resource;
import holdfast.orchestrator.Orchestrator.Created;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The trials of [TrialsTest] for what is bought elsewhere: one slice that is deleted and one that lasts until its
/// contract ends, with a kill before and after every write.
///
/// Kills at each eleventh write; all with `-Dholdfast.stride=1`.
final class LendingTrialsTest {
    private static final int STRIDE = Integer.getInteger("holdfast.stride", 22);

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    static final class Life implements Trials.Life {
        private final World world;
        private UUID deleted;
        private UUID lasting;

        Life(World world) {
            this.world = world;
        }

        @Override
        public void live() {
            world.settle();
            if (deleted == null) {
                deleted = make("deleted away");
            }
            if (lasting == null) {
                lasting = make("lasting away");
            }
            world.settle();
            if (world.slice(deleted).removed().isEmpty()
                    && !world.slice(deleted).state().equals("Closing")) {
                world.orchestrator.delete(World.ALICE, deleted).orThrow();
            }
            world.settleFor(Duration.ofHours(6), Duration.ofHours(1));
        }

        /// The north has four cores, so that each needs some of the lab.
        private UUID make(String name) {
            var demands = new Demand[] {vm("a", "NORTH", 3), vm("b", "NORTH", 2)};
            var term = Interval.of(world.now(), Duration.ofHours(2));
            return switch (world.createAnywhere(name, term, demands)) {
                case Answer.Yes<Created>(var made) -> made.slice().id();
                // killed after the commit: it is there already
                case Answer.No<Created> _ ->
                    world.look(tx -> world.engine.resources().ofType(tx, "slice", 10)).stream()
                            .filter(slice -> slice.name().equals(name))
                            .findFirst()
                            .map(Resource::id)
                            .orElseThrow();
            };
        }
    }

    @Test
    void a_life_goes_on_after_a_kill_before_any_write() {
        Trials.killAtEach(() -> new World(7, test), STRIDE, false, Life::new, LendingTrialsTest::isWhole);
    }

    @Test
    void a_life_goes_on_after_a_kill_after_any_write() {
        Trials.killAtEach(() -> new World(7, test), STRIDE, true, Life::new, LendingTrialsTest::isWhole);
    }

    private static void isWhole(Life life, String when) {
        assertThat(life.world.states(life.deleted))
                .as(when)
                .contains("StableOK")
                .endsWith("Closing", "Dead");
        assertThat(life.world.states(life.lasting))
                .as(when)
                .contains("StableOK")
                .endsWith("Closing", "Dead");
        assertThat(life.world.neighbour.states("lending"))
                .as(when)
                .hasSizeGreaterThan(1)
                .containsOnly("ended");
    }
}
