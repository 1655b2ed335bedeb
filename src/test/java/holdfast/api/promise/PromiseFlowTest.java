package holdfast.api.promise;

import static holdfast.api.promise.PromiseDomain.ALICE;
import static holdfast.api.promise.PromiseDomain.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.api.promise.PromiseDomain.Reply;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.HttpServer;
import holdfast.platform.HttpServer.Mount;
import holdfast.platform.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// The two flows of the founding document, step by step, over the wire (promise.md 4.1, 4.2).
@Timeout(300)
class PromiseFlowTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final PromiseDomain domain = new PromiseDomain(test);

    private final BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();

    @AutoClose
    private final HttpServer receiver =
            HttpServer.start(HttpServer.Options.standard().withPort(0), List.of(new Mount("", this::hear)));

    private final Recording recording = new Recording();
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(24, ChronoUnit.HOURS);

    private HttpReply hear(HttpRequest request) {
        if (request.body(100_000) instanceof HttpRequest.Body.Whole whole) {
            heard.add(Json.tree(whole.text()));
        }
        return HttpReply.json(200, Json.object());
    }

    /// Waits for a notice of that type.
    private JsonNode hears(String type) throws InterruptedException {
        for (var notice = heard.poll(60, TimeUnit.SECONDS); notice != null; notice = heard.poll(60, TimeUnit.SECONDS)) {
            if (notice.get("type").stringValue().equals(type)) {
                return notice;
            }
        }
        throw new AssertionError("nothing was heard of " + type);
    }

    private Reply step(String what, String token, String intent, String body, String... headers) {
        return recording.add(
                what, "POST /" + intent + "\n" + body, domain.send(token, "POST", "/" + intent, body, headers));
    }

    private static Reply ok(Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.result()).as(reply.text()).isEqualTo("ok");
        return reply;
    }

    private Reply ok(String what, String token, String intent, String body, String... headers) {
        return ok(step(what, token, intent, body, headers));
    }

    private String time(int hours) {
        return start.plus(hours, ChronoUnit.HOURS).toString();
    }

    private String window(int from, int until) {
        return "'window': {'start': '" + time(from) + "', 'end': '" + time(until) + "'}";
    }

    private static List<Long> cores(Reply reply) {
        return reply.get("utilization")
                .valueStream()
                .map(point -> point.at("/capacity/cores").longValue())
                .toList();
    }

    @Test
    void capacity_management_in_four_steps() throws InterruptedException {
        domain.addCloud("lab");
        var subscribed = ok(
                "step 1: subscribe",
                ALICE,
                "subscribe",
                "{'filter': {'events': ['capacity.*', 'reservation.*']}, 'callback': '" + receiver.address()
                        + "/heard'}");

        // step 2: what the provider has is in the map; what is said of it is added
        var source = "'source': 'lab', 'start': '" + time(2) + "', 'end': '" + time(4) + "', 'zone': 'north'";
        var more = ok(
                "step 2: more is announced",
                domain.admin,
                "increase-capacity",
                "{" + source + ", 'capacity': {'cores': '5'}}");
        ok(
                "step 2: and more of it, beside the rest",
                domain.admin,
                "increase-capacity",
                "{"
                        + source.replace(
                                        "'lab'",
                                        "'ResourcePool:" + more.get("pool-id").asString("") + "'")
                                .replace(", 'zone': 'north'", "")
                        + ", 'capacity': {'cores': '3'}}");
        var nowhere = domain.ask(domain.admin, "increase-capacity", "{" + source + ", 'capacity': {'gigabytes': 10}}");
        assertThat(nowhere.get("message").asString(""))
                .isEqualTo("gigabytes is counted for the whole account, and not in a zone; leave zone out");

        // step 3
        var changed = hears("capacity.changed");
        assertThat(changed.get("subscription").stringValue())
                .isEqualTo(subscribed.get("subscription-id").asString(""));
        assertThat(changed.at("/data/change/vcpu").longValue()).isEqualTo(5);

        // step 4: before, inside and after
        var query = "{'zone': 'north', " + window(0, 6) + ", 'capacity': 'total'}";
        var total = ok("step 4: query", ALICE, "query-capacity", query);
        assertThat(cores(total)).containsExactly(32L, 40L, 32L);
        var reserved = ok(
                "a reservation",
                ALICE,
                "create-reservation",
                "{'start': '" + time(1) + "', 'end': '" + time(3) + "', 'zone': 'north', 'capacity': {'cores': 30}}");
        assertThat(cores(ok("what is left", ALICE, "query-capacity", query.replace("total", "available"))))
                .containsExactly(32L, 2L, 10L, 40L, 32L);
        assertThat(cores(ok("what is reserved", ALICE, "query-capacity", query.replace("total", "reserved"))))
                .containsExactly(0L, 30L, 0L);
        var inside = ok(
                "what is reserved of what lies inside",
                ALICE,
                "query-capacity",
                "{'zone': 'north', 'window': {'start': '" + time(2) + "', 'end': '" + time(6)
                        + "', 'scope': 'exclusive'}, 'capacity': 'reserved'}");
        assertThat(cores(inside)).containsExactly(0L);
        assertThat(inside.get("collections")).isEmpty();
        var count = ok(
                "how many instances fit",
                ALICE,
                "query-flavor-capacity",
                "{'flavor': 'large', 'zone': 'north', " + window(1, 3) + "}");
        assertThat(count.get("count").longValue()).isZero();

        // less, which hurts
        var less = "{'source': 'ResourceProvider:lab', 'start': '" + time(1) + "', 'end': '" + time(3)
                + "', 'zone': 'north', 'capacity': {'cores': 16}";
        var refused = step("less that hurts", domain.admin, "decrease-capacity", less + "}");
        assertThat(refused.result()).as(refused.text()).isEqualTo("conflict");
        assertThat(refused.get("affected").get(0).stringValue())
                .isEqualTo(
                        "ResourceReservation:" + reserved.get("reservation-id").asString(""));
        assertThat(cores(domain.ask(ALICE, "query-capacity", query))).containsExactly(32L, 40L, 32L);
        ok("less by force", domain.admin, "decrease-capacity", less + ", 'force': true}");
        assertThat(cores(domain.ask(ALICE, "query-capacity", query))).containsExactly(32L, 16L, 24L, 40L, 32L);
        var risk = hears("reservation.at-risk");
        assertThat(risk.at("/object/id").stringValue())
                .isEqualTo(reserved.get("reservation-id").asString(""));
        assertThat(step("members may not", ALICE, "decrease-capacity", less + "}")
                        .status())
                .isEqualTo(403);
        recording.check("capacity");
    }

    @Test
    void reservation_in_twelve_steps_now_and_later_blocking_and_polling() throws InterruptedException {
        domain.addCloud("lab");
        var wish = "{'start': '" + time(0) + "', 'end': '" + time(2)
                + "', 'zone': 'north', 'instance': [{'flavor': 'small', 'count': 2}]}";

        // steps 1, 2, 4, 5: asked for, checked with what there is, kept by the provider; the answer waits for that
        var made = ok("steps 1, 2, 4, 5: create", ALICE, "create-reservation", wish);
        assertThat(made.get("status").asString("")).isEqualTo("reserved");
        var id = made.get("reservation-id").asString("");

        // the same without waiting: the same end
        var polled = domain.ask(ALICE, "create-reservation", wish, "Prefer", "wait=0");
        assertThat(polled.result()).as(polled.text()).isEqualTo("ok");
        var other = polled.get("reservation-id").asString("");
        domain.waitFor("the second to be reserved", () -> "reserved".equals(status(other)));
        ok(domain.ask(ALICE, "cancel-reservation", "{'reservation-id': '" + other + "'}"));

        // step 3, and what was told before it
        ok(
                "step 3: subscribe",
                ALICE,
                "subscribe",
                "{'filter': {'reservation': ['" + id + "']}, 'since': 0, 'callback': '" + receiver.address()
                        + "/heard'}");
        // step 6
        assertThat(hears("reservation.reserved").at("/object/id").stringValue()).isEqualTo(id);

        // step 7: too early, then with the start pulled to now
        var instance =
                "{'name': 'web', 'image': 'cirros', 'flavor': 'small', 'networks': ['inside'], 'reservation-id': '" + id
                        + "'}";
        var early = step("step 7: before the start", ALICE, "create-instance", instance);
        assertThat(early.result()).isEqualTo("error");
        assertThat(early.get("status").asString("")).isEqualTo("rejected");
        // the answer says reserved or active: it is both within a moment
        ok(domain.ask(
                ALICE,
                "update-reservation",
                "{'reservation-id': '" + id + "', 'start': '" + Instant.now() + "', 'end': '" + time(0) + "'}"));
        hears("reservation.active");
        var allocated = ok("steps 7, 8: allocate", ALICE, "create-instance", instance);
        assertThat(allocated.get("status").asString("")).isEqualTo("in-progress");
        assertThat(allocated.get("priority").asString("")).isEqualTo("high");
        var server = allocated.get("instance-id").asString("");

        // steps 9, 10, 11
        hears("allocation.active");
        var shown = domain.get(ALICE, ROOT + "promise/allocations/" + server).json();
        assertThat(shown.at("/instance-ref/server").stringValue()).isNotEmpty();
        assertThat(shown.get("state").stringValue()).isEqualTo("ACTIVE");
        var remains = domain.get(ALICE, ROOT + "promise/reservations/" + id).json();
        assertThat(remains.at("/remaining/instances").longValue()).isEqualTo(1);
        assertThat(remains.at("/remaining/cores").longValue()).isEqualTo(2);
        assertThat(remains.at("/allocations/0").stringValue()).isEqualTo(server);

        // what is over the rest, or of nobody
        ok("a second instance", ALICE, "create-instance", instance);
        var over = step("a third", ALICE, "create-instance", instance);
        assertThat(over.result()).as(over.text()).isEqualTo("conflict");
        var nobody = instance.replace(id, "00000000-0000-7000-8000-000000000000");
        assertThat(step("under none that exists", ALICE, "create-instance", nobody)
                        .get("status")
                        .asString(""))
                .isEqualTo("rejected");

        // destroyed: capacity returns when the provider says that it is gone
        ok("destroy", ALICE, "destroy-instance", "{'instance-id': '" + server + "'}");
        hears("allocation.deleted");
        domain.waitFor(
                "what remains",
                () -> domain.get(ALICE, ROOT + "promise/reservations/" + id)
                                .json()
                                .at("/remaining/instances")
                                .longValue()
                        == 1);

        // step 12: announced, over, taken down
        var now = domain.clock.instant();
        ok(
                "step 12: the end comes",
                ALICE,
                "update-reservation",
                "{'reservation-id': '" + id + "', 'warn-at': '" + now.plusSeconds(60) + "', 'end': '"
                        + now.plusSeconds(120) + "'}");
        domain.clock.advance(Duration.ofSeconds(60));
        hears("reservation.expiring");
        domain.clock.advance(Duration.ofSeconds(60));
        hears("reservation.ended");
        assertThat(domain.get(ALICE, ROOT + "promise/allocations").json()).isEmpty();
        recording.check("reservation");
    }

    @Test
    void one_for_now_begins_at_once_and_says_until_when_it_is_good() throws InterruptedException {
        domain.addCloud("lab");
        var made = ok("for now", ALICE, "create-reservation", "{'capacity': {'cores': 4}, 'expiry': 30}");
        assertThat(made.get("status").asString("")).isEqualTo("active");
        assertThat(Instant.parse(made.get("expiry").asString("")))
                .isAfter(Instant.now().plus(28, ChronoUnit.MINUTES));
        var id = made.get("reservation-id").asString("");
        ok(
                "who does not use it",
                ALICE,
                "update-reservation",
                "{'reservation-id': '" + id + "', 'expiry': '" + Instant.now().plusSeconds(60) + "'}");
        ok(
                "hears",
                ALICE,
                "subscribe",
                "{'filter': {'reservation': ['" + id + "']}, 'since': 0, 'callback': '" + receiver.address()
                        + "/heard'}");
        domain.clock.advance(Duration.ofSeconds(60));
        hears("reservation.expired");
    }

    private String status(String reservation) {
        return domain.get(ALICE, ROOT + "promise/reservations/" + reservation)
                .json()
                .path("status")
                .asString("");
    }
}
