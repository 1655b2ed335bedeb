package holdfast.federation.following;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.federation.Net;
import holdfast.federation.domain.DomainPolicy;
import holdfast.federation.resale.Margin;
import holdfast.federation.resale.Supernode;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.Endpoint;
import holdfast.federation.wire.Told;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.ContractCourse;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Provenance;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Nodes of one domain hear through their supernode what changes at others (fluidos.md 4.2 steps 3, 4 and 32).
final class FollowingTest {
    private static final Selector SLICES =
            Selector.of(FlavorType.K8SLICE, List.of()).orThrow();
    private static final Trace TRACE = new Trace("trace-2", Workflow.W2);

    @AutoClose
    private final Net net = new Net();

    private Net.Node supernode;
    private Net.Node one;
    private Net.Node two;
    private Net.Node three;

    @BeforeEach
    void begin() {
        net.telling = true;
        var policy = new DomainPolicy(List.of(new DomainPolicy.Rule("n1", "n3", false)));
        supernode = net.add(
                "s0",
                "alps.example",
                Optional.of(new Supernode.Rules(Margin.of("10%").orThrow(), 4, policy)));
        one = net.node("n1", "alps.example");
        two = net.node("n2", "alps.example");
        three = net.node("n3", "alps.example");
    }

    private static List<String> providers(Net.Node node) {
        return node.finds(SLICES).stream()
                .map(flavor ->
                        Provenance.of(flavor).node().orElse(flavor.owner().id()))
                .sorted()
                .toList();
    }

    private void joined() {
        List.of(one, two, three).forEach(node -> node.joins(supernode));
        net.listen();
    }

    @Test
    void what_a_node_offers_is_asked_for_when_it_joins_and_heard_of_from_then_on() {
        var first = two.offers();
        two.joins(supernode);
        net.listen();
        assertThat(supernode.finds(SLICES)).extracting(flavor -> flavor.id()).containsExactly(first);
        var second = two.offers();
        two.withdraws(first);
        net.listen();
        assertThat(supernode.finds(SLICES)).extracting(flavor -> flavor.id()).containsExactly(second);
        assertThat(two.lists()).as("asked once").isEqualTo(1);
    }

    @Test
    void what_a_node_tells_is_told_on_to_those_who_may_see_it() {
        two.offers();
        joined();
        List.of(one, three).forEach(node -> node.discover(SLICES, TRACE));
        net.listen(); // now they have offers of the supernode, and listen to it
        assertThat(providers(one)).containsExactly("n2");
        long asked = supernode.lists();
        three.offers();
        var mine = one.offers();
        net.listen();
        assertThat(providers(one)).as("not its own, not what it may not see").containsExactly("n2");
        assertThat(providers(three)).as("not its own").containsExactly("n1", "n2");
        one.withdraws(mine);
        net.listen();
        assertThat(providers(three)).containsExactly("n2");
        assertThat(supernode.lists()).as("nobody asked").isEqualTo(asked);
    }

    @Test
    void what_a_node_ends_is_over_for_the_customer_of_its_supernode() {
        two.offers();
        joined();
        one.discover(SLICES, TRACE);
        var flavor = one.finds(SLICES).getFirst();
        var to = Endpoint.plain(supernode.self.address());
        var held = yes(one.client.reserve(to, Dialect.NODE, flavor.id(), Optional.empty(), new UUID(9, 1), TRACE));
        var nothing = new Contract.Ask(Optional.empty(), Optional.empty());
        var bought = yes(one.client.purchase(to, Dialect.NODE, held.id(), nothing, new UUID(9, 2), TRACE));
        net.listen();
        two.look(tx -> {
            var below = bought.extra().get("upstreamContract");
            var sold = two.market.contracts().find(tx, below).orElseThrow();
            return two.market
                    .contracts()
                    .release(tx, sold.id(), "admin", "it is needed here")
                    .orThrow();
        });
        net.listen();
        assertThat(yes(one.client.contract(to, Dialect.NODE, bought.id(), TRACE))
                        .state())
                .contains(ContractCourse.TERMINATED);
    }

    private static <T> T yes(Told<T> told) {
        if (told instanceof Told.Yes<T>(var value)) return value;
        throw new AssertionError(told.toString());
    }

    @Test
    void a_supernode_that_starts_anew_goes_on_where_it_was() {
        var offer = two.offers();
        joined();
        supernode.boot();
        two.withdraws(offer);
        net.listen();
        assertThat(supernode.finds(SLICES)).isEmpty();
        assertThat(two.heard.stream().filter("POST subscriptions"::equals)).hasSize(1);
        assertThat(two.lists()).isEqualTo(1);
    }

    @Test
    void a_subscription_is_renewed_and_made_anew_when_it_was_lost() {
        joined();
        net.advance(Duration.ofSeconds(201));
        List.of(one, two, three).forEach(node -> node.joins(supernode));
        net.listen();
        assertThat(two.heard).contains("PUT subscriptions");
        net.advance(Duration.ofSeconds(601));
        List.of(one, two, three).forEach(node -> node.joins(supernode));
        two.offers();
        net.listen();
        assertThat(two.heard.stream().filter("POST subscriptions"::equals)).hasSize(2);
        assertThat(supernode.finds(SLICES)).as("it was asked again").hasSize(1);
    }

    @Test
    void peers_that_tell_nothing_are_asked_as_ever() {
        net.telling = false;
        var silent = net.node("n4", "alps.example");
        silent.offers();
        silent.joins(supernode);
        net.listen();
        assertThat(silent.heard).doesNotContain("POST subscriptions");
        supernode.supernode.orElseThrow().gather();
        assertThat(supernode.finds(SLICES)).hasSize(1);
    }
}
