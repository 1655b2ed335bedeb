package holdfast.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// The log of a process that leads others (cattle.md 2.3).
@Timeout(300)
class NestedLogTest {
    private static final String LIFE =
            "\"create\": {\"start\": \"requested\", \"during\": \"building\", \"done\": \"built\"}";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(test, SimulatedSettings.PERFECT);

    private void declare(String type, String fields) {
        var answer = domain.post(
                domain.admin,
                "/v1/resourcedefinitions",
                "{\"name\": \"%s\", \"fields\": {%s}, \"processes\": {%s}}".formatted(type, fields, LIFE));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }

    private void power(String type, String nested) {
        var answer = domain.post(
                domain.admin,
                "/v1/processdefinitions",
                "{\"name\": \"%s.power\", \"resourceType\": \"%s\", \"start\": \"built\", \"during\": \"powering\", \"done\": \"on\"%s}"
                        .formatted(type, type, nested));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }

    private JsonNode make(String type, String body) {
        return make(domain.admin, "/v1/" + type + "s", body);
    }

    private JsonNode make(String token, String path, String body) {
        var made = domain.post(token, path, body);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        awaitState(made.json().at("/links/self").stringValue(), "built");
        return made.json();
    }

    private void awaitState(String self, String state) {
        domain.waitFor(() ->
                domain.get(domain.admin, self).json().path("state").asString("").equals(state));
    }

    @Test
    void processes_inside_stand_below_the_step_that_began_them() {
        declare("rack", "");
        declare("blade", "\"rackId\": \"reference[rack]\"");
        declare("fan", "\"bladeId\": \"reference[blade]\"");
        power("fan", "");
        power("blade", ", \"nested\": [\"fan.power\"]");
        power("rack", ", \"nested\": [\"blade.power\"]");
        var rack = make("rack", "{}");
        var first = make("blade", "{\"rackId\": %s}".formatted(rack.get("id")));
        var second = make("blade", "{\"rackId\": %s}".formatted(rack.get("id")));
        var fan = make("fan", "{\"bladeId\": %s}".formatted(second.get("id")));
        var self = rack.at("/links/self").stringValue();
        domain.post(domain.admin, self + "/?action=power", "");
        awaitState(self, "on");

        var instance = domain.get(
                        domain.admin,
                        "/v1/processinstances?processName=rack.power&resourceId="
                                + rack.get("id").stringValue())
                .json()
                .at("/data/0/links/self")
                .stringValue();
        var answer =
                domain.get(domain.admin, instance + "/processexecutions").json().at("/data/0");
        assertThat(answer.get("truncated").booleanValue()).isFalse();
        var step = last(answer.at("/log/executions/0/processHandlerExecutions"));
        assertThat(step.get("name").stringValue()).isEqualTo("blade.power");
        assertThat(step.get("outcome").stringValue()).isEqualTo("done");
        assertThat(step.get("children"))
                .extracting(child -> child.at("/executions/0/resourceId"))
                .containsExactly(first.get("id"), second.get("id"));
        assertThat(step.get("children"))
                .extracting(child -> child.at("/executions/0/exitReason").stringValue())
                .containsOnly("DONE");
        var inner = last(step.at("/children/1/executions/0/processHandlerExecutions"));
        assertThat(inner.at("/children/0/executions/0/resourceId")).isEqualTo(fan.get("id"));

        var line = last(domain.get(domain.admin, instance).json().get("log"));
        assertThat(line.get("step").stringValue()).isEqualTo("blade.power");
        assertThat(line.get("children")).isEqualTo(step.get("children"));
    }

    @Test
    void a_log_that_is_too_long_says_that_lines_are_left_out() {
        declare("rack", "");
        var rack = make("rack", "{}");
        var instance = domain.get(
                        domain.admin,
                        "/v1/processinstances?resourceId=" + rack.get("id").stringValue())
                .json()
                .at("/data/0");
        domain.database.inTransaction(tx -> tx.sql()
                .execute(
                        "insert into process_log (process, at, step, outcome)"
                                + " select ?::uuid, now(), 'again', 'retry' from generate_series(1, 10001)",
                        instance.get("uuid").stringValue()));
        var answer = domain.get(
                        domain.admin, instance.at("/links/processExecutions").stringValue())
                .json()
                .at("/data/0");
        assertThat(answer.at("/log/executions/0/processHandlerExecutions")).hasSize(10_000);
        assertThat(answer.get("truncated").booleanValue()).isTrue();
    }

    @Test
    void what_is_inside_of_a_process_and_belongs_to_others_is_left_out() {
        declare("rack", "");
        declare("blade", "\"rackId\": \"reference[rack]\"");
        power("blade", "");
        power("rack", ", \"nested\": [\"blade.power\"]");
        domain.get(TestDomain.BOB, "/v1/racks");
        var rack = make(TestDomain.ALICE, "/v1/racks", "{}");
        var refers = "{\"rackId\": %s}".formatted(rack.get("id"));
        var hers = make(TestDomain.ALICE, "/v1/blades", refers);
        var his = make(domain.admin, "/v1/blades?projectId=biology", refers);
        assertThat(his.get("project").stringValue()).isEqualTo("biology");
        var self = rack.at("/links/self").stringValue();
        domain.post(TestDomain.ALICE, self + "/?action=power", "");
        awaitState(self, "on");
        awaitState(his.at("/links/self").stringValue(), "on");

        var log = "/v1/processinstances?processName=rack.power&resourceId="
                + rack.get("id").stringValue();
        var instance =
                domain.get(domain.admin, log).json().at("/data/0/links/self").stringValue();
        assertThat(children(domain.admin, instance))
                .extracting(child -> child.at("/executions/0/resourceId"))
                .containsExactly(hers.get("id"), his.get("id"));
        assertThat(children(TestDomain.ALICE, instance))
                .extracting(child -> child.at("/executions/0/resourceId"))
                .containsExactly(hers.get("id"));
    }

    private JsonNode children(String token, String instance) {
        return last(domain.get(token, instance).json().get("log")).get("children");
    }

    private static JsonNode last(JsonNode list) {
        return list.get(list.size() - 1);
    }
}
