package holdfast.api.resources;

import static holdfast.api.resources.TestDomain.ALICE;
import static holdfast.api.resources.TestDomain.ANN;
import static holdfast.api.resources.TestDomain.BOB;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.engine.Notice;
import holdfast.notifications.Subscribers;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Notices and subscriptions over real sockets.
@Timeout(300)
class NoticesApiTest {
    private static final String SECRET = "sixteen letters!";
    private static final String CALLBACK = "http://127.0.0.1:9/heard";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(test, SimulatedSettings.PERFECT);

    private final Platform platform = Platform.real();

    private UUID tell(String type, String project) {
        var object = platform.newId();
        domain.database.inTransaction(tx -> {
            domain.engine
                    .notices()
                    .tell(
                            tx,
                            new Notice(
                                    platform.newId(),
                                    type,
                                    platform.now(),
                                    new Notice.Thing("reservation", object, 1),
                                    project,
                                    Optional.of(object),
                                    Optional.of("nova"),
                                    Json.object().put("left", 7)));
            return true;
        });
        return object;
    }

    /// Until so many have a number.
    private void numbered(long count) {
        domain.waitFor(() -> sequence("?since=0") >= count);
    }

    private long sequence(String query) {
        return notices(domain.admin, query).get("sequence").longValue();
    }

    private JsonNode notices(String token, String query) {
        var reply = domain.get(token, "/v1/notices" + query);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }

    private static List<Long> sequences(JsonNode page) {
        return page.get("data")
                .valueStream()
                .map(one -> one.get("sequence").longValue())
                .toList();
    }

    private TestDomain.Reply subscribe(String token, String body) {
        return domain.post(token, "/v1/subscriptions", body);
    }

    private String subscribed(String token, String more) {
        var reply = subscribe(token, "{\"callback\": \"" + CALLBACK + "\"" + more + "}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return reply.json().get("id").stringValue();
    }

    private TestDomain.Reply put(String token, String id, String body) {
        return domain.send(token, "PUT", "/v1/subscriptions/" + id, "application/json", body);
    }

    @Test
    void poll_and_stream_tell_the_same_numbers() throws Exception {
        try (var stream = Listening.toNotices(domain, ALICE, "?since=0", Optional.empty())) {
            for (int n = 0; n < 5; n++) {
                tell("reservation.updated", n == 2 ? "biology" : "physics");
            }
            numbered(5);
            var polled = new ArrayList<JsonNode>();
            var next = "/v1/events?since=0&limit=2&wait=30";
            while (polled.size() < 4) {
                var page = domain.get(ALICE, next).json();
                page.get("data").forEach(polled::add);
                next = page.get("pagination").get("next").stringValue();
            }
            assertThat(polled)
                    .extracting(one -> one.get("sequence").longValue())
                    .containsExactly(1L, 2L, 4L, 5L);
            for (var one : polled) {
                assertThat(stream.next(_ -> true)).isEqualTo(one);
            }
        }
        try (var again = Listening.toNotices(domain, ALICE, "", Optional.of("2"))) {
            assertThat(again.next(_ -> true).get("sequence").longValue())
                    .as("after the last one heard")
                    .isEqualTo(4);
        }
    }

    @Test
    void who_waits_is_answered_as_soon_as_there_is_something() throws Exception {
        tell("reservation.started", "physics");
        numbered(1);
        var waiting = CompletableFuture.supplyAsync(
                () -> notices(ALICE, "?since=1&wait=60&events=reservation.ended"), Thread::startVirtualThread);
        tell("reservation.updated", "physics");
        tell("reservation.ended", "physics");
        var page = waiting.get(60, TimeUnit.SECONDS);
        assertThat(sequences(page)).containsExactly(3L);
        assertThat(page.get("sequence").longValue()).isEqualTo(3);
        assertThat(sequences(notices(ALICE, "?since=3")))
                .as("without wait at once")
                .isEmpty();
    }

    @Test
    void one_user_has_so_many_places_to_wait_and_others_have_theirs() throws Exception {
        tell("thing.old", "physics");
        numbered(1);
        var waiting = new ArrayList<CompletableFuture<JsonNode>>();
        for (int n = 0; n < 32; n++) {
            waiting.add(CompletableFuture.supplyAsync(
                    () -> {
                        var reply = domain.get(ALICE, "/v1/notices?since=1&wait=60");
                        while (reply.status() == 503) { // somebody below looked whether there is a place
                            reply = domain.get(ALICE, "/v1/notices?since=1&wait=60");
                        }
                        return reply.json();
                    },
                    Thread::startVirtualThread));
        }
        domain.waitFor(() -> domain.get(ALICE, "/v1/notices?since=1&wait=1").status() == 503);
        var refused = domain.get(ALICE, "/v1/notices?since=1&wait=1");
        assertThat(refused.text()).contains("at most 32 of one user");
        assertThat(domain.ask(
                                "GET",
                                "/v1/notices?since=1",
                                "",
                                "Authorization",
                                "Bearer " + ALICE,
                                "Accept",
                                "text/event-stream")
                        .status())
                .isEqualTo(503);
        assertThat(domain.get(ALICE, "/v1/notices?since=1").status()).isEqualTo(200);
        assertThat(domain.get(BOB, "/v1/notices?since=1&wait=1").status()).isEqualTo(200);
        tell("thing.new", "physics");
        for (var one : waiting) {
            assertThat(sequences(one.get(60, TimeUnit.SECONDS))).containsExactly(2L);
        }
    }

    @Test
    void without_since_the_newest_are_shown() {
        for (int n = 0; n < 4; n++) {
            tell("reservation.updated", "physics");
        }
        numbered(4);
        var page = notices(ALICE, "?limit=2");
        assertThat(sequences(page)).containsExactly(3L, 4L);
        var one = page.get("data").get(0);
        assertThat(one.propertyNames())
                .containsExactly("id", "sequence", "type", "time", "object", "project", "reservation", "zone", "data");
        assertThat(one.get("data").get("left").intValue()).isEqualTo(7);
    }

    @Test
    void nobody_hears_of_other_projects_whatever_he_asks_for() {
        var theirs = tell("reservation.started", "biology");
        tell("capacity.changed", "");
        tell("reservation.started", "physics");
        numbered(3);
        assertThat(sequences(notices(ALICE, "?since=0"))).containsExactly(2L, 3L);
        assertThat(sequences(notices(BOB, "?since=0"))).containsExactly(1L, 2L);
        assertThat(sequences(notices(domain.admin, "?since=0"))).containsExactly(1L, 2L, 3L);
        for (var filter : List.of("object=" + theirs, "reservation=" + theirs, "lease=" + theirs)) {
            assertThat(sequences(notices(ALICE, "?since=0&" + filter)))
                    .as(filter)
                    .isEmpty();
            assertThat(sequences(notices(BOB, "?since=0&" + filter))).as(filter).containsExactly(1L);
        }
        var refused = domain.get(ALICE, "/v1/notices?since=0&project=biology");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(sequences(notices(domain.admin, "?since=0&project=biology"))).containsExactly(1L);
        assertThat(subscribe(ALICE, "{\"callback\": \"" + CALLBACK + "\", \"filter\": {\"project\": \"biology\"}}")
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wait=61        | wait",
                "limit=1001     | limit",
                "limit=0        | limit",
                "since=-1       | since",
                "events=Upper   | events",
                "events=a*      | events",
                "reservation=no | reservation",
                "stat=x         | stat"
            })
    void what_is_wrong_with_a_question_is_told(String query, String field) {
        var reply = domain.get(ALICE, "/v1/notices?" + query);
        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.json().get("fieldName").stringValue()).isEqualTo(field);
        assertThat(reply.json().get("message").stringValue()).contains(field);
    }

    @Test
    void nobody_learns_from_a_filter_what_others_have() {
        var mine = subscribed(ALICE, "");
        var none = mine + "000";
        for (var target : List.of("/v1/notices?object=", "/v1/journal?resource=")) {
            assertThat(domain.get(ALICE, target + mine).status()).as(target).isEqualTo(200);
            assertThat(domain.get(domain.admin, target + mine).status()).isEqualTo(200);
            var refused = domain.get(BOB, target + mine);
            assertThat(refused.status()).as(refused.text()).isBetween(400, 422);
            assertThat(refused.status())
                    .isEqualTo(domain.get(BOB, target + none).status());
        }
    }

    @Test
    void more_than_64_names_in_a_filter_are_refused() {
        var names = String.join(
                "&", IntStream.range(0, 65).mapToObj(n -> "events=a.b" + n).toList());
        var reply = domain.get(ALICE, "/v1/notices?" + names);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("at most 64");
    }

    @Test
    void a_number_that_was_never_given_is_a_conflict() {
        assertThat(domain.get(ALICE, "/v1/notices?since=7").status()).isEqualTo(409);
        var reply = subscribe(ALICE, "{\"callback\": \"" + CALLBACK + "\", \"since\": 7}");
        assertThat(reply.status()).isEqualTo(409);
        assertThat(domain.get(ALICE, "/v1/subscriptions").json().get("data")).isEmpty();
    }

    private record Got(String signature, byte[] body) {}

    @Test
    void the_signature_is_that_of_the_body() throws Exception {
        BlockingQueue<Got> got = new LinkedBlockingQueue<>();
        var receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/heard", exchange -> {
            try (exchange) {
                var signature = String.valueOf(exchange.getRequestHeaders().getFirst("X-Signature"));
                got.add(new Got(signature, exchange.getRequestBody().readAllBytes()));
                exchange.sendResponseHeaders(204, -1);
            }
        });
        receiver.start();
        try {
            var callback = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/heard";
            var made = subscribe(ALICE, """
                    {"callback": "%s", "secret": "%s", "filter": {"events": ["reservation.*"]}}""".formatted(callback, SECRET));
            assertThat(made.status()).as(made.text()).isEqualTo(201);
            tell("reservation.started", "physics");
            var one = got.poll(60, TimeUnit.SECONDS);
            assertThat(one).as("a delivery").isNotNull();
            assertThat(one.signature).isEqualTo("sha256=" + hmac(SECRET, one.body));
            var body = Json.tree(new String(one.body, UTF_8));
            assertThat(body.get("subscription").stringValue())
                    .isEqualTo(made.json().get("uuid").stringValue());
            assertThat(body.get("type").stringValue()).isEqualTo("reservation.started");
            var id = made.json().get("id").stringValue();
            domain.waitFor(() -> domain.get(ALICE, "/v1/subscriptions/" + id)
                            .json()
                            .get("sequence")
                            .longValue()
                    == 1);
        } finally {
            receiver.stop(0);
        }
    }

    private static String hmac(String secret, byte[] body) throws GeneralSecurityException, IOException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(body));
    }

    @Test
    void a_subscription_is_made_shown_changed_and_removed_and_its_secret_never_shown() {
        tell("reservation.started", "physics");
        numbered(1);
        var made = subscribe(ALICE, """
                {"name": "mine", "callback": "%s", "secret": "%s", "filter": {"events": ["reservation.*"], "zone": "nova",
                 "threshold": {"type": "absoluteValue", "dimension": "vcpu", "capacityInfo": "available", "condition": "lt", "value": 10}}}""".formatted(CALLBACK, SECRET));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        var id = made.json().get("id").stringValue();
        assertThat(made.json().get("sequence").longValue()).isEqualTo(1);
        assertThat(made.json().get("created").stringValue()).isNotEmpty();
        assertThat(made.json().get("state").stringValue()).isEqualTo("active");
        var shown = domain.get(ALICE, "/v1/subscriptions/" + id);
        assertThat(shown.json().get("filter")).isEqualTo(Json.tree("""
                {"events": ["reservation.*"], "zone": "nova",
                 "threshold": {"type": "absoluteValue", "dimension": "vcpu", "capacityInfo": "available", "condition": "lt", "value": 10}}"""));
        assertThat(shown.json().get("signed").booleanValue()).isTrue();

        var changed = put(ALICE, id, """
                {"since": 0, "secret": "another secret of hers", "filter": {"events": ["lease.*"]}}""");
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(changed.json().get("filter").toString()).isEqualTo("{\"events\":[\"lease.*\"]}");
        assertThat(changed.json().get("callback").stringValue()).isEqualTo(CALLBACK);

        var list = domain.get(ALICE, "/v1/subscriptions");
        assertThat(list.json().get("data")).hasSize(1);
        var journal = domain.get(ALICE, "/v1/journal?kind=change&kind=state&resource=" + id);
        assertThat(journal.json().get("data")).hasSize(2);
        for (var text : List.of(made.text(), shown.text(), changed.text(), list.text(), journal.text())) {
            assertThat(text).doesNotContain(SECRET, "another secret of hers", "sealed:");
        }
        assertThat(domain.delete(ALICE, "/v1/subscriptions/" + id).status()).isEqualTo(200);
        assertThat(domain.get(ALICE, "/v1/subscriptions").json().get("data")).isEmpty();
        assertThat(put(ALICE, id, "{}").status()).isEqualTo(409);
    }

    @Test
    void a_foreign_subscription_does_not_exist_and_that_of_a_colleague_is_not_changed() {
        var id = subscribed(ALICE, "");
        assertThat(domain.get(BOB, "/v1/subscriptions/" + id).status()).isEqualTo(404);
        assertThat(put(BOB, id, "{}").status()).isEqualTo(404);
        assertThat(domain.delete(BOB, "/v1/subscriptions/" + id).status()).isEqualTo(404);
        assertThat(domain.get(BOB, "/v1/subscriptions").json().get("data")).isEmpty();
        assertThat(domain.get(ANN, "/v1/subscriptions/" + id).status()).isEqualTo(200);
        assertThat(put(ANN, id, "{\"callback\": \"http://127.0.0.1:9/ann\"}").status())
                .isEqualTo(403);
        assertThat(domain.delete(ANN, "/v1/subscriptions/" + id).status()).isEqualTo(403);
        assertThat(domain.delete(domain.admin, "/v1/subscriptions/" + id).status())
                .isEqualTo(200);
    }

    @Test
    void what_hears_of_all_projects_is_changed_by_administrators_only() {
        var made = domain.ask(
                "POST",
                "/v1/subscriptions",
                "{\"callback\": \"" + CALLBACK + "\"}",
                "Authorization",
                "Bearer " + domain.admin,
                "X-API-Project-Id",
                "physics",
                "Content-Type",
                "application/json");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.json().get("everything").booleanValue()).isTrue();
        var id = made.json().get("id").stringValue();
        assertThat(put(ALICE, id, "{\"callback\": \"http://127.0.0.1:9/alice\"}")
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{}                                                                            | callback",
                "{\"callback\": \"ftp://example.org/x\"}                                       | callback",
                "{\"callback\": \"/heard\"}                                                    | callback",
                "{\"callback\": \"http://me:secret@example.org/\"}                             | callback",
                "{\"callback\": \"http:///x\"}                                                 | callback",
                "{\"callback\": \"http://169.254.169.254/latest\"}                             | callback",
                "{\"callback\": \"http://[::1]/\"}                                              | callback",
                "{\"callback\": \"http://a.example/\", \"secret\": \"too short\"}              | secret",
                "{\"callback\": \"http://a.example/\", \"secret\": 1234567890123456}           | secret",
                "{\"callback\": \"http://a.example/\", \"since\": -1}                          | since",
                "{\"callback\": \"http://a.example/\", \"filter\": \"all\"}                    | filter",
                "{\"callback\": \"http://a.example/\", \"filter\": {\"event\": []}}            | filter.event",
                "{\"callback\": \"http://a.example/\", \"filter\": {\"events\": [\"A\"]}}      | filter.events",
                "{\"callback\": \"http://a.example/\", \"filter\": {\"lease\": [\"x\"]}}       | filter.lease",
                "{\"callback\": \"http://a.example/\", \"filter\": {\"threshold\": 5}}         | filter.threshold",
                "{\"callback\": \"http://a.example/\", \"filter\": {\"threshold\": {\"dimension\": \"vcpu\", \"capacityInfo\": \"free\", \"condition\": \"lt\", \"value\": 1}}} | filter.threshold.capacityInfo",
                "{\"callback\": \"http://a.example/\", \"filter\": {\"threshold\": {\"dimension\": \"vcpu\", \"capacityInfo\": \"total\", \"condition\": \"lt\"}}} | filter.threshold.value",
                "{\"callback\": \"http://a.example/\", \"callbak\": 1}                         | callbak"
            })
    void what_is_wrong_with_a_subscription_is_told_and_nothing_is_made(String body, String field) {
        var reply = subscribe(ALICE, body);
        assertThat(reply.status()).as(reply.text()).isBetween(400, 422);
        assertThat(reply.json().get("fieldName").stringValue()).isEqualTo(field);
        assertThat(reply.text()).doesNotContain("too short", "1234567890123456");
        assertThat(domain.get(ALICE, "/v1/subscriptions").json().get("data")).isEmpty();
    }

    @Test
    void addresses_and_secrets_are_bounded_and_so_is_the_number_of_subscriptions() {
        var longest = "http://a.example/" + "x".repeat(2_048 - 17);
        assertThat(subscribe(ALICE, "{\"callback\": \"" + longest + "x\"}").status())
                .isEqualTo(400);
        assertThat(subscribe(ALICE, "{\"callback\": \"" + longest + "\", \"secret\": \"" + "s".repeat(256) + "\"}")
                        .status())
                .isEqualTo(400);
        assertThat(subscribe(ALICE, "{\"callback\": \"" + longest + "\", \"secret\": \"" + "s".repeat(255) + "\"}")
                        .status())
                .isEqualTo(201);
        domain.database.inTransaction(tx -> tx.sql().execute("""
                insert into resource (id, type, actor, name, state, project, data, created, updated)
                select md5(n::text)::uuid, 'subscription', 'resources', '', 'active', 'physics', '{}', now(), now()
                  from generate_series(2, ?) n""", Subscribers.MOST));
        var full = subscribe(ALICE, "{\"callback\": \"" + longest + "\"}");
        assertThat(full.status()).as(full.text()).isEqualTo(409);
        assertThat(full.text()).contains("1000 subscriptions");
        assertThat(subscribe(BOB, "{\"callback\": \"" + longest + "\"}").status())
                .isEqualTo(201);
    }
}
