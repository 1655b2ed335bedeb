package holdfast.api.blazar;

import static holdfast.api.blazar.BlazarLab.ALICE;
import static holdfast.api.blazar.BlazarLab.BOB;
import static holdfast.api.blazar.BlazarLab.LEASES;
import static holdfast.api.blazar.BlazarLab.between;
import static holdfast.api.blazar.BlazarLab.hosts;
import static holdfast.api.blazar.BlazarLab.instances;
import static holdfast.api.blazar.BlazarLab.lease;
import static holdfast.api.blazar.BlazarLab.path;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.Statements;
import holdfast.TestDatabase;
import holdfast.broker.Reservation;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// Leases as they are on the wire (promise.md 5.4).
@Timeout(300)
class BlazarLeaseTest {
    private static final String STAMP = "2031-05-01 08:\\d\\d:\\d\\d";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final BlazarLab lab = new BlazarLab(test);

    private static List<String> names(JsonNode node) {
        return node.propertyNames().stream().sorted().toList();
    }

    private static String text(JsonNode node, String name) {
        return node.get(name).stringValue();
    }

    /// How many instances each host has got for a lease, by the number of the host.
    private List<Integer> slots(JsonNode lease) {
        var slots = new TreeMap<String, Integer>();
        resource(lease).as(Reservation.class).items().stream()
                .flatMap(part -> part.placement().stream())
                .forEach(place -> slots.merge(place.place(), Math.toIntExact(place.slots()), Integer::sum));
        return new ArrayList<>(slots.values());
    }

    private Resource resource(JsonNode lease) {
        var id = Ids.read(text(lease, "id")).orElseThrow();
        return lab.database.inTransaction(
                tx -> lab.engine.resources().find(tx, id).orElseThrow());
    }

    @Test
    void a_lease_that_is_asked_for_again_with_its_key_is_made_once() {
        var body = lease("expo", hosts(1, 1, ""));
        var first = lab.call("POST", LEASES, ALICE, body, "Idempotency-Key", "5b1e");
        var again = lab.call("POST", LEASES, ALICE, body, "Idempotency-Key", "5b1e");
        assertThat(again.status()).as(again.text()).isEqualTo(201);
        assertThat(Json.tree(again.text())).isEqualTo(Json.tree(first.text()));
        var other = body.replace("expo", "fair");
        assertThat(lab.call("POST", LEASES, ALICE, other, "Idempotency-Key", "5b1e")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void a_lease_for_hosts_is_pending_with_three_events_and_all_its_fields() {
        var made = lab.made(ALICE, lease("expo", hosts(2, 3, "[\">=\", \"$vcpus\", \"16\"]")));
        assertThat(names(made))
                .containsExactly(
                        "created_at",
                        "degraded",
                        "end_date",
                        "events",
                        "id",
                        "name",
                        "project_id",
                        "reservations",
                        "start_date",
                        "status",
                        "trust_id",
                        "updated_at",
                        "user_id");
        assertThat(text(made, "name")).isEqualTo("expo");
        assertThat(text(made, "status")).isEqualTo("PENDING");
        assertThat(made.get("degraded").booleanValue()).isFalse();
        assertThat(text(made, "user_id")).isEqualTo("alice");
        assertThat(text(made, "project_id")).isEqualTo("physics");
        assertThat(text(made, "start_date")).isEqualTo("2031-05-02T08:00:00.000000");
        assertThat(text(made, "end_date")).isEqualTo("2031-05-03T08:00:00.000000");
        assertThat(text(made, "created_at")).matches(STAMP);

        var reservation = made.get("reservations").get(0);
        assertThat(names(reservation))
                .containsExactly(
                        "before_end",
                        "created_at",
                        "hypervisor_properties",
                        "id",
                        "lease_id",
                        "max",
                        "min",
                        "missing_resources",
                        "resource_id",
                        "resource_properties",
                        "resource_type",
                        "resources_changed",
                        "status",
                        "updated_at");
        assertThat(text(reservation, "status")).isEqualTo("pending");
        assertThat(text(reservation, "lease_id")).isEqualTo(text(made, "id"));
        assertThat(text(reservation, "hypervisor_properties")).isEqualTo("[\">=\", \"$vcpus\", \"16\"]");
        assertThat(text(reservation, "resource_properties")).isEmpty();
        assertThat(text(reservation, "before_end")).isEqualTo("default");
        assertThat(reservation.get("max").intValue()).isEqualTo(3);

        var events = made.get("events");
        assertThat(events.valueStream().map(event -> text(event, "event_type") + " " + text(event, "time")))
                .containsExactly(
                        "start_lease 2031-05-02T08:00:00.000000",
                        "end_lease 2031-05-03T08:00:00.000000",
                        "before_end_lease 2031-05-03T07:00:00.000000");
        assertThat(events.valueStream().map(event -> text(event, "status"))).containsOnly("UNDONE");
        assertThat(names(events.get(0)))
                .containsExactly("created_at", "event_type", "id", "lease_id", "status", "time", "updated_at");
        assertThat(lab.show(ALICE, made)).isEqualTo(made);
    }

    @Test
    void as_many_hosts_are_held_as_there_are_up_to_max() {
        assertThat(slots(lab.made(ALICE, lease("a", hosts(1, 3, ""))))).hasSize(3);
        assertThat(slots(lab.made(ALICE, lease("b", hosts(1, 3, ""))))).hasSize(1);
        assertThat(lab.refused(409, "POST", LEASES, BOB, lease("c", hosts(1, 3, ""))))
                .isNotEmpty();
    }

    @Test
    void a_lease_that_asks_for_too_much_leaves_nothing_behind() {
        assertThat(lab.refused(409, "POST", LEASES, ALICE, lease("all", hosts(2, 2, ""), hosts(3, 3, ""))))
                .contains("host");
        assertThat(lab.json("GET", LEASES, lab.admin, "").get("leases")).isEmpty();
        lab.made(ALICE, lease("both", hosts(2, 2, ""), hosts(2, 2, "")));
    }

    @Test
    void affinity_true_false_and_none_are_kept_for_each_host() {
        var together = lab.made(ALICE, lease("together", instances(3, "true")));
        var apart = lab.made(ALICE, lease("apart", instances(3, "\"False\"")));
        var none = lab.made(ALICE, lease("none", instances(3, "\"None\"")));
        assertThat(slots(together)).containsExactly(3);
        assertThat(slots(apart)).containsExactly(1, 1, 1);
        assertThat(slots(none).stream().mapToInt(n -> n).sum()).isEqualTo(3);
        assertThat(together.at("/reservations/0/affinity").booleanValue()).isTrue();
        assertThat(apart.at("/reservations/0/affinity").isBoolean()).isTrue();
        assertThat(apart.at("/reservations/0/affinity").booleanValue()).isFalse();
        assertThat(none.at("/reservations/0/affinity").isNull()).isTrue();
        assertThat(lab.refused(409, "POST", LEASES, ALICE, lease("five", instances(5, "false"))))
                .isNotEmpty();
    }

    @Test
    void affinity_that_is_not_told_is_none_bug_2071832() {
        var body = lease("expo", instances(2, "null")).replace("\"affinity\": null, ", "");
        assertThat(body).doesNotContain("affinity");
        assertThat(lab.made(ALICE, body).at("/reservations/0/affinity").isNull())
                .isTrue();
    }

    @Test
    void an_instance_lease_tells_the_flavor_that_servers_are_to_have() {
        var reservation = lab.made(ALICE, lease("expo", instances(2, "true"))).at("/reservations/0");
        assertThat(names(reservation))
                .containsExactly(
                        "affinity",
                        "aggregate_id",
                        "amount",
                        "created_at",
                        "disk_gb",
                        "flavor_id",
                        "id",
                        "lease_id",
                        "memory_mb",
                        "missing_resources",
                        "resource_id",
                        "resource_properties",
                        "resource_type",
                        "resources_changed",
                        "server_group_id",
                        "status",
                        "updated_at",
                        "vcpus");
        assertThat(text(reservation, "flavor_id")).isEqualTo(text(reservation, "id"));
        assertThat(reservation.get("aggregate_id").isNull()).isFalse();
        assertThat(reservation.get("server_group_id").isNull()).isFalse();
    }

    @Test
    void a_flavor_lease_records_its_source_and_keeps_its_amount() {
        var body = lease(
                "expo",
                "{\"resource_type\": \"flavor:instance\", \"flavor_id\": \"2\", \"amount\": 3, \"affinity\": null}");
        var reservation = lab.made(ALICE, body).at("/reservations/0");
        assertThat(text(reservation, "resource_type")).isEqualTo("flavor:instance");
        assertThat(reservation.get("amount").intValue()).isEqualTo(3);
        assertThat(reservation.get("vcpus").intValue()).isEqualTo(2);
        assertThat(reservation.get("memory_mb").intValue()).isEqualTo(2_048);
        var source = Json.tree(text(reservation, "resource_properties"));
        assertThat(text(source, "id")).isEqualTo("2");
        assertThat(text(source, "name")).isEqualTo("small");
        assertThat(lab.refused(400, "POST", LEASES, ALICE, body.replace("null}", "true}")))
                .contains("affinity must be none");
        assertThat(lab.refused(400, "POST", LEASES, ALICE, body.replace("\"2\"", "\"giant\"")))
                .contains("flavor_id");
    }

    @Test
    void queries_on_properties_choose_by_each_operator() {
        var number = 0;
        for (var host : lab.json("GET", BlazarLab.HOSTS, lab.admin, "").get("hosts")) {
            lab.json(
                    "PUT", BlazarLab.HOSTS + "/" + text(host, "id"), lab.admin, "{\"gpus\": \"" + 4 * number++ + "\"}");
        }
        var expected = new TreeMap<>(Map.of(
                "=", 1, "==", 1, "!=", 3, ">=", 2, "<=", 3, ">", 1, "<", 2)); // of 0, 4, 8 and 12, compared with 8
        for (var operator : expected.entrySet()) {
            var made = lab.made(ALICE, lease("expo", hosts(1, 4, "[\"" + operator.getKey() + "\", \"$gpus\", \"8\"]")));
            assertThat(slots(made)).as(operator.getKey()).hasSize(operator.getValue());
            lab.call("DELETE", path(made), ALICE, "");
        }
        assertThat(
                        slots(
                                lab.made(
                                        ALICE,
                                        lease(
                                                "both",
                                                hosts(1, 4, "[\"=\", \"$hypervisor_hostname\", \"host-3\"]")
                                                        .replace(
                                                                "\"resource_properties\": \"\"",
                                                                "\"resource_properties\": \"[\\\"<\\\", \\\"$gpus\\\", \\\"12\\\"]\"")))))
                .hasSize(1);
        assertThat(lab.refused(400, "POST", LEASES, ALICE, lease("x", hosts(1, 1, "[\"=\", \"$colour\", \"red\"]"))))
                .contains("hypervisor_properties", "colour");
        assertThat(lab.refused(400, "POST", LEASES, ALICE, lease("x", hosts(1, 1, "[\"~\", \"$gpus\", \"8\"]"))))
                .contains("character 1");
    }

    @Test
    void hosts_and_instances_share_hosts_at_other_times() {
        lab.made(ALICE, lease("hosts", hosts(4, 4, "")));
        assertThat(lab.refused(409, "POST", LEASES, BOB, lease("same", instances(1, "null"))))
                .isNotEmpty();
        lab.made(BOB, between("2031-05-03 08:00", "2031-05-03 09:00", "after", instances(1, "null")));
        lab.made(ALICE, between("2031-05-03 09:00", "2031-05-03 10:00", "then", hosts(4, 4, "")));
    }

    @Test
    void a_lease_without_reservations_is_taken_and_so_is_a_name_that_was_given_before() {
        var one = lab.made(ALICE, lease("expo"));
        var other = lab.made(
                ALICE, lease("expo").replace(", \"reservations\": []", "").replace("\"events\": []", "\"x\": 1"));
        assertThat(text(one, "id")).isNotEqualTo(text(other, "id"));
        assertThat(text(other, "status")).isEqualTo("PENDING");
        assertThat(lab.json("GET", LEASES, ALICE, "").get("leases")).hasSize(2);
    }

    @Test
    void a_lease_from_now_on_begins_with_the_minute_and_is_active() {
        var minute = Dates.time(Dates.minute(lab.instant())).substring(0, 14);
        var made = lab.until(lab.made(ALICE, between("now", "2031-05-02 08:00", "now", hosts(1, 1, ""))), "ACTIVE");
        assertThat(text(made, "start_date")).startsWith(minute).endsWith(":00.000000");
        assertThat(made.at("/reservations/0/status").stringValue()).isEqualTo("active");
        assertThat(made.get("events").valueStream().map(event -> text(event, "status")))
                .containsExactly("DONE", "UNDONE", "UNDONE");
        assertThat(made.at("/events/0/time")).isEqualTo(made.get("start_date"));
    }

    @Test
    void a_short_lease_is_warned_of_its_end_at_its_start_and_a_long_one_when_it_wants() {
        var made = lab.made(ALICE, between("2031-05-02 08:00", "2031-05-02 08:30", "short"));
        assertThat(made.at("/events/2/time").stringValue()).isEqualTo("2031-05-02T08:00:00.000000");
        var wanted = lease("long").replace("\"before_end_date\": null", "\"before_end_date\": \"2031-05-02 20:00\"");
        assertThat(lab.made(ALICE, wanted).at("/events/2/time").stringValue()).isEqualTo("2031-05-02T20:00:00.000000");
        for (var edge : new String[] {"2031-05-02 08:00", "2031-05-03 08:00", "2031-05-04 08:00"})
            assertThat(lab.refused(400, "POST", LEASES, ALICE, wanted.replace("2031-05-02 20:00", edge)))
                    .contains("before_end_date");
    }

    @Test
    void a_longer_list_takes_no_more_queries() {
        for (int n = 0; n < 2; n++) lab.made(ALICE, lease("lease-" + n, instances(1, "null")));
        lab.json("GET", LEASES, ALICE, "");
        long few = Statements.during(() -> lab.json("GET", LEASES, ALICE, ""));
        for (int n = 2; n < 12; n++) lab.made(ALICE, lease("lease-" + n));
        assertThat(Statements.during(
                        () -> assertThat(lab.json("GET", LEASES, ALICE, "").get("leases"))
                                .hasSize(12)))
                .as("one more where the pool looks whether a connection still works")
                .isBetween(2L, few + 1);
        assertThat(few).isLessThanOrEqualTo(6);
    }

    @Test
    void delete_in_every_state_is_204_or_409() {
        for (var state : List.of("initialized", "reserved", "active", "cancelling")) {
            var made = lab.made(ALICE, lease(state));
            lab.become(made, state);
            assertThat(lab.call("DELETE", path(made), ALICE, "").status())
                    .as(state)
                    .isEqualTo(204);
        }
        for (var state : List.of("starting", "ending", "expiring")) { // bug 1791741
            var made = lab.made(ALICE, lease(state));
            lab.become(made, state);
            assertThat(lab.refused(409, "DELETE", path(made), ALICE, ""))
                    .as(state)
                    .contains("cannot be deleted now");
            assertThat(lab.call("GET", path(made), ALICE, "").status()).isEqualTo(200);
        }
        for (var state : List.of("ended", "expired", "failed")) {
            var made = lab.made(ALICE, lease(state));
            lab.over(made, state);
            assertThat(lab.call("DELETE", path(made), ALICE, "").status())
                    .as(state)
                    .isEqualTo(204);
            assertThat(lab.call("GET", path(made), ALICE, "").status())
                    .as(state)
                    .isEqualTo(404);
            assertThat(lab.call("DELETE", path(made), ALICE, "").status())
                    .as(state)
                    .isEqualTo(404);
        }
    }

    @Test
    void what_was_deleted_is_free_and_not_listed() {
        var made = lab.made(ALICE, lease("all", hosts(4, 4, "")));
        assertThat(lab.call("DELETE", path(made), ALICE, "").status()).isEqualTo(204);
        assertThat(lab.json("GET", LEASES, ALICE, "").get("leases")).isEmpty();
        assertThat(lab.call("GET", path(made), ALICE, "").status()).isEqualTo(404);
        lab.made(BOB, lease("again", hosts(4, 4, "")));
    }

    @Test
    void a_lease_ends_at_its_end_and_is_seen_until_it_is_deleted() {
        var made = lab.made(ALICE, between("now", "2031-05-01 08:30", "short", hosts(1, 1, "")));
        lab.until(made, "ACTIVE");
        lab.advance(Duration.ofMinutes(30));
        var over = lab.until(made, "TERMINATED");
        assertThat(over.at("/reservations/0/status").stringValue()).isEqualTo("deleted");
        assertThat(over.get("events").valueStream().map(event -> text(event, "status")))
                .containsOnly("DONE");
        assertThat(lab.json("GET", LEASES, ALICE, "").get("leases")).hasSize(1);
        assertThat(lab.call("DELETE", path(made), ALICE, "").status()).isEqualTo(204);
        assertThat(lab.json("GET", LEASES, ALICE, "").get("leases")).isEmpty();
    }
}
