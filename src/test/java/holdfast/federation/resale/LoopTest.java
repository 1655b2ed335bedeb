package holdfast.federation.resale;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.federation.Net;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.NoAnswer;
import holdfast.platform.Json;
import holdfast.protocol.rear.Attribute;
import holdfast.protocol.rear.Filter;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Provenance;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Questions that go from supernode to supernode (fluidos.md 4.3, 6.7).
final class LoopTest {
    private static final Trace TRACE = new Trace("trace-3", Workflow.W3);

    @AutoClose
    private final Net net = new Net();

    private static Selector cpus(String least) {
        var filter = Filter.range(Attribute.CPU, Optional.of(least), Optional.empty())
                .orThrow();
        return Selector.of(FlavorType.K8SLICE, List.of(filter)).orThrow();
    }

    /// Supernodes of which each knows each, and a node that knows the first of them.
    private Net.Node ring(int size) {
        var ring = new ArrayList<Net.Node>();
        for (int i = 0; i < size; i++) {
            ring.add(net.supernode("s" + i, "domain" + i + ".example"));
        }
        ring.forEach(one -> ring.stream().filter(other -> other != one).forEach(one::knows));
        var consumer = net.node("c", "domain0.example");
        consumer.joins(ring.getFirst());
        ring.forEach(node -> node.heard.clear());
        return consumer;
    }

    @Test
    void rings_of_two_and_three_end_and_list_nothing_twice() {
        for (int size : List.of(2, 3)) {
            net.nodes.clear();
            var consumer = ring(size);
            assertThat(consumer.discover(cpus("100"), TRACE).candidates()).isZero();
            assertThat(net.nodes.values().stream().filter(node -> node != consumer))
                    .as("a ring of %s", size)
                    .allSatisfy(node -> assertThat(node.lists()).isOne());
        }
    }

    @Test
    void what_is_found_at_the_third_comes_back_once_and_knows_its_way() {
        var consumer = ring(3);
        var last = List.copyOf(net.nodes.values()).get(2);
        var provider = net.node("p", "domain2.example");
        provider.joins(last);
        var name = provider.offers();
        last.supernode.orElseThrow().gather();
        consumer.discover(cpus("4"), TRACE);
        assertThat(consumer.finds(cpus("4"))).singleElement().satisfies(flavor -> {
            assertThat(flavor.owner().id()).isEqualTo("s0");
            assertThat(Provenance.of(flavor).path()).containsExactly("s2", "s0");
            assertThat(Provenance.of(flavor).flavor()).contains(name);
        });
        var first = List.copyOf(net.nodes.values()).getFirst();
        assertThat(first.steps(TRACE))
                .containsSubsequence(
                        "W3 #8 OWN_MATCHED",
                        "W3 #9 MEMBERS_MATCHED",
                        "W3 #10 LIST_PASSED_ON",
                        "W3 #14 OFFERS_STORED",
                        "W3 #15 LIST_ANSWERED");
        assertThat(last.steps(TRACE))
                .containsExactly("W3 #11 OWN_MATCHED", "W3 #12 MEMBERS_MATCHED", "W3 #13 LIST_ANSWERED");
        first.heard.clear();
        last.heard.clear();
        consumer.discover(cpus("4"), TRACE);
        assertThat(last.lists()).as("known, and fresh").isZero();
    }

    @Test
    void our_own_offer_does_not_come_back_to_us() throws NoAnswer {
        var one = net.supernode("s0", "domain0.example");
        var other = net.supernode("s1", "domain1.example");
        one.knows(other);
        other.knows(one);
        one.offers();
        other.discover(cpus("4"), TRACE);
        assertThat(other.finds(cpus("4"))).hasSize(1);
        var seen = Json.tree(
                one.asks(other, Call.get(List.of("api", "v2", "flavors"))).body());
        assertThat(seen).as("to strangers it is offered again").hasSize(1);
        one.discover(cpus("4"), TRACE);
        assertThat(one.finds(cpus("4"))).extracting(Flavor::id).isEmpty();
    }

    @Test
    void a_question_that_may_go_no_further_or_was_here_is_answered_by_what_is_known() throws NoAnswer {
        var one = net.supernode("s0", "domain0.example");
        var other = net.supernode("s1", "domain1.example");
        one.knows(other);
        other.offers();
        other.heard.clear();
        var asker = net.node("c", "domain0.example");
        var call = Call.get(List.of("api", "v2", "flavors", "k8slice"))
                .asking(Map.of("filter[cpu][range][min]", List.of("4")))
                .with("x-rear-request-id", "123e4567-e89b-42d3-a456-426614174000");
        assertThat(Json.tree(asker.asks(one, call.with("x-rear-hops", "0")).body()))
                .isEmpty();
        assertThat(other.lists()).isZero();
        assertThat(Json.tree(asker.asks(one, call.with("x-rear-path", "c, s1")).body()))
                .isEmpty();
        assertThat(other.lists()).as("it has it already").isZero();
        assertThat(Json.tree(asker.asks(one, call).body())).as("asked before").isEmpty();
        var fresh = call.with("x-rear-request-id", "123e4567-e89b-42d3-a456-426614174001");
        assertThat(Json.tree(asker.asks(one, fresh).body())).hasSize(1);
    }

    @Test
    void who_does_not_answer_spoils_nothing() throws NoAnswer {
        var consumer = ring(3);
        var nodes = List.copyOf(net.nodes.values());
        nodes.get(1).away = true;
        nodes.get(2).offers();
        consumer.discover(cpus("4"), TRACE);
        assertThat(consumer.finds(cpus("4"))).hasSize(1);
    }
}
