package holdfast.drivers.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.drivers.openstack.Story.Exchange;
import holdfast.drivers.openstack.Wire.Asked;
import holdfast.drivers.openstack.Wire.Peer;
import holdfast.drivers.openstack.Wire.Told;
import holdfast.platform.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes down what is said. Tokens and passwords are replaced, and a story in which one is left is not written.
final class Recorder implements Peer {
    private static final Set<String> KEPT = Set.of("x-subject-token", "retry-after");

    private final Peer behind;
    private final String password;
    private final Instant at;
    private final List<Exchange> exchanges = new ArrayList<>();
    private final Map<String, Exchange> last = new HashMap<>();
    private final Set<String> secrets = new HashSet<>();

    /// @param password of the account, which is in the request for a token
    Recorder(Peer behind, String password, Instant at) {
        this.behind = behind;
        this.password = password;
        this.at = at;
        secrets.add(password);
    }

    @Override
    public Optional<Told> answer(Asked asked) {
        var told = behind.answer(asked);
        told.ifPresent(answer -> note(asked, answer));
        return told;
    }

    private synchronized void note(Asked asked, Told told) {
        var headers = new HashMap<>(told.headers());
        headers.keySet().retainAll(KEPT);
        var token = headers.get("x-subject-token");
        if (token != null) {
            secrets.add(token);
            headers.put("x-subject-token", "token-" + (secrets.size() - 1));
        }
        var identity = Story.identity(asked).replace(Json.text(password), Json.text(Story.PASSWORD));
        var exchange = new Exchange(identity, new Told(told.status(), headers, clean(told.body())));
        // The last answer to a request holds until something is changed, so one that repeats it says nothing.
        if (Story.changes(identity)) last.clear();
        if (!exchange.equals(last.put(identity, exchange))) exchanges.add(exchange);
    }

    private String clean(String body) {
        if (!body.startsWith("{")) return "";
        var tree = Json.tree(body);
        clean(tree);
        return tree.toString();
    }

    /// Links lead nowhere in a recording; a server's password is shown once, and never to us; the private
    /// half of a key is ours alone.
    private void clean(JsonNode tree) {
        if (tree instanceof ObjectNode object) {
            object.remove("links");
            if (object.path("adminPass").isString()) {
                secrets.add(object.path("adminPass").stringValue());
                object.remove("adminPass");
            }
            if (object.path("private_key").isString()) {
                secrets.add(Json.text(object.path("private_key").stringValue()));
                object.put("private_key", "pem");
            }
        }
        tree.forEach(this::clean);
    }

    synchronized void write(String name) {
        for (var exchange : exchanges) {
            for (var secret : secrets) assertThat(exchange.toString()).doesNotContain(secret);
        }
        new Story(at, exchanges).write(name);
    }
}
