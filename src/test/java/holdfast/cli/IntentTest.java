package holdfast.cli;

import static holdfast.cli.FakeServer.collection;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `intent`.
@Timeout(300)
class IntentTest {
    @TempDir
    private Path directory;

    @AutoClose
    private final FakeServer server = new FakeServer();

    private static String intent(String state) {
        return """
                {"id":"1in1","type":"intent","name":"two-parts","state":"%s","form":"short form","objective":"cheapest",
                 "transitioningMessage":null,"start":"2031-04-05T12:00:00Z","end":"2031-04-05T16:00:00Z",
                 "parts":[{"name":"front","cpu":"1500m","memory":"4Gi","within":"anywhere","hard":[],
                           "soft":["latency <= 40"],"slice":"0193"}]}""".formatted(state);
    }

    private Path file() throws IOException {
        return Files.writeString(directory.resolve("two-parts.yaml"), "name: two-parts\n");
    }

    @Test
    void what_is_applied_is_waited_for_and_shown() throws IOException {
        server.on("POST /v1/intents", 201, intent("MatchingLocal")).on("GET /v1/intents/1in1", intent("Running"));
        var ended = Run.against(server)
                .command("intent", "apply", file().toString())
                .ok();
        assertThat(Json.tree(server.posted()).get("text").stringValue()).isEqualTo("name: two-parts\n");
        assertThat(ended.err()).contains("two-parts  MatchingLocal", "two-parts  Running");
        assertThat(ended.out()).contains("front", "latency <= 40 (soft)", "It runs.");
    }

    @Test
    void what_fails_ends_with_a_status_that_says_so() throws IOException {
        server.on("POST /v1/intents", 201, intent("Failed"));
        var ended = Run.against(server).command("intent", "apply", file().toString());
        assertThat(ended.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(ended.out()).contains("It does not run");
    }

    @Test
    void who_does_not_wait_is_told_how_to_look() throws IOException {
        server.on("POST /v1/intents", 201, intent("MatchingLocal"));
        var ended = Run.against(server)
                .command("intent", "apply", file().toString(), "--no-wait")
                .ok();
        assertThat(ended.out()).contains("is accepted", "holdfast intent show two-parts");
    }

    @Test
    void intents_are_listed_shown_and_given_up() {
        server.on("GET /v1/intents?limit=1000", collection(intent("Running")))
                .on("GET /v1/intents/two-parts", intent("Running"))
                .on("DELETE /v1/intents/two-parts", intent("Released"));
        assertThat(Run.against(server).command("intent", "list").ok().out())
                .contains("two-parts", "short form", "1in1");
        assertThat(Run.against(server)
                        .command("intent", "show", "two-parts")
                        .ok()
                        .out())
                .contains("cheapest", "front");
        assertThat(Run.against(server)
                        .command("intent", "delete", "two-parts")
                        .ok()
                        .out())
                .isEqualTo("two-parts is Released; its slices are taken down.\n");
    }
}
