package holdfast.federation.domain;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.engine.Resource;
import holdfast.federation.Net;
import holdfast.federation.resale.Margin;
import holdfast.federation.resale.Supernode;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.NoAnswer;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Provenance;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Nodes of one domain and their supernode (fluidos.md 4.2).
final class DomainTest {
    private static final Selector SLICES =
            Selector.of(FlavorType.K8SLICE, List.of()).orThrow();
    private static final Trace TRACE = new Trace("trace-2", Workflow.W2);

    @AutoClose
    private final Net net = new Net();

    private final Net.Node supernode = net.add(
            "s0",
            "alps.example",
            Optional.of(new Supernode.Rules(
                    Margin.of("10%").orThrow(),
                    4,
                    new DomainPolicy(List.of(
                            new DomainPolicy.Rule("n1", "n3", false),
                            new DomainPolicy.Rule("outside", "n2", false))))));
    private final Net.Node one = net.node("n1", "alps.example");
    private final Net.Node two = net.node("n2", "alps.example");
    private final Net.Node three = net.node("n3", "alps.example");

    @BeforeEach
    void all_join() {
        List.of(one, two, three).forEach(node -> node.joins(supernode));
    }

    private List<String> providers(Net.Node node) {
        node.discover(SLICES, TRACE);
        return node.finds(SLICES).stream()
                .map(flavor -> Provenance.of(flavor).node().orElse("?"))
                .sorted()
                .toList();
    }

    @Test
    void three_nodes_join_and_one_is_hidden_from_another() throws NoAnswer {
        one.offers();
        two.offers();
        three.offers();
        supernode.supernode.orElseThrow().gather();
        assertThat(providers(one)).as("not its own, not what it may not see").containsExactly("n2");
        assertThat(providers(two)).containsExactly("n1", "n3");
        assertThat(providers(three)).containsExactly("n1", "n2");
        var domain = one.gets(supernode, "domain");
        assertThat(domain.at("/supernode/ID").asString()).isEqualTo("s0");
        assertThat(domain.path("policy")).hasSize(2);
        assertThat(domain.path("members").findValuesAsString("nodeID")).containsExactly("n1", "n2");
        var stranger = net.node("x", "jura.example");
        stranger.knows(supernode);
        assertThat(providers(stranger)).containsExactly("n1", "n3");
    }

    @Test
    void what_a_node_offers_is_offered_again_under_another_name_for_more() throws NoAnswer {
        var name = two.offers();
        supernode.supernode.orElseThrow().gather();
        one.discover(SLICES, TRACE);
        var found = one.finds(SLICES).getFirst();
        assertThat(found.id()).startsWith("alps-example-k8slice-").isNotEqualTo(name);
        assertThat(found.owner()).isEqualTo(supernode.self);
        assertThat(found.price()).contains(new Price("0.44", "EUR", "hour"));
        assertThat(Provenance.of(found).flavor()).contains(name);
        one.discover(SLICES, TRACE);
        assertThat(one.finds(SLICES))
                .extracting(Flavor::id)
                .as("the same name again")
                .containsExactly(found.id());
        assertThat(one.gets(supernode, "flavors", found.id()).path("flavorID").asString())
                .isEqualTo(found.id());
        assertThat(supernode.steps(TRACE)).contains("W2 #11 MEMBERS_MATCHED");
    }

    @Test
    void our_own_offers_come_first_and_everything_is_both() throws NoAnswer {
        var own = supernode.offers();
        two.offers();
        supernode.supernode.orElseThrow().gather();
        one.discover(SLICES, TRACE);
        assertThat(one.finds(SLICES)).extracting(Flavor::id).containsExactly(own);
        assertThat(one.gets(supernode, "flavors")).hasSize(2);
    }

    @Test
    void who_says_nothing_for_90_seconds_is_hidden_and_comes_back() {
        two.offers();
        supernode.supernode.orElseThrow().gather();
        net.advance(Duration.ofSeconds(60));
        one.joins(supernode);
        assertThat(providers(one)).as("asked again, because it is old").containsExactly("n2");
        net.advance(Duration.ofSeconds(31));
        assertThat(providers(one)).isEmpty();
        supernode.peers.watch();
        assertThat(state("n2")).isEqualTo("down");
        assertThat(state("n1")).isEqualTo("up");
        two.joins(supernode);
        supernode.supernode.orElseThrow().gather();
        assertThat(providers(one)).containsExactly("n2");
    }

    private String state(String node) {
        return supernode.look(tx -> supernode
                .supernode
                .orElseThrow()
                .members()
                .find(tx, node)
                .orElseThrow()
                .state());
    }

    @Test
    void what_a_node_has_sold_meanwhile_is_not_offered_again() {
        two.offers();
        supernode.supernode.orElseThrow().gather();
        var root = root(two);
        two.look(tx -> two.market.withdraw(tx, root, "admin").orThrow());
        assertThat(providers(one)).as("a minute old at most").containsExactly("n2");
        net.advance(Duration.ofSeconds(61));
        List.of(one, two).forEach(node -> node.joins(supernode));
        assertThat(providers(one)).isEmpty();
    }

    private static java.util.UUID root(Net.Node node) {
        return node.look(
                tx -> node.engine.resources().ofType(tx, "flavor", 1).getFirst().id());
    }

    @Test
    void a_node_that_leaves_is_gone_and_one_of_another_domain_is_refused() throws NoAnswer {
        two.offers();
        supernode.supernode.orElseThrow().gather();
        var path = List.of("api", "v2", "domain", "members", "n2");
        assertThat(two.gets(supernode, "domain", "members", "n2").path("state").asString())
                .isEqualTo("UP");
        var leave = new Call("DELETE", path, java.util.Map.of(), java.util.Map.of(), "");
        assertThat(two.asks(supernode, leave).status()).isEqualTo(204);
        assertThat(two.asks(supernode, leave).status()).isEqualTo(404);
        assertThat(providers(one)).isEmpty();
        var stranger = net.node("x", "jura.example");
        assertThat(stranger.joins(supernode)).contains("403").contains("jura.example");
        assertThat(one.asks(two, Call.get(List.of("api", "v2", "domain"))).status())
                .as("no supernode")
                .isEqualTo(404);
        var members = supernode.look(tx -> supernode.engine.resources().ofType(tx, "peer", 10));
        assertThat(members).extracting(Resource::name).containsExactly("n1", "n3");
        var known = one.look(tx -> one.peers.reachable(tx));
        assertThat(known).extracting(peer -> peer.capabilities().role()).containsExactly("supernode");
    }
}
