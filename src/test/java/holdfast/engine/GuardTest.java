package holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Processes.Request;
import holdfast.platform.Json;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Processes that begin only under a condition (cattle.md 6.1).
final class GuardTest {
    private static final JsonNode IF_LOCAL = Json.tree("{\"instance.start::if\": {\"domain\": \"local\"}}");

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final Lab lab = new Lab(test);
    private UUID instance = new UUID(0, 0);

    @BeforeEach
    void make() {
        instance = lab.create("instance", "{\"startOnCreate\": false, \"domain\": \"local\"}");
        lab.settle();
    }

    private void move(String domain) {
        lab.look(tx -> {
            var was = lab.engine().resources().lock(tx, instance).orElseThrow();
            var content = was.content().put("domain", domain);
            return lab.engine().resources().update(tx, was.state(), was.withData(content), "alice", "");
        });
    }

    @Test
    void a_process_begins_if_the_fields_are_as_its_guard_says() {
        lab.act(instance, "instance.start", IF_LOCAL).orThrow();
        assertThat(lab.state(instance)).as("it has not begun yet").isEqualTo("stopped");
        lab.settle();
        assertThat(lab.state(instance)).isEqualTo("running");
    }

    @Test
    void a_process_whose_guard_is_not_so_when_it_would_begin_is_cancelled() {
        var later = lab.now().plusSeconds(60);
        lab.look(tx -> lab.engine()
                .processes()
                .schedule(
                        tx,
                        Request.at(later, "instance.start", instance, "alice").with(IF_LOCAL))
                .orThrow());
        lab.settle();
        move("remote");
        lab.advance(Duration.ofMinutes(2));
        lab.settle();
        assertThat(lab.state(instance)).isEqualTo("stopped");
        assertThat(lab.processes(instance).getLast()).satisfies(process -> {
            assertThat(process.state()).isEqualTo("cancelled");
            assertThat(process.exitReason()).contains(ExitReason.CANCELED);
            assertThat(process.runs()).isEqualTo(1);
            assertThat(process.waitingFor().orElseThrow()).contains("only if domain is \"local\"");
        });
    }

    @Test
    void what_is_done_already_counts_as_done_whatever_the_guard_says() {
        lab.act(instance, "instance.start", Json.tree("{\"instance.start::if\": {\"name\": \"nobody\"}}"))
                .orThrow();
        lab.act(instance, "instance.start").orThrow();
        lab.settle();
        assertThat(lab.state(instance)).isEqualTo("running");
        lab.act(instance, "instance.restart", Json.tree("{\"instance.restart::if\": {\"state\": \"stopped\"}}"))
                .orThrow();
        lab.settle();
        assertThat(lab.processes(instance).getLast().exitReason()).contains(ExitReason.ALREADY_DONE);
    }

    @Test
    void a_guard_that_is_no_object_is_refused() {
        assertThat(lab.act(instance, "instance.start", Json.tree("{\"instance.start::if\": true}")))
                .isInstanceOfSatisfying(Answer.No.class, no -> {
                    var why = ((Answer.No<?>) no).why();
                    assertThat(why.kind()).isEqualTo(Refusal.Kind.MALFORMED);
                    assertThat(why.field()).contains("instance.start::if");
                });
        assertThat(lab.processes(instance)).hasSize(1);
    }
}
