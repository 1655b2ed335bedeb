package holdfast.outside;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// The HTTP interface of a server, as any client sees it.
final class Api {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /// Processes that are scheduled anew by themselves.
    static final Set<String> COME_AGAIN = Set.of("site.observe", "task.execute");
    static final Set<String> SETTLED = Set.of("StableOK", "StableError", "AllocatedOK", "Dead");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofMinutes(1))
            .build();
    private final String url;
    private final String token;

    Api(String url, String token) {
        this.url = url;
        this.token = token;
    }

    String url() {
        return url;
    }

    /// A slice with a machine and two devices.
    static String slice(String name) {
        return """
                {"name": "%s", "hours": 2, "nodes": [{"name": "node1", "site": "RENC", "cores": 2, "ram": 8, "disk": 10,
                 "components": [{"name": "gpu1", "type": "GPU", "model": "Tesla T4"},
                                {"name": "nvme1", "type": "NVME", "model": "P4510"}]}]}""".formatted(name);
    }

    HttpResponse<String> call(String method, String path, String body) throws IOException, InterruptedException {
        return call(method, path, body, "");
    }

    /// @param key so that it can be asked again; empty = none
    HttpResponse<String> call(String method, String path, String body, String key)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) request.header("Content-Type", "application/json");
        if (!key.isEmpty()) request.header("Idempotency-Key", key);
        return http.send(request.build(), BodyHandlers.ofString());
    }

    JsonNode get(String path) {
        var answer = ask("GET", path, "");
        assertThat(answer.statusCode()).as(() -> path + ": " + answer.body()).isEqualTo(200);
        return Json.tree(answer.body());
    }

    /// As [#call(String, String, String)], for a server that must be there.
    HttpResponse<String> ask(String method, String path, String body) {
        try {
            return call(method, path, body);
        } catch (IOException e) {
            throw new AssertionError(method + " " + path + ": no answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /// @return the id of the slice
    String create(String name) {
        return create(name, "RENC");
    }

    String create(String name, String site) {
        var answer = ask("POST", "/v1/slices", slice(name).replace("RENC", site));
        assertThat(answer.statusCode()).as(answer::body).isEqualTo(201);
        return Json.tree(answer.body()).get("id").stringValue();
    }

    void delete(String slice) {
        var answer = ask("DELETE", "/v1/slices/" + slice, "");
        assertThat(answer.statusCode()).as(answer::body).isBetween(200, 202);
    }

    /// The state of a slice; empty if there is none of that name or id.
    Optional<String> state(String slice) {
        var answer = ask("GET", "/v1/slices/" + slice, "");
        if (answer.statusCode() == 404) return Optional.empty();
        assertThat(answer.statusCode()).as(answer::body).isEqualTo(200);
        return Optional.of(Json.tree(answer.body()).get("state").stringValue());
    }

    /// Waits until a slice is in one of these states.
    String await(String slice, Duration limit, Set<String> states) {
        var last = new String[] {""};
        try {
            return Await.value("slice " + slice + " to be one of " + states, limit, () -> {
                last[0] = state(slice).orElse("not there");
                return Optional.of(last[0]).filter(states::contains);
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; it is " + last[0] + ": " + history(slice), e);
        }
    }

    /// What there is to know about a slice that did not do what it should.
    String history(String slice) {
        return ask("GET", "/v1/slices/" + slice + "?include=slivers", "").body() + "\n" + openProcesses();
    }

    /// Names of the processes that have not ended, those for later too.
    Set<String> openProcesses() {
        var open = new TreeSet<String>();
        get("/v1/processes?limit=1000").path("data").forEach(process -> {
            if (process.get("ended").isNull()) open.add(process.get("name").stringValue());
        });
        return open;
    }

    /// What is free at both levels of detail, as text: equal texts mean that the same is free.
    String free() {
        return get("/v1/capacity?level=2").path("sites").toString();
    }

    /// Waits until just this is free: a slice is dead before the broker has heard of it.
    void awaitFree(String expected, Duration limit) {
        Await.that("all to be free", limit, () -> free().equals(expected));
    }

    /// UUIDs and states of all resources of a type that are not removed.
    List<String> present(String type) {
        var found = new ArrayList<String>();
        get("/v1/" + type + "?limit=1000")
                .path("data")
                .forEach(one -> found.add(
                        one.get("uuid").stringValue() + " " + one.get("state").stringValue()));
        return found;
    }
}
