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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(300)
class AllocationsApiTest {
    private static final String PATH = "/v1/allocations";
    private static final String SERVER = "\"name\": \"web\", \"flavor\": \"large\", \"image\": \"cirros\"";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(test, SimulatedSettings.PERFECT);

    @BeforeEach
    void addCloud() {
        domain.addLab("");
    }

    private JsonNode reserve(String when) {
        return reserve(when, "{\"kind\": \"instances\", \"flavor\": \"large\", \"min\": 2}");
    }

    private JsonNode reserve(String when, String item) {
        var made = domain.post(
                TestDomain.ALICE,
                "/v1/reservations",
                "{\"name\": \"expo\", " + when + "\"durationSeconds\": 3600, \"items\": [" + item + "]}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json();
    }

    private JsonNode active() {
        var reservation = reserve("");
        domain.waitFor(() -> state(reservation).equals("active"));
        return reservation;
    }

    private JsonNode create(String more) {
        var made = domain.post(TestDomain.ALICE, PATH, "{" + SERVER + more + "}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json();
    }

    private TestDomain.Reply create(String key, String body) {
        return domain.ask(
                "POST",
                PATH,
                body,
                "Authorization",
                "Bearer " + TestDomain.ALICE,
                "Content-Type",
                "application/json",
                "Idempotency-Key",
                key);
    }

    private static String under(JsonNode reservation) {
        return ", \"reservation\": " + reservation.get("id");
    }

    private String self(JsonNode resource) {
        return resource.at("/links/self").stringValue();
    }

    private String state(JsonNode resource) {
        return domain.get(TestDomain.ALICE, self(resource)).json().get("state").stringValue();
    }

    @Test
    void a_server_under_a_reservation_is_answered_when_it_runs() {
        var reservation = active();
        var made = create(under(reservation));
        assertThat(made.get("state").stringValue()).isEqualTo("active");
        assertThat(made.get("priority").stringValue()).isEqualTo("high");
        assertThat(made.get("reservationId")).isEqualTo(reservation.get("id"));
        assertThat(made.get("itemId")).isEqualTo(reservation.at("/items/0/id"));
        assertThat(made.get("serverId").stringValue()).isNotEmpty();
        assertThat(made.get("host").stringValue()).isEqualTo("host-1");
        assertThat(made.get("preemptible").booleanValue()).isFalse();
        create(under(reservation));
        var refused = domain.post(TestDomain.ALICE, PATH, "{" + SERVER + under(reservation) + "}");
        assertThat(refused.status()).as(refused.text()).isEqualTo(507);
        assertThat(refused.json().at("/certificate/free").intValue()).isZero();
        assertThat(domain.delete(TestDomain.ALICE, self(made)).status()).isEqualTo(202);
        domain.waitFor(() -> state(made).equals("deleted"));
        assertThat(domain.delete(TestDomain.ALICE, self(made)).status()).isEqualTo(409);
        create(under(reservation));
        assertThat(domain.get(TestDomain.ALICE, PATH).json().get("data")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kind\": \"instances\", \"flavor\": \"large\", \"min\": 2}",
                "{\"kind\": \"hosts\", \"min\": 1}"
            })
    void a_server_on_a_host_of_a_reservation_is_allocated_in_all_views_of_the_capacity(String item) {
        var reservation = reserve("", item);
        domain.waitFor(() -> state(reservation).equals("active"));
        var reserved = vcpu("reserved");
        assertThat(vcpu("allocated")).isZero();
        create(under(reservation));
        assertThat(vcpu("allocated")).isEqualTo(8);
        assertThat(vcpu("reserved")).isEqualTo(reserved - 8);
        assertThat(domain.get(TestDomain.BOB, "/v1/capacity/profile").status()).isEqualTo(200);
    }

    private int vcpu(String what) {
        var capacity = domain.get(TestDomain.BOB, "/v1/capacity/quadruple?dimension=vcpu");
        assertThat(capacity.status()).as(capacity.text()).isEqualTo(200);
        return capacity.json().at("/dimensions/0/" + what).asInt();
    }

    @Test
    void the_same_key_gives_the_same_server() {
        var body = "{" + SERVER + "}";
        var first = create("5b1e", body);
        assertThat(first.status()).as(first.text()).isEqualTo(201);
        var again = create("5b1e", body);
        assertThat(again.status()).as(again.text()).isEqualTo(201);
        assertThat(again.json().get("id")).isEqualTo(first.json().get("id"));
        assertThat(domain.get(TestDomain.ALICE, PATH).json().get("data")).hasSize(1);
        assertThat(create("5b1e", body.replace("web", "mail")).status()).isEqualTo(409);
    }

    @Test
    void a_server_without_a_reservation_is_lent_unless_it_is_to_be_firm() {
        var lent = create("");
        assertThat(lent.get("preemptible").booleanValue()).isTrue();
        assertThat(lent.get("priority").stringValue()).isEqualTo("low");
        assertThat(lent.get("reservationId").isNull()).isTrue();
        var end = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(3_600);
        var firm = create(", \"preemptible\": false, \"provider\": \"lab\", \"zones\": [\"south\"], \"end\": \"" + end
                + "\", \"networks\": [\"inside\"], \"metadata\": {\"role\": \"web\"}");
        assertThat(firm.get("preemptible").booleanValue()).isFalse();
        assertThat(firm.get("end").stringValue()).isEqualTo(end.toString());
        assertThat(firm.get("host").stringValue()).isEqualTo("host-3");
        assertThat(firm.at("/networks/0").stringValue()).isEqualTo("net-1");
    }

    @Test
    void before_the_start_it_is_refused_or_waits() {
        var start = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(86_400);
        var reservation = reserve("\"start\": \"" + start + "\", ");
        var early = domain.post(TestDomain.ALICE, PATH, "{" + SERVER + under(reservation) + "}");
        assertThat(early.status()).isEqualTo(409);
        assertThat(early.json().get("message").stringValue()).contains(start.toString());
        var planned = create(under(reservation) + ", \"allocateOnStart\": true");
        assertThat(planned.get("state").stringValue()).isEqualTo("scheduled");
        assertThat(planned.get("priority").stringValue()).isEqualTo("normal");
        domain.delete(TestDomain.ALICE, self(reservation));
        domain.waitFor(() -> state(planned).equals("cancelled"));
    }

    @Test
    void what_others_have_is_not_there() {
        var reservation = active();
        var made = create(under(reservation));
        assertThat(domain.get(TestDomain.BOB, self(made)).status()).isEqualTo(404);
        assertThat(domain.delete(TestDomain.BOB, self(made)).status()).isEqualTo(404);
        assertThat(domain.get(TestDomain.BOB, PATH).json().get("data")).isEmpty();
        assertThat(domain.post(TestDomain.BOB, PATH, "{" + SERVER + under(reservation) + "}")
                        .status())
                .isEqualTo(404);
        assertThat(domain.post("", PATH, "{}").status()).isEqualTo(401);
    }

    @Test
    void nobody_knows_a_reservation_that_is_not_there() {
        var refused = domain.post(TestDomain.ALICE, PATH, "{" + SERVER + ", \"reservation\": \"1r999999\"}");
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.json().get("message").stringValue()).isEqualTo("there is no reservation 1r999999");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"flavor\": \"large\", \"image\": \"cirros\" | name is missing",
                "\"name\": \"web\", \"flavor\": \"huge\", \"image\": \"cirros\" | flavor: lab has no 'huge'; there are: tiny, small, large",
                "\"name\": \"web\", \"flavor\": \"tiny\", \"image\": \"dos\" | image: lab has no 'dos'; there are: cirros",
                "\"name\": \"web\", \"flavor\": \"tiny\", \"image\": \"cirros\", \"networks\": [\"x\"] | networks: lab has no 'x'",
                "\"name\": \"web\", \"flavor\": \"tiny\", \"image\": \"cirros\", \"provider\": \"moon\" | provider is 'moon'; there are: lab",
                "\"name\": \"web\", \"flavor\": \"tiny\", \"image\": \"cirros\", \"zones\": [\"west\"] | zones names 'west'",
                "\"name\": \"web\", \"flavor\": \"tiny\", \"image\": \"cirros\", \"item\": \"x\" | item is 'x'",
                "\"name\": \"web\", \"flavor\": \"tiny\", \"image\": \"cirros\", \"allocateOnStart\": true | allocateOnStart says",
                "\"name\": \"web\", \"flavor\": \"tiny\", \"image\": \"cirros\", \"end\": \"2001-01-01T00:00:00Z\" | end is 2001",
                "\"name\": \"web\", \"flavor\": \"tiny\", \"image\": \"cirros\", \"metadata\": {\"holdfast\": \"x\"} | metadata has",
                "\"name\": \"web\", \"flavor\": \"tiny\", \"image\": \"cirros\", \"colour\": 1 | colour is not a field",
                "\"name\": \"web\", \"flavor\": \"tiny\", \"image\": \"cirros\", \"reservation\": \"x\", \"preemptible\": true | preemptible is for",
            })
    void what_is_wrong_is_named_and_nothing_is_made(String fields, String message) {
        var refused = domain.post(TestDomain.ALICE, PATH, "{" + fields + "}");
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.json().get("message").stringValue()).startsWith(message);
        assertThat(domain.get(TestDomain.ALICE, PATH).json().get("data")).isEmpty();
    }
}
