package holdfast.api.resources;

import static holdfast.Talk.all;
import static holdfast.Talk.echoed;
import static holdfast.api.resources.TestDomain.ALICE;
import static holdfast.api.resources.TestDomain.BOB;
import static holdfast.api.resources.TestDomain.in;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.TestDatabase;
import holdfast.api.Connections;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.outside.Await;
import holdfast.platform.Json;
import holdfast.platform.WebClient;
import holdfast.platform.WebClient.Dialled;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Connections to machines of our own site, whose driver is simulated: port 7 says again what it is told, port 80 says
/// which machine it is.
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectApiTest {
    private static final String LAB = "src/test/resources/sim/lab-ad.graphml";
    private static final String GET = "GET / HTTP/1.0\r\n\r\n";
    private static final int LARGE = 4 << 20;

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(test, SimulatedSettings.PERFECT, LAB);

    @AutoClose
    private final WebClient web = new WebClient(Duration.ofSeconds(10), 1 << 20);

    private int built;
    private String name;
    private String sliver;

    @BeforeEach
    void build() {
        name = "web" + built++;
        var created = domain.post(ALICE, "/v1/slices", """
            {"name": "%s", "hours": 2, "nodes": [{"name": "node1", "site": "LAB", "cores": 1, "ram": 2, "disk": 2}]}""".formatted(name)).json();
        domain.follow(ALICE, created.path("id").asString(), in("StableOK"));
        var slivers = domain.get(ALICE, "/v1/slices/" + name + "/slivers").json();
        sliver = slivers.path("data").get(0).path("id").asString();
    }

    private String target(String of, int port) {
        return "/v1/slivers/" + of + "/connect?port=" + port;
    }

    private Dialled dial(String token, String target, String... headers) throws Exception {
        var all = new HashMap<>(Map.of("Authorization", "Bearer " + token));
        for (int n = 0; n < headers.length; n += 2) {
            all.put(headers[n], headers[n + 1]);
        }
        return web.dial(new WebClient.Call("GET", domain.uri(target), all, Optional.empty()), Duration.ofSeconds(20));
    }

    private ByteChannel opened(int port) throws Exception {
        var dialled = dial(ALICE, target(sliver, port));
        assertThat(dialled).isInstanceOf(Dialled.Open.class);
        return ((Dialled.Open) dialled).channel();
    }

    private void refused(Dialled dialled, int status, String why) {
        assertThat(dialled).isInstanceOfSatisfying(Dialled.Refused.class, refused -> {
            assertThat(refused.answer().status()).as(refused.answer().text()).isEqualTo(status);
            assertThat(Json.tree(refused.answer().text()).path("message").asString())
                    .contains(why);
        });
    }

    @Test
    void a_machine_is_reached_at_its_ports_and_what_is_said_comes_back_whole() throws Exception {
        try (var channel = opened(80)) {
            channel.write(ByteBuffer.wrap(GET.getBytes(UTF_8)));
            assertThat(new String(all(channel), UTF_8)).contains("node1");
        }
        var noise = new byte[LARGE];
        new Random(1).nextBytes(noise);
        try (var channel = opened(7)) {
            assertThat(echoed(channel, noise)).isEqualTo(noise);
        }
        var many = IntStream.range(0, 8)
                .mapToObj(n -> CompletableFuture.runAsync(
                        () -> {
                            try (var channel = opened(7)) {
                                assertThat(echoed(channel, ("I am " + n).getBytes(UTF_8)))
                                        .isEqualTo(("I am " + n).getBytes(UTF_8));
                            } catch (Exception e) {
                                throw new AssertionError(e);
                            }
                        },
                        task -> Thread.ofVirtual().start(task)))
                .toList();
        for (var one : many) {
            one.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void asked_without_a_web_socket_it_says_which_way_it_would_go() {
        var plan = domain.get(ALICE, target(sliver, 22));
        assertThat(plan.status()).isEqualTo(200);
        assertThat(plan.json().path("way").asString()).isEqualTo("direct");
        assertThat(plan.json().path("port").asInt()).isEqualTo(22);
        assertThat(plan.response().headers().firstValue("X-Holdfast-Way")).hasValue("direct");
    }

    @Test
    void who_may_not_see_the_sliver_does_not_connect_and_what_is_wrong_is_said_before() throws Exception {
        refused(dial(BOB, target(sliver, 7)), 404, "there is no sliver " + sliver);
        refused(dial("nobody", target(sliver, 7)), 401, "token");
        refused(dial(ALICE, target("1sl999", 7)), 404, "there is no sliver 1sl999");
        refused(dial(ALICE, target(sliver, 0)), 400, "from 1 to 65535");
        refused(dial(ALICE, target(sliver, 70_000)), 400, "from 1 to 65535");
        refused(dial(ALICE, "/v1/slivers/" + sliver + "/connect"), 400, "port is missing");
        refused(dial(ALICE, target(sliver, 81)), 404, "81");
        refused(dial(ALICE, target(sliver, 7), "Origin", "http://elsewhere.example"), 403, "elsewhere.example");
    }

    @Test
    void what_the_slice_ends_is_closed_with_the_reason_and_not_opened_again() throws Exception {
        try (var channel = opened(7)) {
            assertThat(domain.delete(ALICE, "/v1/slices/" + name).status()).isEqualTo(200);
            assertThatThrownBy(() -> all(channel)).hasMessageContaining("the sliver is clos");
        }
        refused(dial(ALICE, target(sliver, 7)), 409, "connect to its machine while it is active");
        for (var written : List.of("is open", "is closed: 0 bytes there, 0 back; the sliver is clos")) {
            Await.that(
                    "the journal to have: " + written,
                    Duration.ofSeconds(20),
                    () -> domain.get(ALICE, "/v1/journal?kind=change&limit=1000")
                            .text()
                            .contains("a connection to its port 7 " + written));
        }
    }

    @Test
    void there_are_only_so_many_to_one_machine() throws Exception {
        var open = new ArrayList<ByteChannel>();
        for (int n = 0; n < Connections.MOST_EACH; n++) {
            open.add(opened(7));
        }
        refused(dial(ALICE, target(sliver, 7)), 429, "too many connections are open");
        for (var channel : open) {
            assertThat(echoed(channel, "bye".getBytes(UTF_8))).isEqualTo("bye".getBytes(UTF_8));
            channel.close();
        }
        opened(80).close();
    }
}
