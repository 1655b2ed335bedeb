package holdfast.api.blazar;

import static holdfast.api.blazar.BlazarLab.ALICE;
import static holdfast.api.blazar.BlazarLab.BOB;
import static holdfast.api.blazar.BlazarLab.LEASES;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Floating addresses over HTTP: those that may be reserved, and leases of them.
class BlazarAddressesTest {
    private static final String ADDRESSES = "/blazar/v1/floatingips";
    private static final String A = "198.51.100.10";
    private static final String B = "198.51.100.11";
    private static final String C = "198.51.100.12";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final BlazarLab lab = new BlazarLab(test);

    private static String body(String network, String address) {
        return """
                {"floating_network_id": "%s", "floating_ip_address": "%s"}""".formatted(network, address);
    }

    private JsonNode register(String address) {
        return lab.json("POST", ADDRESSES, lab.admin, body("net-2", address)).get("floatingip");
    }

    private static String wanted(int amount, String... required) {
        return """
                {"resource_type": "virtual:floatingip", "network_id": "net-2", "amount": %d, "required_floatingips": [%s]}""".formatted(
                        amount,
                        String.join(
                                ", ",
                                java.util.Arrays.stream(required)
                                        .map(one -> '"' + one + '"')
                                        .toList()));
    }

    private static String tomorrow(String name, String reservation) {
        return BlazarLab.lease(name, reservation);
    }

    private static String theDayAfter(String name, String reservation) {
        return BlazarLab.between("2031-05-03 08:00", "2031-05-04 08:00", name, reservation);
    }

    /// The addresses of a lease, as our reservation has them.
    private java.util.List<String> addresses(JsonNode lease) {
        var id = Ids.read(lease.get("id").stringValue()).orElseThrow();
        var resource = lab.database.inTransaction(
                tx -> lab.engine.resources().find(tx, id).orElseThrow());
        return resource.as(holdfast.broker.Reservation.class).items().getFirst().placement().stream()
                .map(place -> holdfast.broker.Places.address(place.place()))
                .toList();
    }

    private static String change(JsonNode lease, String fields) {
        return """
                {"reservations": [{"id": "%s", %s}]}""".formatted(lease.at("/reservations/0/id").stringValue(), fields);
    }

    @Test
    void administrators_set_addresses_aside_that_nobody_else_gets() {
        assertThat(lab.json("GET", ADDRESSES, ALICE, "").get("floatingips")).isEmpty();
        var made = register(A);
        assertThat(made.get("floating_network_id").stringValue()).isEqualTo("net-2");
        assertThat(made.get("subnet_id").stringValue()).isEqualTo("subnet-2");
        assertThat(made.get("floating_ip_address").stringValue()).isEqualTo(A);
        assertThat(made.get("reservable").booleanValue()).isTrue();
        var path = ADDRESSES + "/" + made.get("id").stringValue();
        assertThat(lab.json("GET", path, ALICE, "").get("floatingip")).isEqualTo(made);
        assertThat(lab.json("GET", ADDRESSES, BOB, "").at("/floatingips/0")).isEqualTo(made);

        assertThat(lab.refused(409, "POST", ADDRESSES, lab.admin, body("net-2", A)))
                .isEqualTo("address " + A + " is registered already");
        assertThat(lab.refused(404, "POST", ADDRESSES, lab.admin, body("net-9", B)))
                .isEqualTo("no provider has a network net-9");
        assertThat(lab.refused(400, "POST", ADDRESSES, lab.admin, body("net-1", B)))
                .contains("not external");
        for (var all : new String[] {"198.51.100.0", "198.51.100.255"}) {
            assertThat(lab.refused(400, "POST", ADDRESSES, lab.admin, body("net-2", all)))
                    .contains(all + " stands for all of 198.51.100.0/24");
        }
        assertThat(lab.refused(400, "POST", ADDRESSES, lab.admin, body("net-2", "198.51.100.200")))
                .contains("198.51.100.200 lies in an allocation pool of subnet subnet-2");
        assertThat(lab.refused(400, "POST", ADDRESSES, lab.admin, body("net-2", "203.0.113.5")))
                .contains("lies in no subnet");
        assertThat(lab.refused(400, "POST", ADDRESSES, lab.admin, body("net-2", "localhost")))
                .contains("must be one of IP version 4");
        assertThat(lab.refused(400, "POST", ADDRESSES, lab.admin, "{\"floating_network_id\": \"net-2\"}"))
                .isEqualTo("Missing parameter floating_ip_address");
        assertThat(lab.refused(403, "POST", ADDRESSES, ALICE, body("net-2", B))).contains("admin");
        assertThat(lab.refused(403, "DELETE", path, ALICE, "")).contains("admin");
        assertThat(lab.refused(404, "GET", ADDRESSES + "/7", ALICE, "")).isEqualTo("Floating IP not found");

        assertThat(lab.call("DELETE", path, lab.admin, "").status()).isEqualTo(204);
        assertThat(lab.refused(404, "GET", path, ALICE, "")).isEqualTo("Floating IP not found");
        register(A);
    }

    @Test
    void a_lease_has_addresses_from_its_start_to_its_end() {
        register(A);
        register(B);
        var lease = lab.made(ALICE, tomorrow("web", wanted(1, B)));
        assertThat(lease.get("status").stringValue()).isEqualTo("PENDING");
        var reservation = lease.at("/reservations/0");
        assertThat(reservation.get("resource_type").stringValue()).isEqualTo("virtual:floatingip");
        assertThat(reservation.get("network_id").stringValue()).isEqualTo("net-2");
        assertThat(reservation.get("amount").intValue()).isEqualTo(1);
        assertThat(reservation.at("/required_floatingips/0").stringValue()).isEqualTo(B);
        assertThat(addresses(lease)).containsExactly(B);

        lab.advance(Duration.ofHours(24));
        lab.until(lease, "ACTIVE");
        lab.advance(Duration.ofHours(24));
        lab.until(lease, "TERMINATED");
        assertThat(lab.made(BOB, BlazarLab.between("now", "2031-05-04 08:00", "next", wanted(2, A, B)))
                        .get("id"))
                .isNotNull();
    }

    @Test
    void a_required_address_that_is_taken_is_a_conflict() {
        register(A);
        register(B);
        lab.made(ALICE, tomorrow("first", wanted(1, A)));
        assertThat(lab.refused(409, "POST", LEASES, BOB, tomorrow("second", wanted(1, A))))
                .startsWith(A + " is taken in");
        assertThat(lab.refused(409, "POST", LEASES, BOB, tomorrow("second", wanted(2))))
                .contains("has 1 free addresses of the 2 wanted");
        assertThat(lab.refused(409, "POST", LEASES, BOB, tomorrow("second", wanted(1, C))))
                .contains(C + " is no address that may be reserved");
        assertThat(lab.refused(400, "POST", LEASES, BOB, tomorrow("second", wanted(1, A, B))))
                .contains("required_floatingips names 2 addresses, and amount is 1");
        assertThat(lab.refused(400, "POST", LEASES, BOB, tomorrow("second", wanted(1, "a"))))
                .contains("required_floatingips must be a list of addresses");
        assertThat(lab.refused(
                        400, "POST", LEASES, BOB, tomorrow("second", wanted(1).replace("net-2", "net-1"))))
                .contains("network_id is 'net-1', which is no external network; there are: lab/outside");
        assertThat(addresses(lab.made(BOB, tomorrow("second", wanted(1))))).containsExactly(B);
        assertThat(addresses(lab.made(BOB, theDayAfter("third", wanted(1, A))))).containsExactly(A);
    }

    @Test
    void what_nobody_has_reserved_is_given_first_and_then_what_is_free_in_the_time() {
        register(A);
        register(B);
        lab.made(ALICE, tomorrow("first", wanted(1, A)));
        assertThat(addresses(lab.made(BOB, theDayAfter("second", wanted(1))))).containsExactly(B);
        assertThat(addresses(lab.made(BOB, theDayAfter("third", wanted(1))))).containsExactly(A);
    }

    @Test
    void an_address_is_not_taken_out_while_it_is_reserved() {
        var path = ADDRESSES + "/" + register(A).get("id").stringValue();
        var lease = lab.made(ALICE, tomorrow("first", wanted(1)));
        assertThat(lab.refused(409, "DELETE", path, lab.admin, "")).startsWith("address " + A + " is reserved");
        assertThat(lab.call("DELETE", BlazarLab.path(lease), ALICE, "").status())
                .isEqualTo(204);
        assertThat(lab.call("DELETE", path, lab.admin, "").status()).isEqualTo(204);
        assertThat(lab.refused(409, "POST", LEASES, ALICE, tomorrow("second", wanted(1))))
                .contains("has 0 free addresses of the 1 wanted");
    }

    @Test
    void amount_changes_and_requirements_are_given_up_and_nothing_else() {
        register(A);
        register(B);
        register(C);
        var lease = lab.made(ALICE, tomorrow("web", wanted(2, C)));
        var path = BlazarLab.path(lease);
        assertThat(addresses(lease)).containsExactly(A, C);

        lab.json("PUT", path, ALICE, change(lease, "\"amount\": 3"));
        assertThat(addresses(lease)).containsExactly(A, B, C);
        lab.json("PUT", path, ALICE, change(lease, "\"amount\": 1"));
        assertThat(addresses(lease)).containsExactly(C);
        assertThat(lab.refused(409, "PUT", path, ALICE, change(lease, "\"required_floatingips\": [\"" + A + "\"]")))
                .contains("can only be given up");
        assertThat(lab.refused(409, "PUT", path, ALICE, change(lease, "\"network_id\": \"net-1\"")))
                .contains("network_id cannot change");
        assertThat(lab.refused(409, "PUT", path, ALICE, change(lease, "\"amount\": 4")))
                .contains("has 3 free addresses of the 4 wanted");
        assertThat(lab.refused(400, "PUT", path, ALICE, change(lease, "\"amount\": 0")))
                .contains("amount is 0");
        var changed =
                lab.json("PUT", path, ALICE, change(lease, "\"required_floatingips\": [], \"network_id\": \"net-2\""));
        assertThat(changed.at("/lease/reservations/0/required_floatingips")).isEmpty();
        assertThat(addresses(lease)).containsExactly(C);

        lab.advance(Duration.ofHours(24));
        lab.until(lease, "ACTIVE");
        lab.json("PUT", path, ALICE, change(lease, "\"amount\": 2"));
        assertThat(addresses(lease)).containsExactly(A, C);
        assertThat(lab.refused(409, "PUT", path, ALICE, change(lease, "\"amount\": 1")))
                .contains("it has started; its amount may grow");
    }
}
