package holdfast.drivers.openstack;

import holdfast.drivers.openstack.Wire.Asked;
import holdfast.drivers.openstack.Wire.Peer;
import holdfast.drivers.openstack.Wire.Told;
import holdfast.platform.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// As much of a Keystone and a Nova as it takes to lose answers, tokens and time on purpose. It is its own clock.
final class TinyCloud implements Peer, InstantSource {
    static final String TOKENS = "POST /0/v3/auth/tokens";
    static final String SERVERS = "POST /3/v2.1/servers";
    static final String KEYS = "POST /3/v2.1/os-keypairs";
    static final String PASSWORD = "right";

    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private int tokens;
    private boolean strict;
    private boolean late;
    private int page = 1000;
    private String version = "2.93";
    private String ordered = "";
    private final List<ObjectNode> servers = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();

    @Override
    public synchronized Instant instant() {
        return now;
    }

    synchronized void advance(Duration by) {
        now = now.plus(by);
    }

    /// Takes no token that was given before this.
    synchronized void forgetTokens() {
        tokens += 100;
    }

    /// Takes no token at all.
    synchronized void takeNoToken() {
        strict = true;
    }

    /// Servers are not shown before it is told otherwise.
    synchronized void showServersLate(boolean yes) {
        late = yes;
    }

    synchronized void speak(String newest) {
        version = newest;
    }

    /// Shows no more servers at once.
    synchronized void showAtOnce(int most) {
        page = most;
    }

    /// Names of all pairs of keys.
    synchronized List<String> keys() {
        return List.copyOf(keys);
    }

    /// The last order of a server or a key, as it came.
    synchronized String ordered() {
        return ordered;
    }

    synchronized int servers() {
        return servers.size();
    }

    /// Nova has restarted what it was told to.
    synchronized void restarted() {
        statuses("ACTIVE");
    }

    private void statuses(String status) {
        servers.forEach(server -> server.put("status", status));
    }

    /// Somebody of another project makes a server and marks it like the newest one.
    synchronized void pretend(String name) {
        var copy = servers.getLast().deepCopy();
        copy.put("id", "id-" + (servers.size() + 1));
        copy.put("name", name);
        copy.put("tenant_id", "theirs");
        servers.add(copy);
    }

    /// Makes a copy of the newest server, as an order does that comes true too late.
    synchronized void repeatLastOrder() {
        var copy = servers.getLast().deepCopy();
        copy.put("id", "id-" + (servers.size() + 1));
        copy.put("created", "2026-03-01T10:00:09Z");
        servers.add(copy);
    }

    @Override
    public synchronized Optional<Told> answer(Asked asked) {
        return Optional.of(told(asked));
    }

    private Told told(Asked asked) {
        if (asked.line().equals(TOKENS)) return token(asked.body());
        if (asked.line().equals("GET /0/v3")) return Told.json(200, "{\"version\": {\"id\": \"v3.14\"}}");
        if (asked.line().equals("GET /3/"))
            return new Told(
                    300,
                    Map.of(),
                    "{\"versions\": [{\"version\": \"%s\", \"min_version\": \"2.1\"}]}".formatted(version));
        if (asked.line().equals("GET /5/"))
            return Told.json(300, "{\"versions\": [{\"version\": \"3.70\", \"min_version\": \"3.0\"}]}");
        if (strict || !asked.headers().getOrDefault("x-auth-token", "").equals("token-" + tokens))
            return Told.json(401, "{\"error\": {\"code\": 401, \"message\": \"who are you?\"}}");
        if (asked.line().startsWith("GET /3/v2.1/servers/detail")) return shown(asked.path());
        if (asked.line().equals(SERVERS)) return made(asked.body());
        if (asked.line().equals(KEYS)) return pair(asked.body());
        if (asked.path().endsWith("/action") && asked.body().contains("\"reboot\"")) statuses("REBOOT");
        if (asked.line().equals("GET /3/v2.1/os-keypairs")) return pairs();
        if (asked.method().equals("DELETE")) {
            keys.removeIf(name -> asked.path().endsWith("/" + name));
            servers.removeIf(
                    server -> asked.path().endsWith("/" + server.path("id").asString()));
            return Told.json(204, "");
        }
        return Told.json(200, "{\"volumes\": [], \"ports\": [], \"images\": []}");
    }

    private Told pair(String body) {
        ordered = body;
        var name = Json.tree(body).at("/keypair/name").stringValue();
        keys.add(name);
        return Told.json(200, "{\"keypair\": {\"name\": \"%s\", \"private_key\": \"pem\"}}".formatted(name));
    }

    private Told pairs() {
        var list = keys.stream()
                .map("{\"keypair\": {\"name\": \"%s\"}}"::formatted)
                .toList();
        return Told.json(200, "{\"keypairs\": [%s]}".formatted(String.join(",", list)));
    }

    private Told token(String body) {
        if (!body.contains("\"" + PASSWORD + "\""))
            return Told.json(401, "{\"error\": {\"code\": 401, \"message\": \"no\", \"title\": \"Unauthorized\"}}");
        tokens++;
        var catalog = new ArrayList<String>();
        for (var service : List.of("compute /3/v2.1", "volumev3 /5", "network /4", "image /1")) {
            var words = service.split(" ");
            catalog.add(
                    "{\"type\": \"%s\", \"endpoints\": [{\"interface\": \"public\", \"region\": \"RegionOne\", \"url\": \"%s\"}]}"
                            .formatted(words[0], Wire.HERE + words[1]));
        }
        var answer = "{\"token\": {\"expires_at\": \"%s\", \"project\": {\"id\": \"p\"}, \"catalog\": [%s]}}"
                .formatted(now.plus(Duration.ofHours(1)), String.join(",", catalog));
        return new Told(201, Map.of("X-Subject-Token", "token-" + tokens), answer);
    }

    private Told shown(String path) {
        var answer = Json.object();
        var list = answer.putArray("servers");
        var visible = late ? List.<ObjectNode>of() : servers;
        int from = 0;
        if (path.contains("&marker=")) {
            while (!path.endsWith("=" + visible.get(from).path("id").stringValue())) from++;
            from++;
        }
        int to = Math.min(visible.size(), from + page);
        visible.subList(from, to).forEach(list::add);
        if (to < visible.size()) answer.putArray("servers_links").addObject().put("rel", "next");
        return Told.json(200, answer.toString());
    }

    private Told made(String body) {
        ordered = body;
        var asked = Json.tree(body).path("server");
        var server = Json.object();
        server.put("id", "id-" + (servers.size() + 1));
        server.put("name", asked.path("name").stringValue());
        server.put("status", "ACTIVE");
        server.put("tenant_id", "p");
        server.put("created", "2026-03-01T10:00:00Z");
        server.set("metadata", asked.path("metadata"));
        servers.add(server);
        return Told.json(
                202,
                "{\"server\": {\"id\": \"%s\"}}".formatted(server.path("id").stringValue()));
    }
}
