package holdfast.outside;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.PolicyReceiver;
import holdfast.PolicyReceiver.Heard;
import holdfast.PolicyReceiver.Reply;
import holdfast.platform.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server process whose policy service has a say in every interface, and hears of each end though the server is
/// killed.
@Timeout(300)
class PolicyKillTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String DENIED = "not this week";

    @TempDir
    private Path scratch;

    private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(7));

    @AutoClose
    private final PolicyReceiver policy = new PolicyReceiver();

    private Path data() {
        return scratch.resolve("data");
    }

    @Test
    void every_interface_asks_and_an_end_is_told_though_the_server_is_killed_before_it_was_taken() throws Exception {
        var stuck = new CountDownLatch(1);
        String lease;
        try (var server = ServerProcess.start(data())) {
            var api = server.api();
            prepare(api);
            policy.answering(403, "{\"message\": \"" + DENIED + "\"}");
            for (var face : List.of(
                    "/v1/reservations", "/create-reservation", "/request-offer", "/reservation/compute/create")) {
                var refused = api.ask("POST", face, body(face));
                assertThat(refused.statusCode())
                        .as(face + ": " + refused.body())
                        .isEqualTo(403);
                assertThat(refused.body()).as(face).contains(DENIED);
            }
            assertThat(policy.heard("/check-create")).hasSize(4);
            assertThat(api.present("reservations")).isEmpty();

            policy.answering(heard -> answer(heard, stuck));
            var made = api.ask("POST", "/v1/reservations", body("/v1/reservations"));
            assertThat(made.statusCode()).as(made::body).isEqualTo(201);
            lease = Json.tree(made.body()).get("uuid").stringValue();
            var deleted = api.ask("DELETE", "/v1/reservations/" + lease, "");
            assertThat(deleted.statusCode()).as(deleted::body).isEqualTo(202);
            Await.that("the end to be told", LIMIT, () -> !ended(lease).isEmpty());
            server.kill();
            assertThat(server.log()).doesNotContain("s3cret");
        }
        stuck.countDown();
        policy.answering(_ -> PolicyReceiver.YES);
        int before = ended(lease).size();
        try (var server = ServerProcess.start(data())) {
            Await.that("the end to be told again", LIMIT, () -> ended(lease).size() > before);
            Await.that(
                    "nothing more to be told",
                    LIMIT,
                    () -> !server.api().openProcesses().contains("reservation.tell"));
            assertThat(ended(lease).getLast().token()).isEqualTo("s3cret");
        }
        assertThat(ended(lease).stream().map(Heard::lease).distinct()).hasSize(1);
    }

    private void prepare(Api api) {
        set(api, "reservation.policy.url", policy.url());
        var shown = set(api, "reservation.policy.token", "s3cret");
        assertThat(shown).doesNotContain("s3cret").contains("\"value\":null");
        assertThat(api.ask("PUT", "/v1/settings/reservation.policy.token", "{\"value\": \"s3cret and more\"}")
                        .body())
                .contains("visible characters")
                .doesNotContain("s3cret");
        assertThat(api.ask("PUT", "/v1/settings/reservation.policy.url", "{\"value\": \"file:///etc\"}")
                        .body())
                .contains("must be an address such as");
        var added = api.ask("POST", "/v1/providers", "{\"name\": \"lab\", \"driver\": \"simulated\"}");
        assertThat(added.statusCode()).as(added::body).isBetween(200, 202);
        Await.that(
                "the cloud to be known",
                LIMIT,
                () -> !api.get("/v1/units").path("data").isEmpty());
    }

    private static String set(Api api, String name, String value) {
        var answer =
                api.ask("PUT", "/v1/settings/" + name, Json.text(Json.object().put("value", value)));
        assertThat(answer.statusCode()).as(answer::body).isEqualTo(200);
        return answer.body();
    }

    private String body(String face) {
        return switch (face) {
            case "/v1/reservations" -> """
                {"name": "expo", "start": "%s", "end": "%s", "items": [{"kind": "hosts", "min": 1}]}""".formatted(start, start.plusSeconds(7_200));
            case "/reservation/compute/create" -> """
                {"startTime": "%s", "endTime": "%s", "computePoolReservation": {"numCpuCores": 1}}""".formatted(start, start.plusSeconds(7_200));
            default -> """
                {"start": "%s", "end": "%s", "capacity": {"cores": 1}}""".formatted(start, start.plusSeconds(7_200));
        };
    }

    /// An end is heard, and not answered.
    private static Reply answer(Heard heard, CountDownLatch stuck) {
        if (heard.path().equals("/on-end")) {
            try {
                stuck.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new Reply(500, "");
        }
        return PolicyReceiver.YES;
    }

    private List<Heard> ended(String lease) {
        return policy.heard("/on-end").stream()
                .filter(heard -> heard.lease().get("id").stringValue().equals(lease))
                .toList();
    }
}
