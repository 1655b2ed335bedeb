package holdfast.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Existing things in reservations, over HTTP.
@Timeout(300)
class ElementsApiTest {
    private static final String PATH = "/v1/reservations";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(test, SimulatedSettings.PERFECT);

    private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(86_400);

    @BeforeEach
    void addCloud() {
        domain.addLab("");
    }

    private TestDomain.Reply ask(String elements) {
        return domain.post(
                TestDomain.ALICE,
                PATH,
                "{\"name\": \"expo\", \"start\": \"" + start
                        + "\", \"durationSeconds\": 3600, \"items\": [{\"kind\": \"elements\", \"elements\": "
                        + elements
                        + "}]}");
    }

    @Test
    void a_network_is_claimed_shown_as_it_was_asked_for_and_refused_to_others() {
        var made =
                ask("[{\"kind\": \"network\", \"id\": \"inside\", \"exclusive\": true}, {\"kind\": \"image\", \"id\":"
                        + " \"cirros\"}]");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.json().at("/items/0/elements").toString())
                .isEqualTo("[{\"kind\":\"network\",\"id\":\"inside\",\"exclusive\":true},{\"kind\":\"image\",\"id\":"
                        + "\"cirros\",\"exclusive\":false}]");
        var taken = ask("[{\"kind\": \"network\", \"id\": \"net-1\"}]");
        assertThat(taken.status()).as(taken.text()).isEqualTo(507);
        assertThat(taken.json().get("wish").stringValue()).isEqualTo("element");
        assertThat(taken.text()).contains("network inside");
        var unknown = ask("[{\"kind\": \"network\", \"id\": \"nowhere\"}]");
        assertThat(unknown.status()).as(unknown.text()).isEqualTo(400);
        assertThat(unknown.json().get("wish").stringValue()).isEqualTo("element");
        var wrong = ask("[{\"kind\": \"router\", \"id\": \"x\"}]");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text()).contains("items[0].elements[0].kind").contains("network, image, host, server");
        assertThat(ask("[]").status()).isEqualTo(400);
    }

    @Test
    void what_is_claimed_is_not_deleted() {
        var server = domain.post(
                TestDomain.ALICE,
                "/v1/allocations",
                "{\"name\": \"web\", \"flavor\": \"tiny\", \"image\": \"cirros\", \"preemptible\": false}");
        assertThat(server.status()).as(server.text()).isLessThan(300);
        var id = server.json().get("id").stringValue();
        var path = "/v1/allocations/" + id;
        domain.waitFor(() -> domain.get(TestDomain.ALICE, path)
                .json()
                .get("state")
                .stringValue()
                .equals("active"));
        var claim = ask("[{\"kind\": \"server\", \"id\": \"" + id + "\"}]");
        assertThat(claim.status()).as(claim.text()).isEqualTo(201);
        var refused = domain.send(TestDomain.ALICE, "DELETE", path, "application/json", "");
        assertThat(refused.status()).as(refused.text()).isEqualTo(409);
        assertThat(refused.text()).contains("the server is claimed by reservation expo (");
        var self = claim.json().at("/links/self").stringValue();
        domain.send(TestDomain.ALICE, "DELETE", self, "application/json", "");
        assertThat(domain.send(TestDomain.ALICE, "DELETE", path, "application/json", "")
                        .status())
                .isLessThan(300);
    }
}
