package holdfast.api.blazar;

import static holdfast.api.blazar.BlazarLab.ALICE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.platform.Json;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// The stock command line of OpenStack with the plugin of Blazar, as they are, on our identity service and our leases.
@Timeout(600)
class BlazarClientTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final BlazarLab lab = new BlazarLab(test);

    @BeforeAll
    static void isThere() throws Exception {
        if (!help().contains("usage: openstack reservation lease list")) {
            System.err.println("SKIPPED: the stock command line of Blazar did not make leases here. There is none."
                    + " Mend it with (Debian): apt install python3-openstackclient python3-blazarclient");
            Assumptions.abort("there is no client of Blazar");
        }
    }

    private static String help() throws InterruptedException {
        try {
            var process = new ProcessBuilder("openstack", "reservation", "lease", "list", "--help")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            var out = new String(process.getInputStream().readAllBytes(), UTF_8);
            process.waitFor();
            return out;
        } catch (IOException _) {
            return "";
        }
    }

    private record Ran(int status, String out) {}

    private Ran run(String user, String password, String project, String... words) throws Exception {
        var builder = new ProcessBuilder(Stream.concat(Stream.of("openstack", "reservation"), Arrays.stream(words))
                .toList());
        var environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("OS_"));
        environment.put("OS_IDENTITY_API_VERSION", "3");
        environment.put("OS_AUTH_URL", lab.address() + "/identity");
        environment.put("OS_USERNAME", user);
        environment.put("OS_PASSWORD", password);
        environment.put("OS_PROJECT_NAME", project);
        environment.put("OS_USER_DOMAIN_NAME", "Default");
        environment.put("OS_PROJECT_DOMAIN_NAME", "Default");
        var process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        var out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), out);
    }

    private String alice(String... words) throws Exception {
        var ran = run("alice", ALICE, "physics", words);
        assertThat(ran.status()).as(ran.out()).isZero();
        return ran.out();
    }

    private String admin(String... words) throws Exception {
        var ran = run("admin", lab.admin, "admin", words);
        assertThat(ran.status()).as(ran.out()).isZero();
        return ran.out();
    }

    /// The part of what was printed that is JSON.
    private static JsonNode json(String out) {
        var from = Stream.of(out.indexOf("{\n"), out.indexOf("[\n"), out.indexOf("[]"))
                .filter(at -> at >= 0)
                .min(Integer::compare)
                .orElseThrow();
        return Json.tree(out.substring(from));
    }

    @Test
    void the_catalog_leads_the_client_to_its_leases_which_it_makes_shows_changes_and_deletes() throws Exception {
        assertThat(json(alice("lease", "list", "-f", "json"))).isEmpty();
        var made = json(alice(
                "lease",
                "create",
                "--reservation",
                "resource_type=physical:host,min=1,max=2,hypervisor_properties=[\">=\", \"$vcpus\", \"16\"]",
                "--reservation",
                "resource_type=virtual:instance,vcpus=1,memory_mb=512,disk_gb=1,amount=2,affinity=False",
                "--start-date",
                "2031-05-02 08:00",
                "--end-date",
                "2031-05-03 08:00",
                "--event",
                "event_type=notification,event_date=2031-05-02 12:00",
                "expo",
                "-f",
                "json"));
        assertThat(made.get("status").stringValue()).isEqualTo("PENDING");
        assertThat(made.get("events").toString())
                .contains("before_end_lease", "2031-05-03T07:00:00.000000", "2031-05-02T12:00:00.000000");
        assertThat(made.get("reservations").toString()).contains("physical:host", "virtual:instance");

        var listed = json(alice("lease", "list", "-f", "json"));
        assertThat(listed).hasSize(1);
        assertThat(listed.at("/0/name").stringValue()).isEqualTo("expo");
        var shown = json(alice("lease", "show", "expo", "-f", "json"));
        assertThat(shown.get("id")).isEqualTo(made.get("id"));

        prolongReduceDeferAdvanceAndRename(made.get("id").stringValue());
        assertThat(alice("lease", "delete", "opening")).contains("Deleted lease: opening");
        assertThat(json(alice("lease", "list", "-f", "json"))).isEmpty();
    }

    private void prolongReduceDeferAdvanceAndRename(String id) throws Exception {
        alice("lease", "set", "expo", "--prolong-for", "90m");
        assertThat(end(id)).isEqualTo("2031-05-03T09:30:00.000000");
        alice("lease", "set", "expo", "--reduce-by", "1h");
        assertThat(end(id)).isEqualTo("2031-05-03T08:30:00.000000");
        alice("lease", "set", "expo", "--defer-by", "2h");
        assertThat(lab.json("GET", path(id), ALICE, "").at("/lease/start_date").stringValue())
                .isEqualTo("2031-05-02T10:00:00.000000");
        alice("lease", "set", "expo", "--advance-by", "3600s", "--name", "opening");
        var lease = lab.json("GET", path(id), ALICE, "").get("lease");
        assertThat(lease.get("start_date").stringValue()).isEqualTo("2031-05-02T09:00:00.000000");
        assertThat(lease.get("name").stringValue()).isEqualTo("opening");
        var reservation = lease.at("/reservations/0/id").stringValue();
        alice("lease", "set", "opening", "--reservation", "id=" + reservation + ",min=2,max=2");
        assertThat(lab.json("GET", path(id), ALICE, "")
                        .at("/lease/reservations/0/min")
                        .intValue())
                .isEqualTo(2);
    }

    private static String path(String id) {
        return BlazarLab.LEASES + "/" + id;
    }

    private String end(String id) {
        return lab.json("GET", path(id), ALICE, "").at("/lease/end_date").stringValue();
    }

    @Test
    void what_is_refused_is_printed_in_our_words() throws Exception {
        var ran = run(
                "alice",
                ALICE,
                "physics",
                "lease",
                "create",
                "--reservation",
                "resource_type=physical:host,min=9,max=9",
                "--start-date",
                "2031-05-02 08:00",
                "--end-date",
                "2031-05-03 08:00",
                "expo");
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.out()).contains("ERROR: ").contains("host");
        var hosts = run("alice", ALICE, "physics", "host", "list");
        assertThat(hosts.status()).isEqualTo(1);
        assertThat(hosts.out()).contains("ERROR: Policy doesn't allow this to be performed");
    }

    @Test
    void an_administrator_keeps_hosts_and_their_properties() throws Exception {
        var listed = json(admin("host", "list", "-f", "json"));
        assertThat(listed.valueStream()
                        .map(host -> host.get("hypervisor_hostname").stringValue()))
                .containsExactly("host-1", "host-2", "host-3", "host-4");
        assertThat(admin("host", "delete", "host-2")).contains("Deleted host: host-2");
        assertThat(json(admin("host", "list", "-f", "json"))).hasSize(3);
        var made = json(admin("host", "create", "host-2", "--extra", "gpu=A100", "-f", "json"));
        assertThat(made.get("gpu").stringValue()).isEqualTo("A100");
        admin("host", "set", "host-2", "--extra", "gpu=H100");
        assertThat(json(admin("host", "show", "host-2", "-f", "json"))
                        .get("gpu")
                        .stringValue())
                .isEqualTo("H100");
        var properties = json(admin("host", "property", "list", "--detail", "-f", "json"));
        assertThat(properties.toString()).contains("gpu").contains("H100");
        admin("host", "property", "set", "--private", "gpu");
        assertThat(json(admin("host", "property", "list", "-f", "json")).toString())
                .doesNotContain("gpu");
    }

    @Test
    void an_administrator_sets_addresses_aside_and_a_member_reserves_them() throws Exception {
        for (var address : new String[] {"198.51.100.10", "198.51.100.11"}) {
            var made = json(admin("floatingip", "create", "net-2", address, "-f", "json"));
            assertThat(made.get("floating_ip_address").stringValue()).isEqualTo(address);
            assertThat(made.get("floating_network_id").stringValue()).isEqualTo("net-2");
        }
        var listed = json(alice("floatingip", "list", "-f", "json"));
        assertThat(listed.valueStream()
                        .map(one -> one.get("floating_ip_address").stringValue()))
                .containsExactlyInAnyOrder("198.51.100.10", "198.51.100.11");
        var id = listed.at("/0/id").stringValue();
        var shown = json(alice("floatingip", "show", id, "-f", "json"));
        assertThat(shown.get("subnet_id").stringValue()).isEqualTo("subnet-2");

        var lease = json(alice(
                "lease",
                "create",
                "--reservation",
                "resource_type=virtual:floatingip,network_id=net-2,amount=1,required_floatingips=[\"198.51.100.11\"]",
                "--start-date",
                "2031-05-02 08:00",
                "--end-date",
                "2031-05-03 08:00",
                "web",
                "-f",
                "json"));
        assertThat(lease.get("reservations").toString())
                .contains("virtual:floatingip", "net-2", "198.51.100.11")
                .contains("pending");
        var refused = run(
                "alice",
                ALICE,
                "physics",
                "lease",
                "create",
                "--reservation",
                "resource_type=virtual:floatingip,network_id=net-2,amount=2",
                "--start-date",
                "2031-05-02 08:00",
                "--end-date",
                "2031-05-03 08:00",
                "more");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.out()).contains("ERROR: ").contains("1 free addresses of the 2 wanted");

        alice("lease", "delete", "web");
        assertThat(admin("floatingip", "delete", id)).contains("Deleted floatingip: " + id);
        assertThat(json(alice("floatingip", "list", "-f", "json"))).hasSize(1);
    }
}
