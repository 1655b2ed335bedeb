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

/// `notice` and `subscription`.
@Timeout(300)
class NoticeTest {
    private static final String SUBSCRIPTION = """
            {"id":"1s5","type":"subscription","name":"mine","state":"active","project":"physics","owner":"alice","signed":true,
             "callback":"https://example.org/heard","sequence":17,"failures":2,"failingSince":"2031-04-05T12:00:00Z",
             "problem":"it answered 500","filter":{"events":["reservation.*"]}}""";

    @AutoClose
    private final FakeServer server = new FakeServer();

    private static String notice(int sequence, String type) {
        return """
                {"id":"%s","sequence":%d,"type":"%s","time":"2031-04-05T12:00:0%dZ","project":"physics",
                 "object":{"kind":"reservation","id":"%s","version":2},"data":{"left":7}}""".formatted(Samples.ID, sequence, type, sequence, Samples.ID);
    }

    private static String page(int sequence, String... notices) {
        return collection(notices).replaceFirst("\\{", "{\"sequence\":" + sequence + ",");
    }

    @Test
    void notices_are_listed() {
        server.on(
                "GET /v1/notices?events=reservation.*%2Clease.*&zone=nova&since=3&limit=100",
                page(5, notice(4, "reservation.started"), notice(5, "reservation.ended")));
        var run = Run.against(server);
        var words = new String[] {
            "notice", "list", "--event", "reservation.*", "--event", "lease.*", "--zone", "nova", "--since", "3"
        };
        Run.isGolden("notice-list.txt", run.command(words).ok().out());
        server.on("GET /v1/notices?limit=100", page(5));
        assertThat(run.command("notice", "list").ok().out()).isEqualTo("No notices.\n");
    }

    @Test
    void notices_are_followed_from_where_they_are_over_a_server_that_is_away() {
        server.on("GET /v1/notices?limit=1", page(3, notice(3, "reservation.updated")))
                .on("GET /v1/notices?since=3&wait=30", page(3))
                .on(
                        "GET /v1/notices?since=3&wait=30",
                        503,
                        FakeServer.error(503, "Unavailable", "the database is away"))
                .on("GET /v1/notices?since=3&wait=30", page(5, notice(4, "reservation.started")))
                .on("GET /v1/notices?since=5&wait=30", page(6, notice(6, "reservation.ended")));
        var ended =
                Run.against(server).command("notice", "follow", "--count", "2").ok();
        Run.isGolden("notice-follow.txt", ended.out());
        assertThat(ended.err()).contains("the server is away");
        var lines = Run.against(server)
                .command("notice", "follow", "--since", "5", "--count", "1", "-o", "json")
                .ok()
                .out();
        assertThat(Json.tree(lines).get("sequence").intValue()).isEqualTo(6);
    }

    @Test
    void a_subscription_is_added_with_a_secret_from_a_file(@TempDir Path scratch) throws IOException {
        server.on("POST /v1/subscriptions", 201, SUBSCRIPTION);
        var secret = Files.writeString(scratch.resolve("secret"), "sixteen letters!\n");
        var ended = Run.against(server)
                .command(
                        "subscription",
                        "add",
                        "https://example.org/heard",
                        "--event",
                        "reservation.*",
                        "--object",
                        "1r7",
                        "--secret-file",
                        secret.toString(),
                        "--since",
                        "17");
        assertThat(ended.ok().out()).isEqualTo("1s5 hears what comes after notice 17.\n");
        assertThat(Json.tree(server.posted())).isEqualTo(Json.tree("""
                {"callback": "https://example.org/heard", "filter": {"events": ["reservation.*"], "object": ["1r7"]},
                 "secret": "sixteen letters!", "since": 17}"""));
    }

    @Test
    void subscriptions_are_listed_shown_and_removed() {
        server.on("GET /v1/subscriptions?limit=1000", collection(SUBSCRIPTION))
                .on("GET /v1/subscriptions/mine", SUBSCRIPTION)
                .on("DELETE /v1/subscriptions/mine", SUBSCRIPTION);
        var run = Run.against(server);
        Run.isGolden(
                "subscription-list.txt",
                run.command("subscription", "list").ok().out());
        Run.isGolden(
                "subscription-show.txt",
                run.command("subscription", "show", "mine").ok().out());
        assertThat(run.command("subscription", "show", "mine", "-o", "yaml")
                        .ok()
                        .out())
                .contains("callback: \"https://example.org/heard\"");
        assertThat(run.command("subscription", "remove", "mine").ok().out()).isEqualTo("1s5 is removed.\n");
    }
}
