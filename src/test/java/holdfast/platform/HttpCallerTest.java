package holdfast.platform;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Against a socket that says exactly what the test wants, also what no real server would.
class HttpCallerTest {
    private ServerSocket socket;
    private final AtomicInteger asked = new AtomicInteger();

    @BeforeEach
    void listen() throws IOException {
        socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
    }

    /// Each connection gets that text and is then closed, unless it is to stay open.
    private HttpCaller answering(String text, boolean stayOpen) {
        return answering(text, stayOpen, Duration.ofMinutes(1));
    }

    private HttpCaller answering(String text, boolean stayOpen, Duration patience) {
        Thread.startVirtualThread(() -> {
            while (!socket.isClosed()) {
                try {
                    var connection = socket.accept();
                    var in = connection.getInputStream();
                    var request = new StringBuilder();
                    while (!request.toString().endsWith("\r\n\r\n")) request.append((char) in.read());
                    asked.incrementAndGet();
                    connection.getOutputStream().write(text.getBytes(US_ASCII));
                    connection.getOutputStream().flush();
                    if (!stayOpen) connection.close();
                } catch (IOException _) {
                    return;
                }
            }
        });
        return new HttpCaller(
                URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/"),
                Optional.of("t"),
                Duration.ofMinutes(1),
                patience);
    }

    private static String stream(String events) {
        return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + events;
    }

    @Test
    void events_are_read_as_the_standard_says() throws IOException {
        var caller = answering(
                stream(": hello\n\nevent: slice\ndata: {\"a\":\ndata: 1}\nid: 7\n\nevent: empty\n\ndata:x\n\n"), false);
        try (var events = caller.events("/v1/events")) {
            assertThat(events.next()).contains(new HttpCaller.Event("slice", "{\"a\":\n1}"));
            assertThat(events.next()).contains(new HttpCaller.Event("message", "x"));
            assertThat(events.next()).isEmpty();
        }
    }

    @Test
    void a_stream_that_falls_silent_is_noticed() throws IOException {
        try (var events =
                answering(stream("data: 1\n\n"), true, Duration.ofSeconds(2)).events("/")) {
            assertThat(events.next()).isPresent();
            assertThatThrownBy(events::next)
                    .isInstanceOf(HttpCaller.NoAnswerException.class)
                    .hasMessage("it did not answer in time");
        }
    }

    @Test
    void an_event_cut_in_half_is_not_taken_for_one() throws IOException {
        try (var events = answering(stream("data: {\"a\""), false).events("/")) {
            assertThat(events.next()).isEmpty();
        }
    }

    @Test
    void a_post_whose_connection_breaks_is_not_sent_twice() {
        var caller = answering("", false);
        assertThatThrownBy(() -> caller.call("POST", "/", Optional.of(new HttpCaller.Body("text/plain", "once"))))
                .isInstanceOf(HttpCaller.NoAnswerException.class);
        assertThat(asked).hasValue(1);
    }

    @Test
    void what_does_not_speak_http_is_told() {
        var caller = answering("220 mail.example.org ESMTP\r\n", false);
        assertThatThrownBy(() -> caller.call("GET", "/", Optional.empty()))
                .isInstanceOf(HttpCaller.NoAnswerException.class);
    }

    @Test
    void errors_are_answers() throws IOException {
        var caller = answering("HTTP/1.1 404 Not Found\r\nRetry-After: 3\r\nContent-Length: 2\r\n\r\nno", false);
        var answer = caller.call("GET", "/x", Optional.empty());
        assertThat(answer).isEqualTo(new HttpCaller.Answer(404, "", "no", Optional.of("3")));
        assertThat(answer.ok()).isFalse();
    }
}
