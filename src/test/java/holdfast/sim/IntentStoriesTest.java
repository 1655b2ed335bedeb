package holdfast.sim;

import static holdfast.sim.World.vm;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Answer;
import holdfast.engine.Journal;
import holdfast.engine.Resource;
import holdfast.orchestrator.intents.IntentRecord;
import holdfast.orchestrator.intents.Intents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of intents, here and with a neighbour that has room (fluidos.md 2.10, 3.10, 4.1).
final class IntentStoriesTest {
    private static final Duration TERM = Duration.ofHours(4);
    private static final String ANNOTATED = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: tile-renderer
              annotations:
                fluidos-intent-compliance: GDPR
                fluidos-intent-latency: 40ms
                fluidos-intent-cpu: "1500m"
                fluidos-intent-memory: 3Gi
            spec:
              replicas: 2
              template:
                spec:
                  containers:
                    - name: renderer
                      resources: {requests: {cpu: 1200m, memory: 3Gi}}
            """;

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private World world;

    @BeforeEach
    void start() {
        world = new World(1, test);
        world.settle();
    }

    static String sample(String name) {
        try (var in = IntentStoriesTest.class.getResourceAsStream("/intents/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer<Resource> ask(String text) {
        return world.intents.understand(text).flatMap(understood -> world.intents.create(World.ALICE, understood));
    }

    private UUID apply(String text) {
        var made = ask(text).orThrow();
        world.settle();
        return made.id();
    }

    private Resource intent(UUID id) {
        return world.look(tx -> world.engine.resources().find(tx, id).orElseThrow());
    }

    private List<Resource> slices(UUID id) {
        return intent(id).as(IntentRecord.class).parts().stream()
                .map(part -> world.slice(part.slice()))
                .toList();
    }

    /// Its states one after the other.
    private List<String> life(UUID id) {
        return world.states(id).stream().distinct().toList();
    }

    private List<String> steps(UUID id) {
        return world.look(tx -> world.engine.journal().latest(tx, Journal.about(id), 100)).stream()
                .filter(entry -> entry.kind().equals("step"))
                .map(entry -> entry.why().split(":")[0])
                .sorted()
                .toList();
    }

    /// Nothing is free, nor has the neighbour anything to lend, which is of the same hosts.
    private void fill() {
        world.create("north", TERM, vm("n", "NORTH", 4)).orThrow();
        world.create("lab", TERM, vm("l", "LAB", 8), vm("m", "LAB", 8)).orThrow();
        world.settle();
    }

    @Test
    void an_annotated_manifest_runs() {
        var id = apply(ANNOTATED);
        assertThat(life(id)).containsExactly("Received", "Decomposed", "MatchingLocal", "Placing", "Running");
        var slice = slices(id).getFirst();
        assertThat(slice.state()).isEqualTo("StableOK");
        assertThat(world.slivers(slice.id())).hasSize(1);
        assertThat(steps(id))
                .containsExactly(
                        "W1 #1 W2 #5 W3 #1 W4 #5 INTENT_RECEIVED",
                        "W1 #2 W2 #6 W3 #2 W4 #6 INTENT_DECOMPOSED",
                        "W1 #3 W2 #6 W3 #3 W4 #7 LOCAL_LOOKED_UP",
                        "W1 #31 W2 #31 W3 #41 W4 #38 PLACED");

        world.settleFor(Duration.ofHours(30), Duration.ofHours(3));
        assertThat(intent(id).state()).isEqualTo("Done");
        world.nothingIsLeft();
    }

    @Test
    void a_plain_manifest_makes_no_solver() {
        var id = apply(sample("plain-pod.yaml"));
        assertThat(intent(id).state()).isEqualTo("Running");
        var slice = slices(id).getFirst().as(holdfast.orchestrator.Slice.class);
        assertThat(slice.elsewhere()).isEmpty();
    }

    @Test
    void two_parts_of_mspl_one_here_one_outside() {
        var id = apply(sample("mspl-two-resources.xml"));
        assertThat(life(id))
                .containsExactly("Received", "Decomposed", "MatchingLocal", "Acquiring", "Placing", "Running");
        assertThat(steps(id)).contains("W1 #30 W2 #31 W3 #40 W4 #38 RESUMED", "W1 #31 W2 #31 W3 #41 W4 #38 PLACED");
        var slices = slices(id);
        assertThat(slices).extracting(Resource::state).containsExactly("StableOK", "StableOK");
        assertThat(world.states(world.slivers(slices.getFirst().id()).getFirst().id()))
                .doesNotContain("acquiring");
        assertThat(world.states(world.slivers(slices.getLast().id()).getFirst().id()))
                .startsWith("acquiring");

        world.intents.delete(World.ALICE, id).orThrow();
        world.settle();
        assertThat(intent(id).state()).isEqualTo("Released");
        assertThat(slices(id)).extracting(Resource::state).containsOnly("Dead");
        world.settleFor(Duration.ofHours(30), Duration.ofHours(3));
        world.nothingIsLeft();
    }

    @Test
    void what_finds_no_room_here_is_looked_for_elsewhere_and_fails_if_nobody_has_any() {
        fill();
        var id = apply("""
                name: some room
                hours: 2
                parts: [{name: only, cpu: 3, memory: 4Gi}]
                """);
        assertThat(life(id)).containsExactly("Received", "Decomposed", "MatchingLocal", "Acquiring", "Failed");
        assertThat(world.neighbour.states("lending")).isEmpty();
    }

    @Test
    void a_part_that_cannot_be_had_releases_the_others() {
        var id = apply(two(false));
        assertThat(intent(id).state()).isEqualTo("Failed");
        assertThat(intent(id).message().orElseThrow()).startsWith("part huge: ");
        assertThat(slices(id)).extracting(Resource::state).containsOnly("Dead");
        world.settleFor(Duration.ofHours(8), Duration.ofHours(1));
        world.nothingIsLeft();
    }

    @Test
    void who_wants_to_keep_what_can_be_had_keeps_it() {
        var id = apply(two(true));
        assertThat(intent(id).state()).isEqualTo("Running");
        assertThat(slices(id)).extracting(Resource::state).containsExactly("StableOK", "Dead");
    }

    private static String two(boolean keep) {
        return """
                name: two parts
                hours: 2
                keepPartial: %s
                parts:
                  - {name: small, cpu: 1, memory: 2Gi}
                  - {name: huge, cpu: 500, memory: 2Gi}
                """.formatted(keep);
    }

    @Test
    void what_does_not_run_by_its_deadline_fails() {
        var id = apply("""
                name: in a hurry
                hours: 8
                notBefore: 2030-01-07T12:00:00Z
                deadline: 2030-01-07T12:00:01Z
                parts: [{name: only, cpu: 1, memory: 1Gi}]
                """);
        world.substrates
                .values()
                .forEach(substrate -> substrate.trouble = (_, _) -> {
                    throw new SimSubstrate.Broken();
                });
        assertThat(intent(id).state()).isEqualTo("Placing");
        world.settleFor(Duration.ofHours(14), Duration.ofMinutes(1));
        assertThat(intent(id).state()).isEqualTo("Failed");
        assertThat(intent(id).message()).contains("it did not run by its deadline");
    }

    @Test
    void what_may_not_begin_yet_has_its_room_and_waits() {
        var id = apply("""
                name: later
                hours: 2
                notBefore: +6h
                parts: [{name: only, cpu: 1, memory: 1Gi}]
                """);
        assertThat(intent(id).state()).isEqualTo("Placing");
        assertThat(slices(id)).extracting(Resource::state).containsExactly("AllocatedOK");
        world.settleFor(Duration.ofHours(7), Duration.ofHours(1));
        assertThat(intent(id).state()).isEqualTo("Running");
    }

    @Test
    void what_its_user_takes_down_by_hand_fails_the_intent() {
        var id = apply(ANNOTATED);
        world.orchestrator.delete(World.ALICE, slices(id).getFirst().id()).orThrow();
        world.settle();
        assertThat(intent(id).state()).isEqualTo("Failed");
        assertThat(intent(id).message().orElseThrow()).contains("part tile-renderer");
    }

    @Test
    void a_second_intent_of_that_name_is_refused_and_leaves_nothing() {
        apply(ANNOTATED);
        var again = ask(ANNOTATED);
        assertThat(again).isInstanceOf(Answer.No.class);
        assertThat(again.toString()).contains("already has an intent called tile-renderer");
        assertThat(world.<List<Resource>>look(tx -> world.engine.resources().ofType(tx, Intents.TYPE, 10)))
                .hasSize(1);
    }
}
