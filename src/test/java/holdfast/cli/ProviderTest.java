package holdfast.cli;

import static holdfast.cli.FakeServer.collection;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `provider`.
@Timeout(300)
class ProviderTest {
    private static final String ACCOUNT = """
            "id":"1p1","type":"provider","name":"lab","driver":"openstack","endpoint":"https://cloud.example:5000/v3",
            "region":null,"username":"admin","userDomain":"Default","projectName":"demo","projectDomain":"Default","zones":[],
            "enforce":true,"cleaningSeconds":0,"pollSeconds":60""";
    private static final String SEEN = """
            "lastSync":"2031-04-05T12:00:00Z","unknown":2,"enforced":true,"hosts":2,
            "hypervisors":[{"name":"h1","zone":"nova","up":true,"total":{"vcpu":16,"memory_mb":65536,"disk_gb":500}},
              {"name":"h2","zone":"nova","up":false,"total":{"vcpu":8,"memory_mb":32768}}],
            "flavors":[{"id":"1","name":"m1.tiny","vcpus":1,"memoryMb":512,"diskGb":1,"extraSpecs":{}}],
            "limits":{"vcpu":20,"instance":10}""";
    private static final String[] ADD = {
        "provider",
        "add",
        "lab",
        "--endpoint",
        "https://cloud.example:5000/v3",
        "--username",
        "admin",
        "--project",
        "demo"
    };

    @AutoClose
    private final FakeServer server = new FakeServer();

    private static String provider(String state, int version, String why, String more) {
        return "{%s,\"state\":\"%s\",\"version\":%d,\"transitioningMessage\":%s%s}"
                .formatted(
                        ACCOUNT,
                        state,
                        version,
                        why.isEmpty() ? "null" : "\"" + why + "\"",
                        more.isEmpty() ? "" : "," + more);
    }

    private static final String CONNECTING = provider("connecting", 0, "", "");
    private static final String UP = provider("up", 1, "", SEEN);

    @Test
    void a_provider_is_added_with_the_password_in_a_file_and_awaited(@TempDir Path scratch) throws IOException {
        server.on("POST /v1/providers", 201, CONNECTING)
                .on("GET /v1/providers/1p1", CONNECTING)
                .on("GET /v1/providers/1p1", UP);
        var file = Files.writeString(scratch.resolve("password"), "open sesame\nmore\n");
        var words = java.util.Arrays.copyOf(ADD, ADD.length + 4);
        words[ADD.length] = "--password-file";
        words[ADD.length + 1] = file.toString();
        words[ADD.length + 2] = "--zone";
        words[ADD.length + 3] = "nova";
        var ended = Run.against(server).command(words).ok();
        assertThat(ended.out()).isEqualTo("lab is up; hosts: 2, flavors: 1.\n");
        assertThat(ended.err()).isEqualTo("lab  connecting\nlab  up\n");
        assertThat(Json.tree(server.posted())).isEqualTo(Json.tree("""
                {"name": "lab", "driver": "openstack", "enforce": true, "endpoint": "https://cloud.example:5000/v3",
                 "username": "admin", "projectName": "demo", "zones": ["nova"], "password": "open sesame"}"""));
    }

    @Test
    void the_bus_of_a_cloud_is_named_with_its_password_in_a_file(@TempDir Path scratch) throws IOException {
        server.on("POST /v1/providers", 201, CONNECTING).on("GET /v1/providers/1p1", UP);
        var file = Files.writeString(scratch.resolve("password"), "open sesame\n");
        var words = List.of(
                "--notifications",
                "amqp://me@bus/",
                "--notifications-password-file",
                file.toString(),
                "--notifications-topic",
                "holdfast");
        Run.against(server)
                .with("HOLDFAST_PROVIDER_PASSWORD", "right")
                .command(Stream.concat(Stream.of(ADD), words.stream()).toArray(String[]::new))
                .ok();
        var posted = Json.tree(server.posted());
        assertThat(posted.get("notifications").stringValue()).isEqualTo("amqp://me@bus/");
        assertThat(posted.get("notificationsPassword").stringValue()).isEqualTo("open sesame");
        assertThat(posted.at("/notificationsTopics/0").stringValue()).isEqualTo("holdfast");
    }

    @Test
    void one_that_is_down_is_told_with_the_reason_and_a_status() {
        server.on("POST /v1/providers", 201, CONNECTING)
                .on("GET /v1/providers/1p1", provider("down", 1, "the identity service refuses user admin", ""));
        var ended =
                Run.against(server).with("HOLDFAST_PROVIDER_PASSWORD", "wrong").command(ADD);
        assertThat(ended.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(ended.out()).isEqualTo("lab is down.\n");
        assertThat(ended.err())
                .contains("provider lab is down: the identity service refuses user admin")
                .contains("holdfast provider refresh lab")
                .doesNotContain("wrong");
        assertThat(Json.tree(server.posted()).path("password").stringValue()).isEqualTo("wrong");
    }

    @Test
    void one_that_is_away_is_given_up_after_a_while() {
        server.on("POST /v1/providers", 201, CONNECTING)
                .on("GET /v1/providers/1p1", provider("degraded", 1, "no token: nothing listens there", ""));
        var ended = Run.against(server)
                .with("HOLDFAST_PROVIDER_PASSWORD", "right")
                .clockThatRuns(100)
                .command(ADD);
        assertThat(ended.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(ended.err()).contains("provider lab is degraded: no token: nothing listens there");
    }

    @Test
    void without_a_password_nothing_is_asked_of_the_server() {
        var ended = Run.against(server).command(ADD);
        assertThat(ended.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(ended.err()).contains("--password-file").contains("HOLDFAST_PROVIDER_PASSWORD");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void a_simulated_one_needs_no_password() {
        server.on("POST /v1/providers", 201, CONNECTING);
        var ended = Run.against(server)
                .command("provider", "add", "lab", "--driver", "simulated", "--account-only", "--no-wait")
                .ok();
        assertThat(ended.out()).isEqualTo("lab is connecting.\n");
        assertThat(Json.tree(server.posted()))
                .isEqualTo(Json.tree("{\"name\": \"lab\", \"driver\": \"simulated\", \"enforce\": false}"));
    }

    @Test
    void providers_are_listed_and_shown() {
        server.on(
                        "GET /v1/providers?limit=1000",
                        collection(
                                UP,
                                provider("down", 4, "it refuses user admin", "").replace("lab", "old")))
                .on("GET /v1/providers/lab", UP)
                .on("GET /v1/providers/old", provider("connecting", 0, "", ""));
        var run = Run.against(server);
        Run.isGolden("provider-list.txt", run.command("provider", "list").ok().out());
        Run.isGolden(
                "provider-show.txt", run.command("provider", "show", "lab").ok().out());
        Run.isGolden(
                "provider-show-new.txt",
                run.command("provider", "show", "old").ok().out());
        assertThat(Json.tree(run.command("provider", "show", "lab", "-o", "json")
                        .ok()
                        .out()))
                .isEqualTo(Json.tree(UP));
        assertThat(run.command("provider", "show", "lab", "-o", "yaml").ok().out())
                .contains("endpoint: \"https://cloud.example:5000/v3\"");
    }

    @Test
    void a_refresh_is_awaited_until_it_was_looked_at_anew() {
        server.on("POST /v1/providers/lab?action=refresh", 202, UP)
                .on("GET /v1/providers/1p1", UP)
                .on("GET /v1/providers/1p1", provider("up", 2, "", SEEN));
        var run = Run.against(server);
        assertThat(run.command("provider", "refresh", "lab").ok().out())
                .isEqualTo("lab is up; hosts: 2, flavors: 1.\n");
        assertThat(server.asked())
                .containsExactly(
                        "POST /v1/providers/lab?action=refresh", "GET /v1/providers/1p1", "GET /v1/providers/1p1");
    }

    @Test
    void only_what_is_given_is_changed_and_it_is_looked_at_anew() {
        server.on("PUT /v1/providers/lab", 200, provider("up", 2, "", SEEN))
                .on("GET /v1/providers/1p1", provider("up", 3, "", SEEN));
        var run = Run.against(server);
        var changed = run.command("provider", "change", "lab", "--poll-seconds", "30", "--account-only", "true");
        assertThat(changed.ok().out()).isEqualTo("lab is up; hosts: 2, flavors: 1.\n");
        assertThat(Json.tree(server.requests.getFirst().body()))
                .isEqualTo(Json.object().put("pollSeconds", 30).put("enforce", false));
        var nothing = run.command("provider", "change", "lab");
        assertThat(nothing.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(nothing.err()).contains("nothing is to be changed");
    }

    @Test
    void a_removal_and_its_refusal_are_told() {
        server.on("DELETE /v1/providers/lab", provider("removed", 5, "", ""))
                .on("DELETE /v1/providers/busy", 409, FakeServer.error(409, "Conflict", "two leases are there"));
        var run = Run.against(server);
        assertThat(run.command("provider", "remove", "lab").ok().out()).isEqualTo("lab is removed.\n");
        var refused = run.command("provider", "remove", "busy");
        assertThat(refused.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(refused.err()).contains("two leases are there");
    }
}
