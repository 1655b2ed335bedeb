package holdfast.bench;

import holdfast.platform.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Asks a server over connections that stay open.
final class Client {
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // one connection for each who asks at the same time
            .build();
    private final String base;
    private final String token;

    Client(int port, String token) {
        this.base = "http://127.0.0.1:" + port;
        this.token = token;
    }

    /// @param target a path, or an address as the server has given it
    JsonNode get(String target) throws IOException, InterruptedException {
        return Json.tree(text(target));
    }

    /// The answer as it came.
    String text(String target) throws IOException, InterruptedException {
        return send(request(target).build());
    }

    /// How many bytes come, none of which is kept.
    long bytes(String target) throws IOException, InterruptedException {
        var answer = client.send(request(target).build(), BodyHandlers.ofInputStream());
        try (var body = answer.body()) {
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(target + " answered " + answer.statusCode());
            }
            return body.transferTo(OutputStream.nullOutputStream());
        }
    }

    JsonNode post(String target, String body) throws IOException, InterruptedException {
        var text = send(
                request(target)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build());
        return text.isEmpty() ? Json.object() : Json.tree(text);
    }

    /// The lines of an answer that has no end.
    Stream<String> lines(String target) throws IOException, InterruptedException {
        return client.send(
                        request(target).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofLines())
                .body();
    }

    /// Returns when it is open.
    WebSocket webSocket(String target, WebSocket.Listener listener) {
        return client.newWebSocketBuilder()
                .header("Authorization", "Bearer " + token)
                .buildAsync(URI.create((base + target).replace("http:", "ws:")), listener)
                .join();
    }

    private HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create(target.startsWith("/") ? base + target : target))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json, */*;q=0.5");
    }

    private String send(HttpRequest request) throws IOException, InterruptedException {
        var answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(
                    String.format(Locale.ROOT, "%s answered %d: %s", request.uri(), answer.statusCode(), answer.body()));
        }
        return answer.body();
    }
}
