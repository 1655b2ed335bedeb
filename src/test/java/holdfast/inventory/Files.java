package holdfast.inventory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/// The real graphs that tests read.
final class Files {
    static final List<String> ADVERTISEMENTS =
            List.of("renc-site-ad.graphml", "uky-site-ad.graphml", "network-ad.graphml", "al2s-ad.graphml");
    static final List<String> SLICES = List.of(
            "asm-one-vm-two-pci.graphml",
            "asm-two-site-all-services.graphml",
            "asm-frrouting-3-sites.graphml",
            "asm-neo4j-dialect-before.graphml");

    private Files() {}

    static String text(String name) {
        for (var folder : new String[] {"examples/fabric", "src/test/resources/fabric"}) {
            var path = Path.of(System.getProperty("holdfast.root", "."), folder, name);
            if (java.nio.file.Files.exists(path)) {
                try {
                    return java.nio.file.Files.readString(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        throw new IllegalArgumentException("no such file " + name);
    }

    static Graph graph(String name) {
        return GraphMl.read(text(name));
    }

    /// The one delegated model of an advertisement.
    static Graph adm(String name) {
        return Delegations.split(graph(name), delegation -> name + "/" + delegation)
                .get("primary");
    }

    static CombinedModel combined(String... names) {
        var model = CombinedModel.empty("cbm");
        for (var name : names) {
            model = model.merge(adm(name)).orThrow();
        }
        return model;
    }

    /// A graph of stitched switches that are called and described differently in each graph, each connected with
    /// the one before.
    static Graph undelegated(String id, List<String> names) {
        var graph = Graph.builder(id);
        for (int at = 0; at < names.size(); at++) {
            var switchVertex =
                    Vertex.of(names.get(at), VertexClass.NETWORK_NODE, "Switch", names.get(at) + "-of-" + id);
            graph.put(switchVertex.with(at % 2 == 0 ? Property.DETAILS : Property.MODEL, id));
            if (at > 0) {
                graph.connect(names.get(at - 1), Relation.CONNECTS, names.get(at));
            }
        }
        return graph.build();
    }

    /// A graph text of one node of the given data items, in the client dialect.
    static String oneNode(String data) {
        return """
                <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
                <key id="d0" for="node" attr.name="NodeID"/><key id="d1" for="node" attr.name="Class"/>
                <key id="d2" for="node" attr.name="Name"/><key id="d3" for="node" attr.name="Type"/>
                <key id="d4" for="node" attr.name="Capacities"/><key id="d5" for="node" attr.name="GraphID"/>
                <graph edgedefault="undirected">
                <node id="1">%s</node>
                </graph></graphml>""".formatted(data);
    }
}
