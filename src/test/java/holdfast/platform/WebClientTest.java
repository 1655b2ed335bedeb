package holdfast.platform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import holdfast.platform.WebClient.Call;
import holdfast.platform.WebClient.NoAnswerException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class WebClientTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch over = new CountDownLatch(1);

    @AutoClose
    private final WebClient client = new WebClient(Duration.ofSeconds(10), 100);

    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            var type = exchange.getRequestHeaders().getFirst("Content-Type");
            switch (exchange.getRequestURI().getPath()) {
                case "/echo" -> say(exchange, 201, exchange.getRequestMethod() + " " + type + " " + body);
                case "/moved" -> {
                    exchange.getResponseHeaders().set("Location", "/echo");
                    say(exchange, 302, "");
                }
                case "/long" -> say(exchange, 200, "x".repeat(101));
                case "/silent" -> await();
                default -> {} // cut
            }
        }
    }

    private void await() {
        try {
            over.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void say(HttpExchange exchange, int status, String text) throws IOException {
        exchange.getResponseHeaders().set("X-Word", "one");
        exchange.sendResponseHeaders(status, text.isEmpty() ? -1 : text.length());
        exchange.getResponseBody().write(text.getBytes(UTF_8));
    }

    private Call call(String method, String path, Optional<String> body) {
        return new Call(
                method, URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path), Map.of(), body);
    }

    @Test
    void any_status_is_an_answer_and_redirects_are_not_followed() throws Exception {
        var echo = client.call(call("PUT", "/echo", Optional.of("{}")), LONG);
        assertThat(echo.status()).isEqualTo(201);
        assertThat(echo.text()).isEqualTo("PUT application/json {}");
        assertThat(echo.header("x-word")).contains("one");
        assertThat(client.call(call("GET", "/moved", Optional.empty()), LONG).status())
                .isEqualTo(302);
    }

    @Test
    void it_is_told_whether_a_call_without_an_answer_may_have_had_its_effect() {
        refused(call("POST", "/cut", Optional.of("{}")), LONG, true, "it did not answer");
        refused(call("GET", "/long", Optional.empty()), LONG, true, "it did not answer");
        refused(call("GET", "/silent", Optional.empty()), Duration.ofMillis(50), true, "it did not answer in time");
        var nobody = new Call("POST", URI.create("http://127.0.0.1:1/"), Map.of(), Optional.empty());
        refused(nobody, LONG, false, "nothing listens there");
        var file = new Call("GET", URI.create("file:///etc/passwd"), Map.of(), Optional.empty());
        refused(file, LONG, false, "its address is not one of http or https");
    }

    @Test
    void secrets_in_headers_and_bodies_are_not_shown() {
        var call = new Call("POST", URI.create("http://a/b"), Map.of("X-Auth-Token", "t0ken"), Optional.of("p4ss"));
        assertThat(call.toString()).isEqualTo("POST http://a/b");
    }

    private void refused(Call call, Duration limit, boolean reached, String why) {
        assertThatThrownBy(() -> client.call(call, limit))
                .isInstanceOfSatisfying(
                        NoAnswerException.class, e -> assertThat(e.reached()).isEqualTo(reached))
                .hasMessageStartingWith(why);
    }
}
