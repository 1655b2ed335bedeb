package holdfast.api.resources;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.platform.Json;
import holdfast.platform.Utf8;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads what is to become of a resource: a JSON object or array, whatever type it says it has; or a form, also in
/// parts. Query parameters of the names of fields count as well, where the body says nothing.
final class Bodies {
    static final int LARGEST = 16 << 20;
    private static final int MOST_AT_ONCE = 1_000;
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Set<String> OPTIONS = Set.of("CSRF", "action", "include", "projectId", "strict");

    private Bodies() {}

    /// @param many whether they came as an array
    record Read(List<ObjectNode> objects, boolean many) {}

    private static String text(byte[] bytes) {
        return Utf8.read(bytes).orElseThrow(() -> Problem.badBody("the body is not in UTF-8"));
    }

    /// @throws Problem if it is neither object nor array of objects, or too large
    static Read read(Ask ask) {
        boolean parts = ask.http().mediaType().equals(Multipart.TYPE);
        var bytes = ask.body(parts ? Multipart.LARGEST : LARGEST);
        var given = parameters(ask);
        if (parts) {
            var fields = Multipart.read(bytes, ask.http().header("Content-Type").orElse(""));
            fields.forEach((name, values) -> given.set(name, one(values)));
            return new Read(List.of(given), false);
        }
        if (ask.http().mediaType().equals(FORM)) {
            form(text(bytes)).forEach((name, values) -> given.set(name, one(values)));
            return new Read(List.of(given), false);
        }
        if (ask.http().mediaType().startsWith("multipart/")) {
            throw Problem.badBody("of multipart bodies only " + Multipart.TYPE + " is taken here");
        }
        var text = text(bytes);
        var tree = text.isBlank() ? Json.object() : json(text);
        if (tree instanceof ObjectNode object) {
            return new Read(List.of(given.setAll(object)), false);
        }
        if (!tree.isArray() || tree.size() > MOST_AT_ONCE) {
            throw Problem.badBody("the body must be a JSON object, or an array of at most " + MOST_AT_ONCE);
        }
        var objects = new ArrayList<ObjectNode>();
        for (var each : tree) {
            if (!(each instanceof ObjectNode object)) {
                throw Problem.badBody("the array holds something that is no object");
            }
            objects.add(given.deepCopy().setAll(object));
        }
        return new Read(objects, true);
    }

    /// @throws Problem if it is no object
    static ObjectNode object(Ask ask) {
        var read = read(ask);
        if (read.many) {
            throw Problem.badBody("the body must be a JSON object");
        }
        return read.objects.getFirst();
    }

    private static JsonNode json(String text) {
        try {
            return Json.tree(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (JacksonException e) {
            throw Problem.badBody("the body is not JSON: "
                    + String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("it ends too early"));
        }
    }

    private static ObjectNode parameters(Ask ask) {
        var given = Json.object();
        ask.http().query().forEach((name, values) -> {
            if (!name.startsWith("_") && !OPTIONS.contains(name)) {
                given.set(name, one(values));
            }
        });
        return given;
    }

    private static JsonNode one(List<String> values) {
        return Json.toTree(values.size() == 1 ? values.getFirst() : values);
    }

    private static Map<String, List<String>> form(String text) {
        var fields = new TreeMap<String, List<String>>();
        try {
            for (var part : text.strip().split("&")) {
                var sides = part.split("=", 2);
                if (!part.isEmpty()) {
                    fields.computeIfAbsent(URLDecoder.decode(sides[0], UTF_8), _ -> new ArrayList<>())
                            .add(sides.length == 1 ? "" : URLDecoder.decode(sides[1], UTF_8));
                }
            }
        } catch (IllegalArgumentException _) {
            throw Problem.badBody("the form is not properly encoded");
        }
        return fields;
    }
}
