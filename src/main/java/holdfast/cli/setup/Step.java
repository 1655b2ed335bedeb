package holdfast.cli.setup;

import holdfast.platform.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One thing to be done.
///
/// @param item what is wanted
/// @param fields what of it is to be said: all if it is to be made, else what differs
/// @param before what these are now; empty if it is to be made
public record Step(Item item, List<String> fields, Map<String, JsonNode> before) {
    /// Whether it is to be made, and not changed.
    public boolean creates() {
        return before.isEmpty();
    }

    /// Such as `pool default/dev`.
    public String name() {
        return item.kind().called() + " " + item.key();
    }

    /// What differs, a line for each field. Secrets are not told.
    public List<String> lines() {
        return differences().entrySet().stream()
                .map(one -> one.getKey() + ": " + one.getValue())
                .collect(Collectors.toList());
    }

    private Map<String, String> differences() {
        var lines = new LinkedHashMap<String, String>();
        for (var field : item.kind().fields()) {
            var value = item.fields().get(field.name());
            if (value == null || !fields.contains(field.name()) || field.identifies()) continue;
            var wanted = Forms.told(field, value);
            var now = before.get(field.name());
            lines.put(field.name(), now == null ? wanted : Forms.told(field, now) + " -> " + wanted);
        }
        return lines;
    }

    /// The same for programs.
    public ObjectNode json() {
        var node = Json.object()
                .put("step", creates() ? "create" : "change")
                .put("kind", item.kind().singular())
                .put("name", item.key());
        var said = node.putObject("fields");
        differences().forEach(said::put);
        return node;
    }
}
