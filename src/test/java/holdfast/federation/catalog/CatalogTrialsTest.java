package holdfast.federation.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.federation.Net;
import holdfast.federation.trust.NodeKeys;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.Endpoint;
import holdfast.federation.wire.NoAnswer;
import holdfast.federation.wire.RearReader;
import holdfast.federation.wire.Told;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Transaction;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// What is offered is published, found in a catalog, bought, sold behind its back, reported and offered again, while
/// the catalog or who publishes there dies at each write, or each word between them is lost (fluidos.md 4.4, 7).
///
/// Kills at each 37th write, before and after it in turn; at all with `-Dholdfast.stride=1`.
final class CatalogTrialsTest {
    private static final int STRIDE = Integer.getInteger("holdfast.stride", 37);
    private static final Selector SLICES =
            Selector.of(FlavorType.K8SLICE, List.of()).orThrow();
    private static final Trace TRACE = new Trace("trace-4", Workflow.W4);

    /// One life.
    private static final class Life implements AutoCloseable {
        final Net net = new Net();
        final Net.Node catalog;
        final Net.Node seller;
        final Net.Node buyer;
        /// The number of the call to the catalog that is lost, and whether it was heard all the same.
        int lost;
        boolean heard;
        int calls;
        private boolean deaf;
        private long requests = 1;

        Life() {
            var keys = NodeKeys.fresh();
            net.signer = Optional.of(new Publishing.Signer(keys, keys.fingerprint()));
            catalog = net.catalog("k", false);
            seller = net.node("s", "alps.example");
            buyer = net.node("c", "bay.example");
            buyer.knows(catalog);
            seller.offers();
            net.line = (to, call, answer) -> {
                boolean about = to == catalog && call.path().contains("catalog");
                if (deaf && about && call.method().equals("DELETE")) {
                    throw new NoAnswer("the catalog does not hear of it", false);
                }
                if (about && ++calls == lost) {
                    if (heard) answer.come();
                    throw new NoAnswer("lost", heard);
                }
                return answer.come();
            };
        }

        void live() {
            seller.does(() -> seller.publishes(catalog));
            round();
            var contract = buys(held("2", "4Gi", "10"));
            round();
            buyer.discover(SLICES, TRACE);

            deaf = true; // of what is sold now the catalog hears from its readers alone
            var sold = listed().getFirst();
            held("1", "2Gi", "5");
            deaf = false;
            buyer.discover(SLICES, TRACE);
            round();
            assertThat(told()).doesNotContain(sold);

            again(() -> buyer.client.release(
                    Endpoint.plain(seller.self.address()), contract.id(), "done", request(), TRACE));
            round();
            net.advance(Duration.ofMinutes(20)); // what was held and not bought is over
            round();
        }

        private void round() {
            for (int n = 0; n < 2; n++) {
                net.nodes.values().forEach(Net.Node::settle);
                net.advance(Duration.ofSeconds(101));
                seller.does(seller.publishing::refresh);
                catalog.does(() -> catalog.catalog.orElseThrow().sweep());
            }
        }

        private Transaction held(String cpu, String memory, String pods) {
            var piece = Optional.<Configuration>of(new Configuration.Slice(Samples.vector(cpu, memory, pods)));
            var request = request();
            var flavor = listed().getFirst();
            return again(() -> buyer.client.reserve(
                    Endpoint.plain(seller.self.address()), Dialect.NODE, flavor, piece, request, TRACE));
        }

        private Contract buys(Transaction held) {
            var nothing = new Contract.Ask(Optional.empty(), Optional.empty());
            var request = request();
            return again(() -> buyer.client.purchase(
                    Endpoint.plain(seller.self.address()), Dialect.NODE, held.id(), nothing, request, TRACE));
        }

        private UUID request() {
            return new UUID(7, requests++);
        }

        private <T> T again(Supplier<Told<T>> question) {
            var told = question.get();
            for (int tries = 0; tries < 3 && !(told instanceof Told.Yes<?>); tries++) {
                told = question.get();
            }
            if (told instanceof Told.Yes<T>(var value)) return value;
            throw new AssertionError("not answered with yes: " + told);
        }

        /// What the seller offers.
        List<String> listed() {
            var seen = new ArrayList<Flavor>();
            for (int tries = 0; tries < 2 && seen.isEmpty(); tries++) {
                seller.does(() -> seen.addAll(seller.look(tx -> seller.market.list(tx, Optional.empty()))));
            }
            return seen.stream().map(Flavor::id).toList();
        }

        /// What the catalog tells.
        List<String> told() {
            var call = Call.get(List.of("api", "v2", "flavors", "k8slice"));
            for (int tries = 0; tries < 2; tries++) {
                try {
                    return RearReader.flavors(buyer.asks(catalog, call).body()).orThrow().flavors().stream()
                            .map(Flavor::id)
                            .toList();
                } catch (NoAnswer _) {
                    // it died of that: its successor is asked
                }
            }
            throw new AssertionError("the catalog does not answer");
        }

        /// Both sides agree, and nothing waits any more.
        void agrees(String when) {
            lost = 0;
            List.of(catalog, seller).forEach(node -> node.killAt(0, false));
            round();
            assertThat(told()).as(when).isEqualTo(listed()).hasSize(1);
            assertThat(seller.<Object>look(
                            tx -> tx.sql().fetchValue("select string_agg(flavor, ' ') from publication")))
                    .as(when)
                    .isEqualTo(listed().getFirst());
            for (var node : List.of(catalog, seller, buyer)) {
                assertThat(node.<Object>look(tx -> tx.sql().fetchValue("""
                                select count(*) from process where result is null
                                and name in ('peer.publish', 'peer.probe', 'peer.report')""")))
                        .as("%s: waiting at %s", when, node.self.id())
                        .isEqualTo(0L);
            }
            assertThat(catalog.<Object>look(
                            tx -> tx.sql().fetchValue("select count(*) from publisher where flagged is not null")))
                    .as("%s: nobody is taken for a forger", when)
                    .isEqualTo(0L);
        }

        @Override
        public void close() {
            net.close();
        }
    }

    @Test
    void the_catalog_dies_at_its_writes_and_tells_what_is_offered_in_the_end() {
        killAtEach(life -> life.catalog);
    }

    @Test
    void who_publishes_dies_at_its_writes_and_what_it_offers_is_told_in_the_end() {
        killAtEach(life -> life.seller);
    }

    private static void killAtEach(Function<Life, Net.Node> whose) {
        int commits;
        try (var life = new Life()) {
            whose.apply(life).killAt(0, false);
            life.live();
            commits = whose.apply(life).commits();
            life.agrees("nobody dies");
        }
        assertThat(commits).isGreaterThan(20);
        for (int at = 1; at <= commits; at += STRIDE) {
            try (var life = new Life()) {
                boolean after = at / STRIDE % 2 == 0;
                whose.apply(life).killAt(at, after);
                life.live();
                life.agrees("killed " + (after ? "after" : "before") + " commit " + at);
            }
        }
    }

    @Test
    void any_word_to_the_catalog_may_be_lost_or_said_twice() {
        int calls;
        try (var life = new Life()) {
            life.live();
            calls = life.calls;
        }
        assertThat(calls).isGreaterThan(10);
        for (int at = 1; at <= calls; at += Math.max(1, STRIDE / 2)) {
            for (var heard : List.of(false, true)) {
                try (var life = new Life()) {
                    life.lost = at;
                    life.heard = heard;
                    life.live();
                    life.agrees("call " + at + " lost" + (heard ? " on its way back" : ""));
                }
            }
        }
    }
}
