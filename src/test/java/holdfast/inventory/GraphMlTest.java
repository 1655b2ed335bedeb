package holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class GraphMlTest {
    private static final String GOOD =
            "<data key='d0'>a</data><data key='d1'>NetworkNode</data><data key='d2'>n1</data>";

    @ParameterizedTest
    @CsvSource({
        "renc-site-ad.graphml, 75, 83",
        "uky-site-ad.graphml, 69, 75",
        "network-ad.graphml, 93, 93",
        "al2s-ad.graphml, 208, 261",
        "abqm-10-sites.graphml, 101, 100",
        "asm-frrouting-3-sites.graphml, 121, 126",
        "asm-neo4j-dialect-before.graphml, 4, 3",
        "asm-one-vm-two-pci.graphml, 3, 2",
        "asm-two-site-all-services.graphml, 38, 38",
    })
    void a_real_file_has_all_its_vertices_and_edges(String file, int vertices, int edges) {
        var graph = Files.graph(file);
        assertThat(graph.size()).isEqualTo(vertices);
        assertThat(graph.edges()).hasSize(edges);
    }

    @Test
    void the_site_advertisement_holds_what_its_description_says() {
        var counts = Files.graph("renc-site-ad.graphml").vertices().stream()
                .collect(Collectors.groupingBy(
                        vertex -> vertex.type() + " " + vertex.model().orElse(""), Collectors.counting()));
        assertThat(counts)
                .containsEntry("Server R7525", 3L)
                .containsEntry("NVME P4510", 10L)
                .containsEntry("GPU RTX6000", 2L)
                .containsEntry("GPU Tesla T4", 2L)
                .containsEntry("SmartNIC ConnectX-6", 2L)
                .containsEntry("SmartNIC ConnectX-5", 2L)
                .containsEntry("SharedNIC ConnectX-6", 3L)
                .containsEntry("FPGA Xilinx-U280", 1L)
                .containsEntry("Patch ", 13L);
        var server = Files.graph("renc-site-ad.graphml").get("HX6VQ53");
        assertThat(server.capacities().get("core")).isEqualTo(128);
        assertThat(server.flags().ptp()).isTrue();
        assertThat(server.location().orElseThrow().postal()).contains("100 Europa Drive,Chapel Hill, NC 27157");
    }

    @Test
    void the_dialect_of_a_graph_database_is_read_too() {
        var graph = Files.graph("asm-neo4j-dialect-before.graphml");
        var vm = graph.get("510b85fe-1c4d-47d6-9c1e-2a5df1415535");
        assertThat(vm.is(VertexClass.NETWORK_NODE, "VM")).isTrue();
        assertThat(vm.properties()).doesNotContainKeys("labels", "id");
        assertThat(graph.neighbours(vm.id()).map(Vertex::type)).containsExactly("SharedNIC");
        assertThat(graph.id()).isEqualTo("7a45613b-b0b6-4454-89b7-a3020b1bb781");
    }

    @Test
    void the_class_of_an_edge_may_stand_in_its_label_only() {
        var full = Files.text("asm-neo4j-dialect-before.graphml");
        assertThat(GraphMl.read(full.replace("<data key=\"Class\">has</data>", "")
                        .replace("<data key=\"Class\">connects</data>", "")))
                .isEqualTo(GraphMl.read(full));
        var bare = full.replaceAll("<data key=\"(label|Class)\">(has|connects)</data>", "");
        assertThat(bare).doesNotContain("<data key=\"label\">");
        assertThat(GraphMl.read(bare)).isEqualTo(GraphMl.read(full));
    }

    @Test
    void the_class_of_a_vertex_may_stand_in_its_labels_only() {
        var full = Files.text("asm-neo4j-dialect-before.graphml");
        var bare = full.replaceAll(
                "<data key=\"Class\">(NetworkNode|Component|NetworkService|ConnectionPoint)</data>", "");
        assertThat(GraphMl.read(bare)).isEqualTo(GraphMl.read(full));
        assertThat(GraphMl.read(bare.replaceAll(" labels=\"[^\"]*\"", ""))).isEqualTo(GraphMl.read(full));
    }

    @Test
    void defaults_of_keys_cdata_and_unknown_keys_are_understood() {
        var graph = GraphMl.read("""
                <graphml><key id="n" for="all" attr.name="NodeID"/>
                <key id="c" for="node" attr.name="Class"><default>NetworkNode</default></key>
                <key id="c" for="edge" attr.name="Class"><default>has</default></key>
                <graph><edge source="x" target="y"/><edge source="y" target="x"/>
                <node id="x"><data key="n"><![CDATA[a<b]]></data><data key="zzz">passed over</data></node>
                <node id="y"><data key="n">b&amp;c</data><data key="c">Component</data></node></graph></graphml>""");
        assertThat(graph.vertices().stream().map(Vertex::id)).containsExactly("a<b", "b&c");
        assertThat(graph.get("a<b").kind()).isEqualTo(VertexClass.NETWORK_NODE);
        assertThat(graph.edges())
                .hasSize(1)
                .first()
                .extracting(Graph.Edge::relation)
                .isEqualTo(Relation.HAS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "renc-site-ad.graphml",
                "al2s-ad.graphml",
                "asm-frrouting-3-sites.graphml",
                "asm-neo4j-dialect-before.graphml",
                "abqm-10-sites.graphml"
            })
    void what_is_written_is_the_same_graph_for_us_and_for_an_independent_reader(String file) throws Exception {
        var graph = Files.graph(file);
        var text = GraphMl.write(graph);
        assertThat(GraphMl.read(text)).isEqualTo(graph);
        var independent = Independent.read(text);
        assertThat(independent.vertices)
                .isEqualTo(graph.vertices().stream()
                        .collect(Collectors.toMap(Vertex::id, vertex -> GraphMl.flat(vertex, graph.id()))));
        assertThat(independent.edges)
                .isEqualTo(graph.edges().stream()
                        .map(edge -> Map.entry(
                                Set.of(edge.from(), edge.to()), edge.relation().word()))
                        .collect(Collectors.toSet()));
    }

    @Test
    void four_broken_files_give_four_errors_that_name_line_value_and_rule() {
        assertRefused(
                "<data key='d1'>NetworkNode</data>",
                "line 6: vertex '1' has no NodeID; every vertex needs one, unique in its graph");
        assertRefused(
                "<data key='d0'>a</data>",
                "line 6: vertex 'a' has no Class; it must be one of NetworkNode, CompositeNode, "
                        + "Component, NetworkService, ConnectionPoint, Link");
        assertRefused(
                GOOD + "<data key='d4'>{core: 1}</data>", "line 6: vertex 'a': Capacities is not JSON: '{core: 1}'");
        assertRefused(
                GOOD + "</node><node id='2'>" + GOOD,
                "line 6: NodeID 'a' is used by two vertices; it must be unique in its graph");
    }

    @Test
    void other_faults_of_a_graph_are_refused() {
        assertRefused(GOOD + "<data key='d0'>b</data>", "the node gives NodeID twice");
        assertRefused(
                GOOD.replace("NetworkNode", "Cloud"), "vertex 'a' has Class 'Cloud'; it must be one of NetworkNode,");
        assertRefused(
                GOOD + "<data key='d5'>g1</data></node><node id='2'><data key='d0'>b</data><data key='d1'>Link</data>"
                        + "<data key='d5'>g2</data>",
                "vertex 'b' has GraphID 'g2', others have 'g1'; a file holds one graph");
        assertRefused(
                GOOD + "</node><edge source='1' target='9' label='has'/><node id='3'>",
                "an edge ends at '9', which no vertex has");
        assertRefused(
                GOOD + "</node><edge source='1' target='1' label='owns'/><node id='3'>",
                "class 'owns'; it must be has or connects");
        assertRefused(
                GOOD + "</node><edge source='1' target='1' label='has'/><node id='3'>",
                "connects vertex 'a' with itself");
        assertRefused(GOOD + "<graph/>", "a <graph> inside a <node>");
        assertRefused(GOOD.replace("n1", "n<b/>1"), "a <b> where text is needed");
        assertRefused(GOOD + "</node></graph><graph><node id='1'>" + GOOD, "a second <graph>");
    }

    private static void assertRefused(String data, String why) {
        // a vertex that a case leaves open at its end is completed, so that only the fault under test is there
        var text = Files.oneNode(data.endsWith("<node id='3'>") ? data + GOOD.replace(">a<", ">z<") : data);
        assertRefusedText(text, why);
    }

    private static void assertRefusedText(String text, String why) {
        assertThatThrownBy(() -> GraphMl.read(text)).isInstanceOfSatisfying(RefusedException.class, refused -> {
            assertThat(refused.refusal().kind()).isEqualTo(Refusal.Kind.MALFORMED);
            assertThat(refused.refusal().message()).contains(why).startsWith("line ");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE g [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;'>]><graphml>&c;</graphml>",
                "<!DOCTYPE g SYSTEM 'file:///etc/passwd'><graphml/>",
                "<!DOCTYPE g [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><graphml><graph>&x;</graph></graphml>",
                "<!DOCTYPE g><graphml><graph/></graphml>",
            })
    void document_types_and_entities_are_refused(String text) {
        assertRefusedText(text, "line 1: ");
        assertThatThrownBy(() -> GraphMl.read(text)).hasMessageContaining("may not declare any");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "hello",
                "<a/>",
                "<graphml>",
                "<graphml/>",
                "<graphml><graph>&amp;&unknown;</graph></graphml>",
                "\u0000"
            })
    void what_is_no_graphml_is_refused(String text) {
        assertRefusedText(text, "line ");
    }

    @Test
    void a_file_that_is_too_long_is_refused_without_reading_it_to_its_end() {
        var endless = new Endless("<graphml><graph>", "<node id='n'/><!-- and so on -->");
        assertThatThrownBy(() -> GraphMl.read(endless, new Limits(1_000_000, 10_000_000, 10, 1000)))
                .isInstanceOf(RefusedException.class);
        var comments = new Endless("<graphml><graph>", "<!-- and so on -->");
        assertThatThrownBy(() -> GraphMl.read(comments, new Limits(1_000_000, 10, 10, 1000)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("longer than 1000000 bytes");
        assertThat(comments.given).isLessThan(1_100_000);
    }

    @Test
    void bytes_that_are_not_utf8_are_refused_and_a_byte_order_mark_is_not() {
        var text = Files.text("asm-one-vm-two-pci.graphml");
        var marked = ("\uFEFF<?xml version='1.0'?>" + text).getBytes(StandardCharsets.UTF_8);
        assertThat(GraphMl.read(new ByteArrayInputStream(marked))).isEqualTo(GraphMl.read(text));
        var latin = text.replace("node1", "n\u0153ud \u00e9").getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> GraphMl.read(new ByteArrayInputStream(latin)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("not UTF-8");
        var declared = "<?xml version='1.0' encoding='UTF-16'?>" + text;
        assertThat(GraphMl.read(new ByteArrayInputStream(declared.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(GraphMl.read(text));
    }

    @Test
    void too_many_vertices_too_long_values_and_too_deep_nesting_are_refused() {
        var text = Files.text("renc-site-ad.graphml");
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> GraphMl.read(new ByteArrayInputStream(bytes), new Limits(1 << 20, 74, 1000, 100_000)))
                .hasMessageContaining("more than 74 vertices");
        assertThatThrownBy(() -> GraphMl.read(new ByteArrayInputStream(bytes), new Limits(1 << 20, 75, 82, 100_000)))
                .hasMessageContaining("more than 82 edges");
        assertThatThrownBy(() -> GraphMl.read(new ByteArrayInputStream(bytes), new Limits(1 << 20, 75, 83, 1000)))
                .hasMessageContaining("longer than 1000 characters");
        assertRefusedText("<graphml>" + "<a>".repeat(100_000), "nested deeper than 32");
        assertRefusedText(
                Files.oneNode(GOOD + "<data key='d4'>" + "[".repeat(10_000) + "</data>"), "Capacities is not JSON");
    }

    @Test
    void a_failing_stream_is_not_taken_for_a_broken_file() {
        var failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("cable cut");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return read();
            }
        };
        assertThatThrownBy(() -> GraphMl.read(failing))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cable cut");
    }

    @Test
    void a_bare_carriage_return_and_markup_survive_writing() {
        var vertex = Vertex.of("a", VertexClass.NETWORK_NODE, "VM", "n1")
                .with(Property.DETAILS, "1\r\n2\r3\n4\t<&>\"']]>\uD83D\uDE80");
        var graph = Graph.builder("g").put(vertex).build();
        assertThat(GraphMl.read(GraphMl.write(graph))).isEqualTo(graph);
    }

    @Test
    void reading_and_asking_five_thousand_vertices_shows_how_long_it_takes() {
        var bytes = GraphMl.write(Big.sites(250, 20)).getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 5; round++) {
            long start = System.nanoTime();
            var graph = GraphMl.read(new ByteArrayInputStream(bytes));
            long read = System.nanoTime();
            int hosts = Hosts.of(graph).size();
            long listed = System.nanoTime();
            int sites = new QueryModel(graph, Usage.NONE, Map.of())
                    .summary(SiteFilter.ALL)
                    .sites()
                    .size();
            long summed = System.nanoTime();
            System.out.printf(
                    "%d vertices, %d KB: read %.1f ms, %d hosts %.1f ms, %d sites %.1f ms%n",
                    graph.size(),
                    bytes.length / 1024,
                    (read - start) / 1e6,
                    hosts,
                    (listed - read) / 1e6,
                    sites,
                    (summed - listed) / 1e6);
            assertThat(graph.size()).isEqualTo(5250);
        }
    }

    /// Says its beginning once and then the same for ever.
    private static final class Endless extends InputStream {
        private final byte[] start;
        private final byte[] again;
        long given;

        Endless(String start, String again) {
            this.start = start.getBytes(StandardCharsets.UTF_8);
            this.again = again.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public int read() {
            long at = given++;
            return at < start.length ? start[(int) at] : again[(int) ((at - start.length) % again.length)];
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            for (int at = offset; at < offset + length; at++) {
                buffer[at] = (byte) read();
            }
            return length;
        }
    }

    /// Reads the client dialect through the platform's DOM, sharing no code with the reader under test.
    private record Independent(Map<String, Map<String, String>> vertices, Set<Map.Entry<Set<String>, String>> edges) {
        static Independent read(String text) throws Exception {
            var document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(text)));
            var keys = new HashMap<String, String>();
            var vertices = new TreeMap<String, Map<String, String>>();
            var ids = new HashMap<String, String>();
            var edges = new HashSet<Map.Entry<Set<String>, String>>();
            each(
                    document.getDocumentElement(),
                    "key",
                    key -> keys.put(key.getAttribute("id"), key.getAttribute("attr.name")));
            each(document.getDocumentElement(), "node", node -> {
                var properties = new HashMap<String, String>();
                each(node, "data", data -> properties.put(keys.get(data.getAttribute("key")), data.getTextContent()));
                ids.put(node.getAttribute("id"), properties.get("NodeID"));
                vertices.put(properties.get("NodeID"), properties);
                assertThat(node.getAttribute("labels")).isEqualTo(":GraphNode:" + properties.get("Class"));
            });
            each(document.getDocumentElement(), "edge", edge -> {
                assertThat(edge.getTextContent()).isEqualTo(edge.getAttribute("label"));
                edges.add(Map.entry(
                        Set.of(ids.get(edge.getAttribute("source")), ids.get(edge.getAttribute("target"))),
                        edge.getTextContent()));
            });
            return new Independent(vertices, edges);
        }

        private static void each(Element parent, String tag, java.util.function.Consumer<Element> action) {
            var list = parent.getElementsByTagName(tag);
            for (int at = 0; at < list.getLength(); at++) {
                action.accept((Element) list.item(at));
            }
        }
    }
}
