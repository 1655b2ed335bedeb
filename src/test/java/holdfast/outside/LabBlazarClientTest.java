package holdfast.outside;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The stock command line of OpenStack with users of a real Keystone, whose catalog leads it to a server that trusts
/// that Keystone; or a loud skip where `openstack/up` has not brought one up.
@Timeout(600)
class LabBlazarClientTest {
    private static final Pattern SETTING = Pattern.compile("(OS_AUTH_URL|OS_PASSWORD)=(\\S+)");
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final DateTimeFormatter ASKED = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");
    private static final DateTimeFormatter TOLD = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm':00.000000'");

    @TempDir
    private Path scratch;

    private final Path state = Optional.ofNullable(System.getenv("HOLDFAST_OPENSTACK"))
            .map(Path::of)
            .orElse(ServerProcess.ROOT.resolve("var/openstack"));
    private final Map<String, String> settings = new TreeMap<>();
    private final LocalDateTime start = LocalDateTime.ofInstant(Instant.now(), ZoneOffset.UTC)
            .truncatedTo(ChronoUnit.DAYS)
            .plusDays(7);

    @BeforeEach
    void isUp() throws Exception {
        var file = state.resolve("openrc");
        if (Files.exists(file)) {
            var words = SETTING.matcher(Files.readString(file));
            while (words.find()) settings.put(words.group(1), words.group(2));
        }
        if (settings.size() < 2 || !listens(URI.create(settings.get("OS_AUTH_URL")))) {
            System.err.println("SKIPPED: no lease was made by a user of a real Keystone. There is none up in " + state
                    + ". Mend it with: openstack/up, or ./check --with-openstack");
            Assumptions.abort("no OpenStack is up; mend it with: openstack/up");
        }
        if (run("demo", "reservation", "lease", "list", "--help").status != 0) {
            System.err.println("SKIPPED: no lease was made by a user of a real Keystone. There is no client of Blazar."
                    + " Mend it with (Debian): apt install python3-openstackclient python3-blazarclient");
            Assumptions.abort("there is no client of Blazar");
        }
    }

    private static boolean listens(URI url) {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private record Ran(int status, String out, String err) {}

    /// @param user who has a project of the same name
    private Ran run(String user, String... words) throws Exception {
        var err = Files.createTempFile(scratch, "client-", ".err");
        var builder = new ProcessBuilder(
                Stream.concat(Stream.of("openstack"), Stream.of(words)).toList());
        var environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("OS_"));
        environment.putAll(settings);
        environment.putAll(Map.of(
                "OS_USERNAME", user,
                "OS_PROJECT_NAME", user,
                "OS_USER_DOMAIN_NAME", "Default",
                "OS_PROJECT_DOMAIN_NAME", "Default",
                "OS_IDENTITY_API_VERSION", "3"));
        var process = builder.redirectError(err.toFile()).start();
        process.getOutputStream().close();
        var out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), out, Files.readString(err));
    }

    private String as(String user, String... words) throws Exception {
        var ran = run(user, words);
        assertThat(ran.status).as(ran.out + ran.err).isZero();
        return ran.out;
    }

    private JsonNode json(String user, String... words) throws Exception {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("-f", "json"));
        var out = as(user, all.toArray(String[]::new));
        var begin = Stream.of(out.indexOf("{\n"), out.indexOf("[\n"), out.indexOf("[]"))
                .filter(at -> at >= 0)
                .min(Integer::compare);
        return Json.tree(out.substring(begin.orElseThrow()));
    }

    @Test
    void the_catalog_of_a_real_keystone_leads_its_users_to_their_leases() throws Exception {
        var config = Files.writeString(
                scratch.resolve("settings.yaml"),
                "identity: {keystone: \"%s\", username: admin, project: admin}\n"
                        .formatted(settings.get("OS_AUTH_URL")));
        var environment = Map.of("HOLDFAST_KEYSTONE_PASSWORD", settings.get("OS_PASSWORD"));
        try (var turns =
                        FileChannel.open(state.resolve(".tests"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = turns.lock();
                var server = ServerProcess.start(scratch.resolve("data"), environment, "--config", config.toString())) {
            var added = server.api().ask("POST", "/v1/providers", "{\"name\": \"lab\", \"driver\": \"simulated\"}");
            assertThat(added.statusCode()).as(added::body).isBetween(200, 202);
            Await.that(
                    "the cloud to be known",
                    LIMIT,
                    () -> !server.api().get("/v1/units").path("data").isEmpty());
            forget();
            try {
                as("admin", "service", "create", "--name", "blazar", "reservation");
                as("admin", "endpoint", "create", "reservation", "public", server.url() + "/blazar/v1");
                leases();
            } finally {
                forget();
            }
        }
    }

    /// Takes the service out of the catalog, with its endpoints.
    private void forget() throws Exception {
        for (var service : json("admin", "service", "list"))
            if (service.get("Type").stringValue().equals("reservation"))
                as("admin", "service", "delete", service.get("ID").stringValue());
    }

    private void leases() throws Exception {
        assertThat(json("demo", "reservation", "lease", "list")).isEmpty();
        var made = json(
                "demo",
                "reservation",
                "lease",
                "create",
                "--reservation",
                "resource_type=physical:host,min=1,max=2,hypervisor_properties=[\">=\", \"$vcpus\", \"16\"]",
                "--start-date",
                ASKED.format(start),
                "--end-date",
                ASKED.format(start.plusDays(1)),
                "expo");
        assertThat(made.get("status").stringValue()).isEqualTo("PENDING");
        assertThat(made.get("start_date").stringValue()).isEqualTo(TOLD.format(start));
        assertThat(made.get("user_id").stringValue())
                .isEqualTo(json("demo", "token", "issue").get("user_id").stringValue());
        assertThat(made.get("project_id").stringValue()).matches("[0-9a-f]{32}");
        assertThat(json("demo", "reservation", "lease", "list").at("/0/id")).isEqualTo(made.get("id"));
        assertThat(json("admin", "reservation", "lease", "list").at("/0/id")).isEqualTo(made.get("id"));
        assertThat(json("demo", "reservation", "lease", "show", "expo").get("id"))
                .isEqualTo(made.get("id"));

        set("--prolong-for", "90m");
        set("--reduce-by", "1h");
        set("--defer-by", "30m");
        set("--advance-by", "10m");
        set("--name", "fair");
        var shown = json("demo", "reservation", "lease", "show", "fair");
        assertThat(shown.get("start_date").stringValue()).isEqualTo(TOLD.format(start.plusMinutes(20)));
        assertThat(shown.get("end_date").stringValue())
                .isEqualTo(TOLD.format(start.plusDays(1).plusMinutes(30)));

        var denied = run("demo", "reservation", "host", "list");
        assertThat(denied.status).isNotZero();
        assertThat(denied.err).contains("ERROR");
        assertThat(json("admin", "reservation", "host", "list")).hasSize(4);

        assertThat(as("demo", "reservation", "lease", "delete", "fair")).contains("Deleted lease: fair");
        assertThat(json("demo", "reservation", "lease", "list")).isEmpty();
    }

    private void set(String option, String value) throws Exception {
        as("demo", "reservation", "lease", "set", "expo", option, value);
    }
}
