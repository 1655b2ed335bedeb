package holdfast.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import tools.jackson.databind.JsonNode;

/// A type that nobody knew before the server ran, with a field of every kind; and one whose resources belong to it.
final class Widgets {
    static final String WIDGET = """
            {"name": "widget", "description": "Something", "life": "default", "activates": true, "fields": {
              "color": {"type": "enum", "options": ["red", "green", "blue"], "default": "red"},
              "size": {"type": "int", "min": 1, "max": 100, "scheduleUpdate": true},
              "weight": {"type": "float"},
              "hot": {"type": "boolean"},
              "due": {"type": "date"},
              "label": {"type": "string", "minLength": 2, "maxLength": 10, "validChars": "a-z0-9_%"},
              "note": {"type": "string", "invalidChars": "<>"},
              "serial": {"type": "string", "unique": true},
              "owner": {"type": "string", "required": true, "nullable": false},
              "nextId": {"type": "reference[widget]"},
              "tags": {"type": "array[string]"},
              "settings": {"type": "map[int]"},
              "free": {"type": "json"},
              "key": {"type": "password", "secret": true}}}""";
    static final String PART = """
            {"name": "screw", "life": "default", "activates": true, "fields": {
              "widgetId": {"type": "reference[widget]", "required": true}, "length": {"type": "int"}}}""";
    static final String GADGET = """
            {"name": "gadget", "base": "widget", "activates": true, "fields": {"extra": {"type": "string"}}}""";

    private Widgets() {}

    static void declare(TestDomain domain) {
        for (var type : new String[] {WIDGET, PART, GADGET}) {
            var reply = domain.post(domain.admin, "/v1/resourcedefinitions", type);
            assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        }
    }

    /// @param fields JSON with single quotes
    static JsonNode create(TestDomain domain, String token, String fields) {
        var reply = domain.post(token, "/v1/widgets", fields.replace('\'', '"'));
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return reply.json();
    }

    /// Until nothing goes on with it any more.
    static JsonNode settled(TestDomain domain, JsonNode resource) {
        var self = resource.get("links").get("self").stringValue();
        var last = new JsonNode[] {Json.object()};
        domain.waitFor(() -> {
            last[0] = domain.get(domain.admin, self).json();
            return !last[0].path("transitioning").asString("yes").equals("yes");
        });
        return last[0];
    }
}
