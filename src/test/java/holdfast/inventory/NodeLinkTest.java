package holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.core.RefusedException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeLinkTest {
    @Test
    void a_real_manifest_survives_reading_and_writing() {
        var graph = NodeLink.read(Files.text("manifest-active-nodelink.json"));
        assertThat(graph.size()).isEqualTo(13);
        assertThat(graph.edges()).hasSize(12);
        assertThat(graph.get("8e857892-4274-4c39-ba65-415de870c9bf").get(Property.MGMT_IP))
                .contains("198.129.61.34");
        assertThat(NodeLink.read(NodeLink.write(graph))).isEqualTo(graph);
        assertThat(GraphMl.read(GraphMl.write(graph))).isEqualTo(graph);
        assertThat(Validation.any(graph)).isEmpty();
    }

    @Test
    void links_may_come_before_nodes_and_ids_may_be_texts() {
        var graph = NodeLink.read("""
                {"links": [{"Class": "has", "source": "b", "target": 7}],
                 "nodes": [{"id": 7, "NodeID": "gpu", "Class": "Component"},
                           {"id": "b", "NodeID": "vm", "labels": ":NetworkNode:GraphNode", "StitchNode": true}]}""");
        assertThat(graph.neighbours("vm").map(Vertex::id)).containsExactly("gpu");
        assertThat(graph.get("vm").stitch()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                                                                  | a JSON object with nodes and links is needed",
                "{`\"`}                                                              | not JSON",
                "{}                                                                  | the document has no list of nodes",
                "{\"nodes\": {}}                                                     | the document's nodes must be a list",
                "{\"nodes\": [1]}                                                    | nodes[0]: a node must be a JSON object, not '1'",
                "{\"nodes\": [{\"NodeID\": \"a\", \"Class\": \"Link\"}]}             | nodes[0]: id is missing",
                "{\"nodes\": [{\"id\": 1, \"Class\": \"Link\"}]}                     | nodes[0]: vertex '1' has no NodeID",
                "{\"nodes\": [{\"id\": 1, \"NodeID\": \"a\"}]}                       | nodes[0]: vertex 'a' has no Class",
                "{\"nodes\": [{\"id\": 1, \"NodeID\": \"a\", \"Class\": \"Link\", \"Name\": {}}]} | nodes[0].Name: '{}' is given, where a text is needed",
                "{\"nodes\": [{\"id\": 1, \"NodeID\": \"a\", \"Class\": \"Link\", \"Name\": \"\\u0000\"}]} | Name holds a control character",
                "{\"nodes\": [{\"id\": 1, \"NodeID\": \"a\", \"Class\": \"Link\", \"Labels\": \"[\"}]} | nodes[0]: vertex 'a': Labels is not JSON",
                "{\"nodes\": [], \"links\": [{\"label\": \"has\", \"source\": 1, \"target\": 2}]} | links[0]: an edge ends at '1'",
                "{\"nodes\": [], \"nodes\": []}                                      | not JSON: Duplicate",
                "{\"nodes\": []} {}                                                  | there is more text after the graph",
            })
    void what_is_no_graph_is_refused_with_its_place(String text, String why) {
        assertThatThrownBy(() -> NodeLink.read(text))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(why);
    }

    @Test
    void a_text_that_is_too_long_is_refused() {
        var bytes = Files.text("manifest-active-nodelink.json").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> NodeLink.read(new ByteArrayInputStream(bytes), new Limits(5000, 100, 100, 1000)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("longer than 5000 bytes");
    }

    @Test
    void cytoscape_gets_each_vertex_and_edge_by_node_id() {
        var json = Json.MAPPER.readTree(NodeLink.writeCytoscape(Files.graph("asm-one-vm-two-pci.graphml")));
        assertThat(json.path("elements").path("nodes").size()).isEqualTo(3);
        var edge = json.path("elements").path("edges").get(0).path("data");
        assertThat(edge.path("source").asString()).isEqualTo("d059c855-77b1-4d28-bc49-7d3bef38298f");
        assertThat(edge.path("Class").asString()).isEqualTo("has");
    }
}
