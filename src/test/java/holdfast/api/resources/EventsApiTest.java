package holdfast.api.resources;

import static holdfast.api.resources.TestDomain.ALICE;
import static holdfast.api.resources.TestDomain.BOB;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.ProcessDefinition.Ending;
import holdfast.engine.Processes;
import holdfast.engine.Resource;
import holdfast.engine.Step;
import holdfast.engine.types.Move;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpServer;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.pools.Projects;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// Subscribing and publishing over real sockets.
@Timeout(300)
class EventsApiTest {
    private static final String START = "thing.start;handler=dns";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(test, SimulatedSettings.PERFECT);

    private final Platform platform = Platform.real();
    private final HttpClient web = HttpClient.newHttpClient();

    @AfterEach
    void hangUp() {
        web.shutdownNow();
    }

    EventsApiTest() {
        domain.engine
                .definitions()
                .add(ProcessDefinition.of(
                        "thing.start",
                        Move.of(Set.of("stopped"), "starting", "running", "failed"),
                        _ -> List.of(Step.of("own", _ -> Outcome.done())),
                        Ending.NONE));
    }

    private UUID insert(String type, String state, String project, String data) {
        return domain.database.inTransaction(tx -> {
            var fresh = domain.engine
                    .resources()
                    .fresh(platform.newId(), type, "broker", Optional.empty(), "dns", state, project, Json.tree(data));
            domain.engine.resources().insert(tx, fresh, "test", "");
            return fresh.id();
        });
    }

    private void handler(String project, String more) {
        var handler = insert(
                "externalHandler",
                "inactive",
                project,
                "{\"processConfigs\": [{\"name\": \"thing.start\"}]" + more + "}");
        domain.database
                .inTransaction(tx -> domain.engine
                        .processes()
                        .schedule(tx, Processes.Request.now("externalhandler.activate", handler, "test")))
                .orThrow();
        domain.waitFor(() -> look(handler).state().equals("active"));
    }

    private UUID start() {
        var thing = insert("thing", "stopped", "physics", "{}");
        domain.database
                .inTransaction(tx ->
                        domain.engine.processes().schedule(tx, Processes.Request.now("thing.start", thing, "test")))
                .orThrow();
        return thing;
    }

    private Resource look(UUID id) {
        return domain.database
                .inTransaction(tx -> domain.engine.resources().find(tx, id))
                .orElseThrow();
    }

    private static String reply(JsonNode event) {
        return Json.object()
                .put("name", event.get("replyTo").stringValue())
                .set("previousIds", Json.mapper().createArrayNode().add(event.get("id")))
                .toString();
    }

    private String publish(String token, JsonNode event) {
        var reply = domain.post(token, "/v1/publish", reply(event));
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        assertThat(reply.text()).isEmpty();
        return reply.response().headers().firstValue("X-Holdfast-Verdict").orElse("");
    }

    @Test
    void a_handler_hears_pings_and_calls_and_its_reply_lets_the_process_go_on() throws Exception {
        handler("physics", "");
        try (var handler = Listening.to(domain, ALICE, START)) {
            assertThat(handler.next(_ -> true).get("name").stringValue()).isEqualTo("ping");
            var thing = start();
            var event = handler.next(START);
            assertThat(event.path("resourceId").asString())
                    .isEqualTo("1t" + look(thing).number());
            handler.next("ping");
            assertThat(publish(BOB, event)).isEqualTo("not yours");
            assertThat(publish(ALICE, event)).isEqualTo("taken");
            domain.waitFor(() -> look(thing).state().equals("running"));
            assertThat(publish(ALICE, event)).isEqualTo("twice");
        }
    }

    @Test
    void a_handler_that_comes_later_gets_what_waits_for_it_and_others_do_not() throws Exception {
        handler("physics", "");
        start();
        try (var stranger = Listening.to(domain, BOB, "*");
                var handler = Listening.to(domain, ALICE, "thing.*")) {
            handler.next(START);
            stranger.next("ping");
            stranger.next("ping");
            assertThat(stranger.count(START)).isZero();
        }
    }

    @Test
    void one_subscriber_of_a_queue_gets_each_call_and_another_gets_it_when_that_one_goes() throws Exception {
        handler("physics", ", \"timeoutMillis\": 300000"); // nobody replies, and no call is sent again meanwhile
        var all = Listening.to(domain, ALICE, START);
        var one = Listening.to(domain, ALICE, START + ";queue=q");
        var two = Listening.to(domain, ALICE, START + ";queue=q");
        try (all;
                one;
                two) {
            for (int n = 0; n < 10; n++) {
                start();
            }
            for (int n = 0; n < 10; n++) {
                all.next(START);
            }
            domain.waitFor(() -> one.count(START) + two.count(START) >= 10);
            assertThat(one.count(START) + two.count(START)).isEqualTo(10);
            var mine = one.count(START);
            var theirs = two.count(START);
            one.close();
            domain.waitFor(() -> two.count(START) == mine + theirs);
        }
    }

    @Test
    void changes_of_state_are_told_to_those_who_may_see_them() throws Exception {
        try (var member = Listening.to(domain, ALICE, "state.change", "resource.change");
                var stranger = Listening.to(domain, BOB, "state.change")) {
            member.next("ping");
            stranger.next("ping");
            var thing = start();
            var made = member.next("state.change");
            assertThat(made.path("data").path("state").asString()).isEqualTo("stopped");
            var changed = member.next("resource.change");
            assertThat(changed.path("data").path("resource").path("uuid").asString())
                    .isEqualTo(thing.toString());
            var end = member.next(
                    event -> event.path("data").path("state").asString("").equals("running"));
            assertThat(end.path("cursor").asString()).matches("\\d+-\\d+");
            stranger.next("ping");
            assertThat(stranger.count("state.change")).isZero();
        }
    }

    private String account(String project) {
        return domain.get(domain.admin, "/v1/projects?name=" + project)
                .json()
                .path("data")
                .path(0)
                .path("id")
                .asString();
    }

    @Test
    void names_are_cut_to_the_account_of_users_and_taken_as_they_are_of_administrators() throws Exception {
        domain.database.inTransaction(tx -> new Projects(domain.engine.resources()).account(tx, "biology", "test"));
        var biology = "state.change;account=" + account("biology");
        try (var user = Listening.to(domain, ALICE, biology);
                var all = Listening.to(domain, domain.admin, "state.change");
                var some = Listening.to(domain, domain.admin, biology)) {
            for (var listening : List.of(user, all, some)) {
                listening.next("ping");
            }
            insert("thing", "made", "biology", "{}");
            insert("thing", "made", "physics", "{}");
            domain.engine.changed().raise();
            assertThat(project(user.next("state.change"))).as("its own").isEqualTo("physics");
            assertThat(project(all.next("state.change"))).isEqualTo("biology");
            assertThat(project(all.next("state.change"))).isEqualTo("physics");
            assertThat(project(some.next(biology)))
                    .as("under the name it was asked for")
                    .isEqualTo("biology");
            insert("thing", "made", "biology", "{}");
            domain.engine.changed().raise();
            assertThat(project(some.next(biology))).as("and not the other").isEqualTo("biology");
        }
        try (var nobody = Listening.to(domain, domain.admin, "state.change;account=1a999999")) {
            assertThat(nobody.status).isEqualTo(422);
        }
    }

    @Test
    void a_web_socket_is_for_the_project_that_is_asked_for_and_for_no_other_if_that_may_not_be() throws Exception {
        var asked = socket("/v1/subscribe?eventNames=state.change&projectId=biology");
        assertThat(web.newWebSocketBuilder()
                        .header("Authorization", "Bearer " + ALICE)
                        .buildAsync(asked, new Slow()))
                .failsWithin(Duration.ofSeconds(60));
        var listener = new Slow();
        web.newWebSocketBuilder()
                .header("Authorization", "Bearer " + BOB)
                .buildAsync(asked, listener)
                .join();
        assertThat(listener.next().path("name").asString()).isEqualTo("ping");
    }

    /// The status that a request for a WebSocket is answered with.
    private int knock(String target, String version, String... more) throws IOException {
        var lines = new ArrayList<>(List.of(
                "GET " + target + " HTTP/1.1",
                "Host: here",
                "Authorization: Bearer " + BOB,
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version: " + version));
        lines.addAll(List.of(more));
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), domain.server.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(US_ASCII));
            var status = new String(socket.getInputStream().readNBytes(12), US_ASCII);
            assertThat(status).startsWith("HTTP/1.1 ");
            return Integer.parseInt(status.substring(9));
        }
    }

    @Test
    void a_web_socket_that_cannot_be_is_told_why() throws Exception {
        var target = "/v1/subscribe?eventNames=state.change";
        assertThat(knock(target, "13", "Origin: http://here")).isEqualTo(101);
        assertThat(knock(target, "13", "Origin: http://elsewhere")).isEqualTo(403);
        assertThat(knock(target, "8")).isEqualTo(426);
        assertThat(knock("/v1/Projects/biology/Subscribe?eventNames=state.change", "13"))
                .isEqualTo(101);
        assertThat(knock("/v1/projects/physics/subscribe?eventNames=state.change", "13"))
                .isEqualTo(403);
        var seated = new ArrayList<Listening>();
        try {
            domain.waitFor(() -> seats(seated) == TestDomain.SEATS);
            assertThat(knock(target, "13")).isEqualTo(503);
            assertThat(knock(target, "8")).isEqualTo(426);
        } finally {
            seated.forEach(Listening::close);
        }
    }

    /// Takes one more seat, if there is one: those who left may not be missed at once.
    private int seats(List<Listening> seated) {
        try {
            var one = Listening.to(domain, BOB, "state.change");
            if (one.status == 200) {
                seated.add(one);
            } else {
                one.close();
            }
            return seated.size();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String project(JsonNode event) {
        return event.path("data").path("accountId").asString();
    }

    @Test
    void the_resource_in_a_change_is_what_a_get_shows() throws Exception {
        Widgets.declare(domain);
        var made =
                Widgets.settled(domain, Widgets.create(domain, ALICE, "{'owner': 'a', 'due': '2031-04-05T06:07:08Z'}"));
        var self = made.get("links").get("self").stringValue();
        try (var listening = Listening.to(domain, ALICE, "resource.change")) {
            listening.next("ping");
            var put = domain.send(ALICE, "PUT", self, "application/json", "{\"note\": \"new\", \"key\": \"secret\"}");
            assertThat(put.status()).as(put.text()).isEqualTo(200);
            var told = listening.next("resource.change").path("data").path("resource");
            assertThat(told.path("note").asString()).isEqualTo("new");
            assertThat(told).isEqualTo(domain.get(ALICE, self).json());
        }
    }

    @Test
    void a_reader_who_comes_back_gets_what_it_missed_once_and_in_order() throws Exception {
        start();
        var seen = new ArrayList<String>();
        var last = Optional.<String>empty();
        for (int visit = 0; visit < 3; visit++) {
            try (var reader =
                    Listening.toJournal(domain, ALICE, visit == 0 ? "?after=0&type=thing" : "?type=thing", last)) {
                for (int n = 0; n < 3; n++) {
                    var entry = reader.next(_ -> true);
                    seen.add(
                            entry.path("resource").asString() + entry.path("to").asString());
                    last = Optional.of(entry.path("cursor").asString());
                }
            }
            start();
        }
        var whole = domain.get(ALICE, "/v1/journal?after=0&type=thing").json().path("data");
        var stored = new ArrayList<String>();
        whole.forEach(entry ->
                stored.add(entry.path("resource").asString() + entry.path("to").asString()));
        assertThat(seen).isEqualTo(stored.subList(0, 9));
    }

    @Test
    void steps_of_a_workflow_are_found_by_their_trace_with_their_numbers() {
        var thing = look(start());
        var ours = new Trace("ours", Workflow.W3);
        var another = new Trace("another", Workflow.W1);
        domain.database.inTransaction(tx -> {
            var journal = domain.engine.journal();
            journal.step(tx, thing, ours, Workflow.Role.SC, StepNumber.RESERVE_PASSED_ON, "to sp");
            journal.step(tx, thing, another, Workflow.Role.P, StepNumber.CLAIMED, "2 of 4");
            journal.step(tx, thing, ours, Workflow.Role.P, StepNumber.CLAIMED, "1 of 4");
            return true;
        });
        var told = domain.get(ALICE, "/v1/journal?trace=ours").json().path("data");
        assertThat(told)
                .extracting(entry -> entry.path("why").asString())
                .containsExactly("W3 #21 RESERVE_PASSED_ON: to sp", "W3 #23 CLAIMED: 1 of 4");
        assertThat(told).allSatisfy(entry -> {
            assertThat(entry.path("kind").asString()).isEqualTo("step");
            assertThat(entry.path("trace").asString()).isEqualTo("ours");
        });
    }

    @Test
    void who_reads_slowly_holds_up_nobody_and_misses_nothing() throws Exception {
        try (var quick = Listening.to(domain, ALICE, "state.change")) {
            quick.next("ping");
            var slow = new Slow();
            web.newWebSocketBuilder()
                    .header("Authorization", "Bearer " + ALICE)
                    .buildAsync(socket("/v1/subscribe?eventNames=state.change"), slow)
                    .join();
            int things = 400;
            domain.database.inTransaction(tx -> {
                for (int n = 0; n < things; n++) {
                    var fresh = domain.engine
                            .resources()
                            .fresh(
                                    platform.newId(),
                                    "thing",
                                    "broker",
                                    Optional.empty(),
                                    "n" + n,
                                    "made",
                                    "physics",
                                    Json.object());
                    domain.engine.resources().insert(tx, fresh, "test", "");
                }
                tx.afterCommit(domain.engine.changed()::raise);
                return true;
            });
            for (int n = 0; n < things; n++) {
                assertThat(quick.next("state.change").path("data").path("name").asString())
                        .isEqualTo("n" + n);
            }
            var names = slow.names(things);
            assertThat(names).hasSize(things).doesNotHaveDuplicates();
        }
    }

    private URI socket(String target) {
        return URI.create(domain.server.address().toString().replace("http:", "ws:") + target);
    }

    /// Takes one message at a time.
    private static final class Slow implements WebSocket.Listener {
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final CompletableFuture<String> closed = new CompletableFuture<>();
        private final CompletableFuture<Boolean> pinged = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                messages.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
            pinged.complete(true);
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(status + " " + reason);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.complete(error.toString());
        }

        JsonNode next() throws InterruptedException {
            var message = messages.poll(60, TimeUnit.SECONDS);
            assertThat(message).as("a message").isNotNull();
            return Json.tree(message);
        }

        List<String> names(int count) throws InterruptedException {
            var names = new ArrayList<String>();
            while (names.size() < count) {
                var event = next();
                if (event.path("name").asString().equals("state.change")) {
                    names.add(event.path("data").path("name").asString());
                }
            }
            return names;
        }
    }

    @Test
    void a_web_socket_begins_with_a_ping_tells_events_and_says_why_it_ends() throws Exception {
        handler("physics", "");
        var listener = new Slow();
        web.newWebSocketBuilder()
                .header("Authorization", "Bearer " + ALICE)
                .buildAsync(socket("/v1/subscribe?eventNames=thing.start%3Bhandler%3Ddns"), listener)
                .join();
        assertThat(listener.next().path("name").asString()).isEqualTo("ping");
        var thing = start();
        var event = listener.next();
        while (event.path("name").asString().equals("ping")) {
            event = listener.next();
        }
        assertThat(publish(ALICE, event)).isEqualTo("taken");
        domain.waitFor(() -> look(thing).state().equals("running"));
        domain.server.close();
        assertThat(listener.closed.get(60, TimeUnit.SECONDS)).startsWith("1001 the server stops");
    }

    @Test
    void a_web_socket_goes_on_after_a_cursor() throws Exception {
        start();
        var entries = domain.get(ALICE, "/v1/journal?type=thing").json().path("data");
        var first = entries.path(0).path("cursor").asString();
        var listener = new Slow();
        web.newWebSocketBuilder()
                .header("Authorization", "Bearer " + ALICE)
                .buildAsync(
                        socket("/v1/subscribe?eventNames=state.change&resourceTypes=thing&after=" + first), listener)
                .join();
        assertThat(listener.names(2)).hasSize(2);
    }

    @Test
    void one_more_than_there_is_room_for_is_turned_away() throws Exception {
        var seated = new ArrayList<Listening>();
        for (int n = 0; n < TestDomain.SEATS; n++) {
            seated.add(Listening.to(domain, ALICE, "state.change"));
        }
        try (var tooMany = Listening.to(domain, ALICE, "state.change")) {
            assertThat(tooMany.status).isEqualTo(503);
            assertThat(domain.get(ALICE, "/v1/subscribe?eventNames=a").status()).isEqualTo(426);
        } finally {
            seated.forEach(Listening::close);
        }
        domain.waitFor(() -> {
            try (var again = Listening.to(domain, ALICE, "state.change")) {
                return again.status == 200;
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void who_goes_before_anything_was_told_takes_no_room() throws Exception {
        HttpServer.Sockets goes = request -> {
            assertThat(domain.api.open(request)).isPresent();
            return Optional.empty(); // nobody is there to tell
        };
        var mounts = List.of(new HttpServer.Mount("", _ -> HttpReply.of(404, "text/plain", "gone")));
        try (var door = HttpServer.start(HttpServer.Options.standard().withPort(0), mounts, goes)) {
            for (int n = 0; n <= TestDomain.SEATS; n++) {
                var target = URI.create(
                        door.address().toString().replace("http:", "ws:") + "/v1/subscribe?eventNames=state.change");
                assertThat(web.newWebSocketBuilder()
                                .header("Authorization", "Bearer " + ALICE)
                                .buildAsync(target, new Slow()))
                        .failsWithin(Duration.ofSeconds(60));
            }
        }
        try (var stays = Listening.to(domain, ALICE, "state.change")) {
            assertThat(stays.status).isEqualTo(200);
        }
    }

    @Test
    void what_cannot_be_subscribed_to_or_published_is_refused() {
        assertThat(domain.post("", "/v1/subscribe", "").status()).isEqualTo(401);
        assertThat(domain.post(ALICE, "/v1/subscribe", "").status()).isEqualTo(422);
        assertThat(domain.post(ALICE, "/v1/subscribe", "{\"eventNames\": [\"a b\"]}")
                        .status())
                .isEqualTo(422);
        assertThat(domain.post(ALICE, "/v1/subscribe", "{\"eventNames\": [\"a*b\"]}")
                        .status())
                .isEqualTo(422);
        assertThat(domain.post(ALICE, "/v1/subscribe", "{\"eventNames\": \"" + "a".repeat(300) + "\"}")
                        .status())
                .isEqualTo(422);
        assertThat(domain.post(ALICE, "/v1/subscribe", "{").status()).isEqualTo(400);
        assertThat(domain.get(ALICE, "/v1/subscribe?eventNames=ping").status()).isEqualTo(426);
        assertThat(domain.get(ALICE, "/v1/subscribe").status()).isEqualTo(422);
        assertThat(domain.post(ALICE, "/v1/publish", "{}").status()).isEqualTo(422);
        assertThat(domain.post(ALICE, "/v1/publish", "nonsense").status()).isEqualTo(422);
        assertThat(domain.post(ALICE, "/v1/publish", "{\"name\": \"state.change\"}")
                        .status())
                .isEqualTo(403);
        assertThat(domain.post(ALICE, "/v1/publish", "{\"name\": \"reply.1\", \"data\": 7}")
                        .status())
                .isEqualTo(422);
        assertThat(domain.post(ALICE, "/v1/publish", "{\"name\": \"reply.1\"}").status())
                .isEqualTo(201);
        assertThat(domain.get(ALICE, "/v1/journal?after=900000000000-1").status())
                .isEqualTo(409);
        assertThat(domain.get(ALICE, "/v1/journal?after=soon").status()).isEqualTo(400);
    }
}
