package holdfast.sim;

import static holdfast.db.Tables.PROCESS;
import static holdfast.sim.World.vm;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.authority.Driver.Key;
import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.types.ResourceType.Origin;
import holdfast.orchestrator.Orchestrator.Created;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The three trials that every process must pass: each step fails, each step runs twice, a kill before and after every
/// write.
///
/// They follow one life that runs all processes there are: a slice with two devices is made and deleted, another
/// expires by itself, a third waits for its start. A process that the life does not run fails the last test; those of
/// types that are data, and what keeps the database small, have their trials in `LifecycleTest`, those of reservations
/// and clouds in `ReservationTrialsTest`.
final class TrialsTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    /// Before one write is after the one before it: at each second, both trials together leave out no place.
    private static final int STRIDE = Integer.getInteger("holdfast.stride", 2);

    private static final class Life implements Trials.Life {
        final World world;
        UUID deleted;
        UUID expired;
        UUID later;

        Life(World world) {
            this.world = world;
        }

        @Override
        public void live() {
            live(Duration.ofHours(1));
        }

        void live(Duration tick) {
            world.settle();
            if (deleted == null) {
                deleted = make("deleted", Duration.ZERO, "GPU Tesla T4", "NVME P4510");
            }
            world.settle();
            if (expired == null) {
                expired = make("expired", Duration.ZERO, "GPU RTX6000");
            }
            if (later == null) {
                later = make("later", Duration.ofHours(1), "GPU Tesla T4");
            }
            world.settle();
            if (world.slice(deleted).removed().isEmpty()
                    && !world.slice(deleted).state().equals("Closing")) {
                world.orchestrator.delete(World.ALICE, deleted).orThrow();
            }
            world.settleFor(Duration.ofHours(4), tick);
        }

        private UUID make(String name, Duration wait, String... devices) {
            var start = world.now().plus(wait);
            var answer = world.create(name, Interval.of(start, Duration.ofHours(2)), vm(name, "LAB", 2, devices));
            return switch (answer) {
                case Answer.Yes<Created>(var made) -> made.slice().id();
                // killed after the commit: it is there already
                case Answer.No<Created> _ ->
                    world.look(tx -> world.engine.resources().ofType(tx, "slice", 10)).stream()
                            .filter(slice -> slice.name().equals(name))
                            .findFirst()
                            .orElseThrow()
                            .id();
            };
        }
    }

    @Test
    void a_life_goes_on_after_a_kill_before_any_write() {
        Trials.killAtEach(() -> new World(7, test), STRIDE, false, Life::new, TrialsTest::isWhole);
    }

    @Test
    void a_life_goes_on_after_a_kill_after_any_write() {
        Trials.killAtEach(() -> new World(7, test), STRIDE, true, Life::new, TrialsTest::isWhole);
    }

    private static void isWhole(Life life, String when) {
        assertThat(life.world.states(life.deleted))
                .as(when)
                .contains("StableOK")
                .endsWith("Closing", "Dead");
        assertThat(life.world.states(life.expired))
                .as(when)
                .contains("StableOK")
                .endsWith("Closing", "Dead");
        assertThat(life.world.substrates.get("lab-am").made.values())
                .as("made twice, " + when)
                .containsOnly(1);
    }

    @Test
    void whichever_step_fails_for_good_all_is_undone_and_the_slice_says_why() {
        for (var part : Set.of("vm", "deleted-gpu", "deleted-nvme")) {
            var world = new World(7, test);
            world.substrates.get("lab-am").trouble = (verb, key) -> {
                if (verb.equals("ensure") && key.part().equals(part)) {
                    throw new SimSubstrate.Broken();
                }
            };
            var life = new Life(world);
            life.live();
            world.neverEver();
            if (!part.equals("vm")) {
                assertThat(world.states(life.expired)).contains("StableOK");
            }
            assertThat(world.slice(life.deleted).message().orElseThrow()).contains("simulated failure of " + part);
            assertThat(world.states(life.deleted)).endsWith("Closing", "Dead").doesNotContain("StableOK");
            world.nothingIsLeft();
        }
    }

    @Test
    void whichever_verb_fails_for_a_while_it_is_tried_again_and_all_goes_well() {
        var world = new World(7, test);
        var failed = new HashMap<Key, Integer>();
        world.substrates.get("lab-am").trouble = (verb, key) -> {
            if (failed.merge(new Key(key.lease(), verb + key.part()), 1, Integer::sum) <= 3) {
                throw new IllegalStateException("not now");
            }
        };
        var life = new Life(world);
        life.live(Duration.ofMinutes(1));
        assertThat(world.states(life.deleted)).contains("Dead");
        assertThat(world.states(life.expired)).contains("StableOK", "Dead");
        world.nothingIsLeft();
    }

    @Test
    void the_trials_have_run_every_process_that_a_part_brings_along() {
        var world = new World(7, test);
        new Life(world).live();
        new ReservationTrialsTest.Life(world).live();
        new AllocationTrialsTest.Life(world).live();
        new LendingTrialsTest.Life(world).live();
        new MarketTrialsTest.Life(world).live();
        new IntentTrialsTest.Life(world).live();
        new IntentCareTrialsTest.Life(world).live();
        var ran = new HashSet<>(
                world.look(tx -> tx.sql().select(PROCESS.NAME).from(PROCESS).fetchInto(String.class)));
        assertThat(ran)
                .containsAll(world.engine.definitions().all().stream()
                        .filter(definition -> world.engine
                                .types()
                                .find(definition.type())
                                .filter(type -> type.origin() != Origin.PART)
                                .isEmpty())
                        .map(ProcessDefinition::name)
                        .filter(name -> !name.equals("task.execute"))
                        // is for providers that do not take back a change that others have refused
                        .filter(name -> !name.equals("reservation.settle"))
                        // is for intents that name one: IntentStoriesTest
                        .filter(name -> !name.equals("intent.deadline"))
                        // is for intents that need services of others: ServiceTrialsTest
                        .filter(name -> !name.equals("intent.served"))
                        .toList());
    }
}
