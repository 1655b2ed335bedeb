package holdfast.api.resources;

import static holdfast.api.resources.TestDomain.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.platform.Json;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(300)
class OperationsTest {
    private static final String VM = """
            {"name": "%s", "nodes": [{"name": "node1", "site": "LAB", "cores": 1}]}""";

    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain =
            new TestDomain(db, SimulatedSettings.PERFECT, "src/test/resources/sim/lab-ad.graphml");

    private JsonNode delegation() {
        return domain.get(domain.admin, "/v1/delegations?actor=broker")
                .json()
                .get("data")
                .get(0);
    }

    private String state(String target) {
        return domain.get(domain.admin, target).json().get("state").stringValue();
    }

    @Test
    void what_is_given_back_is_promised_no_more_until_it_is_claimed_again() {
        var running = domain.post(ALICE, "/v1/slices", VM.formatted("before")).json();
        domain.follow(ALICE, running.get("id").stringValue(), TestDomain.in("StableOK"));

        var given = domain.post(
                domain.admin, delegation().get("actions").get("reclaim").stringValue(), "");
        assertThat(given.status()).as(given.text()).isEqualTo(200);
        assertThat(given.json().get("state").stringValue()).isEqualTo("reclaimed");
        assertThat(given.json().get("actions")).isEmpty();
        assertThat(domain.post(
                                domain.admin,
                                "/v1/delegations/" + delegation().get("id").stringValue() + "?action=reclaim",
                                "")
                        .status())
                .as("given back already")
                .isEqualTo(422);
        assertThat(domain.post(ALICE, "/v1/slices", VM.formatted("between")).status())
                .isEqualTo(400);
        assertThat(domain.get(ALICE, "/v1/capacity").json().get("sites")).isEmpty();
        assertThat(state("/v1/slices/before")).as("what was promised is kept").isEqualTo("StableOK");

        var claim =
                Json.object().put("authority", "lab-am").put("name", "primary").toString();
        assertThat(domain.post(domain.admin, "/v1/delegations", claim)
                        .json()
                        .get("state")
                        .stringValue())
                .isEqualTo("claiming");
        domain.waitFor(() -> delegation().get("state").stringValue().equals("delegated"));
        assertThat(domain.post(ALICE, "/v1/slices", VM.formatted("after")).status())
                .isEqualTo(201);
    }

    @Test
    void a_claim_that_cannot_be_is_refused() {
        var unknown = domain.post(domain.admin, "/v1/delegations", "{\"authority\": \"lab\", \"name\": \"primary\"}");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.json().get("message").stringValue()).contains("no authority lab; did you mean lab-am?");
        assertThat(domain.post(domain.admin, "/v1/delegations", "{\"authority\": \"lab-am\"}")
                        .json()
                        .get("fieldName")
                        .stringValue())
                .isEqualTo("name");
        domain.post(domain.admin, "/v1/delegations", "{\"authority\": \"lab-am\", \"name\": \"secondary\"}");
        domain.waitFor(() -> state("/v1/delegations/lab-am%2Fsecondary").equals("failed"));
        var failed =
                domain.get(domain.admin, "/v1/delegations/lab-am%2Fsecondary").json();
        assertThat(failed.get("transitioning").stringValue()).isEqualTo("error");
        assertThat(failed.get("transitioningMessage").stringValue())
                .contains("no delegation called secondary", "primary");
    }

    @Test
    void sites_and_delegations_say_what_the_command_line_reads() {
        assertThat(delegation().get("authority").stringValue()).isEqualTo("lab-am");
        var theirs = domain.get(domain.admin, "/v1/delegations?actor=lab-am").json();
        assertThat(theirs.at("/data/0/claimant").stringValue()).isEqualTo("broker");
        var site = domain.get(domain.admin, "/v1/sites").json();
        assertThat(site.at("/data/0/code").stringValue()).isEqualTo("LAB");
        assertThat(site.at("/data/0/driver").stringValue()).contains("simulat");
    }

    @Test
    void the_record_of_an_authority_is_not_the_brokers_to_give_back() {
        var theirs = domain.get(domain.admin, "/v1/delegations?actor=lab-am")
                .json()
                .get("data")
                .get(0);
        assertThat(theirs.get("actions")).isEmpty();
        var reply =
                domain.post(domain.admin, "/v1/delegations/" + theirs.get("id").stringValue() + "?action=reclaim", "");
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.json().get("code").stringValue()).isEqualTo("ActionNotAvailable");
        assertThat(reply.json().get("message").stringValue()).contains("record of lab-am");
    }

    @Test
    void metrics_count_requests_by_route_and_resources_by_state() {
        domain.get(ALICE, "/v1/sites/LAB");
        domain.get(ALICE, "/v1/sites/NONE");
        var text = domain.get(domain.admin, "/metrics").text();
        assertThat(text)
                .contains(
                        "holdfast_http_requests_seconds_count{method=\"GET\",route=\"/v1/{type}/{id}\",status=\"200\"} 1")
                .contains(
                        "holdfast_http_requests_seconds_count{method=\"GET\",route=\"/v1/{type}/{id}\",status=\"404\"} 1")
                .contains("holdfast_resources{state=\"active\",type=\"site\"} 1")
                .contains("holdfast_overbooked{why=\"unknown\"} 0")
                .contains("jvm_memory_used_bytes")
                .contains("hikaricp_connections_pending{pool=\"holdfast\"} 0")
                .contains("holdfast_transactions_repeated_total 0")
                .containsPattern("holdfast_transactions_total [1-9]");
        assertThat(domain.get(domain.admin, "/v1/status")
                        .json()
                        .get("census")
                        .get("site")
                        .get("active")
                        .intValue())
                .isEqualTo(1);
    }

    @Test
    void without_its_database_a_server_says_so_and_does_not_pretend() {
        assertThat(domain.get("", "/v1/health").text()).isEqualTo("{\"state\":\"ok\",\"database\":\"ok\"}");
        domain.database.close();
        for (var target :
                new String[] {"/v1/slices", "/v1/sites/LAB", "/v1/capacity", "/v1/status", "/v1/slices/x/events"}) {
            var reply = domain.get(ALICE, target);
            assertThat(reply.status()).as(target).isEqualTo(503);
            assertThat(reply.json().get("code").stringValue()).isEqualTo("Unavailable");
            assertThat(reply.response().headers().firstValue("Retry-After")).isPresent();
            assertThat(reply.text())
                    .as("no internals")
                    .doesNotContain("Exception")
                    .doesNotContain("hikari")
                    .doesNotContain("jdbc");
        }
        assertThat(domain.post(ALICE, "/v1/slices", VM.formatted("lost")).status())
                .isEqualTo(503);
        domain.waitFor(() -> domain.get("", "/v1/health").status() == 503);
        assertThat(domain.get("", "/v1/health").text()).isEqualTo("{\"state\":\"degraded\",\"database\":\"away\"}");
    }

    @Test
    void a_fault_of_the_server_tells_an_id_and_nothing_else() {
        domain.database.inTransaction(tx -> tx.sql().execute("alter table journal rename to gone"));
        var reply = domain.get(ALICE, "/v1/journal");
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.json().get("slug").stringValue()).isEqualTo("InternalServerError");
        assertThat(reply.text())
                .doesNotContain("select")
                .doesNotContain("holdfast.")
                .contains(reply.json().get("id").stringValue());
    }
}
