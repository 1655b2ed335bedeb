package holdfast.api.resources;

import static holdfast.api.resources.TestDomain.ALICE;
import static holdfast.api.resources.TestDomain.BOB;
import static holdfast.api.resources.TestDomain.in;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.platform.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// Intents over HTTP.
@Timeout(300)
final class IntentFlowTest {
    private static final String LAB = "src/test/resources/sim/lab-ad.graphml";

    private static String example(String name) throws IOException {
        return Files.readString(Path.of(System.getProperty("holdfast.root", "."))
                .resolve("examples/intents")
                .resolve(name));
    }

    @Test
    void an_intent_runs_is_shown_and_given_up() throws IOException {
        try (var db = TestDatabase.fresh();
                var domain = new TestDomain(db, SimulatedSettings.PERFECT, LAB)) {
            var made = domain.send(ALICE, "POST", "/v1/intents", "application/yaml", example("two-parts.yaml"));
            assertThat(made.status()).as(made.text()).isEqualTo(201);
            var id = made.json().get("id").stringValue();
            var runs = await(domain, "/v1/intents/" + id, "Running");
            assertThat(runs.get("form").stringValue()).isEqualTo("short form");
            assertThat(runs.get("text").stringValue()).contains("# Two machines");
            assertThat(runs.get("parts")).hasSize(2);
            var slice = runs.get("parts").get(0).get("slice").stringValue();
            assertThat(domain.get(ALICE, "/v1/slices/" + slice)
                            .json()
                            .get("state")
                            .stringValue())
                    .isEqualTo("StableOK");
            assertThat(domain.get(BOB, "/v1/intents/" + id).status()).isEqualTo(404);

            assertMeasured(domain, id, "{\"part\": \"front\", \"measured\": [\"latency = 80ms\"]}", 202, "Running");
            assertMeasured(
                    domain,
                    id,
                    "{\"part\": \"roof\", \"measured\": [\"latency = 80ms\"]}",
                    400,
                    "no part of that name");
            assertMeasured(
                    domain, id, "{\"part\": \"front\", \"measured\": [\"latency < 80ms\"]}", 400, "is said by =");
            assertMeasured(domain, id, "{\"part\": \"front\"}", 400, "what was measured");

            var gone = domain.send(ALICE, "DELETE", "/v1/intents/" + id, "application/json", "");
            assertThat(gone.json().get("state").stringValue()).isEqualTo("Released");
            await(domain, "/v1/slices/" + slice, "Dead");
        }
    }

    @Test
    void a_manifest_may_be_a_field_and_what_is_wrong_is_told() throws IOException {
        try (var db = TestDatabase.fresh();
                var domain = new TestDomain(db, SimulatedSettings.PERFECT, LAB)) {
            var field = Json.object().put("text", example("annotated-pod.yaml"));
            var made = domain.send(ALICE, "POST", "/v1/intents", "application/json", Json.text(field));
            assertThat(made.status()).as(made.text()).isEqualTo(201);
            assertThat(made.json().get("form").stringValue()).isEqualTo("annotated manifest");
            await(domain, "/v1/intents/tile-renderer", "Running");

            assertRefused(domain, example("annotated-pod.yaml"), 409, "already has an intent called tile-renderer");
            assertRefused(domain, "name: [", 400, "line 1");
            assertRefused(domain, "{name: abc, parts: [{name: b, within: outside}]}", 400, "no section federation");
            assertRefused(domain, "{name: abc, parts: [{name: b, cpu: 500}]}", 507, "more than any host");
            assertRefused(domain, "#".repeat(300_000), 400, "256 KiB");
            assertRefused(domain, "#".repeat(2_000_000), 413, "");
            assertThat(domain.get(ALICE, "/v1/intents").json().get("data")).hasSize(1);
            assertThat(domain.get(ALICE, "/v1/slices").json().get("data")).hasSize(1);
        }
    }

    @Test
    void a_slice_may_not_go_elsewhere_where_there_are_no_others() {
        try (var db = TestDatabase.fresh();
                var domain = new TestDomain(db, SimulatedSettings.PERFECT, LAB)) {
            for (var elsewhere : new String[] {"true", "{objective: greenest, hard: [latency <= 4ms]}"}) {
                var refused = slice(domain, elsewhere);
                assertThat(refused.status()).as(refused.text()).isEqualTo(400);
                assertThat(refused.text()).contains("this domain deals with no others");
            }
            assertThat(slice(domain, "{objective: best}").text()).contains("elsewhere.objective is 'best'");
            assertThat(slice(domain, "{hard: [soon]}").text()).contains("elsewhere.hard[0]");
            assertThat(slice(domain, "7").text()).contains("elsewhere must be true, or an object");
            assertThat(slice(domain, "false").status()).isEqualTo(201);
        }
    }

    private static void assertMeasured(TestDomain domain, String id, String body, int status, String told) {
        var target = "/v1/intents/" + id + "?action=measure";
        var answer = domain.send(ALICE, "POST", target, "application/json", body);
        assertThat(answer.text()).contains(told);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    }

    private static JsonNode await(TestDomain domain, String target, String state) {
        domain.waitFor(() -> in(state).test(domain.get(ALICE, target).json()));
        return domain.get(ALICE, target).json();
    }

    private static TestDomain.Reply slice(TestDomain domain, String elsewhere) {
        var text = "{name: away, elsewhere: " + elsewhere
                + ", nodes: [{name: node1, site: LAB, cores: 1, ram: 1, disk: 1}]}";
        return domain.send(ALICE, "POST", "/v1/slices", "application/yaml", text);
    }

    private static void assertRefused(TestDomain domain, String text, int status, String told) {
        var refused = domain.send(ALICE, "POST", "/v1/intents", "application/yaml", text);
        assertThat(refused.text()).contains(told);
        assertThat(refused.status()).as(refused.text()).isEqualTo(status);
    }
}
