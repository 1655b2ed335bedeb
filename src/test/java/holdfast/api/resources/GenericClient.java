package holdfast.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A client that knows no types: all that it does it has from the schemas (cattle.md 5.12).
final class GenericClient {
    private final TestDomain domain;
    private final String token;
    private final Map<String, JsonNode> schemas = new HashMap<>();

    GenericClient(TestDomain domain, String token, String address) {
        this.domain = domain;
        this.token = token;
        var first = domain.get(token, address);
        var named = first.response().headers().firstValue("X-API-Schemas").orElseThrow();
        var answer = named.equals(address) ? first : domain.get(token, named);
        answer.json().get("data").forEach(each -> {
            if (each.get("type").stringValue().equals("schema")) {
                schemas.put(each.get("id").stringValue(), each);
            }
        });
    }

    boolean may(String type, String methods, String method) {
        return schemas.containsKey(type)
                && schemas.get(type)
                        .get(methods)
                        .valueStream()
                        .anyMatch(one -> one.stringValue().equals(method));
    }

    JsonNode schema(String type) {
        return schemas.get(type);
    }

    private String collection(String type, String method) {
        assertThat(may(type, "collectionMethods", method))
                .as(method + " of " + type)
                .isTrue();
        return schemas.get(type).get("links").get("collection").stringValue();
    }

    /// All of them, page after page.
    List<JsonNode> list(String type, String query) {
        var all = new ArrayList<JsonNode>();
        for (var next = collection(type, "GET") + query; !next.isEmpty(); ) {
            var page = ok(domain.get(token, next));
            page.get("data").forEach(all::add);
            next = page.get("pagination").isNull()
                    ? ""
                    : page.get("pagination").get("next").asString("");
        }
        return all;
    }

    JsonNode create(String type, ObjectNode fields) {
        return ok(domain.send(token, "POST", collection(type, "POST"), "", fields.toString()));
    }

    JsonNode byId(String type, String id) {
        return ok(domain.get(token, collection(type, "GET") + "/" + id));
    }

    JsonNode update(JsonNode resource, ObjectNode changes) {
        return ok(domain.send(token, "PUT", resource.get("links").get("self").stringValue(), "", changes.toString()));
    }

    JsonNode act(JsonNode resource, String verb) {
        assertThat(resource.get("actions").has(verb))
                .as(verb + " of " + resource)
                .isTrue();
        return ok(domain.send(token, "POST", resource.get("actions").get(verb).stringValue(), "", "{}"));
    }

    JsonNode delete(JsonNode resource) {
        return ok(domain.send(token, "DELETE", resource.get("links").get("self").stringValue(), "", ""));
    }

    JsonNode follow(JsonNode resource, String link) {
        return ok(domain.get(token, resource.get("links").get(link).stringValue()));
    }

    /// Looks again until nothing goes on with it.
    JsonNode wait(JsonNode resource) {
        var last = new JsonNode[] {Json.object()};
        domain.waitFor(() -> {
            last[0] =
                    byId(resource.get("type").stringValue(), resource.get("id").stringValue());
            return !last[0].get("transitioning").stringValue().equals("yes");
        });
        return last[0];
    }

    private static JsonNode ok(TestDomain.Reply reply) {
        assertThat(reply.status()).as(reply.text()).isBetween(200, 202);
        return reply.json();
    }
}
