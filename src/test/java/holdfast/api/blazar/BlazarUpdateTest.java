package holdfast.api.blazar;

import static holdfast.api.blazar.BlazarLab.ALICE;
import static holdfast.api.blazar.BlazarLab.BOB;
import static holdfast.api.blazar.BlazarLab.between;
import static holdfast.api.blazar.BlazarLab.hosts;
import static holdfast.api.blazar.BlazarLab.instances;
import static holdfast.api.blazar.BlazarLab.lease;
import static holdfast.api.blazar.BlazarLab.path;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// `PUT /leases/{id}` (promise.md 5.4).
@Timeout(300)
class BlazarUpdateTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final BlazarLab lab = new BlazarLab(test);

    private JsonNode put(JsonNode lease, String body) {
        return lab.json("PUT", path(lease), ALICE, body).get("lease");
    }

    private String refused(int status, JsonNode lease, String body) {
        var before = lab.show(ALICE, lease);
        var told = lab.refused(status, "PUT", path(lease), ALICE, body);
        assertThat(lab.show(ALICE, lease).get("reservations"))
                .as("nothing has changed")
                .isEqualTo(before.get("reservations"));
        assertThat(dates(lab.show(ALICE, lease))).isEqualTo(dates(before));
        return told;
    }

    private static String dates(JsonNode lease) {
        return lease.get("start_date").stringValue() + " "
                + lease.get("end_date").stringValue() + " "
                + lease.at("/events/2/time").stringValue();
    }

    private static String of(JsonNode lease, String change) {
        return "{\"reservations\": [{\"id\": \"%s\", %s}]}"
                .formatted(lease.at("/reservations/0/id").stringValue(), change);
    }

    private JsonNode active(String... reservations) {
        return lab.until(lab.made(ALICE, between("now", "2031-05-02 08:00", "now", reservations)), "ACTIVE");
    }

    @Test
    void nothing_named_is_nothing_changed() {
        var made = lab.made(ALICE, lease("expo", hosts(1, 1, "")));
        assertThat(put(made, "{}")).isEqualTo(made);
        var same = "{\"name\": null, \"start_date\": \"2031-05-02 08:00\", \"end_date\": \"2031-05-03 08:00\"}";
        assertThat(put(made, same)).isEqualTo(made);
    }

    @Test
    void a_lease_that_has_not_begun_moves_both_ways_and_its_warning_with_its_end() {
        var made = lab.made(ALICE, lease("expo", hosts(1, 1, "")));
        assertThat(dates(put(made, "{\"end_date\": \"2031-05-03 12:00\"}")))
                .isEqualTo("2031-05-02T08:00:00.000000 2031-05-03T12:00:00.000000 2031-05-03T11:00:00.000000");
        assertThat(dates(put(made, "{\"start_date\": \"2031-05-02 10:00\", \"name\": \"later\"}")))
                .isEqualTo("2031-05-02T10:00:00.000000 2031-05-03T12:00:00.000000 2031-05-03T11:00:00.000000");
        assertThat(dates(put(made, "{\"start_date\": \"2031-05-04 08:00\", \"end_date\": \"2031-05-04 08:30\"}")))
                .isEqualTo("2031-05-04T08:00:00.000000 2031-05-04T08:30:00.000000 2031-05-04T08:00:00.000000");
        assertThat(lab.show(ALICE, made).get("name").stringValue()).isEqualTo("later");
        assertThat(put(made, "{\"before_end_date\": \"2031-05-04 08:10\"}")
                        .at("/events/2/time")
                        .stringValue())
                .isEqualTo("2031-05-04T08:10:00.000000");
        lab.made(BOB, lease("free again", hosts(4, 4, "")));
    }

    @Test
    void dates_that_cannot_be_are_refused_bug_1786031() {
        var made = lab.made(ALICE, lease("expo", hosts(1, 1, "")));
        assertThat(refused(400, made, "{\"end_date\": \"2031-05-02 08:00\"}"))
                .isEqualTo("End date must be later than start date.");
        assertThat(refused(400, made, "{\"start_date\": \"2031-04-02 08:00\"}"))
                .isEqualTo("Start date must be later than current date.");
        assertThat(refused(400, made, "{\"end_date\": \"soon\"}"))
                .isEqualTo("soon is an invalid date. Required format: %Y-%m-%d %H:%M");
        assertThat(refused(400, made, "{\"before_end_date\": \"2031-05-03 08:00\"}"))
                .contains("before_end_date");
        assertThat(refused(403, made, "{\"end_date\": \"2032-06-03 08:00\"}")).contains("8760");
        assertThat(lab.show(ALICE, made).get("status").stringValue()).isEqualTo("PENDING");
    }

    @Test
    void a_longer_time_is_admitted_without_its_own_claims_and_not_over_those_of_others() {
        var made = lab.made(ALICE, lease("expo", hosts(4, 4, "")));
        put(made, "{\"end_date\": \"2031-05-03 09:00\"}");
        lab.made(BOB, between("2031-05-03 09:00", "2031-05-03 10:00", "next", hosts(1, 1, "")));
        assertThat(refused(409, made, "{\"end_date\": \"2031-05-03 09:30\"}")).isNotEmpty();
        put(made, "{\"end_date\": \"2031-05-03 08:30\"}");
    }

    @Test
    void a_lease_that_has_begun_keeps_its_start_and_ends_now_when_it_is_told() {
        var made = active(hosts(1, 1, ""));
        assertThat(refused(400, made, "{\"start_date\": \"2031-05-02 07:00\"}")).contains("already started");
        assertThat(refused(400, made, "{\"end_date\": \"2031-05-01 07:00\"}")).contains("End date");
        put(made, "{\"end_date\": \"2031-05-02 09:00\"}");
        put(made, "{\"end_date\": \"now\"}");
        var over = lab.until(made, "TERMINATED");
        assertThat(put(over, "{\"name\": \"was\"}").get("name").stringValue()).isEqualTo("was");
        assertThat(refused(409, over, "{\"end_date\": \"2031-05-03 09:00\"}")).contains("only its name");
    }

    @Test
    void min_max_and_queries_of_hosts_that_wait_change_and_those_that_run_only_grow() {
        var made = lab.made(ALICE, lease("expo", hosts(1, 2, "")));
        var changed = put(
                made,
                of(
                        made,
                        "\"min\": 1, \"max\": \"3\", \"hypervisor_properties\": \"[\\\"=\\\", \\\"$availability_zone\\\", \\\"north\\\"]\""));
        assertThat(changed.at("/reservations/0/max").intValue()).isEqualTo(3);
        assertThat(changed.at("/reservations/0/hypervisor_properties").stringValue())
                .contains("north");
        assertThat(changed.at("/reservations/0/id")).isEqualTo(made.at("/reservations/0/id"));
        lab.call("DELETE", path(made), ALICE, "");
        var running = active(hosts(2, 2, ""));
        assertThat(put(running, of(running, "\"min\": 3, \"max\": 3"))
                        .at("/reservations/0/min")
                        .intValue())
                .isEqualTo(3);
        assertThat(refused(409, running, of(running, "\"min\": 1, \"max\": 1"))).contains("not lose one");
    }

    @Test
    void the_amount_of_a_running_lease_may_grow_and_all_else_stays_bug_2138386() {
        var made = active(instances(2, "null"));
        assertThat(put(made, of(made, "\"amount\": 4"))
                        .at("/reservations/0/amount")
                        .intValue())
                .isEqualTo(4);
        assertThat(refused(409, made, of(made, "\"amount\": 3"))).contains("may grow");
        assertThat(refused(409, made, of(made, "\"vcpus\": 4"))).contains("all else stays");
        assertThat(refused(409, made, of(made, "\"amount\": 4000"))).isNotEmpty();
        assertThat(lab.show(ALICE, made).get("status").stringValue()).isEqualTo("ACTIVE");
    }

    @Test
    void a_flavor_lease_changes_its_name_alone() {
        var made = lab.made(
                ALICE, lease("expo", "{\"resource_type\": \"flavor:instance\", \"flavor_id\": \"2\", \"amount\": 3}"));
        assertThat(put(made, "{\"name\": \"other\"}").get("name").stringValue()).isEqualTo("other");
        assertThat(refused(409, made, of(made, "\"amount\": 4"))).contains("cannot change");
        assertThat(refused(409, made, "{\"end_date\": \"2031-05-03 09:00\"}")).contains("cannot change");
    }

    @Test
    void reservations_are_named_by_their_ids_and_keep_their_type() {
        var made = lab.made(ALICE, lease("expo", hosts(1, 1, "")));
        assertThat(refused(400, made, "{\"reservations\": [{\"max\": 2}]}")).isEqualTo("Missing parameter id");
        assertThat(refused(400, made, "{\"reservations\": [{\"id\": \"x\", \"max\": 2}]}"))
                .contains("no reservation of that id");
        assertThat(refused(400, made, of(made, "\"resource_type\": \"virtual:instance\"")))
                .contains("cannot change");
        assertThat(refused(400, made, of(made, "\"min\": 3"))).contains("max");
        var words = put(made, of(made, "\"resource_type\": \"physical:host\", \"before_end\": \"snapshot\""));
        assertThat(words.at("/reservations/0/before_end").stringValue()).isEqualTo("snapshot");
    }
}
