package holdfast.platform;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What our WebSockets do on the wire, whichever library is below.
@Timeout(300)
class WebSocketTest {
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CompletableFuture<Throwable> ended = new CompletableFuture<>();
    private final HttpServer server = HttpServer.start(
            HttpServer.Options.standard()
                    .withPort(0)
                    .withPatience(new HttpServer.Patience(
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(30),
                            Duration.ofSeconds(5))),
            List.of(new HttpServer.Mount("", _ -> HttpReply.of(418, "text/plain", "no"))),
            request -> switch (request.path().getFirst()) {
                case "talk" -> Optional.of(new HttpReply.Lines(this::talk));
                case "flood" -> Optional.of(new HttpReply.Lines(this::flood));
                default -> Optional.empty();
            });

    private void talk(HttpReply.LineSink sink) throws InterruptedException {
        try {
            sink.line("hello");
            sink.heartbeat();
            goOn.await();
            sink.line("bye");
        } catch (InterruptedException | RuntimeException e) {
            ended.complete(e);
            throw e;
        }
    }

    private void flood(HttpReply.LineSink sink) {
        try {
            while (true) {
                sink.line("x".repeat(10_000));
            }
        } catch (RuntimeException e) {
            ended.complete(e);
            throw e;
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private record Frame(int code, String text) {}

    private Socket connect(String path) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(60_000);
        var request = "GET /" + path + " HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        return socket;
    }

    private static String headers(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as(head.toString()).isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }

    /// A short frame of the server; those are not masked.
    private static Frame frame(InputStream in) throws IOException {
        int code = in.read();
        int length = in.read();
        return new Frame(code & 15, new String(in.readNBytes(length), US_ASCII));
    }

    /// Masked with zeros, as a client may.
    private static void send(Socket socket, int code, String text) throws IOException {
        var frame = new byte[6 + text.length()];
        frame[0] = (byte) (128 | code);
        frame[1] = (byte) (128 | text.length());
        System.arraycopy(text.getBytes(US_ASCII), 0, frame, 6, text.length());
        socket.getOutputStream().write(frame);
    }

    @Test
    void the_handshake_is_as_in_the_standard_and_messages_pings_pongs_and_the_end_are_frames() throws IOException {
        try (var socket = connect("talk")) {
            var in = socket.getInputStream();
            assertThat(headers(in))
                    .startsWith("HTTP/1.1 101 ")
                    .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
            assertThat(frame(in)).isEqualTo(new Frame(1, "hello"));
            assertThat(frame(in)).as("a ping").isEqualTo(new Frame(9, ""));
            send(socket, 10, "");
            send(socket, 9, "are you there");
            assertThat(frame(in)).isEqualTo(new Frame(10, "are you there"));
            goOn.countDown();
            assertThat(frame(in)).isEqualTo(new Frame(1, "bye"));
            assertThat(frame(in).code()).as("a close").isEqualTo(8);
        }
    }

    @Test
    void the_source_ends_when_the_client_says_good_bye() throws Exception {
        try (var socket = connect("talk")) {
            headers(socket.getInputStream());
            frame(socket.getInputStream());
            send(socket, 8, "");
            assertThat(ended.get(60, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void the_source_ends_when_the_client_vanishes() throws Exception {
        try (var socket = connect("talk")) {
            headers(socket.getInputStream());
            frame(socket.getInputStream());
        }
        assertThat(ended.get(60, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void a_client_that_reads_nothing_is_dropped() throws Exception {
        try (var socket = connect("flood")) {
            assertThat(ended.get(60, TimeUnit.SECONDS)).isInstanceOf(HttpServer.ClientGone.class);
            assertThat(socket.isConnected()).isTrue();
        }
    }

    @Test
    void the_server_says_why_when_it_stops() throws IOException {
        try (var socket = connect("talk")) {
            var in = socket.getInputStream();
            headers(in);
            frame(in);
            frame(in);
            server.close();
            var last = frame(in);
            assertThat(last.code()).isEqualTo(8);
            assertThat(last.text()).contains("the server stops");
        }
    }

    @Test
    void what_the_door_does_not_let_in_is_answered_as_any_request() throws IOException {
        try (var socket = connect("other")) {
            assertThat(headers(socket.getInputStream())).startsWith("HTTP/1.1 418 ");
        }
    }
}
