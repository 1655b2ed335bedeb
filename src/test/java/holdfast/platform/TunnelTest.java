package holdfast.platform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.Talk;
import holdfast.platform.WebClient.Dialled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Bytes both ways through a server: our client at one end, a plain socket at the other.
@Timeout(300)
class TunnelTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int LARGE = 8 << 20;

    private final WebClient client = new WebClient(LIMIT, 1 << 20);
    private final BlockingQueue<SocketChannel> machines = new LinkedBlockingQueue<>();
    private ServerSocketChannel listening;
    private HttpServer server;
    private volatile Duration idle = Duration.ofMinutes(1);

    @BeforeEach
    void start() throws IOException {
        listening = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(this::listen);
        server = HttpServer.start(
                HttpServer.Options.standard().withPort(0),
                List.of(new HttpServer.Mount("", _ -> HttpReply.of(418, "text/plain", "no"))),
                this::open);
    }

    private void listen() {
        try {
            while (true) {
                machines.add(listening.accept());
            }
        } catch (IOException _) {
            // the test is over
        }
    }

    private Optional<HttpReply> open(HttpRequest request) {
        try {
            return switch (request.path().getFirst()) {
                case "machine" ->
                    Optional.of(new HttpReply.Tunnel(
                            SocketChannel.open(listening.getLocalAddress()), Map.of("X-Way", "direct"), idle));
                case "nobody" ->
                    Optional.of(
                            HttpReply.of(404, "text/plain", "nobody listens").with("X-Why", "so"));
                default -> Optional.empty();
            };
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        client.close();
        listening.close();
    }

    private Dialled dial(String path) throws Exception {
        var url = URI.create(server.address() + "/" + path);
        return client.dial(new WebClient.Call("GET", url, Map.of(), Optional.empty()), LIMIT);
    }

    private ByteChannel opened() throws Exception {
        return ((Dialled.Open) dial("machine")).channel();
    }

    private SocketChannel machine() throws InterruptedException {
        var machine = machines.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(machine).isNotNull();
        return machine;
    }

    private static byte[] noise(int seed) {
        var bytes = new byte[LARGE];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] all(ByteChannel channel, int most) throws IOException {
        var got = ByteBuffer.allocate(most + 1);
        while (channel.read(got) >= 0) {
            assertThat(got.position()).isLessThanOrEqualTo(most);
        }
        return java.util.Arrays.copyOf(got.array(), got.position());
    }

    private static CompletableFuture<Void> sending(ByteChannel channel, byte[] bytes) {
        return CompletableFuture.runAsync(
                () -> Talk.say(channel, bytes), task -> Thread.ofVirtual().start(task));
    }

    @Test
    void megabytes_go_both_ways_at_once_and_each_side_may_end_before_the_other() throws Exception {
        try (var here = opened();
                var there = machine()) {
            var out = sending(here, noise(1));
            var back = sending(there, noise(2));
            var gotBack = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return all(here, LARGE);
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    },
                    task -> Thread.ofVirtual().start(task));
            assertThat(all(there, LARGE)).isEqualTo(noise(1));
            assertThat(gotBack.get(60, TimeUnit.SECONDS)).isEqualTo(noise(2));
            out.get(60, TimeUnit.SECONDS);
            back.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void who_has_said_all_still_hears_the_answer() throws Exception {
        try (var here = opened();
                var there = machine()) {
            sending(here, "question".getBytes(UTF_8)).get(60, TimeUnit.SECONDS);
            assertThat(all(there, 100)).isEqualTo("question".getBytes(UTF_8));
            sending(there, "answer".getBytes(UTF_8)).get(60, TimeUnit.SECONDS);
            assertThat(all(here, 100)).isEqualTo("answer".getBytes(UTF_8));
        }
    }

    /// Without that the server would hold all of it.
    @Test
    void what_nobody_reads_stops_its_sender() throws Exception {
        try (var here = opened();
                var there = machine()) {
            there.configureBlocking(false);
            var piece = ByteBuffer.allocate(1 << 20);
            long sent = 0;
            for (int still = 0; still < 20; ) {
                int taken = there.write(piece.clear());
                still = taken == 0 ? still + 1 : 0;
                sent += taken;
                assertThat(sent).isLessThan(64L << 20);
                TimeUnit.MILLISECONDS.sleep(taken == 0 ? 10 : 0);
            }
            var got = ByteBuffer.allocate(1 << 16);
            long heard = 0;
            while (heard < sent) {
                heard += here.read(got.clear());
            }
            assertThat(there.write(piece.clear())).as("it goes on").isPositive();
        }
    }

    @Test
    void an_end_on_one_side_is_one_on_the_other() throws Exception {
        var here = opened();
        try (var there = machine()) {
            here.close();
            assertThat(all(there, 0)).isEmpty();
        }
        try (var other = opened()) {
            machine().close();
            assertThat(all(other, 0)).isEmpty();
        }
    }

    @Test
    void what_does_not_move_is_closed_and_told_why() throws Exception {
        idle = Duration.ofMillis(200);
        try (var here = opened();
                var there = machine()) {
            assertThatThrownBy(() -> here.read(ByteBuffer.allocate(1))).hasMessageContaining("nothing was sent");
            assertThat(all(there, 0)).isEmpty();
        }
    }

    /// Also if it stops before the connection has got further than its first answer.
    @RepeatedTest(20)
    void a_server_that_stops_says_so() throws Exception {
        try (var here = opened();
                var there = machine()) {
            server.close();
            assertThatThrownBy(() -> here.read(ByteBuffer.allocate(1))).hasMessage("the server stops");
            assertThat(all(there, 0)).isEmpty();
        }
    }

    @Test
    void a_refusal_is_an_answer_like_any_other() throws Exception {
        assertThat(dial("nobody")).isInstanceOfSatisfying(Dialled.Refused.class, refused -> {
            assertThat(refused.answer().status()).isEqualTo(404);
            assertThat(refused.answer().text()).isEqualTo("nobody listens");
            assertThat(refused.answer().header("x-why")).contains("so");
        });
        assertThat(dial("other"))
                .isInstanceOfSatisfying(
                        Dialled.Refused.class,
                        refused -> assertThat(refused.answer().status()).isEqualTo(418));
    }

    @Test
    void many_at_once_do_not_mix() throws Exception {
        var all = IntStream.range(0, 8)
                .mapToObj(n -> CompletableFuture.runAsync(
                        () -> {
                            try (var here = opened()) {
                                sending(here, ("I am " + n).getBytes(UTF_8)).join();
                                assertThat(new String(all(here, 100), UTF_8)).isEqualTo("I am " + n);
                            } catch (Exception e) {
                                throw new AssertionError(e);
                            }
                        },
                        task -> Thread.ofVirtual().start(task)))
                .toList();
        for (int n = 0; n < 8; n++) {
            var machine = machine();
            Thread.ofVirtual().start(() -> echo(machine));
        }
        for (var one : all) {
            one.get(60, TimeUnit.SECONDS);
        }
    }

    private static void echo(SocketChannel machine) {
        try (machine) {
            machine.write(ByteBuffer.wrap(all(machine, 100)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
