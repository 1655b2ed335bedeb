package holdfast.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Reading of JSON that may lack anything.
final class Nodes {
    private Nodes() {}

    /// The text at a path of members; empty if it is not there or not a single value.
    static String text(JsonNode node, String... path) {
        var at = at(node, path);
        return at.isValueNode() && !at.isNull() ? at.asString("") : "";
    }

    /// The whole number at a path; 0 if there is none.
    static long number(JsonNode node, String... path) {
        return at(node, path).asLong(0);
    }

    static JsonNode at(JsonNode node, String... path) {
        var at = node;
        for (var name : path) at = at.path(name);
        return at;
    }

    /// The elements of a list, or of the `data` of a collection.
    static List<JsonNode> items(JsonNode node, String... path) {
        var found = at(node, path);
        var list = found.isObject() && found.path("data").isArray() ? found.path("data") : found;
        var items = new ArrayList<JsonNode>();
        if (list.isArray()) list.forEach(items::add);
        return items;
    }

    /// The single values of an object, by name.
    static Map<String, String> texts(JsonNode node, String... path) {
        var texts = new TreeMap<String, String>();
        for (var member : at(node, path).properties())
            if (member.getValue().isValueNode() && !member.getValue().isNull())
                texts.put(member.getKey(), member.getValue().asString(""));
        return texts;
    }
}
