package holdfast.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A real OpenStack tells a server on its bus what happens to what is ours; or a loud skip where none is up.
@Timeout(600)
class LabNotificationsTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int HOUR = 3_600;

    @TempDir
    private Path scratch;

    @AutoClose
    private LabClient client;

    @BeforeEach
    void isUp() {
        client = LabClient.open(scratch, "no OpenStack has told what happens in it.");
    }

    private String provider() {
        return """
            {"name": "lab", "endpoint": "%s", "username": "admin", "projectName": "admin", "password": "%s",
             "pollSeconds": %d, "notifications": "%s", "notificationsPassword": "%2$s"}""".formatted(client.keystone(), client.password(), HOUR, client.bus());
    }

    private static JsonNode make(ServerProcess server, String collection, String body) throws Exception {
        var made = server.api().ask("POST", collection, body);
        assertThat(made.statusCode()).as(made::body).isBetween(200, 202);
        return holdfast.platform.Json.tree(made.body());
    }

    private static void await(ServerProcess server, String path, String field, String value) {
        Await.that(
                field + " of " + path + " to be " + value,
                LIMIT,
                () -> server.api().get(path).path(field).asString("").equals(value));
    }

    @Test
    void a_server_that_is_deleted_behind_our_back_is_lost_long_before_the_next_look() throws Exception {
        try (var server = ServerProcess.start(scratch.resolve("data"))) {
            var provider = "/v1/providers/"
                    + make(server, "/v1/providers", provider()).get("id").stringValue();
            await(server, provider, "state", "up");
            var flavor =
                    client.json("admin", "flavor", "show", "m1.nano").get("id").stringValue();
            var image =
                    client.json("admin", "image", "show", "lab-image").get("id").stringValue();
            var network =
                    client.json("admin", "network", "show", "common").get("id").stringValue();
            var made = make(server, "/v1/allocations", """
                {"name": "holdfast-told", "flavor": "%s", "image": "%s", "networks": ["%s"]}""".formatted(flavor, image, network));
            var allocation = "/v1/allocations/" + made.get("id").stringValue();
            try {
                await(server, allocation, "state", "active");
                var id = server.api().get(allocation).get("serverId").stringValue();
                client.as("admin", "server", "delete", "--wait", id);
                var took = Await.that(
                        "the loss to be noticed",
                        LIMIT,
                        () -> server.api()
                                .get(allocation)
                                .path("state")
                                .asString("")
                                .equals("lost"));
                System.err.println("the loss was noticed " + took.toMillis() + " ms after the server was gone");
                assertThat(server.api().get(provider).get("state").stringValue())
                        .isEqualTo("up");
                assertThat(server.log()).doesNotContain(client.password());
            } finally {
                server.api().ask("DELETE", allocation, "");
            }
        }
    }
}
