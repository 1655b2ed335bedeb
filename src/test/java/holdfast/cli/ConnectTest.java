package holdfast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.HttpServer;
import holdfast.platform.Ports;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ConnectTest {
    private ServerSocketChannel machine;
    private HttpServer server;
    private volatile List<String> machines = List.of("front");

    @BeforeEach
    void start() throws IOException {
        machine = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(this::echo);
        server = HttpServer.start(
                HttpServer.Options.standard().withPort(0),
                List.of(new HttpServer.Mount("", this::answer)),
                request -> Optional.of(open(request)));
    }

    /// The machine answers with what it is told, when it was told all.
    private void echo() {
        try {
            while (true) {
                var one = machine.accept();
                Thread.ofVirtual().start(() -> {
                    try (one) {
                        var got = ByteBuffer.allocate(1000);
                        while (one.read(got) >= 0) {
                            // goes on
                        }
                        one.write(got.flip());
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
            }
        } catch (IOException _) {
            // the test is over
        }
    }

    private HttpReply answer(HttpRequest request) {
        return switch (request.rawPath()) {
            case "/v1/slices/web" ->
                json("{\"id\": \"1s1\", \"name\": \"web\", \"state\": \"StableOK\", \"slivers\": [%s]}"
                        .formatted(machines.stream()
                                .map("{\"id\": \"1sl-%1$s\", \"name\": \"%1$s\"}"::formatted)
                                .collect(Collectors.joining(","))));
            case "/v1/slivers/1sl-front/connect", "/v1/slivers/1sl-back/connect" ->
                json("{\"way\": \"by way of bay-super\"}");
            default -> HttpReply.of(404, "application/json", FakeServer.error(404, "NotThere", "nothing there"));
        };
    }

    private static HttpReply json(String text) {
        return HttpReply.of(200, "application/json", text);
    }

    private HttpReply open(HttpRequest request) {
        boolean known = request.header("Authorization").equals(Optional.of("Bearer " + FakeServer.TOKEN))
                && request.rawPath().equals("/v1/slivers/1sl-front/connect");
        if (!known || !request.query().get("port").equals(List.of("80"))) {
            return HttpReply.of(404, "application/json", FakeServer.error(404, "NotThere", "nobody listens there"));
        }
        try {
            return new HttpReply.Tunnel(SocketChannel.open(machine.getLocalAddress()), Map.of(), Duration.ofMinutes(1));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        machine.close();
    }

    private Run.Ended run(String... words) {
        return Run.against(server.address()).command(words);
    }

    private static Socket connected(int port) throws IOException {
        for (int tries = 0; ; tries++) {
            try {
                return new Socket(InetAddress.getLoopbackAddress(), port);
            } catch (ConnectException e) {
                if (tries == 6_000) throw e;
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
        }
    }

    private static String ask(int port, String question) throws IOException {
        try (var socket = connected(port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(question.getBytes(UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    /// Interrupted at the end, as by Ctrl-C.
    private CompletableFuture<Run.Ended> listening(Thread[] thread, String... words) {
        var ended = new CompletableFuture<Run.Ended>();
        thread[0] = Thread.ofPlatform().start(() -> ended.complete(run(words)));
        return ended;
    }

    @Test
    void each_connection_to_a_port_here_is_one_to_the_port_of_the_machine() throws Exception {
        int port = Ports.free();
        var thread = new Thread[1];
        var ended = listening(thread, "slice", "connect", "web", "80", "--listen", "" + port);
        for (var question : List.of("hello", "and again"))
            assertThat(ask(port, question)).isEqualTo(question);
        thread[0].interrupt();
        assertThat(ended.get(60, TimeUnit.SECONDS).ok().out())
                .isEqualTo("127.0.0.1:" + port + " is port 80 of front in web (by way of bay-super)\n");
    }

    @Test
    void a_connection_that_the_server_refuses_is_closed_and_told() throws Exception {
        int port = Ports.free();
        var thread = new Thread[1];
        var ended = listening(thread, "slice", "connect", "web", "81", "--listen", "127.0.0.1:" + port);
        assertThat(ask(port, "")).isEmpty();
        thread[0].interrupt();
        assertThat(ended.get(60, TimeUnit.SECONDS).err()).contains("port 81 of front in web: nobody listens there");
    }

    @Test
    void of_several_machines_one_is_named() {
        machines = List.of("front", "back");
        assertThat(run("slice", "connect", "web", "80").err())
                .contains("slice web has 2 machines")
                .contains("--machine: front, back");
        assertThat(run("slice", "connect", "web", "80", "--machine", "side").err())
                .contains("slice web has no machine side; it has: front, back");
    }

    @Test
    void what_cannot_be_listened_at_is_said() throws IOException {
        assertThat(run("slice", "connect", "web", "80", "--listen", "here").err())
                .contains("--listen is here");
        int taken = ((InetSocketAddress) machine.getLocalAddress()).getPort();
        assertThat(run("slice", "connect", "web", "80", "--listen", "" + taken).err())
                .contains("cannot listen at " + taken);
    }
}
