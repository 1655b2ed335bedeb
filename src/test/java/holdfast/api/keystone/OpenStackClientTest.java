package holdfast.api.keystone;

import static holdfast.api.IdentityLab.ALICE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.api.IdentityLab;
import holdfast.platform.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The stock command line of OpenStack asks our identity service for tokens.
@Timeout(300)
class OpenStackClientTest {
    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    @AutoClose
    private final IdentityLab lab = new IdentityLab(db);

    @BeforeAll
    static void isThere() {
        boolean there = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "openstack")));
        if (!there) {
            System.err.println("SKIPPED: the stock command line of OpenStack did not ask us for tokens. There is none."
                    + " Mend it with (Debian): apt install python3-openstackclient");
            Assumptions.abort("there is no openstack command");
        }
    }

    private record Ran(int status, String out) {}

    private Ran run(Map<String, String> environment, String... words) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(
                Stream.concat(Stream.of("openstack"), Arrays.stream(words)).toList());
        builder.environment().keySet().removeIf(name -> name.startsWith("OS_"));
        builder.environment().put("OS_IDENTITY_API_VERSION", "3");
        builder.environment().putAll(environment);
        var process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        var out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), out);
    }

    private Map<String, String> alice(String url, String password) {
        return new TreeMap<>(Map.of(
                "OS_AUTH_URL", lab.address() + url,
                "OS_USERNAME", "alice",
                "OS_PASSWORD", password,
                "OS_PROJECT_NAME", "biology",
                "OS_USER_DOMAIN_NAME", "Default",
                "OS_PROJECT_DOMAIN_NAME", "Default"));
    }

    @Test
    void token_issue_gives_a_token_that_works() throws Exception {
        for (var url : List.of("/identity", "/identity/v3")) {
            var ran = run(alice(url, ALICE), "token", "issue", "-f", "json");
            assertThat(ran.status()).as(ran.out()).isZero();
            var token = Json.tree(ran.out());
            assertThat(token.path("user_id").stringValue()).isEqualTo("alice");
            assertThat(token.path("project_id").stringValue()).isEqualTo("biology");
            assertThat(lab.caller(token.path("id").stringValue())
                            .path("project")
                            .stringValue())
                    .isEqualTo("biology");
        }
    }

    @Test
    void the_catalog_leads_to_the_reservation_service() throws Exception {
        var ran = run(alice("/identity", ALICE), "catalog", "show", "reservation", "-f", "json");
        assertThat(ran.status()).as(ran.out()).isZero();
        assertThat(ran.out()).contains("blazar").contains(lab.address() + "/blazar/v1");
    }

    @Test
    void a_pair_of_keys_is_an_application_credential() throws Exception {
        var key = lab.key(UUID.fromString("01890000-0000-7000-8000-000000000001"));
        var ran = run(
                Map.of(
                        "OS_AUTH_TYPE",
                        "v3applicationcredential",
                        "OS_AUTH_URL",
                        lab.address() + "/identity",
                        "OS_APPLICATION_CREDENTIAL_ID",
                        key.getKey(),
                        "OS_APPLICATION_CREDENTIAL_SECRET",
                        key.getValue()),
                "token",
                "issue",
                "-f",
                "json");
        assertThat(ran.status()).as(ran.out()).isZero();
        assertThat(Json.tree(ran.out()).path("project_id").stringValue()).isEqualTo("physics");
    }

    @Test
    void a_wrong_password_is_told() throws Exception {
        var ran = run(alice("/identity", "wrong"), "token", "issue");
        assertThat(ran.status()).isNotZero();
        assertThat(ran.out()).contains("the password is not right").contains("401");
    }
}
