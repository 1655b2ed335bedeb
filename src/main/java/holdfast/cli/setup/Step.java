package holdfast.cli.setup;

import holdfast.platform.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One thing to be done.
///
/// @param item what is wanted, or is to go
/// @param fields what of it is to be said: all if it is to be made, what differs if it is to be changed
/// @param along what goes with it, by name
/// @param before what these are now, if it is to be changed
public record Step(Verb verb, Item item, List<String> fields, Map<String, JsonNode> before, List<String> along) {
    /// What is done.
    public enum Verb {
        CREATE("+", "made"),
        CHANGE("~", "changed"),
        REMOVE("-", "removed");

        private final String sign;
        private final String done;

        Verb(String sign, String done) {
            this.sign = sign;
            this.done = done;
        }

        /// Before a line of what would be done.
        public String sign() {
            return sign;
        }

        /// What it is when it is done.
        public String done() {
            return done;
        }
    }

    static Step create(Item item) {
        return new Step(Verb.CREATE, item, List.copyOf(item.fields().keySet()), Map.of(), List.of());
    }

    static Step change(Item item, Map<String, JsonNode> before) {
        return new Step(Verb.CHANGE, item, List.copyOf(before.keySet()), before, List.of());
    }

    static Step remove(Item item, List<String> along) {
        return new Step(Verb.REMOVE, item, List.of(), Map.of(), along);
    }

    /// Such as `pool default/dev`.
    public String name() {
        return item.name();
    }

    /// What differs, a line for each field, or what goes with it. Secrets are not told.
    public List<String> lines() {
        return Stream.concat(
                        differences().entrySet().stream().map(one -> one.getKey() + ": " + one.getValue()),
                        along.stream().map(name -> "and its " + name))
                .toList();
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
                .put("step", verb.name().toLowerCase(Locale.ROOT))
                .put("kind", item.kind().singular())
                .put("name", item.key());
        var said = node.putObject("fields");
        differences().forEach(said::put);
        if (!along.isEmpty()) node.set("along", Json.toTree(along));
        return node;
    }
}
