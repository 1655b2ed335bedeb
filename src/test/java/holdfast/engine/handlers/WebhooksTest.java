package holdfast.engine.handlers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.Secrets;
import holdfast.platform.WebhookClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Handlers that are called at an address.
@Timeout(300)
class WebhooksTest {
    /// Knows nothing of Holdfast: what the signature must be, in the words of Python's library.
    private static final String VERIFY = """
            import hashlib, hmac, sys
            secret, header, body = sys.argv[1], dict(p.split('=', 1) for p in sys.argv[2].split(',')), open(sys.argv[3], 'rb').read()
            good = hmac.new(secret.encode(), header['t'].encode() + b'.' + body, hashlib.sha256).hexdigest()
            sys.exit(0 if hmac.compare_digest(good, header['v1']) else 1)
            """;

    @AutoClose
    private final HandlerWorld world = new HandlerWorld();

    @AutoClose
    private final WebhookClient client = new WebhookClient(CallbackPolicy.opening(List.of("127.0.0.0/8")));

    @TempDir
    private Path scratch;

    private final Subscriptions subscriptions =
            new Subscriptions(world.platform, world.database, world.engine, Subscriptions.Options.standard());
    private final Webhooks webhooks =
            new Webhooks(world.platform, world.handlers, subscriptions, world.replies, SECRETS, client);
    private final BlockingQueue<Got> got = new LinkedBlockingQueue<>();
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final HttpServer receiver = receiver();

    private static final Secrets SECRETS = Secrets.of(new byte[32]);

    private record Got(Map<String, String> headers, byte[] body) {}

    private record Answer(int status, String text) {}

    private HttpServer receiver() {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::receive);
            server.start();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            var signature = String.valueOf(exchange.getRequestHeaders().getFirst("X-Holdfast-Signature"));
            got.add(new Got(Map.of("signature", signature), body));
            var answer = answers.poll();
            var text = answer == null ? new byte[0] : answer.text.getBytes(UTF_8);
            if (answer != null && answer.status == 302) {
                exchange.getResponseHeaders().add("Location", "http://127.0.0.1:" + port() + "/elsewhere");
            }
            exchange.sendResponseHeaders(answer == null ? 202 : answer.status, text.length == 0 ? -1 : text.length);
            exchange.getResponseBody().write(text);
        }
    }

    private int port() {
        return receiver.getAddress().getPort();
    }

    @BeforeEach
    void begin() {
        subscriptions.start();
        webhooks.start();
        var handler = world.handler(
                "hook",
                "{\"processConfigs\": [{\"name\": \"thing.start\"}], \"url\": \"http://127.0.0.1:" + port() + "/in\"}");
        world.set(handler, "secret", SECRETS.seal(handler, "secret", "s3cret"));
    }

    @AfterEach
    void end() throws InterruptedException {
        webhooks.stop();
        subscriptions.stop();
        receiver.stop(0);
    }

    private Got next() throws InterruptedException {
        var next = got.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("a call").isNotNull();
        return next;
    }

    private void runUntilAnswered() throws InterruptedException {
        while (!world.open().isEmpty()) {
            world.engine.changed().await(world.engine.changed().count(), Duration.ofMillis(20));
        }
        world.run();
    }

    @Test
    void a_call_is_posted_with_a_signature_that_others_can_verify_and_the_answer_is_the_reply() throws Exception {
        answers.add(new Answer(200, "{\"data\": {\"uri\": \"from-the-hook\"}}"));
        var thing = world.thing();
        world.start(thing);
        world.engine.changed().raise();
        var call = next();
        runUntilAnswered();
        assertThat(world.look(thing).content().path("uri").asString()).isEqualTo("from-the-hook");
        assertThat(world.look(thing).state()).isEqualTo("running");
        assertThat(verified("s3cret", call)).isTrue();
        assertThat(verified("another", call)).isFalse();
    }

    private boolean verified(String secret, Got call) throws IOException, InterruptedException {
        var script = Files.writeString(scratch.resolve("verify.py"), VERIFY);
        var body = Files.write(scratch.resolve("body"), call.body);
        return new ProcessBuilder("python3", script.toString(), secret, call.headers.get("signature"), body.toString())
                        .inheritIO()
                        .start()
                        .waitFor()
                == 0;
    }

    @Test
    void failures_garbage_and_redirects_are_tried_again_with_the_same_event() throws Exception {
        answers.add(new Answer(500, "no"));
        answers.add(new Answer(200, "not json"));
        answers.add(new Answer(302, ""));
        answers.add(new Answer(200, "{}"));
        var thing = world.thing();
        world.start(thing);
        world.engine.changed().raise();
        var first = next();
        for (int n = 0; n < 3; n++) {
            assertThat(next().body).isEqualTo(first.body);
        }
        runUntilAnswered();
        assertThat(world.look(thing).state()).isEqualTo("running");
        assertThat(got).isEmpty();
    }

    @Test
    void an_empty_answer_means_that_the_reply_comes_later() throws Exception {
        var thing = world.thing();
        world.start(thing);
        world.engine.changed().raise();
        next();
        assertThat(world.look(thing).state()).isEqualTo("starting");
        world.say(world.onlyOpen(), "{}");
        assertThat(world.look(thing).state()).isEqualTo("running");
        assertThat(got).isEmpty();
    }
}
