package holdfast.inventory;

import java.io.InputStream;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/// GraphML text of graphs.
///
/// Reading accepts what clients and advertisements send (keys `d0`, `d1`, ..., undirected) and what graph databases
/// export (directed, keys called like their property, class perhaps only in a label). Writing makes the first,
/// which every reader of such files takes. Documents with a DTD, and so with entities of their own, are refused.
public final class GraphMl {
    private static final String NAMESPACE = "http://graphml.graphdrawing.org/xmlns";

    private GraphMl() {}

    /// Reads up to [Limits#DEFAULT].
    ///
    /// @throws holdfast.core.RefusedException if it is not a graph of this model, with line, value and rule
    public static Graph read(InputStream in) {
        return read(in, Limits.DEFAULT);
    }

    /// Reads up to `limits`; what is longer is refused as soon as that shows, without reading the rest.
    ///
    /// @throws holdfast.core.RefusedException if it is not a graph of this model, with line, value and rule
    /// @throws java.io.UncheckedIOException if the stream fails
    public static Graph read(InputStream in, Limits limits) {
        return GraphMlReader.read(in, limits);
    }

    /// Reads a text up to [Limits#DEFAULT].
    ///
    /// @throws holdfast.core.RefusedException if it is not a graph of this model, with line, value and rule
    public static Graph read(String text) {
        return GraphMlReader.read(text, new StringReader(text), Limits.DEFAULT);
    }

    /// The GraphML text.
    public static String write(Graph graph) {
        var keys = keys(graph);
        var out = new StringBuilder(1 << 16)
                .append("<graphml xmlns=\"")
                .append(NAMESPACE)
                .append("\">\n");
        keys.forEach((name, key) -> key(out, key, "node", name));
        var edgeKey = "d" + keys.size();
        key(out, edgeKey, "edge", Property.CLASS);
        out.append("  <graph edgedefault=\"undirected\">\n");
        var numbers = new LinkedHashMap<String, Integer>();
        for (var vertex : graph.vertices()) {
            numbers.put(vertex.id(), numbers.size() + 1);
            node(out, vertex, graph.id(), numbers.size(), keys);
        }
        for (var edge : graph.edges()) {
            var relation = edge.relation().word();
            out.append("    <edge source=\"%d\" target=\"%d\" label=\"%s\"><data key=\"%s\">%s</data></edge>\n"
                    .formatted(numbers.get(edge.from()), numbers.get(edge.to()), relation, edgeKey, relation));
        }
        return out.append("  </graph>\n</graphml>\n").toString();
    }

    /// Everything that files say about a vertex, identity first.
    static Map<String, String> flat(Vertex vertex, String graphId) {
        var all = new LinkedHashMap<String, String>();
        if (!graphId.isEmpty()) {
            all.put(Property.GRAPH_ID, graphId);
        }
        all.put(Property.NODE_ID, vertex.id());
        all.put(Property.CLASS, vertex.kind().word());
        all.put(Property.STITCH_NODE, String.valueOf(vertex.stitch()));
        all.putAll(vertex.properties());
        return all;
    }

    private static Map<String, String> keys(Graph graph) {
        var keys = new LinkedHashMap<String, String>();
        for (var name : new String[] {Property.GRAPH_ID, Property.NODE_ID, Property.CLASS, Property.STITCH_NODE}) {
            keys.put(name, "d" + keys.size());
        }
        var others = new TreeSet<String>();
        graph.vertices().forEach(vertex -> others.addAll(vertex.properties().keySet()));
        others.forEach(name -> keys.put(name, "d" + keys.size()));
        return keys;
    }

    private static void key(StringBuilder out, String key, String domain, String name) {
        out.append("  <key id=\"")
                .append(key)
                .append("\" for=\"")
                .append(domain)
                .append("\" attr.name=\"");
        Xml.escape(name, out);
        out.append("\" attr.type=\"string\"/>\n");
    }

    private static void node(StringBuilder out, Vertex vertex, String graphId, int number, Map<String, String> keys) {
        out.append("    <node id=\"").append(number).append("\" labels=\":GraphNode:");
        out.append(vertex.kind().word()).append("\">\n");
        flat(vertex, graphId).forEach((name, value) -> {
            out.append("      <data key=\"").append(keys.get(name)).append("\">");
            Xml.escape(value, out);
            out.append("</data>\n");
        });
        out.append("    </node>\n");
    }
}
