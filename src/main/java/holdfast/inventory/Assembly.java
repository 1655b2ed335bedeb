package holdfast.inventory;

import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts a graph together from what a file says, whatever its format; refuses what no graph may have. Files may name
/// the ends of an edge before the vertices, so edges wait until the end.
final class Assembly {
    private static final int LONGEST_ID = 1024;

    private final Limits limits;
    private final Graph.Builder vertices = Graph.builder("");
    private final Map<String, String> idsInFile = new HashMap<>();
    private final List<Edge> edges = new ArrayList<>();
    private String graphId = "";

    private record Edge(String from, String relation, String to, String where) {}

    Assembly(Limits limits) {
        this.limits = limits;
    }

    /// @param idInFile by which the file's edges name it
    /// @param labels such as `:GraphNode:NetworkNode`, used if no property gives the class; may be empty
    /// @param properties everything the file says, identity included
    /// @param where it stands, for messages
    void vertex(String idInFile, String labels, Map<String, String> properties, String where) {
        if (vertices.size() == limits.vertices()) {
            throw refuse(where, "the graph has more than " + limits.vertices() + " vertices, the most that is read");
        }
        var rest = new HashMap<>(properties);
        rest.values().removeIf(Property::isAbsent);
        // what graph databases add to their exports says nothing of the model
        rest.keySet().removeAll(List.of("id", "label", "labels"));
        var nodeId = take(rest, Property.NODE_ID)
                .orElseThrow(() -> refuse(
                        where, "vertex '" + idInFile + "' has no NodeID; every vertex needs one, unique in its graph"));
        if (nodeId.length() > LONGEST_ID) {
            throw refuse(where, "a NodeID has " + nodeId.length() + " characters; at most " + LONGEST_ID + " are read");
        }
        checkText(nodeId, where, nodeId, Property.NODE_ID);
        var kind = kind(nodeId, take(rest, Property.CLASS), labels, where);
        take(rest, Property.GRAPH_ID).ifPresent(id -> belongsTo(id, nodeId, where));
        var stitch = stitch(nodeId, take(rest, Property.STITCH_NODE).orElse("false"), where);
        rest.forEach((name, value) -> {
            checkText(value, where, nodeId, name);
            checkText(name, where, nodeId, "name of a property");
            if (Property.isJson(name)) {
                checkJson(value, where, nodeId, name);
            }
        });
        if (vertices.contains(nodeId)) {
            throw refuse(where, "NodeID '" + nodeId + "' is used by two vertices; it must be unique in its graph");
        }
        if (idsInFile.put(idInFile, nodeId) != null) {
            throw refuse(where, "node id '" + idInFile + "' is used by two vertices of the file");
        }
        vertices.put(new Vertex(nodeId, kind, stitch, rest));
    }

    /// @param from by its id in the file
    /// @param relation the word; may be empty if the file does not say
    void edge(String from, String relation, String to, String where) {
        if (edges.size() == limits.edges()) {
            throw refuse(where, "the graph has more than " + limits.edges() + " edges, the most that is read");
        }
        edges.add(new Edge(from, relation, to, where));
    }

    Graph graph() {
        for (var edge : edges) {
            var relation = Relation.of(edge.relation)
                    .orElseThrow(() -> refuse(
                            edge.where,
                            "the edge from '%s' to '%s' has class %s; it must be has or connects"
                                    .formatted(edge.from, edge.to, Json.shorten(edge.relation))));
            var from = end(edge.from, edge.where);
            var to = end(edge.to, edge.where);
            if (from.equals(to)) {
                throw refuse(edge.where, "an edge connects vertex '" + from + "' with itself");
            }
            if (vertices.relation(from, to).filter(other -> other != relation).isPresent()) {
                throw refuse(
                        edge.where,
                        "'" + from + "' and '" + to + "' are joined by has and by connects; one edge is allowed");
            }
            vertices.connect(from, relation, to);
        }
        return vertices.build().withId(graphId);
    }

    static RefusedException refuse(String where, String why) {
        return new RefusedException(Refusal.malformed(where, where + ": " + why));
    }

    private String end(String idInFile, String where) {
        return Optional.ofNullable(idsInFile.get(idInFile))
                .orElseThrow(() ->
                        refuse(where, "an edge ends at " + Json.shorten(idInFile) + ", which no vertex has as its id"));
    }

    private void belongsTo(String id, String nodeId, String where) {
        if (graphId.isEmpty()) {
            checkText(id, where, nodeId, Property.GRAPH_ID);
            graphId = id;
        } else if (!graphId.equals(id)) {
            throw refuse(
                    where,
                    "vertex '%s' has GraphID %s, others have %s; a file holds one graph"
                            .formatted(nodeId, Json.shorten(id), Json.shorten(graphId)));
        }
    }

    private static VertexClass kind(String nodeId, Optional<String> given, String labels, String where) {
        var word = given.or(() -> classAmong(labels))
                .orElseThrow(() -> refuse(
                        where, "vertex '" + nodeId + "' has no Class; it must be one of " + VertexClass.words()));
        return VertexClass.of(word)
                .orElseThrow(() -> refuse(
                        where,
                        "vertex '%s' has Class %s; it must be one of %s"
                                .formatted(nodeId, Json.shorten(word), VertexClass.words())));
    }

    private static Optional<String> classAmong(String labels) {
        for (var label : labels.split(":")) {
            if (!label.isBlank() && !label.equals("GraphNode")) {
                return Optional.of(label.strip());
            }
        }
        return Optional.empty();
    }

    private static boolean stitch(String nodeId, String text, String where) {
        return switch (text.strip()) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw refuse(
                        where,
                        "vertex '%s' has StitchNode %s; it must be true or false"
                                .formatted(nodeId, Json.shorten(text)));
        };
    }

    private static void checkJson(String value, String where, String nodeId, String property) {
        try {
            Json.read(value);
        } catch (Json.Unfit unfit) {
            throw refuse(where, "vertex '" + nodeId + "': " + property + " " + unfit.getMessage());
        }
    }

    private void checkText(String value, String where, String nodeId, String property) {
        if (value.length() > limits.value()) {
            throw refuse(
                    where,
                    "vertex '%s': %s has %d characters; at most %d are read"
                            .formatted(nodeId, property, value.length(), limits.value()));
        }
        if (!Xml.isWritable(value)) {
            throw refuse(
                    where,
                    "vertex '%s': %s holds a control character or half a character, which no graph file can carry"
                            .formatted(Xml.isWritable(nodeId) ? nodeId : "?", property));
        }
    }

    private static Optional<String> take(Map<String, String> properties, String name) {
        return Optional.ofNullable(properties.remove(name));
    }
}
