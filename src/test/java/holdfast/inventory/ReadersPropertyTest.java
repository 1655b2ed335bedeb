package holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.Effort;
import holdfast.core.RefusedException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class ReadersPropertyTest {
    private static final Duration MOST = Duration.ofSeconds(10);

    @net.jqwik.api.Property(tries = 200)
    void any_graph_with_a_vertex_survives_both_formats(@ForAll("graphs") Graph graph) {
        assertThat(GraphMl.read(GraphMl.write(graph))).isEqualTo(graph);
        assertThat(NodeLink.read(NodeLink.write(graph))).isEqualTo(graph);
    }

    @net.jqwik.api.Property(tries = 400)
    void a_damaged_graphml_is_read_or_refused_and_nothing_else(
            @ForAll("files") String file, @ForAll("damages") List<Damage> damages) {
        survives(damaged(Files.text(file), damages), GraphMl::read);
    }

    @net.jqwik.api.Property(tries = 300)
    void damaged_bytes_are_read_or_refused_and_nothing_else(
            @ForAll("files") String file, @ForAll("damages") List<Damage> damages) {
        var bytes = Files.text(file).getBytes(StandardCharsets.UTF_8);
        damages.forEach(damage -> bytes[Math.floorMod(damage.at, bytes.length)] = (byte) damage.at);
        survives(bytes, content -> GraphMl.read(new ByteArrayInputStream(content)));
    }

    @net.jqwik.api.Property(tries = 300)
    void a_damaged_node_link_text_is_read_or_refused_and_nothing_else(@ForAll("damages") List<Damage> damages) {
        survives(damaged(Files.text("manifest-active-nodelink.json"), damages), NodeLink::read);
    }

    private <T> void survives(T input, Function<T, Graph> reader) {
        assertThat(Effort.of(() -> {
                    try {
                        useInEveryWay(reader.apply(input));
                    } catch (RefusedException refused) {
                        assertThat(refused.refusal().message()).isNotBlank();
                    }
                }))
                .isLessThan(MOST);
    }

    /// What is read may be asked anything, with no other complaint than a refusal.
    private static void useInEveryWay(Graph graph) {
        Validation.advertisement(graph);
        Validation.slice(graph);
        for (Consumer<Graph> use : List.<Consumer<Graph>>of(
                Hosts::of,
                read -> Delegations.split(read, name -> "id-" + name),
                read -> CombinedModel.empty("cbm").merge(read.withId("adm")),
                read -> new QueryModel(read, Usage.NONE, Map.of()).summary(SiteFilter.ALL),
                read -> new QueryModel(read, Usage.NONE, Map.of()).graph(QueryModel.Level.HOSTS, SiteFilter.ALL),
                read -> SliceGraph.read(read, Catalog.standard()))) {
            try {
                use.accept(graph);
            } catch (RefusedException refused) {
                assertThat(refused.refusal().message()).isNotBlank();
            }
        }
    }

    /// @param cut whether the text ends there
    record Damage(int at, boolean cut, String insert, int drop) {}

    private static String damaged(String text, List<Damage> damages) {
        var result = text;
        for (var damage : damages) {
            int at = Math.floorMod(damage.at, result.length() + 1);
            var rest = damage.cut ? "" : result.substring(Math.min(result.length(), at + damage.drop));
            result = result.substring(0, at) + damage.insert + rest;
        }
        return result;
    }

    @Provide
    Arbitrary<String> files() {
        return Arbitraries.of(
                "asm-one-vm-two-pci.graphml",
                "asm-two-site-all-services.graphml",
                "asm-neo4j-dialect-before.graphml",
                "renc-site-ad.graphml",
                "network-ad.graphml");
    }

    @Provide
    Arbitrary<List<Damage>> damages() {
        var inserts = Arbitraries.of(
                "",
                "<",
                ">",
                "&",
                "\"",
                "</data>",
                "<data key=\"d2\">x</data>",
                "</node>",
                "<graph>",
                "{",
                "}",
                "[",
                "null",
                "-1",
                "9999999999999999999999",
                "\u0000",
                "\uD800",
                "<!DOCTYPE a>",
                "]]>",
                "<![CDATA[",
                "<!--",
                "\\",
                ":",
                ",",
                "1.5",
                "true");
        var damage = Combinators.combine(
                        Arbitraries.integers(),
                        Arbitraries.frequencyOf(
                                Tuple.of(9, Arbitraries.just(false)), Tuple.of(1, Arbitraries.just(true))),
                        inserts,
                        Arbitraries.integers().between(0, 12))
                .as(Damage::new);
        return damage.list().ofMinSize(1).ofMaxSize(4);
    }

    @Provide
    Arbitrary<Graph> graphs() {
        var text = Arbitraries.strings()
                .withChars("ab<>&\"'\n\r\t ]éß\u4E2D")
                .ofMaxLength(12)
                .filter(value -> !Property.isAbsent(value));
        var name = Arbitraries.of("Name", "Type", "Site", "Details", "Model", "BootScript", "Own<Property>");
        var properties = Arbitraries.maps(name, text).ofMaxSize(4);
        var kinds = Arbitraries.of(VertexClass.values());
        var vertex = Combinators.combine(
                        text.filter(id -> !id.isEmpty()), kinds, Arbitraries.of(true, false), properties)
                .as(Vertex::new);
        var ends = Arbitraries.integers().between(0, 100).list().ofMaxSize(20);
        return Combinators.combine(vertex.list().ofMinSize(1).ofMaxSize(12), ends, text)
                .as((vertices, pairs, id) -> {
                    var graph = Graph.builder(id);
                    vertices.forEach(graph::put);
                    var ids = vertices.stream().map(Vertex::id).distinct().toList();
                    for (int at = 0; at + 1 < pairs.size() && !ids.isEmpty(); at += 2) {
                        var from = ids.get(pairs.get(at) % ids.size());
                        var to = ids.get(pairs.get(at + 1) % ids.size());
                        if (!from.equals(to)) {
                            graph.connect(from, pairs.get(at) % 2 == 0 ? Relation.HAS : Relation.CONNECTS, to);
                        }
                    }
                    return graph.build();
                });
    }
}
