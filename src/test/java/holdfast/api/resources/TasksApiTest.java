package holdfast.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// Tasks that an administrator has done by hand.
@Timeout(300)
class TasksApiTest {
    private static final String PURGE = "/v1/tasks/purge.resources";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(test, SimulatedSettings.PERFECT);

    private JsonNode look() {
        return domain.get(domain.admin, PURGE).json();
    }

    @Test
    void a_task_is_executed_by_hand_and_shows_what_came_of_it() {
        assertThat(domain.get(domain.admin, "/v1/tasks").json().get("data"))
                .extracting(task -> task.get("name").stringValue())
                .containsExactlyInAnyOrder("purge.resources", "delete.records", "peer.watch", "contract.reconcile");
        var before = look();
        assertThat(before.get("lastEnd").isNull()).isTrue();
        assertThat(before.get("nextRun").isString()).isTrue();

        var asked = domain.post(domain.admin, before.at("/actions/execute").stringValue(), "");
        assertThat(asked.status()).as(asked.text()).isEqualTo(202);
        domain.waitFor(() -> look().get("lastEnd").isString());
        var after = look();
        assertThat(after.get("lastOutcome").stringValue()).isEqualTo("0 rows");
        assertThat(after.get("nextRun")).as("its next time stays").isEqualTo(before.get("nextRun"));
        var instances = domain.get(
                        domain.admin, after.at("/links/taskinstances").stringValue())
                .json()
                .get("data");
        assertThat(instances).singleElement().satisfies(one -> {
            assertThat(one.get("taskId")).isEqualTo(after.get("id"));
            assertThat(one.get("startTime").isString()).isTrue();
            assertThat(one.get("endTime")).isEqualTo(after.get("lastEnd"));
            assertThat(one.get("outcome").stringValue()).isEqualTo("0 rows");
            assertThat(one.get("exception").isNull()).isTrue();
        });
    }

    @Test
    void a_purge_by_hand_purges_what_may_be_purged() {
        domain.send(
                domain.admin,
                "PUT",
                "/v1/settings/object.remove.time.delay.seconds",
                "application/json",
                "{\"value\": \"0\"}");
        var network = domain.post(TestDomain.ALICE, "/v1/networks", "{\"name\": \"n\"}")
                .json()
                .at("/links/self")
                .stringValue();
        awaitState(network, "active");
        for (var verb : List.of("deactivate", "remove")) {
            domain.post(TestDomain.ALICE, network + "/?action=" + verb, "");
            awaitState(network, verb.equals("remove") ? "removed" : "inactive");
        }
        domain.post(domain.admin, PURGE + "?action=execute", "");
        awaitState(network, "purged");
    }

    private void awaitState(String self, String state) {
        domain.waitFor(() -> domain.get(TestDomain.ALICE, self)
                .json()
                .path("state")
                .asString("")
                .equals(state));
    }

    @Test
    void only_administrators_have_tasks_executed_and_they_know_no_other_action() {
        assertThat(domain.post(TestDomain.ALICE, PURGE + "?action=execute", "").status())
                .isEqualTo(404);
        var other = domain.post(domain.admin, PURGE + "?action=stop", "");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.json().get("code").stringValue()).isEqualTo("InvalidAction");
        assertThat(look().get("lastEnd").isNull()).isTrue();
    }
}
