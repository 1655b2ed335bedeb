package holdfast.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.platform.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// The lab has two zones with two hosts of 16 vcpu each.
@Timeout(300)
class EntriesApiTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(test, SimulatedSettings.PERFECT);

    private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(86_400);
    private String entries = "";

    @BeforeEach
    void addCloud() {
        domain.addLab("");
        entries = domain.get(TestDomain.ALICE, "/v1/pools")
                        .json()
                        .at("/data/0/links/self")
                        .stringValue() + "/entries";
    }

    private Instant hour(int after) {
        return start.plusSeconds(3_600L * after);
    }

    private String window() {
        return "\"start\": \"" + hour(1) + "\", \"end\": \"" + hour(2) + "\"";
    }

    private JsonNode reserve(String token, String name, String item) {
        var made = domain.post(
                token, "/v1/reservations", "{\"name\": \"" + name + "\", " + window() + ", \"items\": [" + item + "]}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json();
    }

    private TestDomain.Reply say(String fields) {
        return domain.post(domain.admin, entries, "{" + window() + ", " + fields + "}");
    }

    private long total(int hour, String dimension) {
        return domain.get(TestDomain.BOB, "/v1/capacity/quadruple?dimension=" + dimension + "&start=" + hour(hour))
                .json()
                .at("/dimensions/0/total")
                .longValue();
    }

    @Test
    void more_and_less_for_a_window_show_before_inside_and_after() {
        var more = say("\"change\": {\"vcpu\": 8}, \"source\": \"a new rack\"");
        assertThat(more.status()).as(more.text()).isEqualTo(201);
        var less = say("\"change\": {\"vcpu\": -20, \"memory_mb\": -1024}, \"zone\": \"north\"");
        assertThat(less.status()).as(less.text()).isEqualTo(201);
        assertThat(total(0, "vcpu")).isEqualTo(64);
        assertThat(total(1, "vcpu")).isEqualTo(52);
        assertThat(total(1, "memory_mb")).isEqualTo(261_120);
        assertThat(total(2, "vcpu")).isEqualTo(64);
        var listed = domain.get(TestDomain.BOB, entries).json().get("data");
        assertThat(listed).hasSize(2);
        assertThat(listed.toString()).as("who says so is not for all").doesNotContain("a new rack");
        assertThat(domain.get(domain.admin, entries).text()).contains("a new rack");
        var gone = domain.delete(
                domain.admin, entries + "/" + less.json().get("id").stringValue());
        assertThat(gone.status()).as(gone.text()).isEqualTo(200);
        assertThat(total(1, "vcpu")).isEqualTo(72);
        assertThat(domain.get(TestDomain.BOB, entries).json().get("data")).hasSize(1);
        assertThat(domain.delete(
                                domain.admin,
                                entries + "/" + less.json().get("id").stringValue())
                        .status())
                .isEqualTo(404);
    }

    @Test
    void less_that_hurts_is_refused_with_the_list_and_changes_nothing() {
        var hurt = reserve(TestDomain.ALICE, "expo", "{\"kind\": \"hosts\", \"min\": 2, \"zones\": [\"north\"]}");
        reserve(TestDomain.BOB, "fair", "{\"kind\": \"hosts\", \"min\": 1, \"zones\": [\"south\"]}");
        var refused = say("\"host\": \"host-1\"");
        assertThat(refused.status()).as(refused.text()).isEqualTo(409);
        assertThat(refused.json().get("hurt")).hasSize(1);
        assertThat(refused.json().at("/hurt/0/name").stringValue()).isEqualTo("expo");
        assertThat(total(1, "vcpu")).isEqualTo(64);
        assertThat(domain.get(domain.admin, entries).json().get("data")).isEmpty();
        assertThat(look(hurt).get("atRisk").booleanValue()).isFalse();
        assertThat(say("\"zone\": \"south\", \"change\": {\"vcpu\": -16}").status())
                .as("what is free may go")
                .isEqualTo(201);
    }

    private JsonNode look(JsonNode reservation) {
        return domain.get(domain.admin, reservation.at("/links/self").stringValue())
                .json();
    }

    private long told(JsonNode reservation) {
        var notices = domain.get(
                        domain.admin,
                        "/v1/notices?since=0&events=reservation.at-risk&reservation="
                                + reservation.get("id").stringValue())
                .json()
                .get("data");
        return notices.size();
    }

    @Test
    void a_rehearsal_names_who_is_then_really_hurt_and_each_is_told_once() {
        var first = reserve(TestDomain.ALICE, "expo", "{\"kind\": \"hosts\", \"min\": 1, \"zones\": [\"north\"]}");
        var second = reserve(TestDomain.BOB, "fair", "{\"kind\": \"hosts\", \"min\": 1, \"zones\": [\"north\"]}");
        var third = reserve(TestDomain.BOB, "else", "{\"kind\": \"hosts\", \"min\": 1, \"zones\": [\"south\"]}");
        var body = "{" + window() + ", \"zone\": \"north\", \"change\": {\"vcpu\": -32}, \"forced\": true}";
        var rehearsed = domain.post(domain.admin, entries + "?dryRun", body);
        assertThat(rehearsed.status()).as(rehearsed.text()).isEqualTo(200);
        assertThat(rehearsed.json().get("hurt")).hasSize(2);
        assertThat(total(1, "vcpu")).isEqualTo(64);
        assertThat(look(first).get("atRisk").booleanValue()).isFalse();
        var forced = domain.post(domain.admin, entries, body);
        assertThat(forced.status()).as(forced.text()).isEqualTo(201);
        assertThat(forced.json().get("hurt")).isEqualTo(rehearsed.json().get("hurt"));
        assertThat(look(first).get("atRisk").booleanValue()).isTrue();
        assertThat(look(second).get("atRisk").booleanValue()).isTrue();
        assertThat(look(third).get("atRisk").booleanValue()).isFalse();
        domain.waitFor(() -> told(first) == 1 && told(second) == 1);
        assertThat(say("\"zone\": \"north\", \"forced\": true, \"change\": {\"vcpu\": -1}")
                        .status())
                .isEqualTo(201);
        assertThat(told(first)).as("who is at risk already is told nothing new").isEqualTo(1);
        assertThat(told(third)).isZero();
    }

    @Test
    void the_impact_of_a_host_is_who_is_hurt_when_it_is_away() {
        var made = reserve(TestDomain.ALICE, "expo", "{\"kind\": \"hosts\", \"min\": 1}");
        var host = made.at("/items/0/placement/0/place").stringValue();
        for (var unit : domain.get(TestDomain.BOB, "/v1/units").json().get("data")) {
            var target = unit.at("/links/impact").stringValue() + "?start=" + start + "&end=" + hour(9);
            assertThat(domain.get(TestDomain.BOB, target).status()).isEqualTo(403);
            var impact = domain.get(domain.admin, target).json();
            boolean its = unit.get("name").stringValue().equals(host);
            assertThat(impact.get("hurt")).as(impact.toString()).hasSize(its ? 1 : 0);
            if (its) {
                assertThat(impact.at("/hurt/0/to")).as("where it would go").hasSize(1);
                assertThat(impact.at("/hurt/0/to/0").stringValue()).isNotEqualTo(host);
            }
        }
        assertThat(total(1, "vcpu")).isEqualTo(64);
        var away =
                domain.post(domain.admin, entries, "{\"host\": \"" + host + "\", \"forced\": true, " + window() + "}");
        assertThat(away.json().at("/hurt/0/name").stringValue()).isEqualTo("expo");
        assertThat(total(1, "vcpu")).isEqualTo(48);
    }

    @Test
    void what_was_more_is_kept_while_somebody_has_reserved_it() {
        var more = say("\"zone\": \"north\", \"change\": {\"vcpu\": 8}").json();
        reserve(
                TestDomain.ALICE,
                "expo",
                "{\"kind\": \"quantity\", \"amounts\": {\"vcpu\": 40}, \"zones\": [\"north\"]}");
        var entry = entries + "/" + more.get("id").stringValue();
        assertThat(domain.delete(domain.admin, entry).status()).isEqualTo(409);
        assertThat(total(1, "vcpu")).isEqualTo(72);
        var forced = domain.delete(domain.admin, entry + "?forced");
        assertThat(forced.json().at("/hurt/0/name").stringValue()).isEqualTo("expo");
        assertThat(total(1, "vcpu")).isEqualTo(64);
    }

    @Test
    void who_watches_a_threshold_hears_of_each_crossing() {
        var watching = domain.post(
                TestDomain.BOB,
                "/v1/subscriptions",
                "{\"callback\": \"http://127.0.0.1:9/\", \"filter\": {\"zone\": \"north\", \"threshold\": {\"dimension\": \"vcpu\","
                        + " \"capacityInfo\": \"available\", \"condition\": \"lt\", \"value\": 20}}}");
        assertThat(watching.status()).as(watching.text()).isEqualTo(201);
        var less = domain.post(domain.admin, entries, "{\"zone\": \"north\", \"change\": {\"vcpu\": -16}}")
                .json();
        var question = "/v1/notices?since=0&wait=1&events=capacity.threshold";
        domain.waitFor(
                () -> domain.get(TestDomain.BOB, question).json().get("data").size() == 1);
        var told = domain.get(TestDomain.BOB, question).json().at("/data/0");
        assertThat(told.at("/data/capacity"))
                .isEqualTo(Json.tree("{\"total\":16,\"available\":16,\"reserved\":0,\"allocated\":0}"));
        domain.delete(domain.admin, entries + "/" + less.get("id").stringValue());
        domain.waitFor(
                () -> domain.get(TestDomain.BOB, question).json().get("data").size() == 2);
        assertThat(domain.get(TestDomain.BOB, question)
                        .json()
                        .at("/data/1/data/crossing")
                        .stringValue())
                .isEqualTo("left");
        assertThat(domain.get(TestDomain.ALICE, question).json().get("data")).isEmpty();
    }

    @Test
    void only_administrators_write() {
        var body = "{\"change\": {\"vcpu\": -1}}";
        assertThat(domain.post(TestDomain.ALICE, entries, body).status()).isEqualTo(403);
        assertThat(domain.delete(TestDomain.ALICE, entries + "/00000000-0000-0000-0000-000000000001")
                        .status())
                .isEqualTo(403);
        assertThat(domain.post("", entries, body).status()).isEqualTo(401);
        assertThat(domain.get(domain.admin, entries).json().get("data")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"zone\": \"north\" | change is missing; without it a host is away, and no host is named",
                "\"change\": {} | change must be all more or all less, and something",
                "\"change\": {\"vcpu\": 1, \"instance\": -1} | change must be all more or all less",
                "\"change\": {\"colour\": -1} | colour is nothing that is counted there",
                "\"change\": {\"vcpu\": \"x\"} | change.vcpu is \"x\"; it must be a whole number",
                "\"change\": 5 | change must be an object",
                "\"zone\": \"west\", \"change\": {\"vcpu\": -1} | zone is 'west'; there are: north, south",
                "\"zone\": \"south\", \"host\": \"host-1\" | zone is 'south'",
                "\"host\": \"host-9\" | host is 'host-9', which lab does not have",
                "\"zone\": \"north\", \"change\": {\"address\": -1} | address is counted for the whole account, and not in a zone; leave zone out",
                "\"colour\": 1 | colour is not a field that is known here",
            })
    void what_is_wrong_is_named_and_changes_nothing(String fields, String message) {
        var refused = say(fields);
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.json().get("message").stringValue()).startsWith(message);
        assertThat(domain.get(domain.admin, entries).json().get("data")).isEmpty();
    }
}
