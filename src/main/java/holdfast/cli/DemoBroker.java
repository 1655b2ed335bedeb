package holdfast.cli;

import holdfast.cli.ServerLauncher.Running;
import holdfast.platform.HttpCaller;
import holdfast.platform.HttpCaller.Answer;
import holdfast.platform.HttpCaller.Body;
import holdfast.platform.HttpCaller.NoAnswerException;
import holdfast.platform.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// A cloud broker of a demo, asked by plain HTTP: below `/broker` by whoever sets it up, below `/api` as a cloud.
final class DemoBroker {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration READ = Duration.ofSeconds(60);

    final String name;
    final String url;
    final String token;
    private final HttpCaller http;

    DemoBroker(String name, Running running) {
        this.name = name;
        this.url = running.url().toString();
        this.token = ConnectionOptions.read(running.tokenFile());
        this.http = new HttpCaller(running.url(), Optional.of(token), CONNECT, READ);
    }

    // --------------------------------------------------------------------------------------------------------------
    // as a cloud

    /// An instance as Deltacloud shows it.
    ///
    /// @param name its own, without the mark that the broker above puts to it
    record Instance(String id, String name, String state) {
        private static Instance of(JsonNode node) {
            return new Instance(Nodes.text(node, "id"), Nodes.text(node, "name"), Nodes.text(node, "state"));
        }

        boolean isOf(String above) {
            return name.equals(above) || name.startsWith(above + "-");
        }
    }

    List<Instance> instances() {
        return Nodes.items(get("/api/instances"), "instances").stream()
                .map(Instance::of)
                .toList();
    }

    Instance instance(String id) {
        return Instance.of(get("/api/instances/" + id).path("instance"));
    }

    /// Asks for an instance. The answer may be a refusal.
    Answer launch(String image, String instance) {
        return form("/api/instances", Map.of("image_id", image, "name", instance));
    }

    Instance launched(String image, String instance) {
        return Instance.of(json(launch(image, instance), "POST /api/instances").path("instance"));
    }

    void stop(Instance instance) {
        var path = "/api/instances/" + instance.id + "/stop";
        json(form(path, Map.of()), "POST " + path);
    }

    void destroy(Instance instance) {
        var path = "/api/instances/" + instance.id;
        json(call("DELETE", path, Optional.empty()), "DELETE " + path);
    }

    /// Goes a step towards having none, whatever states they are in.
    ///
    /// @return whether there are none
    boolean isEmptied() {
        var left = instances();
        for (var one : left) {
            if (one.state.equals("RUNNING")) form("/api/instances/" + one.id + "/stop", Map.of());
            else if (!one.state.equals("STOPPING")) call("DELETE", "/api/instances/" + one.id, Optional.empty());
        }
        return left.isEmpty();
    }

    private Answer form(String path, Map<String, String> fields) {
        var text = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return call("POST", path, Optional.of(new Body("application/x-www-form-urlencoded", text)));
    }

    /// What happened to an instance, oldest first.
    List<String> events(String instance) {
        return Nodes.items(get("/cimi/event_logs/" + instance + "/events"), "events").stream()
                .map(event -> Nodes.text(event, "content", "detail"))
                .toList();
    }

    // --------------------------------------------------------------------------------------------------------------
    // as its administrator

    /// A type of clouds whose accounts have a user and a password.
    ///
    /// @return its id
    String type(String called, String driver, String through) {
        return made("provider_type", """
                {"name": "%s", "deltacloud_driver": "%s", "through": "%s", "credential_definitions": [
                  {"name": "username", "label": "user", "input_type": "string"},
                  {"name": "password", "label": "password", "input_type": "password"}]}""".formatted(called, driver, through));
    }

    /// @return the id of a new account at a new provider
    String account(String type, String provider, String at, String password) {
        return account(type, provider, at, "", "admin", password);
    }

    /// @param region of the provider; empty = it has one
    /// @return the id of a new account at a new provider
    String account(String type, String provider, String at, String region, String user, String password) {
        var id = made("provider", """
                {"name": "%s", "url": "%s", "deltacloud_provider": "%s", "provider_type": {"id": "%s"}}""".formatted(provider, at, region, type));
        return made("provider_account", """
                {"label": "at-%s", "provider": {"id": "%s"}, "credentials": {"username": "%s", "password": "%s"}}""".formatted(provider, id, user, password));
    }

    /// What can be booted at an account.
    List<String> images(String account) {
        return Nodes.items(get("/v1/providers/" + account), "images").stream()
                .map(image -> Nodes.text(image, "id"))
                .toList();
    }

    void profile(String called, int memory) {
        made("hardware_profile", """
                {"name": "%s", "memory": {"value": "%d", "unit": "MB"}, "cpu": {"value": "1", "unit": "count"}}""".formatted(called, memory));
    }

    /// @param there by account, what it is called there
    void image(String called, Map<String, String> there) {
        made("image", """
                {"id": "%s", "name": "%s"}""".formatted(called, called));
        there.forEach((account, image) -> made("image_mapping", """
                {"image": "%s", "provider_account": "%s", "provider_image": "%s", "status": "COMPLETE"}""".formatted(called, account, image)));
    }

    /// The path of its only pool.
    String pool() {
        return "/broker/pools/"
                + Nodes.text(Nodes.items(get("/broker/pools"), "pools").getFirst(), "id");
    }

    /// How many run in the pool, as its quota counts.
    long running() {
        var owner = pool().replace("/broker/pools/", "pool:");
        return Nodes.number(get("/broker/quotas?owner=" + owner), "quota", "running_instances");
    }

    boolean isAvailable(String provider) {
        return Nodes.items(get("/broker/providers?name=" + provider), "providers").stream()
                .allMatch(one -> Nodes.text(one, "available").equals("true"));
    }

    /// Has the tracker look at an account now; by itself it looks twice a minute.
    void look(String account) {
        var path = "/v1/providers/" + account + "?action=refresh";
        json(call("POST", path, Optional.of(new Body("application/json", "{}"))), "POST " + path);
    }

    private String made(String kind, String body) {
        return Nodes.text(post("/broker/" + kind + "s", "{\"" + kind + "\": " + body + "}"), kind, "id");
    }

    JsonNode post(String path, String body) {
        return json(call("POST", path, Optional.of(new Body("application/json", body))), "POST " + path);
    }

    void put(String path, String body) {
        json(call("PUT", path, Optional.of(new Body("application/json", body))), "PUT " + path);
    }

    void delete(String path) {
        json(call("DELETE", path, Optional.empty()), "DELETE " + path);
    }

    // --------------------------------------------------------------------------------------------------------------
    // asking

    JsonNode get(String path) {
        return json(call("GET", path, Optional.empty()), "GET " + path);
    }

    private Answer call(String method, String path, Optional<Body> body) {
        try {
            return http.call(method, path, body);
        } catch (NoAnswerException e) {
            throw new CliException(ExitCode.NO_SERVER, name + " does not answer: " + e.getMessage());
        }
    }

    private JsonNode json(Answer answer, String what) {
        if (!answer.ok())
            throw new CliException(
                    ExitCode.FAILED, name + " answers " + answer.status() + " to " + what, answer.text());
        return answer.text().isBlank() ? Json.object() : Json.tree(answer.text());
    }

    /// The sentence in a refusal.
    static String why(Answer refused) {
        return Nodes.text(Json.tree(refused.text()), "message");
    }
}
