package holdfast.sim;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.orchestrator.intents.IntentRecord;
import holdfast.protocol.Message;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The trials of [TrialsTest] for intents that wait for their hour, and for those of which a part is replaced, with a
/// kill before and after every write.
///
/// Kills at each 29th write; all with `-Dholdfast.stride=1`.
final class IntentCareTrialsTest {
    private static final int STRIDE = Integer.getInteger("holdfast.stride", 29);

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    static final class Life implements Trials.Life {
        private final World world;
        private UUID green;
        private UUID moved;

        Life(World world) {
            this.world = world;
        }

        @Override
        public void live() {
            world.neighbour.greenest = Duration.ofHours(2);
            world.settle();
            if (green == null) {
                green = apply("green", "objective: greenest, deadline: +6h, parts: [{name: a, cpu: 1, memory: 1Gi}]");
            }
            if (moved == null) {
                moved = apply("moved", "parts: [{name: a, cpu: 1, memory: 1Gi, within: outside}]");
            }
            world.settle();
            if (part().care().former().isEmpty()) {
                var slice = part().slice();
                var sliver = new SliverId(world.slivers(slice).getFirst().id());
                var why = Refusal.broken("it is too slow");
                world.run(tx -> world.engine
                        .post()
                        .send(tx, Neighbour.NAME, "orchestrator", new Message.Violated(sliver, why)));
            }
            world.settleFor(Duration.ofHours(6), Duration.ofHours(1));
        }

        private IntentRecord.Placed part() {
            return world.slice(moved).as(IntentRecord.class).parts().getFirst();
        }

        private UUID apply(String name, String rest) {
            var text = "{name: %s, hours: 2, %s}".formatted(name, rest);
            return Trials.applied(world, name, text);
        }
    }

    @Test
    void a_life_goes_on_after_a_kill_before_any_write() {
        Trials.killAtEach(() -> new World(7, test), STRIDE, false, Life::new, IntentCareTrialsTest::isWhole);
    }

    @Test
    void a_life_goes_on_after_a_kill_after_any_write() {
        Trials.killAtEach(() -> new World(7, test), STRIDE, true, Life::new, IntentCareTrialsTest::isWhole);
    }

    private static void isWhole(Life life, String when) {
        var world = life.world;
        assertThat(world.states(life.green))
                .as(when)
                .contains("Waiting", "Running")
                .endsWith("Done");
        assertThat(world.slice(life.green).as(IntentRecord.class).parts())
                .as(when)
                .hasSize(1);
        assertThat(world.states(life.moved))
                .as(when)
                .containsSubsequence("Running", "Violated", "Acquiring", "Running")
                .endsWith("Done");
        assertThat(life.part().care().former()).as(when).hasSize(1);
        assertThat(life.part().care().tries()).as(when).isEqualTo(1);
    }
}
