package holdfast.api.rear;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.federation.trust.Caller;
import holdfast.federation.trust.Rights;
import holdfast.federation.wire.EventStream;
import holdfast.platform.Json;
import holdfast.protocol.rear.Samples;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Peers subscribe over real sockets (fluidos.md 5.9).
@Timeout(300)
final class SubscriptionsTest {
    private static final String SUBSCRIPTIONS = "/api/v2/subscriptions";
    private static final String ALL = "{'scope':{'all':true}}";
    private static final Duration HOUR = Duration.ofHours(1);

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final RearDomain domain = new RearDomain(test);

    /// One subscription, of a node called so.
    private final class Peer {
        private final String id;
        private String last;

        /// What happened before is told to others.
        Peer(String node, String body, String... headers) {
            domain.tell();
            var all = new ArrayList<>(List.of(headers));
            all.addAll(List.of("X-REAR-Path", node));
            var answer = domain.post(SUBSCRIPTIONS, body, all.toArray(String[]::new));
            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
            id = answer.get("subscriptionID");
            last = answer.get("lastEventID");
        }

        RearDomain.Answer ask(String wait) {
            return domain.get(SUBSCRIPTIONS + "/" + id + "/events?wait=" + wait, "Last-Event-ID", last);
        }

        /// What was told since the last time, each as `kind data`.
        List<String> hears() {
            domain.tell();
            var answer = ask("0");
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.header("content-type")).contains(EventStream.TYPE);
            var stream = EventStream.read(answer.text());
            last = stream.last();
            return stream.events().stream()
                    .map(event -> event.name() + " " + event.data())
                    .toList();
        }
    }

    private static String field(String event, String path) {
        return Json.tree(event.substring(event.indexOf(' ') + 1)).at(path).asString();
    }

    @Test
    void a_hold_retires_one_name_and_lists_another_and_its_end_brings_the_first_back() {
        var whole = domain.offer();
        var peer = new Peer("milano", ALL);
        assertThat(peer.hears()).isEmpty();
        var held = domain.reserve(whole, "anna");
        var events = peer.hears();
        assertThat(events)
                .hasSize(2)
                .filteredOn(one -> one.startsWith("withdraw"))
                .singleElement()
                .satisfies(one -> {
                    assertThat(field(one, "/flavorID")).isEqualTo(whole);
                    assertThat(field(one, "/reason/code")).isEqualTo("replaced");
                });
        var refresh = events.stream()
                .filter(one -> one.startsWith("refresh"))
                .findFirst()
                .orElseThrow();
        assertThat(field(refresh, "/flavor/type/data/charateristics/cpu")).isEqualTo("6");
        var rest = field(refresh, "/flavor/flavorID");
        assertThat(Json.tree(refresh.substring(8)).path("modifications").toString())
                .contains("{\"field\":\"flavorID\",\"oldValue\":\"" + whole + "\",\"newValue\":\"" + rest + "\"}")
                .contains("{\"field\":\"type.data.charateristics.cpu\",\"oldValue\":\"8\",\"newValue\":\"6\"}");
        domain.send("DELETE", "/api/v2/transactions/" + held, "");
        assertThat(peer.hears())
                .hasSize(2)
                .anySatisfy(one -> {
                    assertThat(one).startsWith("withdraw");
                    assertThat(field(one, "/flavorID")).isEqualTo(rest);
                })
                .anySatisfy(one -> {
                    assertThat(one).startsWith("refresh");
                    assertThat(field(one, "/flavor/flavorID")).isEqualTo(whole);
                });
        domain.withdraw(whole);
        assertThat(peer.hears()).singleElement().satisfies(one -> {
            assertThat(field(one, "/reason/code")).isEqualTo("withdrawn");
            assertThat(field(one, "/reason/message")).contains("operator");
        });
    }

    @Test
    void one_name_or_one_selector_is_told_of_alone() {
        var slice = domain.offer();
        var one = new Peer("a", "{'scope':{'flavorID':'" + slice + "'}}");
        var vms = new Peer("b", "{'scope':{'flavorType':'VM'}}");
        var large = new Peer(
                "c",
                "{'scope':{'flavorType':'k8slice','selector':{'filters':"
                        + "{'cpuFilter':{'name':'Range','data':{'min':'8'}}}}}}");
        domain.offer(Samples.vm());
        domain.reserve(slice, "anna");
        assertThat(one.hears()).hasSize(2); // it goes, and what takes its place says of which it does
        assertThat(vms.hears())
                .singleElement()
                .satisfies(
                        event -> assertThat(field(event, "/flavor/type/name")).isEqualTo("vm"));
        assertThat(large.hears()).hasSize(2);
        domain.reserve(slice, "bert");
        assertThat(large.hears()).as("neither is as large").isEmpty();
    }

    @Test
    void a_contract_is_told_of_to_its_buyer_alone() {
        var flavor = domain.offer();
        var buyer = new Peer("anna", ALL);
        var other = new Peer("bert", ALL);
        var contract = domain.purchase(domain.reserve(flavor, "anna"), "{}").get("contractID");
        assertThat(buyer.hears()).contains("contract {\"contractID\":\"" + contract + "\",\"state\":\"ACTIVE\"}");
        domain.send("DELETE", "/api/v2/contracts/" + contract, "");
        assertThat(buyer.hears()).contains("contract {\"contractID\":\"" + contract + "\",\"state\":\"TERMINATED\"}");
        assertThat(other.hears()).isNotEmpty().noneMatch(one -> one.startsWith("contract"));
    }

    @Test
    void who_waits_is_answered_when_something_happens() throws Exception {
        var flavor = domain.offer();
        var peer = new Peer("anna", ALL);
        var answer = CompletableFuture.supplyAsync(() -> peer.ask("20"));
        domain.reserve(flavor, "bert");
        domain.tell();
        assertThat(answer.get(60, TimeUnit.SECONDS).text()).contains("event: withdraw");
    }

    @Test
    void a_place_to_go_on_from_that_is_none_is_refused() {
        var peer = new Peer("anna", ALL);
        for (var wrong : List.of("x", "-1")) {
            peer.last = wrong;
            assertThat(peer.ask("0").status()).as(wrong).isEqualTo(400);
        }
    }

    @Test
    void a_stream_without_end_tells_what_comes_and_goes_on_where_it_was() throws IOException, InterruptedException {
        var flavor = domain.offer();
        var peer = new Peer("anna", ALL);
        domain.reserve(flavor, "bert"); // before anybody listens
        domain.tell();
        var question = HttpRequest.newBuilder(
                        URI.create(domain.server.address() + SUBSCRIPTIONS + "/" + peer.id + "/events"))
                .header("Last-Event-ID", peer.last)
                .header("Accept", "text/event-stream, application/xml");
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(question.build(), BodyHandlers.ofLines());
            assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith(EventStream.TYPE);
            var lines = answer.body().filter(line -> line.startsWith("data: ")).iterator();
            var heard = new ArrayList<>(List.of(lines.next(), lines.next()));
            domain.withdraw(flavor);
            domain.tell();
            heard.add(lines.next());
            assertThat(heard).allMatch(line -> line.startsWith("data: <"));
            assertThat(heard.getLast()).contains("<WithdrawMessage><Flavor><FlavorID>");
            client.shutdownNow();
        }
    }

    @Test
    void a_webhook_is_told_in_order_signed_and_in_xml_if_that_was_asked_for() {
        var flavor = domain.offer();
        new Peer(
                "anna",
                "{'scope':{'all':true},'deliver':{'kind':'webhook','url':'http://anna.example/told',"
                        + "'secret':'a secret of anna'}}",
                "Accept",
                "application/xml");
        domain.withdraw(flavor);
        domain.tell();
        assertThat(domain.posted).singleElement().satisfies(one -> {
            assertThat(one.to()).hasToString("http://anna.example/told");
            assertThat(one.secret()).contains("a secret of anna");
            assertThat(one.letter().signature()).isEqualTo("X-REAR-Signature");
            assertThat(one.letter().type()).isEqualTo("application/xml; charset=utf-8");
            assertThat(one.letter().body()).startsWith("<WithdrawMessage><Flavor><FlavorID>" + flavor);
        });
    }

    @Test
    void a_webhook_that_takes_nothing_for_an_hour_is_dropped() {
        var flavor = domain.offer();
        var peer = new Peer(
                "anna", "{'scope':{'all':true},'deliver':{'kind':'webhook','url':'http://anna.example/told'}}");
        domain.taking.set(503);
        domain.withdraw(flavor);
        var start = domain.clock.get();
        for (int second = 0; second < 3600; second += second < 255 ? 1 : 64) {
            domain.clock.set(start.plusSeconds(second));
            domain.tell();
            if (second % 60 == 0 || second > 255) {
                assertThat(domain.send("PUT", SUBSCRIPTIONS + "/" + peer.id, "{}")
                                .status())
                        .isEqualTo(200);
            }
        }
        var tries = domain.posted.stream()
                .limit(10)
                .map(one -> Duration.between(start, one.at()).toSeconds())
                .toList();
        assertThat(tries).containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 63L, 127L, 191L, 255L);
        domain.advance(Duration.ofSeconds(64));
        domain.tell();
        assertThat(domain.send("PUT", SUBSCRIPTIONS + "/" + peer.id, "{}").status())
                .isEqualTo(404);
        int before = domain.posted.size();
        domain.advance(HOUR);
        domain.tell();
        assertThat(domain.posted).hasSize(before);
    }

    @Test
    void it_ends_after_ten_minutes_unless_it_is_renewed_and_when_its_peer_says_so() {
        domain.offer();
        var peer = new Peer("anna", ALL);
        domain.advance(Duration.ofSeconds(599));
        assertThat(domain.send("PUT", SUBSCRIPTIONS + "/" + peer.id, "{}").get("expiresAt"))
                .isEqualTo(domain.clock.get().plusSeconds(600).toString());
        domain.advance(Duration.ofSeconds(599));
        assertThat(peer.hears()).isEmpty();
        domain.advance(Duration.ofSeconds(1));
        assertThat(peer.ask("0").status()).isEqualTo(404);
        var other = new Peer("anna", ALL);
        assertThat(domain.send("DELETE", SUBSCRIPTIONS + "/" + other.id, "").status())
                .isEqualTo(204);
        assertThat(other.ask("0").status()).isEqualTo(404);
    }

    @Test
    void who_was_away_for_more_than_a_thousand_events_is_told_to_list_again() {
        var flavor = domain.offer();
        var peer = new Peer("anna", ALL);
        test.database().inTransaction(tx -> tx.sql().execute("""
                insert into notice (id, type, at, kind, object, version, project, data)
                select gen_random_uuid(), type, at, kind, object, version, project, data
                from notice cross join generate_series(1, 1000) where type = 'flavor.refreshed'"""));
        domain.tell();
        assertThat(peer.ask("0").status()).as("1,000 are kept").isEqualTo(200);
        domain.withdraw(flavor);
        domain.tell();
        assertThat(peer.ask("0").status()).isEqualTo(410);
        peer.last = domain.send("PUT", SUBSCRIPTIONS + "/" + peer.id, "{}").get("lastEventID");
        assertThat(peer.hears()).isEmpty();
    }

    @Test
    void there_are_sixteen_of_one_peer_and_what_is_wrong_is_refused() {
        for (int i = 0; i < 16; i++) {
            new Peer("anna", ALL);
        }
        assertThat(domain.post(SUBSCRIPTIONS, ALL, "X-REAR-Path", "anna").status())
                .isEqualTo(409);
        new Peer("bert", ALL);
        var refused = List.of(
                "{'scope':{}}",
                "{'scope':{'all':true,'flavorID':'x'}}",
                "{'scope':{'flavorType':'boat'}}",
                "{'scope':{'flavorType':'VM','selector':{'filters':{'podsFilter':{}}}}}",
                "{'scope':{'all':true},'deliver':{'kind':'pigeon'}}",
                "{'scope':{'all':true},'deliver':{'kind':'webhook','url':'file:///etc/passwd'}}",
                "{'scope':{'all':true},'deliver':{'kind':'webhook','url':'http://h/','secret':'short'}}");
        for (var body : refused) {
            var answer = domain.post(SUBSCRIPTIONS, body, "X-REAR-Path", "carla");
            assertThat(answer.status()).as(body + " " + answer.text()).isEqualTo(400);
            assertThat(answer.text()).doesNotContain("'short'");
        }
        assertThat(domain.get(SUBSCRIPTIONS + "/nobody/events?wait=0").status()).isEqualTo(404);
        assertThat(domain.get("/api/v2/capabilities").text()).contains("subscriptions");
    }

    @Test
    void what_rules_hide_is_hidden_in_events() {
        var rules = List.of(
                new Rights.Rule(
                        Caller.Standing.ANYBODY,
                        Optional.empty(),
                        Optional.empty(),
                        Set.of(Rights.Message.LIST),
                        Rights.Label.of("type=vm"),
                        false),
                Rights.ALL.rules().getFirst());
        var door = new Door(new Door.Way.Nothing(), new Rights(rules), Optional.empty());
        try (var hidden = new RearDomain(test, 7, door)) {
            var answer = hidden.post(SUBSCRIPTIONS, ALL, "X-REAR-Path", "anna");
            hidden.offer(Samples.vm());
            hidden.tell();
            var events = SUBSCRIPTIONS + "/" + answer.get("subscriptionID") + "/events?wait=0";
            var last = answer.get("lastEventID");
            assertThat(EventStream.read(
                                    hidden.get(events, "Last-Event-ID", last).text())
                            .events())
                    .isEmpty();
            hidden.offer();
            hidden.tell();
            assertThat(EventStream.read(
                                    hidden.get(events, "Last-Event-ID", last).text())
                            .events())
                    .hasSize(1);
        }
    }
}
