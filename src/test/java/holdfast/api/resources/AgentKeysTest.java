package holdfast.api.resources;

import static holdfast.api.resources.TestDomain.ALICE;
import static holdfast.api.resources.TestDomain.BOB;
import static holdfast.db.Tables.PROCESS;
import static holdfast.db.Tables.RESOURCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.engine.handlers.Agents;
import holdfast.platform.Json;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// Agents over real sockets, with keys of their own.
@Timeout(300)
class AgentKeysTest {
    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(db, SimulatedSettings.PERFECT);

    private JsonNode register(String uri) {
        var made = domain.post(ALICE, "/v1/agents", "{\"name\": \"near\", \"uri\": \"" + uri + "\"}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json();
    }

    private static String key(JsonNode agent) {
        var pair = agent.get("publicValue").stringValue() + ":"
                + agent.get("secretValue").stringValue();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }

    private static String self(JsonNode resource) {
        return resource.get("links").get("self").stringValue();
    }

    private void become(JsonNode resource, String state) {
        domain.waitFor(() -> domain.get(ALICE, self(resource))
                .json()
                .path("state")
                .asString("")
                .equals(state));
    }

    @Test
    void an_agent_hears_what_is_addressed_to_it_and_nothing_else() throws Exception {
        var agent = register("event://here");
        var other = register("event://there");
        assertThat(domain.get(ALICE, self(agent)).json().has("secretValue")).isFalse();
        try (var hears = Listening.as(domain, key(agent), "*");
                var elsewhere = Listening.as(domain, key(other), "*")) {
            var ping = hears.next("ping;agent=" + agent.get("id").stringValue());
            elsewhere.next("ping;agent=" + other.get("id").stringValue());
            assertThat(elsewhere.count(ping.get("name").stringValue())).isZero();
            var reply = Json.object().put("name", ping.get("replyTo").stringValue());
            reply.putArray("previousIds").add(ping.get("id"));
            assertThat(publish(key(other), reply.toString())).isEqualTo("not yours");
            assertThat(publish(key(agent), reply.toString())).isEqualTo("taken");
            become(agent, "active");
        }
        assertThat(domain.ask("GET", "/v1/agents", "", "Authorization", key(agent))
                        .json()
                        .get("data"))
                .isEmpty();
        assertThat(domain.ask("POST", "/v1/agents", "{}", "Authorization", key(agent))
                        .status())
                .isEqualTo(403);
        for (var target : new String[] {
            "/v1/status",
            "/v1/sites",
            "/v1/capacity",
            "/v1/processdefinitions",
            "/v1/resourcedefinitions",
            "/v1/journal"
        }) {
            assertThat(domain.ask("GET", target, "", "Authorization", key(agent))
                            .status())
                    .as(target)
                    .isEqualTo(403);
        }
        var gone = domain.post(ALICE, self(agent) + "?action=deactivate", "");
        assertThat(gone.status()).isEqualTo(202);
        become(agent, "inactive");
        assertThat(domain.ask("GET", "/v1", "", "Authorization", key(agent)).status())
                .isEqualTo(200);
        assertThat(domain.delete(ALICE, self(agent)).status()).isEqualTo(200);
        become(agent, "removed");
        assertThat(domain.ask("GET", "/v1", "", "Authorization", key(agent)).status())
                .isEqualTo(401);
    }

    @Test
    void an_agent_is_one_in_whatever_project_it_acts() {
        var agent = register("event://here");
        var user = "agent-" + agent.get("uuid").stringValue();
        var membership = Json.object()
                .put("projectId", agent.get("accountId").stringValue())
                .put("externalId", user)
                .put("externalIdType", "user")
                .put("role", "member");
        var member = domain.post(ALICE, "/v1/projectmembers", Json.text(membership));
        assertThat(member.status()).as(member.text()).isEqualTo(201);
        become(member.json(), "active");
        var tried = domain.ask("POST", "/v1/apikeys", "{}", "Authorization", key(agent), "X-API-Project-Id", "physics");
        assertThat(tried.status()).as(tried.text()).isEqualTo(403);
    }

    private String publish(String key, String event) {
        return domain.ask("POST", "/v1/publish", event, "Authorization", key)
                .response()
                .headers()
                .firstValue("X-Holdfast-Verdict")
                .orElse("");
    }

    @Test
    void an_agent_that_is_registered_again_gets_a_key_that_opens_and_the_old_one_stays_shut() {
        var agent = register("sim://one");
        become(agent, "active");
        domain.post(ALICE, self(agent) + "?action=deactivate", "");
        become(agent, "inactive");
        domain.delete(ALICE, self(agent));
        become(agent, "removed");
        var id = UUID.fromString(agent.get("uuid").stringValue());
        assertThat(keys(id)).containsExactly("inactive");
        db.database().inTransaction(tx -> {
            tx.sql().deleteFrom(PROCESS).where(PROCESS.RESOURCE.eq(id)).execute();
            return tx.sql().deleteFrom(RESOURCE).where(RESOURCE.ID.eq(id)).execute();
        });

        var again = domain.post(ALICE, "/v1/agents", "{\"uri\": \"sim://one\", \"uuid\": \"" + id + "\"}");
        assertThat(again.status()).as(again.text()).isEqualTo(201);
        assertThat(keys(id)).containsExactly("removed", "active");
        assertThat(domain.ask("GET", "/v1", "", "Authorization", key(again.json()))
                        .status())
                .isEqualTo(200);
        assertThat(domain.ask("GET", "/v1", "", "Authorization", key(agent)).status())
                .isEqualTo(401);
    }

    private List<String> keys(UUID agent) {
        return db.database()
                .inTransaction(tx -> tx.sql()
                        .select(RESOURCE.STATE)
                        .from(RESOURCE)
                        .where(RESOURCE.TYPE.eq("credential").and(RESOURCE.PROJECT.eq(Agents.account(agent))))
                        .orderBy(RESOURCE.NUMBER)
                        .fetch(RESOURCE.STATE));
    }

    @Test
    void a_simulated_agent_is_answered_for_by_the_server() {
        var agent = register("sim://one");
        become(agent, "active");
        domain.waitFor(() -> domain.get(ALICE, self(agent) + "/hosts")
                .json()
                .path("data")
                .path(0)
                .path("state")
                .asString("")
                .equals("active"));
        assertThat(domain.get(ALICE, "/v1/storagepools").json().get("data")).hasSize(1);
        assertThat(domain.get(BOB, "/v1/hosts").json().get("data")).isEmpty();
    }
}
