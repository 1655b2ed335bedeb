package holdfast.sim;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.orchestrator.intents.IntentRecord;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The trials of [TrialsTest] for intents: one with a part here and one elsewhere that is given up, one that ends with
/// its term, and one of which a part cannot be had, with a kill before and after every write.
///
/// Kills at each 17th write; all with `-Dholdfast.stride=1`.
final class IntentTrialsTest {
    private static final int STRIDE = Integer.getInteger("holdfast.stride", 17);

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    static final class Life implements Trials.Life {
        private final World world;
        private UUID released;
        private UUID done;
        private UUID failed;

        Life(World world) {
            this.world = world;
        }

        @Override
        public void live() {
            world.settle();
            if (released == null) {
                released = apply("released", "{name: b, cpu: 2, memory: 1Gi, within: outside}");
            }
            if (done == null) {
                done = apply("done", "{name: b, cpu: 1, memory: 1Gi}");
            }
            if (failed == null) {
                failed = apply("failed", "{name: b, cpu: 500, memory: 1Gi}");
            }
            world.settle();
            if (world.look(tx -> world.engine.resources().find(tx, released).orElseThrow())
                    .removed()
                    .isEmpty()) {
                world.intents.delete(World.ALICE, released).orThrow();
            }
            world.settleFor(Duration.ofHours(6), Duration.ofHours(1));
        }

        private UUID apply(String name, String part) {
            var text = "{name: %s, hours: 2, parts: [{name: a, cpu: 1, memory: 1Gi}, %s]}".formatted(name, part);
            return Trials.applied(world, name, text);
        }
    }

    @Test
    void a_life_goes_on_after_a_kill_before_any_write() {
        Trials.killAtEach(() -> new World(7, test), STRIDE, false, Life::new, IntentTrialsTest::isWhole);
    }

    @Test
    void a_life_goes_on_after_a_kill_after_any_write() {
        Trials.killAtEach(() -> new World(7, test), STRIDE, true, Life::new, IntentTrialsTest::isWhole);
    }

    private static void isWhole(Life life, String when) {
        var world = life.world;
        assertThat(world.states(life.released)).as(when).contains("Running").endsWith("Released");
        assertThat(world.states(life.done)).as(when).contains("Running").endsWith("Done");
        assertThat(world.states(life.failed)).as(when).endsWith("Failed");
        for (var id : new UUID[] {life.released, life.done, life.failed}) {
            var intent = world.look(tx -> world.engine.resources().find(tx, id).orElseThrow());
            assertThat(intent.as(IntentRecord.class).parts())
                    .as(when)
                    .hasSize(2)
                    .allSatisfy(part ->
                            assertThat(world.slice(part.slice()).state()).isEqualTo("Dead"));
        }
    }
}
