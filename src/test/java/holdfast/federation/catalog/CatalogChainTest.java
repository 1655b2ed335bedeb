package holdfast.federation.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.Net;
import holdfast.federation.peers.Known;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.Endpoint;
import holdfast.federation.wire.NoAnswer;
import holdfast.federation.wire.Reply;
import holdfast.federation.wire.Told;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Provenance;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Transaction;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A consumer and a provider, the supernode of each, and between them nothing but a catalog (fluidos.md 4.4).
final class CatalogChainTest {
    private static final Selector SLICES =
            Selector.of(FlavorType.K8SLICE, List.of()).orThrow();
    private static final Trace TRACE = new Trace("trace-4", Workflow.W4);
    private static final Contract.Ask NOTHING = new Contract.Ask(Optional.empty(), Optional.empty());

    @AutoClose
    private final Net net = new Net();

    private final Net.Node sc = net.supernode("sc", "valais.example");
    private final Net.Node sp = net.supernode("sp", "jura.example");
    private final Net.Node consumer = net.node("c", "valais.example");
    private final Net.Node provider = net.node("p", "jura.example");
    private Net.Node catalog;
    private long requests = 1;

    private void begin(boolean brokered) {
        catalog = net.catalog("k", brokered);
        sc.knows(catalog);
        consumer.joins(sc);
        publishes(sp, provider);
    }

    private void publishes(Net.Node supernode, Net.Node node) {
        node.joins(supernode);
        node.offers();
        supernode.supernode.orElseThrow().gather();
        supernode.publishes(catalog);
    }

    private Told<Transaction> reserve(Flavor flavor) {
        return consumer.client.reserve(
                Endpoint.plain(sc.self.address()),
                Dialect.NODE,
                flavor.id(),
                Optional.of(new Configuration.Slice(Samples.vector("2", "4Gi", "10"))),
                new UUID(9, requests++),
                TRACE);
    }

    private Contract buys(Transaction held) {
        return yes(consumer.client.purchase(
                Endpoint.plain(sc.self.address()), Dialect.NODE, held.id(), NOTHING, new UUID(9, requests++), TRACE));
    }

    private static <T> T yes(Told<T> told) {
        if (told instanceof Told.Yes<T>(var value)) return value;
        throw new AssertionError(told.toString());
    }

    private List<Flavor> found() {
        consumer.discover(SLICES, TRACE);
        return consumer.finds(SLICES);
    }

    private void settle() {
        net.nodes.values().forEach(Net.Node::settle);
    }

    private static List<String> states(Net.Node node, String type) {
        return node.look(tx -> node.engine.resources().list(tx, Resources.typed(type), 100)).stream()
                .map(Resource::state)
                .toList();
    }

    private static List<String> steps(Net.Node node) {
        return node.look(tx -> tx.sql()
                .fetch("select why from journal where kind = 'step' order by seq")
                .map(row -> row.get(0, String.class).replaceAll(":.*", "")));
    }

    private List<String> published() {
        return catalog.look(tx -> tx.sql()
                .fetch("select flavor from published where not withdrawn")
                .map(row -> row.get(0, String.class)));
    }

    @Test
    void what_a_catalog_finds_is_bought_of_its_owner() {
        begin(false);
        var before = published();
        net.advance(Duration.ofSeconds(70));
        var held = yes(reserve(found().getFirst()));
        assertThat(states(provider, "transaction")).containsExactly("held");
        settle();
        assertThat(published())
                .as("the rest is published under another name at once")
                .hasSize(1)
                .doesNotContainAnyElementsOf(before);
        var contract = buys(held);
        settle();
        assertThat(contract.seller().id()).isEqualTo("sc");
        assertThat(states(sp, "contract")).containsExactly("active");
        assertThat(states(provider, "contract")).containsExactly("active");
        assertThat(states(catalog, "contract")).isEmpty();
        assertThat(steps(sp))
                .contains(
                        "W4 #1 JOINED",
                        "W4 #2 OFFER_PUBLISHED",
                        "W4 #21 RESERVE_PASSED_ON",
                        "W4 #23 OFFER_WITHDRAWN",
                        "W4 #25 PURCHASE_SENT");
        assertThat(steps(sc))
                .contains(
                        "W4 #13 LIST_PASSED_ON",
                        "W4 #17 OFFER_VERIFIED",
                        "W4 #16 OFFERS_STORED",
                        "W4 #20 RESERVE_PASSED_ON",
                        "W4 #25 CONTRACT_MADE",
                        "W4 #26 RECEIPT_SENT");
        assertThat(steps(catalog)).contains("W4 #14 CATALOG_MATCHED", "W4 #15 LIST_ANSWERED");
        assertThat(steps(provider)).contains("W4 #22 CLAIMED");
    }

    @Test
    void a_catalog_that_stands_between_sells_what_it_buys() {
        begin(true);
        var offer = found().getFirst();
        var held = yes(reserve(offer));
        assertThat(sc.steps(TRACE)).contains("W4 #20 RESERVE_PASSED_ON");
        assertThat(catalog.steps(TRACE)).contains("W4 #20 RESERVE_PASSED_ON");
        assertThat(sp.steps(TRACE)).contains("W4 #21 RESERVE_PASSED_ON");
        buys(held);
        settle();
        for (var node : List.of(sc, catalog, sp, provider)) {
            assertThat(states(node, "contract")).as(node.self.id()).containsExactly("active");
        }
        assertThat(steps(catalog)).contains("W4 #25 CONTRACT_MADE", "W4 #29 FORWARDING_MADE");
        List<Known> known = sc.look(sc.peers::known);
        assertThat(known)
                .as("the owner stays unknown")
                .extracting(peer -> peer.node().orElse(""))
                .doesNotContain("sp");
    }

    @Test
    void what_is_gone_at_reserve_is_reported_and_the_next_of_the_same_list_is_taken() {
        begin(false);
        var otherSupernode = net.supernode("sq", "sea.example");
        var other = net.node("q", "sea.example");
        publishes(otherSupernode, other);
        var offers = found();
        assertThat(offers).hasSize(2);
        long lists = asked();
        var sold = offers.stream()
                .filter(flavor -> name(flavor).equals("p"))
                .findFirst()
                .orElseThrow();
        var next = offers.stream().filter(flavor -> flavor != sold).findFirst().orElseThrow();
        net.line = (to, call, answer) -> {
            if (to == sp && call.method().equals("POST") && call.path().contains("reservations")) {
                return new Reply(409, Map.of(), "sold a second ago");
            }
            if (to == catalog && call.path().contains("flavors")) {
                throw new NoAnswer("nobody need ask again", false);
            }
            return answer.come();
        };
        assertThat(reserve(sold)).isInstanceOf(Told.No.class);
        yes(reserve(next));
        assertThat(asked()).as("no new LIST").isEqualTo(lists);
        settle();
        assertThat(steps(sc)).contains("W4 #24 OFFER_REPORTED");
        assertThat(catalog.heard).contains("POST catalog");
        assertThat(sp.heard).as("it is asked whether it is there").contains("GET flavors");
    }

    private long asked() {
        return catalog.lists();
    }

    private static String name(Flavor flavor) {
        return Provenance.of(flavor).node().orElse("");
    }
}
