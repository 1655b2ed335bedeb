package holdfast.api.resources;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Refusal;
import holdfast.inventory.Catalog;
import holdfast.inventory.Graph;
import holdfast.inventory.Property;
import holdfast.inventory.Relation;
import holdfast.inventory.Vertex;
import holdfast.inventory.VertexClass;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Nodes written as a short list, made into the graph that says the same: from there on both are treated alike.
///
/// ```yaml
/// nodes:
///   - name: node1
///     site: RENC
///     cores: 8
///     ram: 16
///     disk: 100
///     components:
///       - {name: gpu1, type: GPU, model: Tesla T4}
/// ```
final class ShortForm {
    static final int MOST_NODES = 1_000;
    private static final int MOST_COMPONENTS = 100;
    private static final int LONGEST = 200;
    private static final long MOST = 1_000_000;
    private static final String IMAGE_TYPE = ",qcow2";

    /// Fields of the list by property of the graph.
    private static final Map<String, String> FIELDS = Map.of(
            Property.NAME, "name",
            Property.TYPE, "type",
            Property.MODEL, "model",
            Property.SITE, "site",
            Property.CAPACITIES, "cores",
            Property.IMAGE_REF, "image",
            Property.LABELS, "host");

    private final Catalog catalog;
    private final Platform platform;
    private final List<Refusal> faults;
    private final Map<String, String> paths = new HashMap<>();

    /// @param faults where what is wrong is added; the graph is of no use then
    ShortForm(Catalog catalog, Platform platform, List<Refusal> faults) {
        this.catalog = catalog;
        this.platform = platform;
        this.faults = faults;
    }

    /// The graph, and where its parts stand in the list.
    ///
    /// @param paths by NodeID
    record Written(Graph graph, Map<String, String> paths) {
        /// The refusal of a part of the graph, in the words of the list.
        Refusal told(Refusal why) {
            var parts = why.field().orElse("").split("\\.", 3);
            if (parts.length < 3 || !paths.containsKey(parts[1])) {
                return why;
            }
            var field = FIELDS.getOrDefault(parts[2], parts[2]);
            return Refusal.malformed(
                    paths.get(parts[1]) + "." + field, why.message().replace(" (NodeID " + parts[1] + ")", ""));
        }
    }

    Written read(List<JsonNode> nodes) {
        var graph = Graph.builder(platform.newId().toString());
        var names = new HashSet<String>();
        for (int n = 0; n < nodes.size(); n++) {
            node(graph, nodes.get(n), n, names);
        }
        return new Written(graph.build(), Map.copyOf(paths));
    }

    private void node(Graph.Builder graph, JsonNode node, int number, HashSet<String> names) {
        if (!node.isObject()) {
            faults.add(Refusal.malformed(
                    "nodes[" + number + "]", "nodes[" + number + "] must have fields such as name and site"));
            return;
        }
        var form = new Form(node, path("nodes", node, number), faults);
        var name = form.requiredText("name", LONGEST);
        if (!name.isEmpty() && !names.add(name)) {
            form.fault("name", "two nodes are called " + name);
        }
        var vertex = Vertex.of(platform.newId().toString(), VertexClass.NETWORK_NODE, "VM", name)
                .with(Property.SITE, form.requiredText("site", LONGEST))
                .with(Property.CAPACITIES, size(form))
                .with(Property.IMAGE_REF, image(form))
                .with(
                        Property.LABELS,
                        form.text("host", LONGEST)
                                .map(host -> Json.text(Map.of("instance_parent", host)))
                                .orElse(""));
        graph.put(vertex);
        paths.put(vertex.id(), form.path());
        var inside = new HashSet<String>();
        var components = form.list("components", MOST_COMPONENTS);
        for (int n = 0; n < components.size(); n++) {
            component(graph, vertex, form.at("components"), components.get(n), n, inside);
        }
        form.end();
    }

    /// Graphs name the type of the file too.
    private static String image(Form form) {
        return form.text("image", LONGEST)
                .map(image -> image.contains(",") ? image : image + IMAGE_TYPE)
                .orElse("");
    }

    private static String path(String list, JsonNode entry, int number) {
        var name = entry.path("name");
        return name.isString() && !name.stringValue().isEmpty()
                ? list + "." + Form.shorten(name.stringValue())
                : list + "[" + number + "]";
    }

    private String size(Form form) {
        var asked = Capacities.of(
                form.whole("cores", 1, MOST).orElse(0L),
                form.whole("ram", 1, MOST).orElse(0L),
                form.whole("disk", 1, MOST).orElse(0L));
        if (asked.nothing()) {
            if (!form.has("cores") && !form.has("ram") && !form.has("disk")) {
                form.fault(
                        "cores",
                        form.at("cores") + " is missing; say how many cores, GB of ram and GB of disk the node needs");
            }
            return "";
        }
        if (catalog.covering(asked) instanceof Answer.No<Catalog.Instance>(var why)) {
            form.fault("cores", why.message());
        }
        return Json.text(asked.amounts());
    }

    private void component(
            Graph.Builder graph, Vertex node, String list, JsonNode entry, int number, HashSet<String> names) {
        if (!entry.isObject()) {
            faults.add(Refusal.malformed(
                    list + "[" + number + "]",
                    list + "[" + number + "] must have fields name, type and perhaps model"));
            return;
        }
        var form = new Form(entry, path(list, entry, number), faults);
        var name = form.requiredText("name", LONGEST);
        if (!name.isEmpty() && !names.add(name)) {
            form.fault("name", "two components of " + node.name() + " are called " + name);
        }
        var type = form.requiredText("type", LONGEST);
        var types = new TreeSet<>(
                catalog.components().stream().map(Catalog.Component::type).toList());
        if (!type.isEmpty() && !types.contains(type)) {
            form.fault("type", form.at("type") + " is " + type + Nearest.hint(type, new ArrayList<>(types)));
        }
        var vertex = Vertex.of(platform.newId().toString(), VertexClass.COMPONENT, type, name)
                .with(Property.MODEL, form.text("model", LONGEST).orElse(""));
        paths.put(vertex.id(), form.path());
        graph.put(vertex).connect(node.id(), Relation.HAS, vertex.id());
        form.end();
    }
}
