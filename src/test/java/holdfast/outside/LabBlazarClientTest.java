package holdfast.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The stock command line of OpenStack with users of a real Keystone, whose catalog leads it to a server that trusts
/// that Keystone; or a loud skip where `openstack/up` has not brought one up.
@Timeout(600)
class LabBlazarClientTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final DateTimeFormatter ASKED = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");
    private static final DateTimeFormatter TOLD = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm':00.000000'");

    @TempDir
    private Path scratch;

    private final LocalDateTime start = LocalDateTime.ofInstant(Instant.now(), ZoneOffset.UTC)
            .truncatedTo(ChronoUnit.DAYS)
            .plusDays(7);

    @AutoClose
    private LabClient client;

    @BeforeEach
    void isUp() throws Exception {
        client = LabClient.open(scratch, "no lease was made by a user of a real Keystone.");
        if (client.run("demo", "reservation", "lease", "list", "--help").status() != 0) {
            throw LabClient.skip(
                    "no lease was made by a user of a real Keystone",
                    "There is no client of Blazar; mend it with (Debian):"
                            + " apt install python3-openstackclient python3-blazarclient");
        }
    }

    @Test
    void the_catalog_of_a_real_keystone_leads_its_users_to_their_leases() throws Exception {
        var config = Files.writeString(
                scratch.resolve("settings.yaml"),
                "identity: {keystone: \"%s\", username: admin, project: admin}\n".formatted(client.keystone()));
        var environment = Map.of("HOLDFAST_KEYSTONE_PASSWORD", client.password());
        try (var server = ServerProcess.start(scratch.resolve("data"), environment, "--config", config.toString())) {
            var added = server.api().ask("POST", "/v1/providers", "{\"name\": \"lab\", \"driver\": \"simulated\"}");
            assertThat(added.statusCode()).as(added::body).isBetween(200, 202);
            Await.that(
                    "the cloud to be known",
                    LIMIT,
                    () -> !server.api().get("/v1/units").path("data").isEmpty());
            forget();
            try {
                client.as("admin", "service", "create", "--name", "blazar", "reservation");
                client.as("admin", "endpoint", "create", "reservation", "public", server.url() + "/blazar/v1");
                leases();
            } finally {
                forget();
            }
        }
    }

    /// Takes the service out of the catalog, with its endpoints.
    private void forget() throws Exception {
        for (var service : client.json("admin", "service", "list"))
            if (service.get("Type").stringValue().equals("reservation"))
                client.as("admin", "service", "delete", service.get("ID").stringValue());
    }

    private void leases() throws Exception {
        assertThat(client.json("demo", "reservation", "lease", "list")).isEmpty();
        var made = client.json(
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
                .isEqualTo(client.json("demo", "token", "issue").get("user_id").stringValue());
        assertThat(made.get("project_id").stringValue()).matches("[0-9a-f]{32}");
        assertThat(client.json("demo", "reservation", "lease", "list").at("/0/id"))
                .isEqualTo(made.get("id"));
        assertThat(client.json("admin", "reservation", "lease", "list").at("/0/id"))
                .isEqualTo(made.get("id"));
        assertThat(client.json("demo", "reservation", "lease", "show", "expo").get("id"))
                .isEqualTo(made.get("id"));

        set("--prolong-for", "90m");
        set("--reduce-by", "1h");
        set("--defer-by", "30m");
        set("--advance-by", "10m");
        set("--name", "fair");
        var shown = client.json("demo", "reservation", "lease", "show", "fair");
        assertThat(shown.get("start_date").stringValue()).isEqualTo(TOLD.format(start.plusMinutes(20)));
        assertThat(shown.get("end_date").stringValue())
                .isEqualTo(TOLD.format(start.plusDays(1).plusMinutes(30)));

        var denied = client.run("demo", "reservation", "host", "list");
        assertThat(denied.status()).isNotZero();
        assertThat(denied.err()).contains("ERROR");
        assertThat(client.json("admin", "reservation", "host", "list")).hasSize(4);

        assertThat(client.as("demo", "reservation", "lease", "delete", "fair")).contains("Deleted lease: fair");
        assertThat(client.json("demo", "reservation", "lease", "list")).isEmpty();
    }

    private void set(String option, String value) throws Exception {
        client.as("demo", "reservation", "lease", "set", "expo", option, value);
    }
}
