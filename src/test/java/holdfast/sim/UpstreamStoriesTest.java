package holdfast.sim;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.engine.Resource;
import holdfast.federation.UpstreamSeller;
import holdfast.federation.buying.Deal;
import holdfast.federation.buying.Purchase;
import holdfast.federation.buying.Search;
import holdfast.federation.buying.SolverCourse.Flags;
import holdfast.federation.peers.Peers;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.HttpWire;
import holdfast.platform.CallbackPolicy;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Wish;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Buying of nodes of release 0.1, with all that they do wrong, over real sockets (fluidos.md 5.10, U7 to U10).
@Timeout(120)
final class UpstreamStoriesTest {
    private static final Flags BUY = new Flags(true, true, false);

    @AutoClose
    private final TestDatabase here = TestDatabase.fresh();

    @AutoClose
    private final UpstreamSeller cheap = new UpstreamSeller();

    @AutoClose
    private final UpstreamSeller dear = new UpstreamSeller();

    @AutoClose
    private final HttpWire wire = new HttpWire(CallbackPolicy.opening(List.of("127.0.0.0/8")));

    private Trading trading;

    @BeforeEach
    void start() {
        trading = new Trading(here);
        trading.beyond = wire;
        knows("cheap", cheap);
        knows("dear", dear);
        offers(cheap, "cheap-1", "0.10");
        offers(dear, "dear-1", "0.90");
    }

    private void knows(String name, UpstreamSeller seller) {
        trading.peers
                .add(new Peers.Wish(Optional.of(name), seller.address(), Optional.empty()), "operators", "admin")
                .orThrow();
    }

    private static void offers(UpstreamSeller seller, String id, String price) {
        var whole = Samples.flavor(id, Samples.slice());
        seller.flavors.add(new Flavor(
                id,
                whole.provider(),
                whole.owner(),
                whole.kind(),
                Optional.of(new Price(price, "EUR", "hour")),
                true,
                whole.network(),
                whole.place(),
                whole.since(),
                whole.extra()));
    }

    private UUID search() {
        var world = trading.buyer;
        var search = Search.of(
                Capacities.of(2, 4, 0),
                Interval.of(world.now(), Duration.ofHours(2)),
                Wish.any(new Trace(UUID.randomUUID().toString(), Workflow.W1)),
                BUY);
        return world.look(tx -> trading.buying.staged().begin(tx, search, "physics", "alice"))
                .id();
    }

    private Resource settled(UUID solver) {
        trading.buyer.settleFor(Duration.ofSeconds(20), Duration.ofSeconds(1));
        return trading.buyer.slice(solver);
    }

    /// Whose flavors were bought, and what became of the others.
    private List<String> purchases() {
        return trading.all(Purchase.TYPE).stream()
                .map(one -> one.name() + " " + one.state())
                .sorted()
                .toList();
    }

    @Test
    void a_purchase_that_fails_late_is_tried_once_more_and_then_the_second_candidate_is_bought() {
        cheap.failsLate.set(2);
        assertThat(settled(search()).state()).isEqualTo("solved");
        assertThat(purchases()).containsExactly("cheap-1 failed", "dear-1 bought");
        assertThat(cheap.asked("reservations")).as("one fresh try").isEqualTo(2);
        assertThat(cheap.asked("purchase")).isEqualTo(2);
        assertThat(cheap.sold).isEmpty();
        assertThat(dear.sold).containsExactly("dear-1");
        assertThat(dear.asked("reservations")).as("it was held all the time").isEqualTo(1);
    }

    @Test
    void a_lost_answer_leaves_a_purchase_in_doubt_that_is_never_repeated() {
        cheap.losesAnswers.set(1);
        assertThat(settled(search()).state()).isEqualTo("solved");
        trading.buyer.settleFor(Duration.ofMinutes(10), Duration.ofMinutes(1));
        assertThat(purchases()).containsExactly("cheap-1 in_doubt", "dear-1 bought");
        assertThat(cheap.asked("purchase")).isEqualTo(1);
        assertThat(cheap.sold).containsExactly("cheap-1");
    }

    @Test
    void what_it_forgot_when_it_started_again_is_reserved_afresh_once() {
        var started = new boolean[1];
        trading.beyond = (to, call, limit) -> {
            if (isPurchase(call) && !started[0]) {
                started[0] = true;
                cheap.restart();
            }
            return wire.call(to, call, limit);
        };
        assertThat(settled(search()).state()).isEqualTo("solved");
        assertThat(purchases()).contains("cheap-1 bought");
        assertThat(cheap.asked("reservations")).isEqualTo(2);
        assertThat(cheap.sold).containsExactly("cheap-1");
        assertThat(trading.one(Deal.TYPE).state()).isEqualTo("active");
    }

    private static boolean isPurchase(Call call) {
        return call.path().contains("purchase");
    }

    @Test
    void two_offers_of_one_seller_are_asked_for_one_after_the_other() {
        var deep = new int[2];
        trading.beyond = (to, call, limit) -> {
            boolean writes = call.method().equals("POST") && to.address().equals(cheap.address());
            if (!writes) {
                return wire.call(to, call, limit);
            }
            deep[1] = Math.max(deep[1], ++deep[0]);
            try {
                for (int n = 0; deep[0] == 1 && n < 20; n++) {
                    trading.buyer.step(); // what another replica does while this one waits for the answer
                }
                return wire.call(to, call, limit);
            } finally {
                deep[0]--;
            }
        };
        offers(cheap, "cheap-2", "0.20");
        assertThat(settled(search()).state()).isEqualTo("solved");
        assertThat(deep[1]).as("questions at once").isEqualTo(1);
        assertThat(cheap.broken).isFalse();
        assertThat(cheap.asked("reservations")).isEqualTo(2);
        assertThat(purchases()).containsExactly("cheap-1 bought", "cheap-2 cancelled", "dear-1 cancelled");
    }
}
