package holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.platform.Json;
import holdfast.platform.KeystoneCredentials;
import holdfast.platform.WebClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Users of the Keystone of a real OpenStack, or a loud skip where `openstack/up` has not brought one up.
@Timeout(300)
class LabKeystoneTest {
    private static final Pattern SETTING = Pattern.compile("(OS_AUTH_URL|OS_PASSWORD)=(\\S+)");

    private final Map<String, String> settings = new TreeMap<>();

    @AutoClose
    private final WebClient web = new WebClient(Duration.ofSeconds(10), 1 << 20);

    @BeforeEach
    void isUp() throws IOException {
        var state = Optional.ofNullable(System.getenv("HOLDFAST_OPENSTACK"))
                .map(Path::of)
                .orElse(Path.of(System.getProperty("holdfast.root", "."), "var", "openstack"));
        var file = state.resolve("openrc");
        if (Files.exists(file)) {
            var words = SETTING.matcher(Files.readString(file));
            while (words.find()) settings.put(words.group(1), words.group(2));
        }
        if (settings.size() < 2 || !listens(URI.create(settings.get("OS_AUTH_URL")))) {
            System.err.println("SKIPPED: no user of a real Keystone came in. There is none up in " + state
                    + ". Mend it with: openstack/up, or ./check --with-openstack");
            Assumptions.abort("no OpenStack is up; mend it with: openstack/up");
        }
    }

    private static boolean listens(URI url) {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private KeystoneAccount account(String password) {
        return new KeystoneAccount(
                new KeystoneCredentials(
                        URI.create(settings.get("OS_AUTH_URL")), "admin", "Default", password, "admin", "Default"),
                Set.of("admin"),
                Set.of("reader"));
    }

    /// A token of the Keystone.
    private String token(String user, String project) throws Exception {
        var body = "{\"auth\": {\"identity\": %s, \"scope\": %s}}"
                .formatted(IdentityLab.password(user, settings.get("OS_PASSWORD")), IdentityLab.project(project));
        var answer = web.call(
                new WebClient.Call("POST", account("").credentials().tokens(""), Map.of(), Optional.of(body)),
                Duration.ofSeconds(60));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.header("x-subject-token").orElseThrow();
    }

    @Test
    void users_of_a_real_keystone_come_in_as_what_they_are_there() throws Exception {
        try (var db = TestDatabase.fresh();
                var lab = new IdentityLab(db, Optional.of(account(settings.get("OS_PASSWORD"))))) {
            lab.advance(Duration.between(lab.instant(), java.time.Instant.now()));
            var admin = Json.tree(lab.who(token("admin", "admin")).text());
            assertThat(admin.at("/caller/admin").booleanValue()).isTrue();
            assertThat(admin.path("userName").stringValue()).isEqualTo("admin");
            var demo = Json.tree(lab.who(token("demo", "demo")).text());
            assertThat(demo.at("/caller/admin").booleanValue()).isFalse();
            assertThat(demo.at("/caller/readOnly").booleanValue()).isFalse();
            assertThat(demo.path("projectName").stringValue()).isEqualTo("demo");
            assertThat(demo.at("/caller/project").stringValue()).matches("[0-9a-f]{32}");
            assertThat(lab.who("gAAAAABnothing").status()).isEqualTo(401);
        }
    }
}
