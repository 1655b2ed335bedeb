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

/// The lab has two zones with two hosts each, which are cleaned for ten minutes.
@Timeout(300)
class CalendarViewTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(test, SimulatedSettings.PERFECT);

    private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(86_400);

    @BeforeEach
    void addCloud() {
        domain.addLab(", \"cleaningSeconds\": 600");
    }

    private Instant hour(int after) {
        return start.plusSeconds(3_600L * after);
    }

    private JsonNode reserve(String token, String name, String item) {
        var made = domain.post(
                token,
                "/v1/reservations",
                "{\"name\": \"" + name + "\", \"start\": \"" + hour(1) + "\", \"end\": \"" + hour(2)
                        + "\", \"items\": [" + item + "]}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json();
    }

    private JsonNode calendar(String token, String parameters) {
        var answer = domain.get(token, "/v1/calendar?start=" + start + "&end=" + hour(9) + parameters);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    /// All bars with where they are.
    private static List<String> bars(JsonNode calendar) {
        var bars = new ArrayList<String>();
        for (var row : calendar.get("rows")) {
            var where = row.get("host").isNull()
                    ? row.get("zone").isNull() ? "account" : row.get("zone").stringValue()
                    : row.get("host").stringValue();
            row.get("bars")
                    .forEach(bar ->
                            bars.add(where + " " + bar.at("/holder/name").asString("busy") + " " + bar.get("amounts")));
        }
        return bars;
    }

    @Test
    void others_are_seen_as_busy_and_not_by_name() {
        var hers = reserve(TestDomain.ALICE, "expo", "{\"kind\": \"hosts\", \"min\": 2, \"zones\": [\"north\"]}");
        reserve(TestDomain.BOB, "fair", "{\"kind\": \"quantity\", \"amounts\": {\"vcpu\": 4}, \"zones\": [\"south\"]}");
        domain.post(
                domain.admin,
                domain.get(TestDomain.BOB, "/v1/pools")
                                .json()
                                .at("/data/0/links/self")
                                .stringValue() + "/entries",
                "{\"zone\": \"south\", \"change\": {\"vcpu\": 2}, \"source\": \"from the cellar\"}");
        var whole = "{\"disk_gb\":500,\"memory_mb\":65536,\"vcpu\":16}";
        var his = calendar(TestDomain.BOB, "");
        assertThat(bars(his))
                .containsExactly("host-1 busy " + whole, "host-2 busy " + whole, "south fair {\"vcpu\":4}");
        assertThat(his.toString())
                .doesNotContain("expo")
                .doesNotContain("alice")
                .doesNotContain("physics")
                .doesNotContain("cellar")
                .doesNotContain('"' + hers.get("id").stringValue() + '"');
        assertThat(bars(calendar(TestDomain.ANN, "")))
                .as("whoever is of the project sees it")
                .containsExactly("host-1 expo " + whole, "host-2 expo " + whole, "south busy {\"vcpu\":4}");
        var all = calendar(domain.admin, "");
        assertThat(bars(all))
                .containsExactly("host-1 expo " + whole, "host-2 expo " + whole, "south fair {\"vcpu\":4}");
        assertThat(all.toString()).contains("from the cellar", "alice");
    }

    @Test
    void a_host_has_a_row_with_its_bars_and_the_time_for_cleaning() {
        reserve(TestDomain.ALICE, "expo", "{\"kind\": \"hosts\", \"min\": 1, \"zones\": [\"south\"]}");
        var rows = calendar(TestDomain.ALICE, "&zone=south").get("rows");
        assertThat(rows).hasSize(3);
        assertThat(rows.get(0).get("host").isNull()).isTrue();
        assertThat(rows.get(1).get("host").stringValue()).isEqualTo("host-3");
        var bar = rows.at("/1/bars/0");
        assertThat(bar.get("start").stringValue()).isEqualTo(hour(1).toString());
        assertThat(bar.get("end").stringValue()).isEqualTo(hour(2).toString());
        assertThat(bar.get("cleanedUntil").stringValue())
                .isEqualTo(hour(2).plusSeconds(600).toString());
        assertThat(bar.get("alone").booleanValue()).isTrue();
        assertThat(bar.at("/holder/owner").stringValue()).isEqualTo("alice");
        assertThat(rows.at("/2/bars")).isEmpty();
    }

    @Test
    void more_bars_than_asked_for_are_left_out_and_that_is_said() {
        reserve(TestDomain.ALICE, "expo", "{\"kind\": \"hosts\", \"min\": 3}");
        var some = calendar(TestDomain.ALICE, "&limit=2");
        assertThat(bars(some)).hasSize(2);
        assertThat(some.get("truncated").booleanValue()).isTrue();
        assertThat(calendar(TestDomain.ALICE, "&limit=3").get("truncated").booleanValue())
                .isFalse();
        assertThat(domain.get(TestDomain.ALICE, "/v1/calendar?zone=west").status())
                .isEqualTo(400);
    }

    @Test
    void hosts_are_shown_one_by_one() {
        var units =
                domain.get(TestDomain.BOB, "/v1/units?provider=lab&zone=north").json();
        assertThat(units.get("data")).hasSize(2);
        var first = units.at("/data/0");
        assertThat(first.get("name").stringValue()).isEqualTo("host-1");
        assertThat(first.at("/total/vcpu").intValue()).isEqualTo(16);
        var shown = domain.get(TestDomain.BOB, first.at("/links/self").stringValue());
        assertThat(shown.json()).isEqualTo(first);
        assertThat(domain.get(TestDomain.BOB, "/v1/units/99").status()).isEqualTo(404);
        assertThat(domain.get(TestDomain.BOB, "/v1/units/host-1").status()).isEqualTo(404);
    }
}
