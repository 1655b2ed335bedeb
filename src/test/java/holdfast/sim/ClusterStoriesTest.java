package holdfast.sim;

import static holdfast.sim.TwoClusters.parts;
import static holdfast.sim.TwoClusters.sim;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.ClusterAuthority.Plan;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Fabric;
import holdfast.core.Quantity;
import holdfast.federation.buying.Peering;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Parts of clusters are sold, bought, seen as nodes, used and given back (fluidos.md 4.1, 4.6, 4.7).
final class ClusterStoriesTest {
    private final List<TwoClusters> opened = new ArrayList<>();

    private TwoClusters open(boolean summing) {
        var two = new TwoClusters(summing);
        opened.add(two);
        return two;
    }

    @AfterEach
    void close() {
        opened.forEach(TwoClusters::close);
    }

    @Test
    void a_node_that_is_marked_for_sale_is_offered_exactly_and_only_while_it_is_ready() {
        var two = open(false);
        assertThat(two.listed()).singleElement().satisfies(flavor -> {
            assertThat(flavor.kind().vector().toString()).contains("7970838142n", "100Gi", "110");
        });
        sim(two.seller).nodes(List.of(TwoClusters.node("node-1", "4", true)));
        two.look(1);
        two.seller.world.selling.measure();
        assertThat(two.listed())
                .singleElement()
                .satisfies(
                        flavor -> assertThat(flavor.kind().vector().toString()).contains("cpu 4,"));
        sim(two.seller).nodes(List.of(TwoClusters.node("node-1", "4", false)));
        two.look(1);
        two.seller.world.selling.measure();
        assertThat(two.listed()).isEmpty();
    }

    @Test
    void an_intent_runs_on_a_node_that_was_bought_of_another_cluster_and_goes_without_a_trace() {
        var two = open(false);
        var offered = two.listed();
        var intent = two.apply("web", "2");
        assertThat(two.state(intent)).as(two.buyer.world.story(intent.id())).isEqualTo("Running");
        assertThat(parts(two.buyer))
                .containsOnly(Map.entry("pair", 1L), Map.entry("slice", 1L), Map.entry("workload", 1L));
        assertThat(parts(two.seller)).containsOnly(Map.entry("access", 1L));
        var contract = two.seller.contracts().getFirst();
        assertThat(sim(two.seller).admitted()).containsExactly(contract.name());
        assertThat(two.buyer.states("peering")).containsExactly("active");
        two.domains.neverEver();
        two.domains.agree();

        two.delete(intent);
        assertThat(two.state(intent)).isEqualTo("Released");
        assertThat(parts(two.buyer)).isEmpty();
        assertThat(parts(two.seller)).isEmpty();
        assertThat(sim(two.seller).admitted()).isEmpty();
        assertThat(two.buyer.states("peering")).containsExactly("released");
        assertThat(two.buyer.states("foreignnode")).containsExactly("closed");
        assertThat(two.seller.states("tenancy")).containsExactly("closed");
        assertThat(two.listed()).isEqualTo(offered);
        two.domains.agree();
    }

    @Test
    void a_machine_looks_past_parts_of_clusters() {
        var two = open(false);
        var text = "{name: alone, parts: [{name: front, cpu: 2, memory: 2Gi, within: outside}]}";
        var understood = two.buyer.world.intents.understand(text).orThrow();
        var intent = two.buyer.world.intents.create(World.ALICE, understood).orThrow();
        two.look(14);
        assertThat(two.state(intent)).isEqualTo("Failed");
        assertThat(two.buyer.contracts()).as("nothing was bought in vain").isEmpty();
        assertThat(two.buyer.states("purchase")).isEmpty();
    }

    @Test
    void credentials_are_made_anew_on_demand_and_those_before_open_nothing() {
        var two = open(false);
        var intent = two.apply("web", "2");
        var before = credentials(two);
        assertThat(sim(two.seller).lets(before)).isTrue();
        two.buyer.readmit(two.buyer.contracts().getFirst().id());
        two.look(4);
        var after = credentials(two);
        assertThat(after).isNotEqualTo(before);
        assertThat(sim(two.seller).lets(before))
                .as("until the buyer has taken over")
                .isTrue();
        two.look(62);
        assertThat(sim(two.seller).lets(before)).isFalse();
        assertThat(sim(two.seller).lets(after)).isTrue();
        assertThat(two.state(intent)).isEqualTo("Running");
        assertThat(parts(two.buyer)).containsEntry("slice", 1L);

        two.delete(intent);
        assertThat(sim(two.seller).lets(after)).isFalse();
        assertThat(parts(two.seller)).isEmpty();
        assertThat(parts(two.buyer)).isEmpty();
    }

    /// By which the buyer's cluster gets into the seller's.
    private static String credentials(TwoClusters two) {
        var pair = sim(two.buyer).bond(new Key(TwoClusters.MILAN.id(), Fabric.PAIR));
        return ((Fabric.Bond.Pair) pair.orElseThrow()).credentials();
    }

    @Test
    void two_contracts_of_a_pair_are_two_nodes_and_one_stays_when_the_other_goes() {
        var two = open(false);
        var first = two.apply("web", "2");
        var second = two.apply("mail", "1");
        assertThat(List.of(two.state(first), two.state(second))).containsOnly("Running");
        assertThat(parts(two.buyer)).containsEntry("pair", 1L).containsEntry("slice", 2L);
        assertThat(parts(two.seller)).containsOnly(Map.entry("access", 2L));

        two.delete(first);
        assertThat(two.state(second)).isEqualTo("Running");
        assertThat(parts(two.buyer)).containsEntry("pair", 1L).containsEntry("slice", 1L);
        assertThat(parts(two.seller)).containsOnly(Map.entry("access", 1L));
        two.delete(second);
        assertThat(parts(two.buyer)).isEmpty();
        assertThat(parts(two.seller)).isEmpty();
    }

    @Test
    void in_the_old_way_all_contracts_with_one_seller_are_one_node_with_the_sum() {
        var two = open(true);
        var first = two.apply("web", "2");
        var second = two.apply("mail", "1");
        assertThat(List.of(two.state(first), two.state(second))).containsOnly("Running");
        assertThat(parts(two.buyer)).containsEntry("pair", 1L).containsEntry("slice", 1L);
        assertThat(granted(two)).isEqualTo("3");

        two.delete(second);
        assertThat(two.state(first)).isEqualTo("Running");
        assertThat(granted(two)).isEqualTo("2");
        two.delete(first);
        assertThat(parts(two.buyer)).isEmpty();
        assertThat(parts(two.seller)).isEmpty();
    }

    @Test
    void in_the_old_way_each_of_two_sellers_is_a_node_with_the_sum_of_its_own_contracts() {
        var two = open(true);
        var rome = two.another();
        var intents = Stream.of("5", "5", "2", "2")
                .map(cpu -> two.apply("web-" + cpu + two.buyer.contracts().size(), cpu))
                .toList();
        assertThat(intents).extracting(two::state).containsOnly("Running");
        assertThat(List.of(granted(two), granted(two, TwoClusters.ROME)))
                .as("no seller has room for five cores twice")
                .containsOnly("7");
        assertThat(sim(two.seller).admitted()).containsExactly(TwoClusters.MILAN.id());
        assertThat(sim(rome).admitted()).containsExactly(TwoClusters.ROME.id());
        assertThat(parts(two.buyer)).containsEntry("pair", 2L).containsEntry("slice", 2L);
        assertThat(two.buyer.all("peering"))
                .extracting(one -> one.as(Peering.class).granted().orElseThrow().get("core"))
                .as("what may be placed under each contract")
                .containsExactlyInAnyOrder(5L, 5L, 2L, 2L);

        two.delete(intents.get(0));
        assertThat(List.of(granted(two), granted(two, TwoClusters.ROME))).containsExactlyInAnyOrder("7", "2");
        two.delete(intents.get(1));
        assertThat(List.of(granted(two), granted(two, TwoClusters.ROME))).containsOnly("2");
        two.delete(intents.get(2));
        assertThat(List.of(granted(two), granted(two, TwoClusters.ROME))).containsExactlyInAnyOrder("nothing", "2");
        assertThat(parts(two.buyer)).containsEntry("pair", 1L).containsEntry("slice", 1L);
        assertThat(two.state(intents.get(3))).isEqualTo("Running");
        two.domains.neverEver();
        two.domains.agree();
        two.delete(intents.get(3));
        assertThat(parts(two.buyer)).isEmpty();
        assertThat(parts(two.seller)).isEmpty();
        assertThat(parts(rome)).isEmpty();
    }

    @Test
    void what_no_node_of_ours_becomes_in_time_is_given_back_and_bought_of_the_next() {
        var two = open(false);
        var rome = two.another();
        var first = two.apply("first", "2");
        two.delete(first);
        boolean fromRome = !rome.contracts().isEmpty();
        var away = fromRome ? TwoClusters.ROME : TwoClusters.MILAN;
        sim(two.buyer).dead(Set.of(away.id()));
        var second = two.apply("second", "2");
        assertThat(two.state(second)).isNotEqualTo("Running");
        two.look(40);
        assertThat(two.state(second))
                .as(two.buyer.world.story(two.buyer.all("foreignnode").getLast().id()))
                .isEqualTo("Running");
        assertThat(parts(fromRome ? two.seller : rome)).containsEntry("access", 1L);
        var left = two.buyer.all("foreignnode").get(1);
        assertThat(left.state()).as("is taken away by itself").isEqualTo("closing");
        two.look(60);
        assertThat(parts(fromRome ? rome : two.seller)).isEmpty();
        assertThat(parts(two.buyer))
                .as("of the one that is away nothing is left here")
                .containsOnly(Map.entry("pair", 1L), Map.entry("slice", 1L), Map.entry("workload", 1L));
        two.domains.agree();
    }

    @Test
    void what_is_left_at_a_cluster_that_is_away_is_counted_and_cleared_by_both_sides_when_it_is_back() {
        var two = open(false);
        var offered = two.listed();
        var intent = two.begin("web", "2");
        sim(two.seller).away(true);
        two.look(100); // five minutes to come up, and ten to let go
        assertThat(two.state(intent)).isEqualTo("Failed");
        assertThat(parts(two.buyer)).isEmpty();
        assertThat(two.buyer.states("peering")).containsOnly("released");
        assertThat(sim(two.buyer).traces()).containsExactly(TwoClusters.MILAN.id());
        var left = two.buyer.all("foreignnode").getFirst();
        assertThat(left.removed()).as("is listed and counted").isEmpty();
        assertThat(left.state()).isEqualTo("left_behind");
        assertThat(left.message())
                .hasValueSatisfying(why -> assertThat(why).contains("peer " + TwoClusters.MILAN.id(), "no answer"));
        two.look(30);
        assertThat(two.seller.states("tenancy")).containsOnly("close_failed");

        sim(two.seller).away(false);
        two.look(60);
        assertThat(sim(two.buyer).traces()).isEmpty();
        assertThat(two.buyer.states("foreignnode")).containsExactly("closed");
        assertThat(two.buyer.all("foreignnode").getFirst().removed()).isPresent();
        assertThat(two.seller.states("tenancy")).containsOnly("closed");
        assertThat(parts(two.seller)).isEmpty();
        assertThat(two.listed()).isEqualTo(offered);
        two.domains.agree();
    }

    @Test
    void a_cluster_that_is_back_before_its_seller_is_cleared_by_its_buyer() {
        var two = open(false);
        two.begin("web", "2");
        sim(two.buyer).dead(Set.of(TwoClusters.MILAN.id()));
        two.domains.wire.away.add(two.seller.node.address());
        two.look(100);
        assertThat(sim(two.buyer).traces()).containsExactly(TwoClusters.MILAN.id());
        sim(two.buyer).dead(Set.of());
        two.look(40);
        assertThat(parts(two.seller)).as("nobody has told the seller").containsEntry("access", 1L);
        assertThat(sim(two.buyer).traces()).isEmpty();
        assertThat(two.buyer.states("foreignnode")).containsExactly("closed");
    }

    private static String granted(TwoClusters two) {
        return granted(two, TwoClusters.MILAN);
    }

    /// Of the node that stands for a seller, in the old way.
    private static String granted(TwoClusters two, Plan seller) {
        return two.buyer.world.fabric.observe(new Key(seller.id(), Fabric.SLICE))
                        instanceof Observed.Present(var _, var facts)
                ? facts.get("granted.cpu")
                : "nothing";
    }

    @Test
    void who_asks_without_a_contract_or_for_more_gets_nothing() {
        var two = open(false);
        sim(two.seller).ask("stranger", "forged", Map.of("cpu", Quantity.of(1)));
        two.look(2);
        assertThat(sim(two.seller).admitted()).isEmpty();
        var intent = two.apply("web", "2");
        assertThat(two.state(intent)).isEqualTo("Running");
        var contract = two.seller.contracts().getFirst().name();
        sim(two.seller).ask(TwoClusters.TURIN.id(), contract, Map.of("cpu", Quantity.of(7)));
        two.look(2);
        assertThat(sim(two.seller).admitted()).isEmpty();
    }

    @Test
    void a_contract_that_its_seller_ends_takes_the_node_and_what_runs_there_along() {
        var two = open(false);
        var intent = two.apply("web", "2");
        two.seller.endsSold(two.seller.contracts().getFirst().id());
        two.buyer.looks();
        two.look(30);
        assertThat(parts(two.seller)).isEmpty();
        assertThat(parts(two.buyer)).isEmpty();
        assertThat(two.state(intent)).isNotEqualTo("Running");
    }

    @Test
    void no_credentials_are_kept_or_said_in_clear() {
        var two = open(false);
        two.apply("web", "2");
        for (var domain : two.domains.all) {
            for (var table : List.of("resource", "outbox", "process_log")) {
                Object found = domain.world.<Object>look(tx ->
                        tx.sql().fetchValue("select count(*) from " + table + " t where t::text like '%simulated: %'"));
                assertThat(found).as(table + " of " + domain.node.id()).isEqualTo(0L);
            }
        }
    }
}
