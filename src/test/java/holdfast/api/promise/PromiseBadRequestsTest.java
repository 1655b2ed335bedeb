package holdfast.api.promise;

import static holdfast.api.promise.PromiseDomain.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What clients get wrong, and what they are told: always `error` with the field, and nothing is done.
@Timeout(300)
class PromiseBadRequestsTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final PromiseDomain domain = new PromiseDomain(test);

    private static final Map<String, List<String>> BODIES = bodies();

    private static Map<String, List<String>> bodies() {
        var bodies = new LinkedHashMap<String, List<String>>();
        bodies.put(
                "create-reservation",
                List.of(
                        "{",
                        "[]",
                        "{}",
                        "{'capacity': {}}",
                        "{'capacity': {'cores': 0}}",
                        "{'capacity': 4}",
                        "{'capacity': {'cores': -1}}",
                        "{'capacity': {'cores': 'many'}}",
                        "{'capacity': {'cores': 1.5}}",
                        "{'capacity': {'cpus': 4}}",
                        "{'capacity': {'cores': 1}, 'zone': 'west'}",
                        "{'capacity': {'cores': 1}, 'zone': {'name': 'north'}}",
                        "{'capacity': {'cores': 1}, 'start': 'tomorrow'}",
                        "{'capacity': {'cores': 1}, 'start': '2031-05-02T08:00:00'}",
                        "{'capacity': {'cores': 1}, 'start': '2031-05-02T08:00:00Z', 'end': '2031-05-02T08:00:00Z'}",
                        "{'capacity': {'cores': 1}, 'start': '2001-05-02T08:00:00Z', 'end': '2001-05-02T09:00:00Z'}",
                        "{'capacity': {'cores': 1}, 'start': {'earliest': '2026-12-02T08:00:00Z'}, 'duration': 60}",
                        "{'capacity': {'cores': 1}, 'duration': 0}",
                        "{'capacity': {'cores': 1}, 'expiry': 'soon'}",
                        "{'capacity': {'cores': 1}, 'expiry': 0}",
                        "{'capacity': {'cores': 1}, 'priority': 101}",
                        "{'capacity': {'cores': 1}, 'provider-id': 'moon'}",
                        "{'capacity': {'cores': 1}, 'elements': ['an-image']}",
                        "{'capacity': {'cores': 1}, 'affinity': 'maybe'}",
                        "{'instance': [{'count': 2}]}",
                        "{'instance': [{'flavor': 'giant', 'count': 2}]}",
                        "{'instance': [{'flavor': 'tiny', 'count': 0}]}",
                        "{'instance': ['tiny']}",
                        "{'capcity': {'cores': 1}}"));
        bodies.put("request-offer", List.of("{'capacity': {'cores': 1}, 'ttl': 100000}"));
        bodies.put("accept-offer", List.of("{}", "{'offer-id': 7}", "{'offer-id': 'none'}"));
        bodies.put(
                "update-reservation",
                List.of(
                        "{}",
                        "{'reservation-id': 'none'}",
                        "{'reservation-id': 'ResourcePool:none'}",
                        "{'reservation-id': '00000000-0000-7000-8000-000000000000', 'start': 1}"));
        bodies.put("cancel-reservation", List.of("{}", "{'reservation-id': 'none'}", "{'reservation-id': ['a', 'b']}"));
        bodies.put(
                "query-reservation",
                List.of(
                        "{'window': 'today'}",
                        "{'window': {'scope': 'all'}}",
                        "{'window': {'start': '2031-05-02T08:00:00Z', 'end': '2031-05-01T08:00:00Z'}}",
                        "{'without': ['x']}",
                        "{'show-utilization': 'perhaps'}",
                        "{'elements': {'none': ['x']}}"));
        bodies.put(
                "query-capacity",
                List.of(
                        "{'capacity': 'free'}",
                        "{'zone': 'west'}",
                        "{'window': {'start': '2031-05-02T08:00:00Z', 'end': '2039-05-02T08:00:00Z'}}",
                        "{'without': ['x']}"));
        bodies.put("query-flavor-capacity", List.of("{}", "{'flavor': 'giant'}", "{'flavor': 'tiny', 'count': 0}"));
        bodies.put(
                "create-instance",
                List.of(
                        "{}",
                        "{'name': 'web', 'image': 'cirros', 'flavor': 'giant'}",
                        "{'name': 'web', 'image': 'none', 'flavor': 'tiny'}",
                        "{'name': 'web', 'image': 'cirros', 'flavor': 'tiny', 'networks': ['none']}"));
        bodies.put("destroy-instance", List.of("{}", "{'instance-id': 'none'}"));
        bodies.put(
                "subscribe",
                List.of(
                        "{}",
                        "{'callback': 'ftp://x'}",
                        "{'callback': 'http://169.254.169.254/latest'}",
                        "{'callback': 'http://x', 'secret': 'short'}",
                        "{'callback': 'http://x', 'filter': {'events': ['Reservation Started']}}",
                        "{'callback': 'http://x', 'filter': {'project': 'biology'}}",
                        "{'callback': 'http://x', 'filter': {'threshold': {'key': 'cpus'}}}"));
        bodies.put("unsubscribe", List.of("{}", "{'subscription-id': 'none'}"));
        bodies.put(
                "query-events",
                List.of("{'limit': 0}", "{'wait': 3600}", "{'since': 99}", "{'filter': {'reservation': ['x']}}"));
        return bodies;
    }

    private static final Map<String, List<String>> ADMIN = Map.of(
            "add-provider",
            List.of(
                    "{}",
                    "{'provider-type': 'amazon'}",
                    "{'provider-type': 'openstack', 'endpoint': 'http://k.example:5000/v2.0/tokens', 'username': 'u', 'tenant': {'name': 't'}}",
                    "{'provider-type': 'openstack', 'endpoint': 'no address', 'username': 'u', 'tenant': {'name': 't'}}",
                    "{'provider-type': 'openstack', 'endpoint': 'http://k.example:5000/v3'}",
                    "{'provider-type': 'simulated', 'name': 'lab'}",
                    "{'provider-type': 'simulated', 'strategy': 'guess'}"),
            "increase-capacity",
            List.of(
                    "{}",
                    "{'source': 'moon', 'capacity': {'cores': 1}}",
                    "{'source': 'lab', 'capacity': {'cores': 0}}",
                    "{'source': 'lab', 'capacity': {'cores': 1}, 'zone': 'west'}",
                    "{'source': 'lab', 'capacity': {'cores': 1}, 'start': '2031-05-02T08:00:00Z', 'end': '2031-05-01T08:00:00Z'}"));

    @Test
    void each_wrong_shape_is_told_with_its_field_and_nothing_is_done() {
        domain.addCloud("lab");
        var recording = new Recording();
        BODIES.forEach((intent, bodies) -> bodies.forEach(body -> wrong(recording, ALICE, intent, body)));
        for (var intent : List.of("add-provider", "increase-capacity")) {
            ADMIN.get(intent).forEach(body -> wrong(recording, domain.admin, intent, body));
        }
        recording.check("wrong");
        assertThat(domain.get(domain.admin, PromiseDomain.ROOT + "promise/reservations")
                        .json())
                .isEmpty();
        assertThat(domain.get(domain.admin, PromiseDomain.ROOT + "promise/allocations")
                        .json())
                .isEmpty();
        assertThat(domain.get(domain.admin, PromiseDomain.ROOT + "promise/pools")
                        .json())
                .hasSize(1);
    }

    private void wrong(Recording recording, String token, String intent, String body) {
        var refused = recording.add(intent, body, domain.ask(token, intent, body));
        assertThat(refused.status()).as(body + ": " + refused.text()).isEqualTo(200);
        assertThat(refused.result()).as(body + ": " + refused.text()).isEqualTo("error");
        assertThat(refused.get("message").asString("")).as(body).hasSizeLessThan(400);
    }

    @Test
    void a_body_that_is_too_long_is_not_read() {
        var long_ = "{'name': '" + "x".repeat(1 << 20) + "'}";
        assertThat(domain.ask(ALICE, "create-reservation", long_).status()).isEqualTo(413);
    }

    @Test
    void a_body_that_is_nested_deep_or_holds_nothing_that_can_be_kept_is_refused() {
        var deep = "{'name': " + "[".repeat(30) + "]".repeat(30) + "}";
        assertThat(domain.ask(ALICE, "create-reservation", deep).result()).isEqualTo("error");
        assertThat(domain.ask(ALICE, "create-reservation", "{'name': 'a\\u0000b', 'capacity': {'cores': 1}}")
                        .result())
                .isEqualTo("error");
    }
}
