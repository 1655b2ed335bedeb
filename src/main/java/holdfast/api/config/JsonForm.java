package holdfast.api.config;

import holdfast.platform.Json;
import java.util.Collection;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Elements as JSON.
final class JsonForm {
    private static final int DEEPEST = 32;
    private static final String ITEM = "item";

    private JsonForm() {}

    static String write(Element root) {
        return Json.text(Json.object().set(root.name(), node(root)));
    }

    private static JsonNode node(Element element) {
        if (element.plural()) {
            var array = Json.array();
            element.children().forEach(child -> array.add(node(child)));
            return array;
        }
        if (element.attributes().isEmpty() && element.children().isEmpty()) {
            return Json.toTree(element.value().orElse(""));
        }
        var object = Json.object();
        element.attributes().forEach((key, content) -> object.set(key, Json.toTree(content)));
        element.children().forEach(child -> object.set(child.name(), node(child)));
        element.value().ifPresent(content -> object.set(Element.VALUE, Json.toTree(content)));
        return object;
    }

    /// @param expected name of the root; its key may be left out
    static Element read(String text, String expected) {
        JsonNode tree;
        try {
            tree = Json.tree(text);
        } catch (JacksonException e) {
            throw Failure.malformed("the body is not JSON: " + e.getOriginalMessage());
        }
        Json.unfit(tree, DEEPEST).ifPresent(why -> {
            throw Failure.malformed("the body " + why);
        });
        if (!tree.isContainer()) {
            throw Failure.malformed("the body is no JSON object");
        }
        var inside = tree.path(expected);
        return element(expected, tree.size() == 1 && inside.isContainer() ? inside : tree);
    }

    private static Element element(String name, JsonNode node) {
        if (node.isArray()) {
            var many = Element.many(name);
            node.forEach(item -> many.with(element(ITEM, item)));
            return many;
        }
        var element = Element.of(name);
        if (node.isObject()) {
            for (var key : node.propertyNames()) {
                var inside = node.get(key);
                if (key.equals(Element.VALUE) && inside.isValueNode()) {
                    element.saying(text(inside));
                }
                element.with(element(key, inside));
            }
            return element;
        }
        return element.saying(text(node));
    }

    private static String text(JsonNode scalar) {
        return scalar.isNull() ? "" : scalar.asString();
    }

    /// A list of values in one text, as XML has it.
    static String words(Collection<?> list) {
        return String.join(" ", list.stream().map(String::valueOf).toList());
    }
}
