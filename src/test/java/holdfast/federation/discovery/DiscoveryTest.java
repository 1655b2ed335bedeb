package holdfast.federation.discovery;

import static holdfast.protocol.rear.Samples.flavor;
import static holdfast.protocol.rear.Samples.quantity;
import static holdfast.protocol.rear.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.api.rear.RearDomain;
import holdfast.engine.Journal;
import holdfast.federation.TestBuyer;
import holdfast.federation.UpstreamSeller;
import holdfast.federation.peers.Peer;
import holdfast.federation.wire.Dialect;
import holdfast.protocol.rear.Attribute;
import holdfast.protocol.rear.Filter;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Policy;
import holdfast.protocol.rear.Properties;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Asking peers what they offer, over real sockets (fluidos.md 3.2, 6.6).
@Timeout(300)
final class DiscoveryTest {
    private static final Selector FOUR_CPUS = Selector.of(
                    FlavorType.K8SLICE,
                    List.of(Filter.range(Attribute.CPU, Optional.of("4"), Optional.empty())
                            .orThrow()))
            .orThrow();

    @AutoClose
    private final TestBuyer buyer = new TestBuyer();

    @AutoClose
    private final UpstreamSeller upstream = new UpstreamSeller();

    @AutoClose
    private final UpstreamSeller other = new UpstreamSeller();

    @AutoClose
    private final UpstreamSeller third = new UpstreamSeller();

    private static Flavor slice(String id, String cpu) {
        return flavor(
                id, new K8Slice("arm64", vector(cpu, "8Gi", "20"), Optional.empty(), Properties.NONE, Policy.USUAL));
    }

    private static Flavor sold(Flavor one) {
        return new Flavor(
                one.id(),
                one.provider(),
                one.owner(),
                one.kind(),
                one.price(),
                false,
                one.network(),
                one.place(),
                one.since(),
                one.extra());
    }

    private List<String> names() {
        return buyer.matching(FOUR_CPUS).stream()
                .map(candidate -> candidate.flavor().id())
                .toList();
    }

    @Test
    void what_was_not_asked_for_is_left_out() {
        upstream.flavors.addAll(List.of(
                flavor("store", Samples.service()),
                slice("small", "2"),
                sold(slice("sold", "16")),
                slice("right", "4"),
                slice("large", "8")));
        buyer.knows("torino", upstream.address());
        var found = buyer.discover(FOUR_CPUS);
        assertThat(found.failed()).isEmpty();
        assertThat(found.candidates()).isEqualTo(2);
        assertThat(names()).containsExactly("large", "right");
        assertThat(upstream.heard)
                .as("a list of some would have been the first two, which do not match")
                .contains("GET /api/v2/flavors");
    }

    @Test
    void sold_ones_doubles_our_own_and_what_cannot_be_read_are_left_out_and_counted() {
        var mine = slice("mine", "8");
        var ours = new Flavor(
                mine.id(),
                TestBuyer.SELF.id(),
                TestBuyer.SELF,
                mine.kind(),
                mine.price(),
                true,
                mine.network(),
                mine.place(),
                mine.since(),
                mine.extra());
        var readable = Dialect.NODE
                .writer()
                .flavors(List.of(slice("good", "4"), slice("good", "6"), ours, sold(slice("sold", "8"))));
        upstream.list = Optional.of("[7,{\"flavorID\":\"UPPER CASE\"}," + readable.substring(1));
        buyer.knows("torino", upstream.address());
        var found = buyer.discover(FOUR_CPUS);
        assertThat(found.candidates()).isOne();
        assertThat(found.left()).isEqualTo(5);
        assertThat(buyer.matching(FOUR_CPUS))
                .singleElement()
                .satisfies(candidate -> assertThat(
                                candidate.flavor().kind().vector().get(holdfast.protocol.rear.Dimension.CPU))
                        .isEqualTo(quantity("4")));
    }

    @Test
    void one_answers_one_hangs_one_fails_and_two_are_named() {
        upstream.flavors.add(slice("right", "4"));
        buyer.knows("torino", upstream.address());
        var hanging = buyer.knows("milano", other.address()).id();
        var failing = buyer.knows("genova", third.address()).id();
        other.mood = UpstreamSeller.Mood.HANGS;
        third.mood = UpstreamSeller.Mood.FAILS;
        var found = buyer.discover(FOUR_CPUS);
        assertThat(found.asked()).isEqualTo(3);
        assertThat(found.candidates()).isOne();
        assertThat(found.failure()).isEmpty();
        assertThat(found.failed()).extracting(Found.Failed::peer).containsExactly(hanging, failing);
        assertThat(found.failed()).extracting(Found.Failed::name).containsExactly("milano", "genova");
        assertThat(found.failed().get(0).why()).contains("in time");
        assertThat(found.failed().get(1).why()).contains("500");
        assertThat(names()).containsExactly("right");
        assertThat(buyer.peer(failing).as(Peer.class).breaker().failures()).isOne();
    }

    @Test
    void twice_is_once() {
        upstream.flavors.addAll(List.of(slice("right", "4"), slice("large", "8")));
        buyer.knows("torino", upstream.address());
        var first = buyer.discover(FOUR_CPUS);
        var before = buyer.matching(FOUR_CPUS);
        assertThat(buyer.discover(FOUR_CPUS)).isEqualTo(first);
        assertThat(buyer.matching(FOUR_CPUS)).isEqualTo(before).hasSize(2);
    }

    @Test
    void the_same_name_at_two_peers_is_two_offers() {
        upstream.flavors.add(slice("right", "4"));
        other.flavors.add(slice("right", "5"));
        buyer.knows("torino", upstream.address());
        buyer.knows("milano", other.address());
        assertThat(buyer.discover(FOUR_CPUS).candidates()).isEqualTo(2);
        assertThat(buyer.matching(FOUR_CPUS)).hasSize(2);
    }

    @Test
    void what_a_peer_lists_no_more_is_gone_and_what_it_lists_again_is_back() {
        upstream.flavors.addAll(List.of(slice("right", "4"), slice("large", "8")));
        buyer.knows("torino", upstream.address());
        buyer.discover(FOUR_CPUS);
        var large = upstream.flavors.removeLast();
        buyer.discover(FOUR_CPUS);
        assertThat(names()).containsExactly("right");
        upstream.flavors.add(large);
        buyer.discover(FOUR_CPUS);
        assertThat(names()).containsExactly("large", "right");
    }

    @Test
    void a_list_that_could_not_be_read_to_its_end_says_nothing_of_what_is_missing() {
        upstream.flavors.addAll(List.of(slice("right", "4"), slice("large", "8")));
        buyer.knows("torino", upstream.address());
        buyer.discover(FOUR_CPUS);
        upstream.list = Optional.of("[7,"
                + Dialect.NODE.writer().flavors(List.of(slice("right", "4"))).substring(1));
        buyer.discover(FOUR_CPUS);
        assertThat(names()).containsExactly("large", "right");
    }

    @Test
    void of_one_peer_at_most_a_thousand_offers_are_kept() {
        upstream.flavors.addAll(
                IntStream.range(0, 1_100).mapToObj(n -> slice("s" + n, "4")).toList());
        buyer.knows("torino", upstream.address());
        var found = buyer.discover(FOUR_CPUS);
        assertThat(found.candidates()).isEqualTo(1_000);
        assertThat(found.left()).isEqualTo(100);
    }

    @Test
    void our_own_kind_is_asked_for_what_is_wanted_alone() {
        try (var test = TestDatabase.fresh();
                var seller = new RearDomain(test)) {
            var name = seller.offer();
            seller.offer(Samples.service());
            buyer.knows("alps", seller.server.address().getAuthority());
            var found = buyer.discover(FOUR_CPUS);
            assertThat(found.candidates()).isOne();
            assertThat(found.left()).isZero();
            assertThat(names()).containsExactly(name);
        }
    }

    @Test
    void without_peers_and_without_answers_it_says_why() {
        assertThat(buyer.discover(FOUR_CPUS).failure()).contains("no peers");
        buyer.knows("torino", upstream.address());
        assertThat(buyer.discover(FOUR_CPUS).failure()).contains("No Flavors found");
        upstream.mood = UpstreamSeller.Mood.RAVES;
        assertThat(buyer.discover(FOUR_CPUS).failure()).contains("no peer answered");
    }

    @Test
    void offers_of_a_peer_that_is_down_are_not_looked_at() {
        upstream.flavors.add(slice("right", "4"));
        buyer.knows("torino", upstream.address());
        buyer.discover(FOUR_CPUS);
        upstream.mood = UpstreamSeller.Mood.FAILS;
        buyer.advance(Duration.ofMinutes(2));
        buyer.peers.watch();
        assertThat(names()).isEmpty();
        upstream.mood = UpstreamSeller.Mood.WELL;
        buyer.peers.watch();
        assertThat(names()).containsExactly("right");
    }

    @Test
    void its_steps_are_in_the_journal_of_who_asks() {
        upstream.flavors.add(slice("right", "4"));
        var solver = buyer.knows("torino", upstream.address()).id(); // any resource will do
        buyer.discovery.discover(FOUR_CPUS, TestBuyer.TRACE, solver);
        var entries =
                buyer.test.database().inTransaction(tx -> buyer.engine.journal().latest(tx, Journal.about(solver), 10));
        assertThat(entries)
                .extracting(Journal.Entry::why)
                .contains(
                        "W1 #7 LIST_SENT: LIST_FLAVORS to 1 peers",
                        "W1 #10 OFFERS_STORED: torino offers 1, 0 left out",
                        "W1 #11 DISCOVERY_DONE: 1 offers of 1 of 1 peers");
    }
}
