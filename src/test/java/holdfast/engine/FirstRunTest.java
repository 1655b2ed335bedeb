package holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.TestDatabase;
import holdfast.engine.ProcessDefinition.Ending;
import holdfast.engine.Processes.Request;
import holdfast.engine.types.Move;
import holdfast.platform.Faults;
import holdfast.platform.Json;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Who runs a step knows whether that is surely for the first time: only then need nothing be looked for outside.
final class FirstRunTest {
    private static final Outcome LATER = new Outcome.Later(Duration.ofSeconds(1), "waiting");

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final Lab lab = new Lab(test);
    private final List<String> runs = new ArrayList<>();
    private final List<Step.Context> contexts = new ArrayList<>();
    private final Deque<Outcome> outcomes = new ArrayDeque<>();

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private void boot() {
        lab.boot();
        lab.engine()
                .definitions()
                .add(ProcessDefinition.of(
                        "probe.make",
                        Move.of(Set.of("requested"), "making", "made", "failed"),
                        _ -> List.of(step("one"), step("two")),
                        Ending.NONE));
    }

    private Step step(String name) {
        return Step.of(name, context -> {
            contexts.add(context);
            runs.add(name + (context.first() ? " first" : " again"));
            return Optional.ofNullable(outcomes.poll()).orElseGet(Outcome::done);
        });
    }

    /// One whose process is asked for.
    private UUID probe() {
        return lab.look(tx -> {
            var resources = lab.engine().resources();
            var id = lab.platform().newId();
            var fresh = resources.fresh(
                    id, "probe", Resources.ACTOR, Optional.empty(), "probe", "requested", "physics", Json.object());
            resources.insert(tx, fresh, "alice", "asked for");
            lab.engine()
                    .processes()
                    .schedule(tx, Request.now("probe.make", id, "alice"))
                    .orThrow();
            return id;
        });
    }

    @Test
    void each_step_is_run_first_once_and_what_waited_is_run_again() {
        boot();
        outcomes.add(LATER);
        var id = probe();
        lab.settleFor(Duration.ofSeconds(2), Duration.ofSeconds(1));
        assertThat(lab.state(id)).isEqualTo("made");
        assertThat(runs).containsExactly("one first", "one again", "two first");
    }

    @Test
    void what_was_run_and_not_written_down_is_run_again_and_not_first() {
        boot();
        var id = probe();
        lab.database().inject(new Faults() {
            @Override
            public void beforeCommit(int n) {
                if (runs.size() == 2) throw new Killed();
            }
        });
        assertThatThrownBy(lab::settle).isInstanceOf(Killed.class);
        lab.database().inject(Faults.NONE);
        boot();
        lab.advance(Runner.CLAIM.plusSeconds(1));
        lab.settle();
        assertThat(lab.state(id)).isEqualTo("made");
        assertThat(runs).containsExactly("one first", "two first", "two again");
    }

    @Test
    void what_was_asked_for_before_a_restore_is_never_new_whoever_asks_for_it_again() {
        boot();
        var before = lab.platform().now();
        var id = probe();
        lab.look(Engine::restored);
        boot();
        lab.settle();
        assertThat(lab.state(id)).isEqualTo("made");
        lab.advance(Duration.ofSeconds(1));
        probe();
        lab.settle();
        assertThat(runs).hasSize(4);
        assertThat(contexts).allMatch(Step.Context::first).noneMatch(context -> context.isNew(before));
        assertThat(contexts.subList(2, 4))
                .allMatch(context -> context.isNew(lab.platform().now()));
    }
}
