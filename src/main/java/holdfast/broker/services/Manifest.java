package holdfast.broker.services;

import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.platform.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An object of Kubernetes with places for values in its texts (`templates[]` of a blueprint).
///
/// Values go into texts of an object that is read already, so no value can become anything but that text: what is made
/// is never read as YAML before all values are in it.
///
/// @param object must not be changed
public record Manifest(String name, String description, JsonNode object) {
    /// What there may be of a service, and no more: the same as drivers take.
    private static final Set<String> KINDS =
            Set.of("ConfigMap", "Secret", "Service", "Pod", "Deployment", "StatefulSet", "Job");

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final String ENDPOINT = "nodecore.fluidos.eu/flavor-service-endpoint";
    private static final int DEEPEST = 32;
    private static final List<String> FIXED = List.of("apiVersion", "kind");

    /// Sees that it can be filled and made, whatever values come.
    ///
    /// @param where the field that it is in
    /// @throws RefusedException naming field, value, rule and way out
    void check(String where) {
        if (!object.isObject()) {
            throw refused(where, "must be an object of Kubernetes, with apiVersion, kind and metadata");
        }
        Json.unfit(object, DEEPEST).ifPresent(rule -> {
            throw refused(where, rule);
        });
        for (var field : FIXED) {
            if (text(field).isEmpty() || text(field).contains("{{")) {
                throw refused(where + "." + field, "is missing or has a value in it; write it out");
            }
        }
        if (!KINDS.contains(kind())) {
            throw refused(where + ".kind", "is " + kind() + "; what services are made of is one of " + sorted(KINDS));
        }
        var called = object.at("/metadata/name").asString("");
        if (!NAME.matcher(called).matches()) {
            throw refused(
                    where + ".metadata.name",
                    "is '" + called + "'; write 1 to 63 lower-case letters, digits and dashes, and no value");
        }
        if (!object.at("/metadata/namespace").isMissingNode()) {
            throw refused(
                    where + ".metadata.namespace", "is there; leave it out: each contract has a namespace of its own");
        }
        for (var field : List.of("metadata", "metadata.labels")) {
            var inner = object.at("/" + field.replace('.', '/'));
            if (!inner.isMissingNode() && !inner.isObject()) {
                throw refused(where + "." + field, "must be an object");
            }
        }
        named(where);
    }

    private static String sorted(Set<String> words) {
        return String.join(", ", words.stream().sorted().toList());
    }

    private String text(String field) {
        return object.path(field).asString("");
    }

    String kind() {
        return text("kind");
    }

    /// What it is called among those of its kind.
    String title() {
        return kind() + "/" + object.at("/metadata/name").asString("");
    }

    /// Whether it is where the service is reached.
    boolean isEndpoint() {
        return kind().equals("Service")
                && object.path("metadata")
                        .path("labels")
                        .path(ENDPOINT)
                        .asString("")
                        .equals("true");
    }

    /// All values that it has places for, and whether each is needed: somewhere nothing else is written for it.
    ///
    /// @throws RefusedException if something is no template
    Map<String, Boolean> named(String where) {
        var names = new LinkedHashMap<String, Boolean>();
        mapped(object, where, (text, at) -> {
            var template = Template.of(text, at);
            template.named().forEach(name -> names.putIfAbsent(name, false));
            template.needed().forEach(name -> names.put(name, true));
            return object;
        });
        return names;
    }

    /// The object with values in their places.
    ///
    /// @throws RefusedException naming the value that is missing, or that cannot go where it should
    ObjectNode render(Map<String, JsonNode> values) {
        return (ObjectNode)
                mapped(object, name, (text, at) -> Template.of(text, at).render(values, at));
    }

    /// The same tree with other texts.
    private static JsonNode mapped(JsonNode node, String where, BiFunction<String, String, JsonNode> change) {
        if (node.isString()) {
            return change.apply(node.stringValue(), where);
        }
        if (node.isArray()) {
            var list = Json.array();
            for (int index = 0; index < node.size(); index++) {
                list.add(mapped(node.get(index), where + "[" + index + "]", change));
            }
            return list;
        }
        if (!node.isObject()) {
            return node;
        }
        var object = Json.object();
        node.properties().forEach(member -> {
            var at = where + "." + member.getKey();
            if (member.getKey().contains("{{")) {
                throw refused(at, "is a name with a value in it; values go into texts only");
            }
            object.set(member.getKey(), mapped(member.getValue(), at, change));
        });
        return object;
    }

    private static RefusedException refused(String field, String rule) {
        return new RefusedException(Refusal.malformed(field, field + " " + rule));
    }
}
