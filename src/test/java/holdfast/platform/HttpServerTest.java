package holdfast.platform;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import holdfast.platform.HttpRequest.Body;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
class HttpServerTest {
    private static final int MOST = 3 << 20;
    private static final Duration SHORT = Duration.ofSeconds(1);
    /// Longer than a test may take.
    private static final Duration LONG = Duration.ofMinutes(2);

    private final CountDownLatch listening = new CountDownLatch(1);
    private final CountDownLatch told = new CountDownLatch(1);
    private final List<HttpServer.Mount> mounts = List.of(
            new HttpServer.Mount("echo", HttpServerTest::echo),
            new HttpServer.Mount("events", _ -> new HttpReply.Events(this::speak)));
    private final HttpServer server = HttpServer.start(options(LONG), mounts);

    private static HttpServer.Options options(Duration silence) {
        return options(silence, LONG, LONG);
    }

    private static HttpServer.Options options(Duration silence, Duration body, Duration idle) {
        return HttpServer.Options.standard()
                .withPort(0)
                .withPatience(new HttpServer.Patience(silence, body, idle, Duration.ofSeconds(5)));
    }

    private static HttpReply echo(HttpRequest request) {
        return switch (request.body(MOST)) {
            case Body.Whole whole ->
                HttpReply.of(
                        200,
                        "text/plain",
                        request.method() + " " + request.path() + " " + request.query() + " " + whole.bytes().length);
            case Body.TooLarge _ -> HttpReply.of(413, "text/plain", "too large");
            case Body.TooSlow _ -> HttpReply.of(408, "text/plain", "too slow");
            case Body.Crowded _ -> HttpReply.of(503, "text/plain", "crowded");
        };
    }

    @Test
    void what_a_trusted_proxy_says_of_a_request_counts_and_what_others_say_does_not() throws IOException {
        var mounts = List.of(new HttpServer.Mount(
                "", request -> HttpReply.of(200, "text/plain", request.base() + " for " + request.client())));
        var asked = String.join(
                "\r\n",
                "GET / HTTP/1.1",
                "Host: inside",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: cloud.example",
                "X-Forwarded-For: 198.51.100.1",
                "X-Forwarded-For: 203.0.113.9",
                "Connection: close",
                "",
                "");
        var options = options(LONG);
        try (var behind = HttpServer.start(options.withProxies(Set.of(InetAddress.ofLiteral("127.0.0.1"))), mounts);
                var alone = HttpServer.start(options, mounts)) {
            assertThat(talk(behind, asked)).contains("https://cloud.example for 203.0.113.9");
            assertThat(talk(alone, asked)).contains("http://inside for 127.0.0.1");
        }
    }

    @ParameterizedTest
    @CsvSource({"same-origin, true", "none, true", "same-site, false", "cross-site, false"})
    void what_a_browser_fetches_for_another_site_is_not_compressed(String site, boolean packed) throws Exception {
        var mounts = List.of(new HttpServer.Mount(
                "", _ -> HttpReply.of(200, "application/json", "[" + "1,".repeat(1_000) + "1]")));
        try (var http = HttpServer.start(options(LONG), mounts);
                var client = HttpClient.newHttpClient()) {
            var got = client.send(
                    java.net.http.HttpRequest.newBuilder(http.address())
                            .header("Accept-Encoding", "gzip")
                            .header("Sec-Fetch-Site", site)
                            .build(),
                    BodyHandlers.ofByteArray());
            assertThat(got.headers().firstValue("Content-Encoding").isPresent()).isEqualTo(packed);
        }
    }

    @Test
    void long_json_is_compressed_for_those_who_take_it_and_nothing_else_is() throws Exception {
        var text = "[" + "\"much the same\",".repeat(1_000) + "1]";
        var mounts = List.of(
                new HttpServer.Mount("json", _ -> HttpReply.of(200, "application/json; charset=utf-8", text)),
                new HttpServer.Mount("page", _ -> HttpReply.of(200, "text/html", text)),
                new HttpServer.Mount("short", _ -> HttpReply.of(200, "application/json", "[]")),
                new HttpServer.Mount("lines", _ -> new HttpReply.Lines(sink -> sink.line(text))));
        try (var http = HttpServer.start(options(LONG), mounts);
                var client = HttpClient.newHttpClient()) {
            for (var path : List.of("json", "page", "short", "lines")) {
                for (var accepted : List.of("br, gzip;q=0.8", "gzip;q=0", "identity")) {
                    var got = client.send(
                            java.net.http.HttpRequest.newBuilder(http.address().resolve("/" + path))
                                    .header("Accept-Encoding", accepted)
                                    .build(),
                            BodyHandlers.ofByteArray());
                    boolean packed = path.equals("json") && accepted.startsWith("br");
                    assertThat(got.headers().firstValue("Content-Encoding").isPresent())
                            .as(path + " " + accepted)
                            .isEqualTo(packed);
                    if (packed) {
                        assertThat(got.body().length).isLessThan(1_000);
                        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(got.body()))) {
                            assertThat(new String(gzip.readAllBytes(), UTF_8)).isEqualTo(text);
                        }
                    }
                }
            }
        }
    }

    @Test
    void what_is_written_piece_by_piece_comes_whole_or_is_seen_to_be_cut() throws Exception {
        var piece = new byte[100_000];
        var mounts = List.of(
                new HttpServer.Mount(
                        "whole",
                        _ -> new HttpReply.Written("text/plain", Map.of("X-Of", "3"), out -> {
                            for (int n = 0; n < 3; n++) out.write(piece);
                        })),
                new HttpServer.Mount(
                        "cut",
                        _ -> new HttpReply.Written("text/plain", Map.of(), out -> {
                            out.write(piece);
                            throw new IllegalStateException("the rest cannot be had");
                        })));
        try (var http = HttpServer.start(options(LONG), mounts);
                var client = HttpClient.newHttpClient()) {
            var whole = java.net.http.HttpRequest.newBuilder(http.address().resolve("/whole"));
            var got = client.send(whole.build(), BodyHandlers.ofByteArray());
            assertThat(got.body()).hasSize(300_000);
            assertThat(got.headers().firstValue("X-Of")).contains("3");
            var head = client.send(whole.HEAD().build(), BodyHandlers.ofByteArray());
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            var cut = java.net.http.HttpRequest.newBuilder(http.address().resolve("/cut"))
                    .build();
            assertThatThrownBy(() -> client.send(cut, BodyHandlers.ofByteArray()))
                    .isInstanceOf(IOException.class);
        }
    }

    private void speak(HttpReply.EventSink sink) throws InterruptedException {
        sink.send("word", "one\ntwo");
        listening.countDown();
        told.await();
        sink.send("word", "three");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /// Sends the only request on its connection.
    private String once(String request) throws IOException {
        return talk(request.replace("Host: x", "Host: x\r\nConnection: close"));
    }

    /// Sends a text as it is, and reads until the server closes.
    private String talk(String text) throws IOException {
        return talk(server, text);
    }

    private static String talk(HttpServer server, String text) throws IOException {
        try (var socket = connect(server)) {
            socket.getOutputStream().write(text.getBytes(US_ASCII));
            return read(socket);
        }
    }

    private Socket connect() throws IOException {
        return connect(server);
    }

    private static Socket connect(HttpServer server) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(60_000);
        return socket;
    }

    /// Until the server closes, or nothing comes for as long as the socket waits.
    private static String read(Socket socket) throws IOException {
        var all = new StringBuilder();
        var buffer = new byte[8_192];
        try {
            for (int got = socket.getInputStream().read(buffer);
                    got >= 0;
                    got = socket.getInputStream().read(buffer)) {
                all.append(new String(buffer, 0, got, UTF_8));
            }
            all.append("[closed]");
        } catch (java.net.SocketTimeoutException _) {
            all.append("[open]");
        }
        return all.toString();
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
    }

    @Test
    void path_and_query_are_decoded() throws IOException {
        assertThat(once(get("/echo//a%20b+c/%2Fd/?x=1&y=a+b&x=%C3%A9&z")))
                .contains("GET [echo, a b+c, /d] {x=[1, \u00e9], y=[a b], z=[]} 0")
                .contains("X-Content-Type-Options: nosniff");
    }

    @Test
    void what_is_badly_encoded_is_refused() throws IOException {
        assertThat(once(get("/echo/%zz"))).startsWith("HTTP/1.1 400");
        assertThat(once(get("/echo?x=%zz"))).startsWith("HTTP/1.1 400");
        assertThat(talk("GARBAGE\r\n\r\n")).doesNotContain("200 OK").endsWith("[closed]");
    }

    @Test
    void the_date_of_an_answer_is_told_as_http_wants_it_wherever_the_server_is() throws IOException {
        var zone = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
        try {
            var answer = once(get("/echo"));
            var date =
                    Pattern.compile("(?i)\r\ndate: (\\w{3}, \\d\\d .* GMT)\r\n").matcher(answer);
            assertThat(date.results().map(found -> found.group(1)).toList())
                    .as(answer)
                    .singleElement()
                    .satisfies(told -> assertThat(DateTimeFormatter.RFC_1123_DATE_TIME.parse(told, Instant::from))
                            .isCloseTo(Instant.now(), within(5, ChronoUnit.MINUTES)));
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void nobody_serves_other_paths() throws IOException {
        assertThat(once(get("/other"))).startsWith("HTTP/1.1 404");
    }

    @Test
    void a_head_request_gets_the_head_only() throws IOException {
        assertThat(once("HEAD /echo HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("content-length: 16")
                .doesNotContain("[echo]");
    }

    @Test
    void a_body_comes_whole_whether_its_length_is_told_or_not() throws IOException {
        assertThat(once("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"))
                .contains("POST [echo] {} 5");
        assertThat(
                        once(
                                "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n"))
                .contains("POST [echo] {} 6");
    }

    @Test
    void a_body_that_is_told_to_be_too_large_is_not_waited_for() throws IOException {
        assertThat(once("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\nhello"))
                .startsWith("HTTP/1.1 413");
    }

    @Test
    void a_body_that_turns_out_too_large_is_refused() throws IOException {
        var chunk = "100000\r\n" + "x".repeat(1 << 20) + "\r\n";
        assertThat(once("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk.repeat(3)
                        + "1\r\nx\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 413");
    }

    @Test
    void large_bodies_come_whole() throws IOException {
        for (var head : List.of("Content-Length: 3000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n2dc6c0\r\n")) {
            var end = head.startsWith("T") ? "\r\n0\r\n\r\n" : "";
            assertThat(once("POST /echo HTTP/1.1\r\nHost: x\r\n" + head + "x".repeat(3_000_000) + end))
                    .contains("POST [echo] {} 3000000");
        }
    }

    @Test
    void headers_are_bounded() throws IOException {
        assertThat(once("GET /echo HTTP/1.1\r\nHost: x\r\nX-Long: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 4");
    }

    @Test
    void who_falls_silent_before_or_in_the_middle_of_a_body_is_cut_off() throws IOException {
        try (var impatient = HttpServer.start(options(SHORT, LONG, SHORT), mounts)) {
            for (var begun : List.of(
                    "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe",
                    "GET /ec",
                    "GET /echo HTTP/1.1\r\nHost: x\r\n",
                    "")) {
                assertThat(talk(impatient, begun))
                        .as(begun)
                        .endsWith("[closed]")
                        .doesNotContain("200 OK");
            }
        }
    }

    @Test
    void a_connection_serves_many_requests_until_the_client_says_that_it_is_the_last() throws IOException {
        var last = get("/echo/3").replace("Host: x", "Host: x\r\nConnection: close");
        assertThat(talk(get("/echo/1") + get("/echo/2") + last))
                .contains("[echo, 1]")
                .contains("[echo, 2]")
                .contains("[echo, 3]")
                .endsWith("[closed]");
    }

    @Test
    void an_answer_that_leaves_the_body_unread_is_the_last_one() throws IOException {
        assertThat(talk("POST /other HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello" + get("/echo")))
                .startsWith("HTTP/1.1 404")
                .contains("Connection: close")
                .endsWith("[closed]")
                .doesNotContain("200 OK");
    }

    @Test
    void a_client_that_sends_far_too_much_still_gets_its_answer() throws IOException {
        try (var socket = connect()) {
            var out = socket.getOutputStream();
            out.write(("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + (20 << 20) + "\r\n\r\n")
                    .getBytes(US_ASCII));
            for (int n = 0; n < 20; n++) {
                out.write(new byte[1 << 20]);
            }
            assertThat(read(socket)).startsWith("HTTP/1.1 413").endsWith("[closed]");
        }
    }

    @Test
    void a_body_that_takes_too_long_is_given_up() throws Exception {
        try (var slow = HttpServer.start(options(LONG, SHORT, LONG), mounts);
                var socket = connect(slow)) {
            var out = socket.getOutputStream();
            out.write("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\n".getBytes(US_ASCII));
            var answer = new StringBuilder();
            socket.setSoTimeout(100);
            while (answer.isEmpty()) {
                out.write('x'); // never silent, and never at its end
                try {
                    answer.append((char) socket.getInputStream().read());
                } catch (SocketTimeoutException _) {
                    // it may take a little longer
                }
            }
            socket.setSoTimeout(60_000);
            assertThat(answer + read(socket)).startsWith("HTTP/1.1 408").endsWith("[closed]");
        }
    }

    @Test
    void events_come_at_once_and_end_with_their_source() throws Exception {
        try (var hasty = HttpServer.start(options(LONG, LONG, SHORT), mounts);
                var socket = connect(hasty)) {
            socket.getOutputStream().write(get("/events").getBytes(US_ASCII));
            assertThat(readUntil(socket, "event: word\ndata: one\ndata: two\n\n\r\n"))
                    .contains("text/event-stream");
            assertThat(hasty.streams()).isEqualTo(1);
            socket.setSoTimeout(2 * (int) SHORT.toMillis());
            assertThat(read(socket)).as("longer than an idle connection").isEqualTo("[open]");
            socket.setSoTimeout(60_000);
            told.countDown();
            assertThat(readUntil(socket, "\r\n0\r\n\r\n")).contains("event: word\ndata: three\n\n");
        }
    }

    private static String readUntil(Socket socket, String end) throws IOException {
        var all = new StringBuilder();
        while (all.indexOf(end) < 0) {
            int next = socket.getInputStream().read();
            assertThat(next).as(all.toString()).isNotNegative();
            all.append((char) next);
        }
        return all.toString();
    }

    @Test
    void streams_end_when_the_server_stops_and_are_not_waited_for() throws Exception {
        // what is waited for is waited for too long
        var graceful = new HttpServer.Patience(LONG, LONG, SHORT, Duration.ofMinutes(10));
        var other = HttpServer.start(options(LONG).withPatience(graceful), mounts);
        try (var socket = connect(other)) {
            try (other) {
                socket.getOutputStream().write(get("/events").getBytes(US_ASCII));
                listening.await();
            }
            assertThat(read(socket)).endsWith("[closed]");
        }
    }

    @Test
    void a_listener_is_told_at_once_that_it_is_heard() throws Exception {
        var heard = new CountDownLatch(1);
        var mounts = List.of(new HttpServer.Mount("events", _ -> new HttpReply.Events(_ -> heard.await())));
        try (var other = HttpServer.start(options(LONG), mounts);
                var socket = connect(other)) {
            socket.getOutputStream().write(get("/events").getBytes(US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(15), US_ASCII))
                    .isEqualTo("HTTP/1.1 200 OK");
            heard.countDown();
        }
    }

    @Test
    void a_listener_that_does_not_read_is_cut_off() throws Exception {
        var gone = new CountDownLatch(1);
        HttpReply.EventSource talkative = sink -> {
            try {
                while (true) {
                    sink.send("word", "x".repeat(1 << 20));
                }
            } catch (HttpServer.ClientGone e) {
                gone.countDown();
                throw e;
            }
        };
        var mounts = List.of(new HttpServer.Mount("events", _ -> new HttpReply.Events(talkative)));
        try (var other = HttpServer.start(options(SHORT), mounts);
                var socket = connect(other)) {
            socket.getOutputStream().write(get("/events").getBytes(US_ASCII));
            gone.await();
        }
    }

    @Test
    void a_stopped_server_leaves_its_port() throws Exception {
        int port = server.port();
        server.close();
        try (var again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(again.isBound()).isTrue();
        }
    }

    @Test
    void a_taken_port_is_named_with_its_holder_and_a_way_out() {
        var second = HttpServer.Options.standard().withPort(server.port());
        assertThatThrownBy(() -> HttpServer.start(second, List.of()))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("Port " + server.port() + " of 127.0.0.1 is taken by process "
                        + ProcessHandle.current().pid() + " (")
                .hasMessageContaining("choose another port with --port.");
        assertThatThrownBy(() -> HttpServer.start(second.setBy("federation.port in the settings"), List.of()))
                .hasMessageEndingWith("choose another port with federation.port in the settings.");
    }

    @Test
    void an_address_of_another_machine_is_refused() {
        assertThatThrownBy(() -> HttpServer.start(
                        HttpServer.Options.standard().withPort(0).withHost("192.0.2.1"), List.of()))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("192.0.2.1");
        assertThatThrownBy(() -> HttpServer.start(
                        HttpServer.Options.standard().withPort(0).withHost("no such host"), List.of()))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("no such host");
    }

    @Test
    void only_this_machine_is_listened_to_unless_said_otherwise() {
        assertThat(HttpServer.Options.standard().host()).isEqualTo("127.0.0.1");
        assertThat(server.address().toString()).isEqualTo("http://127.0.0.1:" + server.port());
    }
}
