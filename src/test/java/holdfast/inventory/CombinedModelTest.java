package holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CombinedModelTest {
    private static final String SWITCH = "node+renc-data-sw:ip+192.168.11.3";

    @Test
    void sites_and_network_grow_together_at_what_they_share() {
        var model = Files.combined("renc-site-ad.graphml", "uky-site-ad.graphml", "network-ad.graphml");
        assertThat(model.graph().size()).isEqualTo(75 + 69 + 93 - 26);
        var shared = model.graph().get(SWITCH);
        assertThat(shared.get(Property.STRUCTURAL_INFO))
                .contains("{\"adm_graph_ids\":[\"network-ad.graphml/primary\",\"renc-site-ad.graphml/primary\"]}");
        assertThat(shared.model()).as("what only the network tells is kept").contains("NCS 55A1-36H");
        assertThat(shared.delegations(Property.CAPACITY_DELEGATIONS)).containsOnlyKeys("network-ad.graphml/primary");
        assertThat(model.graph().get("HX6VQ53").delegations(Property.CAPACITY_DELEGATIONS))
                .containsOnlyKeys("renc-site-ad.graphml/primary");
        assertThat(Validation.any(model.graph())).isEmpty();
        assertThat(GraphMl.read(GraphMl.write(model.graph()))).isEqualTo(model.graph());
    }

    @Test
    void a_cloud_exchange_shares_three_vertices_with_the_network() {
        var both = Files.combined("network-ad.graphml", "al2s-ad.graphml");
        assertThat(both.graph().size()).isEqualTo(93 + 208 - 3);
    }

    @net.jqwik.api.Property(tries = 24)
    void the_order_of_claims_does_not_matter(@ForAll("orders") List<String> order) {
        var files = Files.ADVERTISEMENTS.toArray(String[]::new);
        assertThat(Files.combined(order.toArray(String[]::new))).isEqualTo(Files.combined(files));
    }

    @net.jqwik.api.Property(tries = 24)
    void giving_a_claim_back_leaves_what_there_was_without_it(@ForAll("orders") List<String> order) {
        var before = Files.combined(order.subList(1, order.size()).toArray(String[]::new));
        var adm = Files.adm(order.getFirst());
        var with = before.merge(adm).orThrow();
        assertThat(with).isNotEqualTo(before);
        assertThat(with.unmerge(adm.id()).orThrow()).isEqualTo(before);
    }

    @net.jqwik.api.Property(tries = 50)
    void any_two_graphs_that_nobody_delegates_merge_in_either_order_and_part_again(
            @ForAll("sharing") List<List<String>> names) {
        var one = Files.undelegated("one", names.get(0));
        var other = Files.undelegated("other", names.get(1));
        var empty = CombinedModel.empty("cbm");
        var both = empty.merge(one).orThrow().merge(other).orThrow();
        assertThat(empty.merge(other).orThrow().merge(one).orThrow()).isEqualTo(both);
        assertThat(both.unmerge("one").orThrow()).isEqualTo(empty.merge(other).orThrow());
        assertThat(both.unmerge("one").orThrow().unmerge("other").orThrow()).isEqualTo(empty);
    }

    @Test
    void a_vertex_that_both_delegate_is_refused_and_nothing_changes() {
        var before = Files.combined("network-ad.graphml");
        var graph = before.graph();
        var site = Files.adm("renc-site-ad.graphml");
        var greedy = site.with(List.of(site.get(SWITCH)
                .with(
                        Property.CAPACITY_DELEGATIONS,
                        "{\"primary\": {\"pool_id\": \"_\", \"capacities\": {\"unit\": 1}}}")));
        var why = refused(before.merge(greedy));
        assertThat(why.message())
                .contains("Switch 'renc-data-sw' (NodeID " + SWITCH + ")")
                .contains("is delegated by network-ad.graphml/primary and by renc-site-ad.graphml/primary");
        assertThat(before.graph())
                .isSameAs(graph)
                .isEqualTo(Files.combined("network-ad.graphml").graph());
        assertThat(before.adms()).containsOnlyKeys("network-ad.graphml/primary");
        assertThat(before.merge(site)).isInstanceOf(Answer.Yes.class);
    }

    @Test
    void models_that_disagree_on_what_a_vertex_is_are_refused() {
        var before = Files.combined("network-ad.graphml");
        var site = Files.adm("renc-site-ad.graphml");
        var server = site.with(List.of(site.get(SWITCH).with("Type", "Server")));
        assertThat(refused(before.merge(server)).message()).contains("they must agree");
    }

    @Test
    void an_advertisement_that_was_not_split_is_refused() {
        var arm = Graph.builder("arm")
                .put(Vertex.of("s", VertexClass.NETWORK_NODE, "Server", "ss").with(Property.CAPACITY_DELEGATIONS, """
                                {"a": {"pool_id": "_", "capacities": {}}, "b": {"pool_id": "_", "capacities": {}}}"""))
                .build();
        assertThat(refused(CombinedModel.empty("cbm").merge(arm)).message()).contains("split it first");
        assertThat(refused(CombinedModel.empty("cbm").merge(arm.withId(""))).message())
                .contains("no GraphID");
    }

    @Test
    void claiming_again_takes_the_newer_version() {
        var model = Files.combined("renc-site-ad.graphml", "network-ad.graphml");
        var adm = Files.adm("renc-site-ad.graphml");
        var fewer = adm.keeping(adm.vertices().stream()
                .map(Vertex::id)
                .filter(id -> !id.equals("HX6VQ53-gpu-1"))
                .collect(Collectors.toSet()));
        var newer = model.merge(fewer).orThrow();
        assertThat(newer.graph().size()).isEqualTo(model.graph().size() - 1);
        assertThat(newer.merge(adm).orThrow()).isEqualTo(model);
    }

    @Test
    void giving_back_what_was_never_claimed_is_refused() {
        assertThat(refused(CombinedModel.empty("cbm").unmerge("x")).kind()).isEqualTo(Refusal.Kind.NOT_THERE);
    }

    private static Refusal refused(Answer<CombinedModel> answer) {
        assertThat(answer).isInstanceOf(Answer.No.class);
        return ((Answer.No<CombinedModel>) answer).why();
    }

    @Provide
    Arbitrary<List<String>> orders() {
        return Arbitraries.shuffle(Files.ADVERTISEMENTS);
    }

    @Provide
    Arbitrary<List<List<String>>> sharing() {
        return Arbitraries.of("a", "b", "c", "d", "e")
                .list()
                .uniqueElements()
                .ofMaxSize(5)
                .list()
                .ofSize(2);
    }
}
