package holdfast.drivers.deltacloud;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import holdfast.core.HardwareProfile;
import holdfast.core.Property;
import holdfast.drivers.deltacloud.Outcome.NotDoneException;
import holdfast.platform.Json;
import holdfast.platform.WebClient;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ApiTest {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private WebClient web;

    /// Sends on what is asked for at `/STATUS/WHERE`, and answers all else.
    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var path = exchange.getRequestURI().getPath();
            var login = exchange.getRequestHeaders().containsKey("Authorization") ? " with login" : "";
            var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            asked.add(exchange.getRequestMethod() + " " + path + login + (body.isEmpty() ? "" : " " + body));
            var parts = path.substring(1).split("/", 2);
            if (parts[0].matches("3\\d\\d")) {
                var to = parts[1].replace(
                        "other", "http://localhost:" + server.getAddress().getPort() + "/other");
                exchange.getResponseHeaders().set("Location", to.startsWith("http") ? to : "/" + to);
                exchange.sendResponseHeaders(Integer.parseInt(parts[0]), -1);
            } else {
                exchange.sendResponseHeaders(200, 4);
                exchange.getResponseBody().write("<x/>".getBytes(UTF_8));
            }
            exchange.close();
        });
        server.start();
        web = new WebClient(Limits.CONNECT, Limits.LARGEST_ANSWER);
    }

    @AfterEach
    void close() {
        server.stop(0);
        web.close();
    }

    private Api api(String base) {
        var account = new Account(URI.create(base), "mock", Optional.empty(), "me", "secret", Optional.empty(), false);
        return new Api(web, account, DeltacloudRig.LIMITS, InstantSource.system());
    }

    private String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private Outcome post(String path) {
        return api(base()).post(URI.create(base() + path), Map.of("a", "b c"), Duration.ofSeconds(5));
    }

    @Test
    void a_read_is_sent_on_at_most_three_times() {
        api(base()).get(URI.create(base() + "/301/302/303/end"));
        assertThat(asked).hasSize(4).last().isEqualTo("GET /end with login");
        assertThat(outcome("/301/302/303/307/end")).isInstanceOf(Outcome.Away.class);
    }

    private Outcome outcome(String path) {
        try {
            api(base()).get(URI.create(base() + path));
            throw new AssertionError("done");
        } catch (NotDoneException e) {
            return e.outcome();
        }
    }

    @Test
    void what_is_posted_is_posted_again_only_if_the_server_says_so() {
        assertThat(post("/307/308/end")).isInstanceOf(Outcome.Done.class);
        assertThat(asked).last().isEqualTo("POST /end with login a=b%20c");
        assertThat(post("/303/end")).isInstanceOf(Outcome.Done.class);
        assertThat(asked).last().isEqualTo("GET /end with login");
    }

    @Test
    void no_other_host_hears_the_password() {
        assertThat(post("/307/other")).isEqualTo(new Outcome.Wrong("it sends us to another host, localhost"));
        assertThat(outcome("/302/other")).isInstanceOf(Outcome.Wrong.class);
        assertThat(asked).noneMatch(line -> line.contains(" /other"));
    }

    @Test
    void what_began_in_secret_goes_on_in_secret() {
        assertThat(api("https://dc.example/api").link("http://dc.example:3001/api/keys?x=1"))
                .isEqualTo(URI.create("https://dc.example/api/keys?x=1"));
        assertThat(api("http://dc.example/api").link("http://other.example/api/keys"))
                .isEqualTo(URI.create("http://other.example/api/keys"));
        assertThat(api("http://dc.example/api").link("keys")).isEqualTo(URI.create("http://dc.example/api/keys"));
    }

    @Test
    void a_mark_leads_back_to_its_lease_and_to_its_owner() {
        var marks = new Marks(new UUID(0x1234_5678_0000_0000L, 1));
        for (var lease : List.of(new UUID(0, 0), new UUID(-1, -1), new UUID(5, Long.MIN_VALUE))) {
            var key = new holdfast.authority.Driver.Key(lease.toString(), "server");
            assertThat(marks.leaseOf(marks.name(key, "a/b", Optional.of(50)))).contains(lease.toString());
            assertThat(marks.name(key, "x".repeat(90), Optional.of(50))).hasSize(50);
            assertThat(new Marks(new UUID(9, 9)).leaseOf(marks.name(key, "a", Optional.empty())))
                    .isEmpty();
            assertThat(marks.leaseOfKey(marks.key(key, "ä b", 7))).contains(lease.toString());
            assertThat(marks.leaseOf(marks.key(key, "a", 7))).isEmpty();
        }
        assertThat(marks.leaseOf("web-123456" + "z".repeat(25)))
                .as("no id of a lease")
                .isEmpty();
    }

    @Test
    void profiles_are_the_same_when_they_were_kept() {
        var profile = new HardwareProfile(
                "m1",
                "m1",
                new Property.Range(Optional.empty(), new BigDecimal("512"), new BigDecimal("10240.50")),
                new Property.OneOf(Optional.of(BigDecimal.TEN), List.of(new BigDecimal("1E+1"), BigDecimal.ONE)),
                new Property.Any(),
                List.of("x86_64"),
                Optional.empty(),
                Map.of());
        assertThat(Json.read(Json.text(profile), HardwareProfile.class)).isEqualTo(profile);
    }
}
