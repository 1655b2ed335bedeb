package holdfast.federation.discovery;

import static holdfast.federation.TestBuyer.TRACE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.api.rear.RearDomain;
import holdfast.core.Interval;
import holdfast.federation.TestBuyer;
import holdfast.federation.discovery.CandidateCourse.News;
import holdfast.federation.discovery.CandidateCourse.State;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.Endpoint;
import holdfast.federation.wire.Told;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Attribute;
import holdfast.protocol.rear.Filter;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Policy;
import holdfast.protocol.rear.Properties;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of offers that were heard of (fluidos.md 3.3).
@Timeout(300)
final class CandidatesTest {
    private static final Selector SLICES =
            Selector.of(FlavorType.K8SLICE, List.of()).orThrow();

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final RearDomain seller = new RearDomain(test);

    @AutoClose
    private final TestBuyer buyer = new TestBuyer();

    private final UUID peer =
            buyer.knows("alps", seller.server.address().getAuthority()).id();

    private void change(Consumer<Tx> change) {
        buyer.test.database().inTransaction(tx -> {
            change.accept(tx);
            return true;
        });
    }

    private State state(String flavor) {
        return buyer.test
                .database()
                .inTransaction(tx -> buyer.candidates.find(tx, peer, flavor).orElseThrow())
                .state();
    }

    private Told<Transaction> reserve(Candidate candidate, int request) {
        var to = Endpoint.plain(seller.server.address().getAuthority());
        return buyer.client.reserve(
                to, Dialect.NODE, candidate.flavor().id(), Optional.empty(), new UUID(3, request), TRACE);
    }

    /// With which it was refused; 0 if it was not.
    private static int status(Told<Transaction> told) {
        return told instanceof Told.No<Transaction>(var status, var _, var _) ? status : 0;
    }

    @Test
    void what_was_sold_elsewhere_is_gone_and_the_next_is_taken() {
        var one = seller.offer();
        var two = seller.offer();
        buyer.discover(SLICES);
        var first = buyer.matching(SLICES).getFirst();
        assertThat(buyer.matching(SLICES)).hasSize(2);
        seller.withdraw(first.flavor().id());

        assertThat(status(reserve(first, 1))).isEqualTo(404);
        change(tx -> buyer.candidates.gone(tx, peer, first.flavor().id()));

        assertThat(buyer.matching(SLICES)).singleElement().satisfies(next -> {
            assertThat(next.flavor().id())
                    .isIn(one, two)
                    .isNotEqualTo(first.flavor().id());
            assertThat(reserve(next, 2)).isInstanceOf(Told.Yes.class);
        });
        assertThat(state(first.flavor().id())).isEqualTo(State.GONE);
    }

    @Test
    void what_is_held_by_others_is_stale_until_it_is_listed_again() {
        var name = seller.offer();
        buyer.discover(SLICES);
        var now = seller.clock.get();
        seller.hold(name, "8", "32Gi", "110", new Interval(now, now.plus(Duration.ofHours(1))));
        assertThat(status(reserve(buyer.matching(SLICES).getFirst(), 1))).isEqualTo(409);
        change(tx -> buyer.candidates.heard(tx, peer, name, News.TAKEN));
        assertThat(state(name)).isEqualTo(State.STALE);
    }

    @Test
    void after_a_minute_it_is_stale_and_fresh_when_heard_of_again() {
        var name = seller.offer();
        buyer.discover(SLICES);
        buyer.advance(Duration.ofSeconds(60));
        assertThat(state(name)).isEqualTo(State.FRESH);
        buyer.advance(Duration.ofMillis(1));
        assertThat(buyer.matching(SLICES)).extracting(Candidate::state).containsExactly(State.STALE);
        buyer.discover(SLICES);
        assertThat(buyer.matching(SLICES)).singleElement().satisfies(candidate -> {
            assertThat(candidate.state()).isEqualTo(State.FRESH);
            assertThat(candidate.asOf()).isEqualTo(buyer.clock.get());
        });
    }

    @Test
    void what_we_hold_or_have_bought_is_offered_to_nobody_here() {
        var name = seller.offer();
        buyer.discover(SLICES);
        for (var news : List.of(News.RESERVED, News.PURCHASED)) {
            change(tx -> buyer.candidates.heard(tx, peer, name, news));
            assertThat(buyer.matching(SLICES)).isEmpty();
        }
        change(tx -> buyer.candidates.heard(tx, peer, name, News.GIVEN_UP));
        assertThat(buyer.matching(SLICES)).hasSize(1);
        change(tx -> buyer.candidates.heard(tx, peer, "of-nobody", News.RESERVED));
        assertThat(buyer.matching(SLICES)).hasSize(1);
    }

    @Test
    void what_is_gone_is_forgotten_after_an_hour() {
        var name = seller.offer();
        buyer.discover(SLICES);
        change(tx -> buyer.candidates.gone(tx, peer, name));
        buyer.advance(Duration.ofMinutes(60));
        change(tx ->
                assertThat(buyer.candidates.forget(tx, buyer.clock.get(), 10)).isZero());
        buyer.advance(Duration.ofSeconds(1));
        change(tx ->
                assertThat(buyer.candidates.forget(tx, buyer.clock.get(), 10)).isOne());
        change(tx -> assertThat(buyer.candidates.find(tx, peer, name)).isEmpty());
    }

    @Test
    void offers_of_a_removed_peer_are_not_looked_at() {
        seller.offer();
        buyer.discover(SLICES);
        change(tx -> buyer.peers.remove(tx, peer, "admin"));
        assertThat(buyer.matching(SLICES)).isEmpty();
    }

    private static Flavor flavor(int cpu) {
        var amounts = Samples.vector("" + cpu, "8Gi", "10");
        return Samples.flavor("f" + cpu, new K8Slice("arm64", amounts, Optional.empty(), Properties.NONE, Policy.FREE));
    }

    @Test
    void what_the_database_can_tell_apart_is_not_read() {
        buyer.discover(SLICES);
        var flavors = IntStream.range(1, 10).mapToObj(CandidatesTest::flavor).toList();
        change(tx ->
                buyer.candidates.listed(tx, peer, SLICES, new Refilter.Kept(flavors, 0, true), buyer.platform.now()));
        change(tx -> tx.sql().execute("update candidate set body = '{}' where flavor <> 'f7'"));
        var seven = Selector.of(
                        FlavorType.K8SLICE,
                        List.of(
                                Filter.match(Attribute.CPU, "7").orThrow(),
                                Filter.match(Attribute.ARCHITECTURE, "arm64").orThrow()))
                .orThrow();
        assertThat(buyer.matching(seven))
                .singleElement()
                .matches(one -> one.flavor().id().equals("f7"));
        change(tx -> tx.sql().execute("update candidate set words = null, cpu = null where flavor = 'f7'"));
        assertThat(buyer.matching(seven))
                .as("written before there were columns")
                .hasSize(1);
    }
}
