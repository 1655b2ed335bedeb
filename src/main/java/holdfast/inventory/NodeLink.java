package holdfast.inventory;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON texts of graphs: node-link, which is read and written, and Cytoscape's, which is written.
public final class NodeLink {
    private NodeLink() {}

    /// Reads up to [Limits#DEFAULT].
    ///
    /// @throws RefusedException if it is not a graph of this model, with node, value and rule
    public static Graph read(String text) {
        return read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), Limits.DEFAULT);
    }

    /// Reads up to `limits`; what is longer is refused as soon as that shows, without reading the rest.
    ///
    /// @throws RefusedException if it is not a graph of this model, with node, value and rule
    /// @throws UncheckedIOException if the stream fails
    public static Graph read(InputStream in, Limits limits) {
        try (var json = mapper(limits).createParser(new Bounded(in, limits.bytes()))) {
            return document(json, new Assembly(limits));
        } catch (JacksonException e) {
            var at = e.getLocation();
            throw Assembly.refuse(at == null ? "graph" : "line " + at.getLineNr(), "not JSON: " + Json.firstLine(e));
        }
    }

    /// The node-link text. Property values are texts, also where they hold JSON.
    public static String write(Graph graph) {
        var numbers = new HashMap<String, Integer>();
        var nodes = new ArrayList<Map<String, Object>>();
        for (var vertex : graph.vertices()) {
            numbers.put(vertex.id(), numbers.size() + 1);
            var node = new LinkedHashMap<String, Object>(GraphMl.flat(vertex, graph.id()));
            node.put("labels", ":GraphNode:" + vertex.kind().word());
            node.put("id", numbers.size());
            nodes.add(node);
        }
        var links = new ArrayList<Map<String, Object>>();
        for (var edge : graph.edges()) {
            var link = new LinkedHashMap<String, Object>();
            link.put("label", edge.relation().word());
            link.put(Property.CLASS, edge.relation().word());
            link.put("source", numbers.get(edge.from()));
            link.put("target", numbers.get(edge.to()));
            links.add(link);
        }
        var document = new LinkedHashMap<String, Object>();
        document.put("directed", false);
        document.put("multigraph", false);
        document.put("graph", Map.of());
        document.put("nodes", nodes);
        document.put("links", links);
        return Json.write(document);
    }

    /// The text that the Cytoscape library draws.
    public static String writeCytoscape(Graph graph) {
        var nodes = new ArrayList<Map<String, Object>>();
        for (var vertex : graph.vertices()) {
            var data = new LinkedHashMap<String, Object>(GraphMl.flat(vertex, graph.id()));
            data.put("id", vertex.id());
            data.put("value", vertex.id());
            data.put("name", vertex.name());
            nodes.add(Map.of("data", data));
        }
        var edges = new ArrayList<Map<String, Object>>();
        for (var edge : graph.edges()) {
            edges.add(Map.of(
                    "data",
                    Map.of(
                            Property.CLASS,
                            edge.relation().word(),
                            "label",
                            edge.relation().word(),
                            "source",
                            edge.from(),
                            "target",
                            edge.to())));
        }
        var document = new LinkedHashMap<String, Object>();
        document.put("data", List.of());
        document.put("directed", false);
        document.put("multigraph", false);
        document.put("elements", Map.of("nodes", nodes, "edges", edges));
        return Json.write(document);
    }

    private static JsonMapper mapper(Limits limits) {
        return JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(16)
                                .maxNumberLength(100)
                                .maxStringLength(limits.value())
                                .build())
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .build();
    }

    /// Nodes and links are read one at a time, so that only one of them is in memory twice.
    private static Graph document(JsonParser json, Assembly assembly) {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw Assembly.refuse("graph", "a JSON object with nodes and links is needed");
        }
        boolean nodes = false;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            var member = json.currentName();
            switch (member) {
                case "nodes" -> {
                    nodes = true;
                    startOfList(json, member);
                    for (int count = 0; json.nextToken() != JsonToken.END_ARRAY; count++) {
                        node(json.readValueAsTree(), member + "[" + count + "]", assembly);
                    }
                }
                case "links", "edges" -> {
                    startOfList(json, member);
                    for (int count = 0; json.nextToken() != JsonToken.END_ARRAY; count++) {
                        link(json.readValueAsTree(), member + "[" + count + "]", assembly);
                    }
                }
                default -> {
                    json.nextToken();
                    json.skipChildren();
                }
            }
        }
        if (!nodes) {
            throw Assembly.refuse("nodes", "the document has no list of nodes");
        }
        if (json.nextToken() != null) {
            throw Assembly.refuse("graph", "there is more text after the graph");
        }
        return assembly.graph();
    }

    private static void startOfList(JsonParser json, String name) {
        if (json.nextToken() != JsonToken.START_ARRAY) {
            throw Assembly.refuse(name, "the document's " + name + " must be a list");
        }
    }

    private static void node(JsonNode node, String where, Assembly assembly) {
        if (!node.isObject()) {
            throw Assembly.refuse(where, "a node must be a JSON object, not " + Json.shorten(node.toString()));
        }
        var properties = new HashMap<String, String>();
        for (var member : node.properties()) {
            scalar(member.getValue(), where + "." + member.getKey())
                    .ifPresent(text -> properties.put(member.getKey(), text));
        }
        var labels = properties.getOrDefault("labels", "");
        assembly.vertex(end(node, "id", where), labels, properties, where);
    }

    private static void link(JsonNode link, String where, Assembly assembly) {
        if (!link.isObject()) {
            throw Assembly.refuse(where, "a link must be a JSON object, not " + Json.shorten(link.toString()));
        }
        var relation = member(link, Property.CLASS)
                .or(() -> member(link, "label"))
                .flatMap(value -> scalar(value, where))
                .orElse("");
        assembly.edge(end(link, "source", where), relation, end(link, "target", where), where);
    }

    /// Numbers and texts are different ids, as in JSON: `40` is not `"40"`.
    private static String end(JsonNode node, String name, String where) {
        return member(node, name)
                .filter(JsonNode::isValueNode)
                .map(JsonNode::toString)
                .orElseThrow(() -> Assembly.refuse(where, name + " is missing; it must be a number or a text"));
    }

    private static Optional<JsonNode> member(JsonNode node, String name) {
        return Optional.ofNullable(node.get(name)).filter(value -> !value.isNull());
    }

    private static Optional<String> scalar(JsonNode value, String where) {
        if (value.isContainer()) {
            throw Assembly.refuse(
                    where,
                    Json.shorten(value.toString())
                            + " is given, where a text is needed (JSON in a property stands in a text)");
        }
        return value.isNull() ? Optional.empty() : Optional.of(value.asString());
    }
}
