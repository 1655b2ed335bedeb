package holdfast.api.cimi;

import holdfast.platform.Json;
import holdfast.platform.XmlTree;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The two ways to write one document (aeolus.md 5.4.1). A document is a tree of JSON; the rules here make XML of it,
/// and a tree of XML that clients send:
///
/// - `href`, `rel` and what else is named in [#ATTRIBUTES] are attributes
/// - `properties` are elements `property` with an attribute `key`
/// - the members of an array are elements of the singular of its name; those of a collection have the name of their
/// type
final class Notation {
    /// The name of all that CIMI 1.0 defines.
    static final String NAMESPACE = "http://schemas.dmtf.org/cimi/1";

    static final String RESOURCE = "resourceURI";
    static final String HREF = "href";
    static final String PROPERTIES = "properties";
    private static final String COLLECTION = "Collection";
    private static final String KEY = "key";
    private static final String VALUE = "value";
    /// What is an attribute in elements of metadata; `value` is their text.
    private static final Set<String> ATTRIBUTES =
            Set.of(HREF, "rel", RESOURCE, "namespace", "required", "uri", "method");
    private static final Set<String> METADATA = Set.of("attribute", "capability", "action");
    /// What clients may repeat, by the element that it is in; all else is there once.
    private static final Map<String, Set<String>> REPEATED = Map.of(
            "machineTemplate", Set.of("volume", "volumeTemplate", "networkInterface"),
            "machineConfiguration", Set.of("disk"),
            "machineConfig", Set.of("disk"),
            "systemTemplate", Set.of("componentDescriptor"),
            "forwardingGroupTemplate", Set.of("network"));

    private Notation() {}

    /// @param document whose `resourceURI` tells its type
    static XmlTree xml(ObjectNode document) {
        var uri = document.path(RESOURCE).asString("");
        var type = uri.substring(uri.lastIndexOf('/') + 1);
        boolean collection = type.endsWith(COLLECTION);
        var attributes = new LinkedHashMap<String, String>();
        attributes.put("xmlns", NAMESPACE);
        var inside = element(collection ? COLLECTION : type, document, collection ? type : "");
        attributes.putAll(inside.attributes());
        return new XmlTree(inside.name(), attributes, inside.children(), inside.text());
    }

    /// A collection whose members come while it is written.
    static void xml(Shown.Listed listed, OutputStream out) throws IOException {
        var uri = listed.document().path(RESOURCE).asString("");
        var name = member(uri.substring(uri.lastIndexOf('/') + 1));
        var before = Json.object().put(RESOURCE, uri);
        for (var field : listed.document().properties()) {
            if (field.getKey().equals(listed.members())) {
                break;
            }
            before.set(field.getKey(), field.getValue());
        }
        var entries = StreamSupport.stream(Spliterators.spliteratorUnknownSize(listed.entries(), 0), false)
                .map(entry -> element(name, entry, ""));
        xml(listed.document()).document(out, xml(before).children().size(), entries.iterator());
    }

    /// @param members the type of collection whose members are in it; empty for all else
    private static XmlTree element(String name, ObjectNode node, String members) {
        var attributes = new LinkedHashMap<String, String>();
        var children = new ArrayList<XmlTree>();
        boolean metadata = METADATA.contains(name);
        for (var field : node.properties()) {
            var key = field.getKey();
            var value = field.getValue();
            if (ATTRIBUTES.contains(key) || metadata && value.isValueNode() && !key.equals(VALUE)) {
                attributes.put(key, value.asString(""));
            } else if (!(metadata && key.equals(VALUE))) {
                children.addAll(elements(key, value, members));
            }
        }
        return new XmlTree(
                name, attributes, children, metadata ? node.path(VALUE).asString("") : "");
    }

    private static List<XmlTree> elements(String key, JsonNode value, String members) {
        return switch (value) {
            case ObjectNode map
            when key.equals(PROPERTIES) ->
                map.properties().stream()
                        .map(one -> new XmlTree(
                                "property",
                                Map.of(KEY, one.getKey()),
                                List.of(),
                                one.getValue().asString("")))
                        .toList();
            case ObjectNode inside -> List.of(element(key, inside, collection(inside)));
            case ArrayNode array -> {
                var name = members.isEmpty() || key.equals("operations") ? singular(key) : member(members);
                yield array.valueStream()
                        .map(one -> one instanceof ObjectNode inside
                                ? element(name, inside, "")
                                : leaf(name, one.asString("")))
                        .toList();
            }
            default -> value.isNull() ? List.of() : List.of(leaf(key, value.asString("")));
        };
    }

    /// What is embedded by `$expand` knows its type; it is no element of a collection else.
    private static String collection(ObjectNode inside) {
        var uri = inside.path(RESOURCE).asString("");
        return uri.endsWith(COLLECTION) ? uri.substring(uri.lastIndexOf('/') + 1) : "";
    }

    private static XmlTree leaf(String name, String text) {
        return new XmlTree(name, Map.of(), List.of(), text);
    }

    private static String member(String collection) {
        return collection.substring(0, collection.length() - COLLECTION.length());
    }

    private static String singular(String plural) {
        if (plural.endsWith("ies")) {
            return plural.substring(0, plural.length() - 3) + "y";
        }
        return plural.endsWith("sses")
                ? plural.substring(0, plural.length() - 2)
                : plural.substring(0, plural.length() - 1);
    }

    /// What a client means by a tree of XML: everything in it is text, references have `href`.
    static ObjectNode json(XmlTree tree) {
        var node = Json.object();
        tree.attribute(HREF).ifPresent(href -> node.put(HREF, href));
        var repeated = REPEATED.getOrDefault(lower(tree.name()), Set.of());
        for (var child : tree.children()) {
            var name = child.name();
            if (name.equals("property")) {
                var key = child.attribute(KEY);
                key.ifPresent(known -> node.withObject("/" + PROPERTIES).put(known, child.text()));
            } else if (repeated.contains(name)) {
                node.withArray("/" + name + "s").add(value(child));
            } else {
                node.set(name, value(child));
            }
        }
        return node;
    }

    private static JsonNode value(XmlTree tree) {
        return tree.children().isEmpty() && tree.attribute(HREF).isEmpty()
                ? Json.mapper().getNodeFactory().stringNode(tree.text())
                : json(tree);
    }

    /// The name of a root element may begin either way.
    static String lower(String name) {
        var bare = name.endsWith("Create") ? name.substring(0, name.length() - "Create".length()) : name;
        return bare.isEmpty() ? bare : bare.substring(0, 1).toLowerCase(Locale.ROOT) + bare.substring(1);
    }
}
