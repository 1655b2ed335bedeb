package holdfast.drivers.openstack;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// Reads what services answer: a field that is missing or null is empty.
final class Fields {
    private Fields() {}

    static String text(JsonNode node, String name) {
        return node.path(name).asString("");
    }

    static Optional<String> maybe(JsonNode node, String name) {
        return Optional.of(text(node, name)).filter(text -> !text.isEmpty());
    }

    static long number(JsonNode node, String name) {
        return node.path(name).asLong(0);
    }

    static Map<String, String> texts(JsonNode node) {
        var found = new HashMap<String, String>();
        for (var entry : node.properties())
            found.put(entry.getKey(), entry.getValue().asString(""));
        return Map.copyOf(found);
    }

    static Stream<JsonNode> each(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false);
    }

    static List<String> words(JsonNode node) {
        return each(node).map(word -> word.asString("")).toList();
    }

    /// Limits by our names; those without a limit are left out.
    ///
    /// @param names ours, by theirs
    static Map<String, Long> limits(JsonNode node, Map<String, String> names) {
        var found = new HashMap<String, Long>();
        names.forEach((theirs, ours) -> {
            var value = node.path(theirs);
            if (value.isNumber() && value.asLong() >= 0) found.put(ours, value.asLong());
        });
        return Map.copyOf(found);
    }
}
