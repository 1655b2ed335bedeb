package holdfast.outside;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import holdfast.platform.WebClient;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A whole server that trusts a Keystone which is away, and issues tokens itself.
@Timeout(300)
class IdentityServerTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @AutoClose
    private final WebClient web = new WebClient(LIMIT, 1 << 20);

    @TempDir
    private Path scratch;

    private WebClient.Answer call(
            ServerProcess server, String method, String path, Map<String, String> headers, String body)
            throws Exception {
        var url = URI.create(server.url() + path);
        return web.call(
                new WebClient.Call(method, url, headers, Optional.of(body).filter(text -> !text.isEmpty())), LIMIT);
    }

    private ServerProcess server() throws Exception {
        var settings = Files.writeString(scratch.resolve("settings.yaml"), """
                identity:
                  keystone: http://127.0.0.1:1
                  username: holdfast
                  project: service
                """);
        return ServerProcess.start(
                scratch.resolve("data"),
                Map.of("HOLDFAST_KEYSTONE_PASSWORD", "hidden"),
                "--config",
                settings.toString());
    }

    @Test
    void an_issued_token_opens_the_native_interface_and_one_of_a_keystone_that_is_away_does_not() throws Exception {
        try (var server = server()) {
            var browser = Map.of("Accept", "text/html", "Sec-Fetch-Site", "same-origin");
            var version = call(server, "GET", "/identity/v3", browser, "");
            assertThat(version.status()).isEqualTo(200);
            assertThat(Json.tree(version.text()).at("/version/id").stringValue())
                    .isEqualTo("v3.14");

            var token =
                    Files.readString(scratch.resolve("data").resolve("token")).strip();
            var login = call(server, "POST", "/identity/v3/auth/tokens", Map.of(), """
                    {"auth": {"identity": {"methods": ["password"],
                                           "password": {"user": {"name": "admin", "password": "%s"}}}}}""".formatted(token));
            assertThat(login.status()).as(login.text()).isEqualTo(201);
            var issued = login.header("x-subject-token").orElseThrow();
            var status = call(server, "GET", "/v1/status", Map.of("X-Auth-Token", issued), "");
            assertThat(status.status()).as(status.text()).isEqualTo(200);
            assertThat(Json.tree(status.text()).path("user").stringValue()).isEqualTo("admin");

            var theirs = call(server, "GET", "/v1/status", Map.of("X-Auth-Token", "gAAAAABtheirs"), "");
            assertThat(theirs.status()).isEqualTo(503);
            assertThat(theirs.header("retry-after")).isPresent();
            assertThat(server.log())
                    .doesNotContain("hidden")
                    .doesNotContain(token)
                    .doesNotContain(issued);

            var added = server.cli("provider", "add", "lab", "--driver", "simulated");
            assertThat(added.exit()).as(added.out()).isZero();
            assertThat(added.out()).contains("lab is up; hosts: 4, flavors: 3.");
            assertThat(server.cli("provider", "refresh", "lab").exit()).isZero();
            var shown = server.cli("provider", "show", "lab");
            assertThat(shown.out()).contains("host-4", "large", "memory_mb");
            assertThat(server.cli("provider", "remove", "lab").out()).contains("lab is removed.");
        }
    }
}
