package holdfast.sim;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.SliverId;
import holdfast.engine.Resource;
import holdfast.federation.buying.Deal;
import holdfast.federation.buying.Purchase;
import holdfast.federation.buying.Solver;
import holdfast.federation.choice.Conduct;
import holdfast.federation.choice.Deed;
import holdfast.federation.peers.Ratings;
import holdfast.federation.wire.Reply;
import holdfast.protocol.rear.FlavorType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What sellers did decides of whom is bought next (fluidos.md 6.9).
final class ChoiceStoriesTest {
    private static final Duration TERM = Duration.ofHours(2);

    @AutoClose
    private final TestDatabase here = TestDatabase.fresh();

    @AutoClose
    private final TestDatabase there = TestDatabase.fresh();

    @AutoClose
    private final TestDatabase elsewhere = TestDatabase.fresh();

    private Trading trading;
    private SellerDomain alpha;
    private SellerDomain beta;
    private int slivers;

    @BeforeEach
    void start() {
        trading = new Trading(here);
        alpha = trading.seller(new SellerDomain("alpha", 30_001, there));
        alpha.offer("0.40");
        beta = trading.seller(new SellerDomain("beta", 30_002, elsewhere));
        beta.offer("0.40");
    }

    /// Buys something, and gives it back.
    ///
    /// @return of whom it was bought
    private String buys() {
        var sliver = new SliverId(new UUID(7, ++slivers));
        trading.acquire(sliver, 2, TERM);
        trading.buyer.settle();
        var bought = trading.all(Deal.TYPE).stream()
                .filter(deal -> deal.state().equals("active"))
                .map(deal -> deal.as(Deal.class).contract().seller().id())
                .toList();
        trading.giveUp(sliver);
        trading.buyer.settle();
        return String.join(",", bought);
    }

    private Conduct conduct(String name) {
        var peer = trading.all("peer").stream()
                .filter(one -> one.name().equals(name))
                .map(Resource::id)
                .findFirst()
                .orElseThrow();
        var all = trading.buyer.look(tx -> Ratings.of(tx, List.of(peer)));
        return all.getOrDefault(peer, Map.of()).getOrDefault(FlavorType.K8SLICE, Conduct.UNKNOWN);
    }

    private double score(String name) {
        return conduct(name).score(trading.buyer.now());
    }

    private String kept(String name, Deed deed) {
        var tally = conduct(name).deeds().get(deed);
        return tally == null ? "-" : tally.kept() + "/" + tally.tries();
    }

    @Test
    void who_refuses_sinks_and_the_other_is_bought_of_also_when_it_refuses_no_more() {
        assertThat(buys()).as("of equals the first by name").isEqualTo("alpha");
        alpha.line = (call, answer) -> call.path().contains("reservations")
                ? new Reply(409, Map.of(), "{\"title\": \"taken\", \"detail\": \"all of it is taken\"}")
                : answer.come();
        for (int n = 0; n < 3; n++) {
            assertThat(buys()).isEqualTo("beta");
        }
        assertThat(kept("alpha", Deed.RESERVE)).isEqualTo("1/4");
        assertThat(score("alpha")).isLessThan(score("beta"));

        alpha.line = (_, answer) -> answer.come();
        assertThat(buys()).as("it has not been forgotten").isEqualTo("beta");
        var last = trading.all(Purchase.TYPE).stream()
                .filter(one -> one.as(Purchase.class).rank() == 0)
                .filter(one -> one.state().equals("cancelled"))
                .count();
        assertThat(last).isPositive();

        trading.buyer.advance(Duration.ofDays(200));
        trading.peers.watch();
        assertThat(score("alpha")).as("it fades").isBetween(0.49, 0.53);
    }

    @Test
    void each_deed_is_counted_once_and_an_early_end_counts_most() {
        assertThat(buys()).isEqualTo("alpha");
        assertThat(kept("alpha", Deed.LIST)).isEqualTo("1/1");
        assertThat(kept("alpha", Deed.RESERVE)).isEqualTo("1/1");
        assertThat(kept("alpha", Deed.PURCHASE)).isEqualTo("1/1");
        assertThat(kept("alpha", Deed.PEERING)).isEqualTo("1/1");
        assertThat(kept("alpha", Deed.TERM)).isEqualTo("1/1");
        assertThat(kept("beta", Deed.RESERVE)).as("held, and not needed").isEqualTo("1/1");
        assertThat(kept("beta", Deed.PURCHASE)).isEqualTo("-");

        trading.acquire(new SliverId(new UUID(8, 1)), 2, TERM);
        trading.buyer.settle();
        assertThat(trading.all(Solver.TYPE)).anyMatch(one -> one.state().equals("solved"));
        var contract = alpha.world.look(tx -> alpha.world.engine.resources().ofType(tx, Deal.TYPE, 10)).stream()
                .filter(one -> one.state().equals("active"))
                .findFirst()
                .orElseThrow();
        alpha.world.run(tx -> alpha.world
                .broker
                .market()
                .contracts()
                .release(tx, contract.id(), "admin", "it is needed here")
                .orThrow());
        trading.buying.reconcile();
        trading.buyer.settle();
        assertThat(kept("alpha", Deed.TERM)).isEqualTo("1/2");
        var term = conduct("alpha").deeds().get(Deed.TERM).rating();
        assertThat(term.score(trading.buyer.now())).as("one kept, one broken").isLessThan(0.5);
    }
}
