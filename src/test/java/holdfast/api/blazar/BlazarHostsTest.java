package holdfast.api.blazar;

import static holdfast.api.blazar.BlazarLab.ALICE;
import static holdfast.api.blazar.BlazarLab.HOSTS;
import static holdfast.api.blazar.BlazarLab.between;
import static holdfast.api.blazar.BlazarLab.hosts;
import static holdfast.api.blazar.BlazarLab.instances;
import static holdfast.api.blazar.BlazarLab.lease;
import static holdfast.api.blazar.BlazarLab.path;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// Hosts and their allocations as they are on the wire (promise.md 5.4).
@Timeout(300)
class BlazarHostsTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final BlazarLab lab = new BlazarLab(test);

    private static String text(JsonNode node, String name) {
        return node.get(name).stringValue();
    }

    private String id(String name) {
        return lab.json("GET", HOSTS, lab.admin, "")
                .get("hosts")
                .valueStream()
                .filter(host -> text(host, "hypervisor_hostname").equals(name))
                .map(host -> text(host, "id"))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode host(String name) {
        return lab.json("GET", HOSTS + "/" + id(name), lab.admin, "").get("host");
    }

    private static String only(String host) {
        return hosts(1, 1, "[\"=\", \"$hypervisor_hostname\", \"" + host + "\"]");
    }

    @Test
    void every_host_that_is_discovered_is_listed_with_all_its_fields() {
        var host = host("host-1");
        assertThat(host.propertyNames().stream().sorted())
                .containsExactly(
                        "availability_zone",
                        "cpu_info",
                        "created_at",
                        "hypervisor_hostname",
                        "hypervisor_type",
                        "hypervisor_version",
                        "id",
                        "local_gb",
                        "memory_mb",
                        "reservable",
                        "service_name",
                        "status",
                        "trust_id",
                        "updated_at",
                        "vcpus");
        assertThat(text(host, "id")).matches("\\d+");
        assertThat(host.get("vcpus").intValue()).isEqualTo(16);
        assertThat(host.get("memory_mb").intValue()).isEqualTo(65_536);
        assertThat(host.get("local_gb").intValue()).isEqualTo(500);
        assertThat(text(host, "availability_zone")).isEqualTo("north");
        assertThat(host.get("reservable").booleanValue()).isTrue();
        assertThat(host.get("status").isNull()).isTrue();
        for (var unknown : List.of("0", "99999", "host-1", "1x", "99999999999999999999"))
            assertThat(lab.refused(404, "GET", HOSTS + "/" + unknown, lab.admin, ""))
                    .isEqualTo("Host not found");
    }

    @Test
    void a_host_that_was_discovered_is_created_once_with_extra_capabilities() {
        var made = lab.call("POST", HOSTS, lab.admin, "{\"name\": \"host-2\", \"gpu\": \"A100\", \"racks\": 7}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(text(host("host-2"), "gpu")).isEqualTo("A100");
        assertThat(text(host("host-2"), "racks")).isEqualTo("7");
        assertThat(lab.refused(409, "POST", HOSTS, lab.admin, "{\"name\": \"host-2\"}"))
                .contains("registered already");
        assertThat(lab.refused(404, "POST", HOSTS, lab.admin, "{\"name\": \"nowhere\"}"))
                .contains("nowhere");
        assertThat(lab.refused(400, "POST", HOSTS, lab.admin, "{\"gpu\": \"A100\"}"))
                .isEqualTo("Missing parameter name");
    }

    @Test
    void a_host_that_was_deleted_is_not_reserved_until_it_is_created_again() {
        var id = id("host-3");
        assertThat(lab.call("DELETE", HOSTS + "/" + id, lab.admin, "").status()).isEqualTo(204);
        assertThat(lab.json("GET", HOSTS, lab.admin, "").get("hosts")).hasSize(3);
        assertThat(lab.refused(404, "GET", HOSTS + "/" + id, lab.admin, "")).isEqualTo("Host not found");
        lab.refused(409, "POST", BlazarLab.LEASES, ALICE, lease("all", hosts(4, 4, "")));
        assertThat(lab.call("POST", HOSTS, lab.admin, "{\"name\": \"host-3\"}").status())
                .isEqualTo(201);
        assertThat(id("host-3")).isEqualTo(id);
        lab.made(ALICE, lease("all", hosts(4, 4, "")));
    }

    @Test
    void a_host_with_reservations_is_not_deleted() {
        var lease = lab.made(ALICE, lease("expo", only("host-2")));
        assertThat(lab.refused(409, "DELETE", HOSTS + "/" + id("host-2"), lab.admin, ""))
                .contains("reservations");
        assertThat(lab.call("DELETE", path(lease), ALICE, "").status()).isEqualTo(204);
        assertThat(lab.call("DELETE", HOSTS + "/" + id("host-2"), lab.admin, "").status())
                .isEqualTo(204);
    }

    @Test
    void capabilities_are_added_and_changed_but_not_while_a_reservation_asks_for_them() {
        var path = HOSTS + "/" + id("host-1");
        lab.json("PUT", path, lab.admin, "{\"gpu\": \"A100\", \"rack\": \"r1\"}");
        var lease = lab.made(ALICE, lease("expo", hosts(1, 1, "[\"=\", \"$gpu\", \"A100\"]")));
        assertThat(lab.refused(409, "PUT", path, lab.admin, "{\"gpu\": \"H100\", \"rack\": \"r2\"}"))
                .contains("gpu");
        assertThat(text(host("host-1"), "rack")).as("nothing of it is done").isEqualTo("r1");
        lab.json("PUT", path, lab.admin, "{\"rack\": \"r2\", \"gpu\": \"A100\", \"ssd\": \"yes\"}");
        assertThat(text(host("host-1"), "rack")).isEqualTo("r2");
        lab.call("DELETE", path(lease), ALICE, "");
        assertThat(lab.json("PUT", path, lab.admin, "{\"gpu\": \"H100\"}")
                        .at("/host/gpu")
                        .stringValue())
                .isEqualTo("H100");
    }

    @Test
    void what_is_no_capability_is_refused() {
        var path = HOSTS + "/" + id("host-1");
        assertThat(lab.refused(400, "PUT", path, lab.admin, "{}")).contains("no extra capability");
        assertThat(lab.refused(400, "PUT", path, lab.admin, "{\"" + "k".repeat(65) + "\": \"v\"}"))
                .isEqualTo("Extra capability key too long");
        lab.json("PUT", path, lab.admin, "{\"" + "k".repeat(64) + "\": \"v\"}");
        assertThat(lab.refused(400, "PUT", path, lab.admin, "{\"vcpus\": \"64\"}"))
                .contains("vcpus");
        assertThat(lab.refused(400, "PUT", path, lab.admin, "{\"a\": {\"b\": 1}}"))
                .contains("must be a text");
        assertThat(lab.refused(400, "PUT", path, lab.admin, "{\"a\": null}")).contains("must be a text");
    }

    @Test
    void every_host_is_listed_also_without_allocations() {
        var lease = lab.made(ALICE, lease("expo", only("host-2"), instances(1, "true")));
        var all = lab.json("GET", HOSTS + "/allocations", lab.admin, "").get("allocations");
        assertThat(all).hasSize(4);
        var found = all.valueStream()
                .filter(one -> text(one, "resource_id").equals(id("host-2")))
                .findFirst()
                .orElseThrow();
        assertThat(found.get("reservations")).hasSize(1);
        var reservation = found.at("/reservations/0");
        assertThat(reservation.propertyNames().stream().sorted())
                .containsExactly("end_date", "id", "lease_id", "start_date");
        assertThat(text(reservation, "id")).isEqualTo(text(lease.at("/reservations/0"), "id"));
        assertThat(text(reservation, "start_date")).isEqualTo("2031-05-02T08:00:00.000000");
        assertThat(all.valueStream()
                        .mapToInt(one -> one.get("reservations").size())
                        .sum())
                .isEqualTo(2);
    }

    @Test
    void allocations_of_several_hosts_are_each_their_own_bugs_1957761_and_1958307() {
        var two = lab.made(ALICE, lease("two", hosts(2, 2, "")));
        var one = lab.made(ALICE, lease("one", hosts(1, 1, "")));
        var path = HOSTS + "/allocations?lease_id=";
        var ofTwo = lab.json("GET", path + text(two, "id"), lab.admin, "").get("allocations");
        assertThat(ofTwo.valueStream()
                        .mapToInt(host -> host.get("reservations").size())
                        .sorted())
                .containsExactly(0, 0, 1, 1);
        var reservation = one.at("/reservations/0/id").stringValue();
        var ofOne = lab.json("GET", HOSTS + "/allocations?reservation_id=" + reservation, lab.admin, "")
                .get("allocations");
        assertThat(ofOne.valueStream()
                        .mapToInt(host -> host.get("reservations").size())
                        .sorted())
                .containsExactly(0, 0, 0, 1);
        var both = path + text(two, "id") + "&reservation_id=" + reservation;
        assertThat(lab.json("GET", both, lab.admin, "").toString()).doesNotContain("lease_id");
        assertThat(lab.refused(400, "GET", path + "expo", lab.admin, "")).contains("lease_id");
        var single = lab.json("GET", HOSTS + "/" + id("host-1") + "/allocation", lab.admin, "")
                .get("allocation");
        assertThat(text(single, "resource_id")).isEqualTo(id("host-1"));
        assertThat(lab.refused(404, "GET", HOSTS + "/77/allocation", lab.admin, ""))
                .isEqualTo("Host not found");
    }

    @Test
    void what_is_over_is_seen_by_those_who_name_it() {
        var lease = lab.made(ALICE, between("now", "2031-05-01 08:30", "short", only("host-1")));
        lab.until(lease, "ACTIVE");
        assertThat(lab.json("GET", HOSTS + "/allocations?lease_id=" + text(lease, "id"), ALICE, "")
                        .at("/allocations/0/reservations/0/start_date"))
                .isEqualTo(lease.get("start_date"));
        lab.advance(Duration.ofMinutes(30));
        lab.until(lease, "TERMINATED");
        assertThat(lab.json("GET", HOSTS + "/allocations", lab.admin, "").toString())
                .doesNotContain("lease_id");
        assertThat(lab.json("GET", HOSTS + "/allocations?lease_id=" + text(lease, "id"), ALICE, "")
                        .toString())
                .contains(text(lease, "id"));
    }
}
