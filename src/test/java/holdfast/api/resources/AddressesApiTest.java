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
import tools.jackson.databind.JsonNode;

/// Floating addresses that may be reserved, over the native interface.
@Timeout(300)
class AddressesApiTest {
    private static final String A = "198.51.100.10";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(test, SimulatedSettings.PERFECT);

    @BeforeEach
    void there_is_a_cloud() {
        domain.addLab("");
    }

    private static String body(String network, String address) {
        return "{\"network\": \"%s\", \"address\": \"%s\"}".formatted(network, address);
    }

    private JsonNode add(String address) {
        var added = domain.post(domain.admin, "/v1/addresses", body("lab/outside", address));
        assertThat(added.status()).as(added.text()).isEqualTo(201);
        return added.json();
    }

    private JsonNode all() {
        return domain.get(TestDomain.ALICE, "/v1/addresses").json().get("data");
    }

    @Test
    void an_address_is_set_aside_seen_by_everybody_and_taken_out() {
        assertThat(all()).isEmpty();
        var added = add(A);
        assertThat(added.get("provider").stringValue()).isEqualTo("lab");
        assertThat(added.get("network").stringValue()).isEqualTo("net-2");
        assertThat(added.get("networkName").stringValue()).isEqualTo("outside");
        assertThat(added.get("subnet").stringValue()).isEqualTo("subnet-2");
        assertThat(all()).containsExactly(added);
        var self = added.at("/links/self").stringValue();
        assertThat(domain.get(TestDomain.ALICE, self).json()).isEqualTo(added);
        assertThat(domain.get(TestDomain.ALICE, "/v1/addresses/" + A).json()).isEqualTo(added);
        assertThat(domain.delete(domain.admin, "/v1/addresses/" + A).status()).isEqualTo(200);
        assertThat(all()).isEmpty();
        assertThat(domain.get(TestDomain.ALICE, self).status()).isEqualTo(404);
    }

    @Test
    void one_that_is_reserved_stays() {
        add(A);
        var start = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(86_400);
        var made = domain.post(TestDomain.ALICE, "/v1/reservations", """
                {"name": "expo", "start": "%s", "durationSeconds": 3600,
                 "items": [{"kind": "addresses", "network": "outside", "count": 1}]}""".formatted(start));
        assertThat(made.status()).as(made.text()).isBetween(201, 202);
        var refused = domain.delete(domain.admin, "/v1/addresses/" + A);
        assertThat(refused.status()).as(refused.text()).isEqualTo(409);
        assertThat(refused.text()).contains("is reserved");
        assertThat(all()).hasSize(1);
    }

    @Test
    void where_two_providers_have_a_network_of_that_id_it_is_called_by_both_names() {
        add(A);
        assertThat(all().get(0).get("network").stringValue()).isEqualTo("net-2");
        domain.post(domain.admin, "/v1/providers", """
                {"name": "annex", "driver": "simulated", "password": "%s"}""".formatted(TestDomain.CLOUD_PASSWORD));
        domain.waitFor(() ->
                domain.get(TestDomain.ALICE, "/v1/pools").json().get("data").size() == 2);
        domain.waitFor(() -> all().get(0).get("network").stringValue().equals("lab/net-2"));
        var start = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(86_400);
        var body = """
                {"name": "expo", "start": "%s", "durationSeconds": 3600,
                 "items": [{"kind": "addresses", "network": "%s", "count": 1}]}""";
        var refused = domain.post(TestDomain.ALICE, "/v1/reservations", body.formatted(start, "net-2"));
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        var made = domain.post(TestDomain.ALICE, "/v1/reservations", body.formatted(start, "lab/net-2"));
        assertThat(made.status()).as(made.text()).isBetween(201, 202);
        assertThat(made.json().at("/items/0/network").stringValue()).isEqualTo("lab/net-2");
    }

    @Test
    void members_see_addresses_and_change_none() {
        add(A);
        assertThat(domain.post(TestDomain.ALICE, "/v1/addresses", body("net-2", "198.51.100.11"))
                        .status())
                .isEqualTo(403);
        assertThat(domain.delete(TestDomain.ALICE, "/v1/addresses/" + A).status())
                .isEqualTo(403);
        assertThat(all()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "net-9, 198.51.100.10, 404, net-9",
        "inside, 198.51.100.10, 400, network",
        "net-2, 198.51.100.200, 400, address",
        "net-2, 192.0.2.1, 400, address",
        "net-2, elsewhere, 400, address",
    })
    void what_cannot_be_set_aside_is_refused_with_the_reason(String network, String address, int status, String word) {
        var refused = domain.post(domain.admin, "/v1/addresses", body(network, address));
        assertThat(refused.status()).as(refused.text()).isEqualTo(status);
        assertThat(refused.text()).contains(word);
        assertThat(all()).isEmpty();
    }

    @Test
    void the_same_address_twice_is_a_clash_and_half_a_body_is_refused() {
        add(A);
        assertThat(domain.post(domain.admin, "/v1/addresses", body("net-2", A)).status())
                .isEqualTo(409);
        var half = domain.post(domain.admin, "/v1/addresses", "{\"network\": \"net-2\", \"adress\": \"x\"}");
        assertThat(half.status()).isEqualTo(400);
        assertThat(half.text()).contains("address is missing");
    }
}
