package holdfast.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// Somebody who listens to a stream of the server.
final class Listening implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
    private final InputStream body;
    private final Thread reader;
    final int status;

    private Listening(HttpRequest request) throws IOException, InterruptedException {
        var response = client.send(request, BodyHandlers.ofInputStream());
        status = response.statusCode();
        body = response.body();
        reader = Thread.ofVirtual().start(this::read);
    }

    /// `POST /v1/subscribe`
    static Listening to(TestDomain domain, String token, String... names) throws IOException, InterruptedException {
        return as(domain, "Bearer " + token, names);
    }

    /// The same for one who presents anything else than a token.
    static Listening as(TestDomain domain, String authorization, String... names)
            throws IOException, InterruptedException {
        var form = "eventNames=" + String.join("&eventNames=", names).replace(";", "%3B");
        return new Listening(HttpRequest.newBuilder(domain.uri("/v1/subscribe"))
                .header("Authorization", authorization)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build());
    }

    /// `GET /v1/journal` as server-sent events.
    static Listening toJournal(TestDomain domain, String token, String query, Optional<String> last)
            throws IOException, InterruptedException {
        return toStream(domain, token, "/v1/journal" + query, last);
    }

    /// `GET /v1/notices` likewise.
    static Listening toNotices(TestDomain domain, String token, String query, Optional<String> last)
            throws IOException, InterruptedException {
        return toStream(domain, token, "/v1/notices" + query, last);
    }

    private static Listening toStream(TestDomain domain, String token, String target, Optional<String> last)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(domain.uri(target))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "text/event-stream");
        last.ifPresent(id -> request.header("Last-Event-ID", id));
        return new Listening(request.build());
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var json = line.startsWith("data: ") ? line.substring(6) : line;
                if (json.startsWith("{")) {
                    heard.add(Json.tree(json));
                }
            }
        } catch (IOException _) {
            // the end of listening
        }
    }

    /// The next that is as wanted; others before it are passed over.
    JsonNode next(Predicate<JsonNode> wanted) throws InterruptedException {
        while (true) {
            var event = heard.poll(60, TimeUnit.SECONDS);
            assertThat(event).as("something is heard").isNotNull();
            if (wanted.test(event)) {
                return event;
            }
        }
    }

    JsonNode next(String name) throws InterruptedException {
        return next(event -> event.path("name").asString("").equals(name));
    }

    /// What was heard and not asked for yet, with that name.
    long count(String name) {
        return heard.stream()
                .filter(event -> event.path("name").asString("").equals(name))
                .count();
    }

    /// Whether the server ends it.
    boolean ends() throws InterruptedException {
        return reader.join(Duration.ofSeconds(60));
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException _) {
            // closed all the same
        }
        client.shutdownNow();
        client.close();
    }
}
