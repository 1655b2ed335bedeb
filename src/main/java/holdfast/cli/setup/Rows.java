package holdfast.cli.setup;

import static holdfast.cli.setup.Forms.NAME;
import static holdfast.cli.setup.Forms.number;
import static holdfast.cli.setup.Forms.object;
import static holdfast.cli.setup.Forms.only;
import static holdfast.cli.setup.Forms.scalar;
import static holdfast.cli.setup.Forms.sorted;
import static holdfast.cli.setup.Forms.words;
import static holdfast.cli.setup.Forms.wrong;

import holdfast.platform.Json;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Lists of things that are no resources of their own, in one form (see [Forms]).
final class Rows {
    private static final String TARGET = "target_type";
    private static final String ACTION = "action";
    private static final String IMAGE = "image";

    private Rows() {}

    private static ArrayNode list(Field field, JsonNode node) {
        if (node instanceof ArrayNode list) return list;
        throw wrong(field, "must be a list");
    }

    /// Of `name`, `label` and `input_type`.
    static ArrayNode definitions(Field field, JsonNode node) {
        var all = Json.array();
        for (var one : list(field, node)) {
            only(field, object(field, one), "id", NAME, "label", "input_type");
            var name = scalar(field, one.path(NAME));
            var label = scalar(field, one.path("label"));
            var input = scalar(field, one.path("input_type"));
            all.add(Json.object()
                    .put(NAME, name)
                    .put("label", label.isEmpty() ? name : label)
                    .put("input_type", input.isEmpty() ? "string" : input));
        }
        return all;
    }

    /// Names, or mappings of `name` and `config`.
    static ArrayNode strategies(Field field, JsonNode node) {
        var all = Json.array();
        for (var one : list(field, node)) {
            var strategy = Json.object().put(NAME, scalar(field, one.isObject() ? one.path(NAME) : one));
            if (one.path("config") instanceof ObjectNode config) {
                var numbers = new TreeMap<String, JsonNode>();
                config.properties()
                        .forEach(number ->
                                numbers.put(number.getKey(), number(field, scalar(field, number.getValue()))));
                var sorted = Json.object();
                numbers.forEach(sorted::set);
                strategy.set("config", sorted);
            }
            all.add(strategy);
        }
        return all;
    }

    /// `Instance: [view, use]`, or a list of `target_type` and `action`.
    static ObjectNode privileges(Field field, JsonNode node) {
        var all = new TreeMap<String, ArrayNode>();
        if (node instanceof ObjectNode object)
            object.properties().forEach(one -> all.put(one.getKey(), words(field, one.getValue())));
        else
            for (var one : list(field, node)) {
                only(field, object(field, one), TARGET, ACTION);
                all.computeIfAbsent(scalar(field, one.path(TARGET)), _ -> Json.array())
                        .add(scalar(field, one.path(ACTION)));
            }
        var privileges = Json.object();
        all.forEach((target, actions) -> privileges.set(target, sorted(actions)));
        return privileges;
    }

    static ArrayNode sentPrivileges(JsonNode privileges) {
        var all = Json.array();
        privileges
                .properties()
                .forEach(one -> one.getValue()
                        .forEach(action ->
                                all.add(Json.object().put(TARGET, one.getKey()).set(ACTION, action))));
        return all;
    }

    /// Of `name`, `hwp` and `image`; a server refers to the image.
    static ArrayNode assemblies(Field field, JsonNode node) {
        var all = Json.array();
        for (var one : list(field, node)) {
            only(field, object(field, one), NAME, "hwp", IMAGE);
            var image = one.path(IMAGE);
            all.add(Json.object()
                    .put(NAME, scalar(field, one.path(NAME)))
                    .put("hwp", scalar(field, one.path("hwp")))
                    .put(IMAGE, scalar(field, image.isObject() ? image.path("id") : image)));
        }
        return all;
    }
}
