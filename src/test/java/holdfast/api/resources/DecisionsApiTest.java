package holdfast.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// The lab has two zones with two hosts of 16 vcpu each.
@Timeout(300)
class DecisionsApiTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(test, SimulatedSettings.PERFECT);

    private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(86_400);

    @BeforeEach
    void addCloud() {
        domain.addLab("");
    }

    private TestDomain.Reply reserve(String token, int vcpus, String parameters) {
        return domain.post(
                token,
                "/v1/reservations" + parameters,
                "{\"name\": \"expo\", \"start\": \"" + start + "\", \"end\": \"" + start.plusSeconds(3_600)
                        + "\", \"items\": [{\"kind\": \"quantity\", \"amounts\": {\"vcpu\": " + vcpus + "}}]}");
    }

    private JsonNode decisions(String parameters) {
        var answer = domain.get(domain.admin, "/v1/decisions" + parameters);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static List<String> words(JsonNode list) {
        var words = new ArrayList<String>();
        list.get("data")
                .forEach(one -> words.add(one.get("verb").stringValue() + " "
                        + (one.get("granted").booleanValue() ? "granted" : "refused") + " for "
                        + one.get("project").stringValue()));
        return words;
    }

    @Test
    void what_was_granted_and_refused_is_listed_in_pages_and_has_the_same_answers_again() {
        var hers = reserve(TestDomain.ALICE, 20, "").json();
        assertThat(reserve(TestDomain.BOB, 1_000, "").status()).isEqualTo(507);
        assertThat(reserve(TestDomain.BOB, 1_000, "?dryRun=true").status()).isEqualTo(507);
        var self = hers.at("/links/self").stringValue();
        var id = hers.get("items").get(0).get("id").stringValue();
        var more = domain.send(
                TestDomain.ALICE,
                "PUT",
                self.substring(self.indexOf("/v1")),
                "application/json",
                "{\"items\": [{\"id\": \"" + id + "\", \"amounts\": {\"vcpu\": 999}}]}");
        assertThat(more.status()).as(more.text()).isEqualTo(507);
        var server = domain.post(
                TestDomain.ALICE,
                "/v1/allocations",
                "{\"name\": \"web\", \"flavor\": \"small\", \"image\": \"cirros\"}");
        assertThat(server.status()).as(server.text()).isEqualTo(201);

        var all = decisions("");
        assertThat(words(all))
                .as("a rehearsal decides nothing")
                .containsExactly(
                        "create granted for physics",
                        "create refused for biology",
                        "update refused for physics",
                        "allocate granted for physics");
        assertThat(all.at("/data/1/answer/refused/certificate/dimension").stringValue())
                .isEqualTo("vcpu");
        assertThat(all.at("/data/0/versions")).isNotEmpty();
        assertThat(words(decisions("?reservation=" + hers.get("id").stringValue())))
                .containsExactly("create granted for physics", "update refused for physics");
        assertThat(words(decisions("?project=biology"))).containsExactly("create refused for biology");
        assertThat(words(decisions("?start=" + start))).isEmpty();

        var page = decisions("?limit=3");
        assertThat(words(page)).hasSize(3);
        var next = page.at("/pagination/next").stringValue();
        assertThat(words(decisions(next.substring(next.indexOf('?'))))).containsExactly("allocate granted for physics");

        var replay = decisions("/replay");
        assertThat(replay.get("same").intValue()).as("%s", replay).isEqualTo(4);
        assertThat(replay.has("different")).isFalse();
        test.database()
                .inTransaction(tx -> tx.sql()
                        .execute(
                                "update decision set answer = '{\"refused\": {}}' where seq = ?",
                                Long.parseLong(all.at("/data/3/id").stringValue())));
        var tampered = decisions("/replay");
        assertThat(tampered.get("same").intValue()).isEqualTo(3);
        assertThat(tampered.at("/different/id")).isEqualTo(all.at("/data/3/id"));
        assertThat(tampered.at("/now/granted/claims")).isNotEmpty();
    }

    @Test
    void they_are_for_administrators_and_bad_questions_are_told() {
        for (var path : List.of("/v1/decisions", "/v1/decisions/replay")) {
            assertThat(domain.get(TestDomain.ALICE, path).status()).isEqualTo(403);
            assertThat(domain.get(domain.admin, path + "?reservation=never").text())
                    .contains("it must be the id of a reservation");
            assertThat(domain.get(domain.admin, path + "?after=-1").text()).contains("after is '-1'");
        }
    }
}
