package holdfast.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// The lab has two zones with two hosts of 16 vcpu each.
@Timeout(300)
class CapacityApiTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(test, SimulatedSettings.PERFECT);

    private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(86_400);

    @BeforeEach
    void addCloud() {
        domain.addLab("");
    }

    private void reserve(String item, int afterHours, int hours) {
        var made = domain.post(
                TestDomain.ALICE,
                "/v1/reservations",
                "{\"name\": \"expo\", \"start\": \"" + hour(afterHours) + "\", \"end\": \"" + hour(afterHours + hours)
                        + "\", \"items\": [" + item + "]}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
    }

    private Instant hour(int after) {
        return start.plusSeconds(3_600L * after);
    }

    private JsonNode get(String target) {
        var answer = domain.get(TestDomain.BOB, target);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static String vcpu(JsonNode node) {
        return StreamSupport.stream(node.get("dimensions").spliterator(), false)
                .filter(one -> one.get("dimension").stringValue().equals("vcpu"))
                .map(one -> one.get("total") + " = " + one.get("available") + " + " + one.get("reserved") + " + "
                        + one.get("allocated"))
                .findFirst()
                .orElse("none");
    }

    @Test
    void total_available_reserved_and_allocated_at_an_instant_and_over_a_window() {
        reserve("{\"kind\": \"quantity\", \"amounts\": {\"vcpu\": 10}, \"zones\": [\"north\"]}", 1, 1);
        reserve("{\"kind\": \"hosts\", \"min\": 1, \"zones\": [\"south\"]}", 1, 2);
        var now = get("/v1/capacity/quadruple");
        assertThat(vcpu(now)).isEqualTo("64 = 64 + 0 + 0");
        assertThat(now.get("end").isNull()).isTrue();
        assertThat(now.get("unlimited").toString()).contains("router");
        assertThat(vcpu(get("/v1/capacity/quadruple?start=" + hour(1)))).isEqualTo("64 = 38 + 26 + 0");
        assertThat(vcpu(get("/v1/capacity/quadruple?start=" + hour(2)))).isEqualTo("64 = 48 + 16 + 0");
        assertThat(vcpu(get("/v1/capacity/quadruple?start=" + start + "&end=" + hour(9))))
                .isEqualTo("64 = 38 + 26 + 0");
        var north = get("/v1/capacity/quadruple?provider=lab&zone=north&dimension=vcpu&start=" + hour(1));
        assertThat(vcpu(north)).isEqualTo("32 = 22 + 10 + 0");
        assertThat(north.get("dimensions")).hasSize(1);
        var parts = get("/v1/capacity/quadruple?start=" + hour(1)).get("parts");
        assertThat(parts).hasSize(3);
        assertThat(parts.get(0).get("zone").isNull()).isTrue();
        assertThat(vcpu(parts.get(2))).isEqualTo("32 = 16 + 16 + 0");
    }

    @Test
    void the_profile_of_a_window_shows_when_what_changes() {
        reserve("{\"kind\": \"quantity\", \"amounts\": {\"vcpu\": 10}}", 1, 1);
        reserve("{\"kind\": \"quantity\", \"amounts\": {\"memory_mb\": 1024}}", 3, 2);
        var window = "start=" + start + "&end=" + hour(4);
        var profile = get("/v1/capacity/profile?" + window);
        assertThat(profile.get("steps")).hasSize(4);
        assertThat(profile.get("truncated").booleanValue()).isFalse();
        var vcpus = get("/v1/capacity/profile?dimension=vcpu&" + window).get("steps");
        assertThat(vcpus).hasSize(3);
        assertThat(vcpus.get(1).get("start").stringValue()).isEqualTo(hour(1).toString());
        assertThat(vcpu(vcpus.get(1))).isEqualTo("64 = 54 + 10 + 0");
        assertThat(vcpus.get(2).get("end").stringValue()).isEqualTo(hour(4).toString());
        assertThat(get("/v1/capacity/profile?scope=exclusive&" + window).get("steps"))
                .as("the second one ends outside of the window")
                .hasSize(3);
        var cut = get("/v1/capacity/profile?limit=2&" + window);
        assertThat(cut.get("steps")).hasSize(2);
        assertThat(cut.get("truncated").booleanValue()).isTrue();
    }

    @Test
    void so_many_of_a_flavor_fit_and_more_of_them_later() {
        reserve("{\"kind\": \"hosts\", \"min\": 3}", 0, 2);
        var window = "&start=" + start + "&end=" + hour(1);
        var some = get("/v1/capacity/flavors?flavor=large&count=8" + window).at("/flavors/0");
        assertThat(some.get("count").intValue()).isEqualTo(2);
        assertThat(some.get("earliest").stringValue()).isEqualTo(hour(2).toString());
        assertThat(get("/v1/capacity/flavors?flavor=tiny&provider=lab" + window)
                        .at("/flavors/0/count")
                        .intValue())
                .isEqualTo(16);
    }

    @Test
    void sites_are_asked_for_as_before() {
        assertThat(get("/v1/capacity?level=2").get("type").stringValue()).isEqualTo("capacity");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "quadruple?zone=west | zone is 'west'; there are: lab/north, lab/south",
                "quadruple?provider=moon | provider is 'moon'; there are: lab",
                "quadruple?dimension=colour | dimension is 'colour'; there are: address, instance, memory_mb, vcpu",
                "quadruple?end=2020-01-01T00:00:00Z | the window would end at 2020-01-01T00:00:00Z, before it starts",
                "profile?scope=all | scope is 'all'; it must be inclusive",
                "profile?limit=0 | limit is '0'; it must be a whole number from 1 to 10000",
                "flavors | flavor is missing: the name of a size of servers",
                "flavors?flavor=giant | flavor is 'giant', which no provider there has",
                "flavors?flavor=tiny&start=2020-01-01T00:00:00Z | the window is over since 2020-01-01T01:00:00Z",
                "flavors?flavor=tiny&colour=red | parameter colour is not known here",
            })
    void what_is_wrong_with_a_question_is_named(String question, String message) {
        var refused = domain.get(TestDomain.BOB, "/v1/capacity/" + question);
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.json().get("message").stringValue()).startsWith(message);
    }

    @Test
    void nobody_asks_without_a_token() {
        assertThat(domain.get("", "/v1/capacity/quadruple").status()).isEqualTo(401);
    }
}
