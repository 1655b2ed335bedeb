package holdfast.sim;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.federation.buying.Deal;
import holdfast.federation.buying.Peering;
import holdfast.federation.buying.Purchase;
import holdfast.federation.buying.Search;
import holdfast.federation.buying.SolverCourse.Flags;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Wish;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A solver that people lead on phase by phase (fluidos.md 3.1).
final class StagedSolverTest {
    private static final Flags FIND = new Flags(true, false, false);
    private static final Flags BUY = new Flags(false, true, false);
    private static final Flags PEER = new Flags(false, false, true);

    @AutoClose
    private final TestDatabase here = TestDatabase.fresh();

    @AutoClose
    private final TestDatabase there = TestDatabase.fresh();

    private Trading trading;
    private SellerDomain seller;

    @BeforeEach
    void start() {
        trading = new Trading(here);
        seller = trading.seller(new SellerDomain("seller", 30_001, there));
        seller.offer("0.10");
    }

    private UUID search(Flags flags) {
        var world = trading.buyer;
        var wish = Wish.any(new Trace("by-hand", Workflow.W1));
        var search = Search.of(Capacities.of(2, 4, 10), Interval.of(world.now(), Duration.ofHours(2)), wish, flags);
        var id = world.look(tx -> trading.buying.staged().begin(tx, search, "physics", "alice"))
                .id();
        world.settle();
        return id;
    }

    private Resource raised(UUID solver, Flags flags) {
        trading.buyer.look(tx ->
                trading.buying.staged().raise(tx, solver, flags, false, "alice").orThrow());
        trading.buyer.settle();
        return trading.buyer.slice(solver);
    }

    private void ends(UUID solver) {
        trading.buyer.look(
                tx -> trading.buying.staged().end(tx, solver, "alice").orThrow());
        trading.buyer.settleFor(Duration.ofHours(4), Duration.ofMinutes(30));
        trading.buyer.nothingIsLeft();
        seller.world.settle();
        seller.world.nothingIsLeft();
    }

    @Test
    void each_phase_is_done_when_its_flag_is_raised_and_not_before() {
        var id = search(FIND);
        assertThat(trading.buyer.slice(id).state()).isEqualTo("solved");
        assertThat(trading.buyer.slice(id).message()).hasValue("no need to reserve and buy");
        assertThat(seller.asked("POST", "reservations")).isZero();

        assertThat(raised(id, BUY).state()).isEqualTo("solved");
        assertThat(trading.one(Deal.TYPE).state()).isEqualTo("active");
        assertThat(trading.states(Peering.TYPE)).isEmpty();

        assertThat(raised(id, PEER).state()).isEqualTo("solved");
        assertThat(trading.one(Peering.TYPE).state()).isEqualTo("active");
        assertThat(seller.asked("POST", "reservations")).isEqualTo(1);
        assertThat(raised(id, BUY).state()).as("raised twice is once").isEqualTo("solved");
        assertThat(seller.contracts()).containsExactly("active");
        ends(id);
        assertThat(seller.contracts()).containsExactly("terminated");
    }

    @Test
    void without_looking_it_takes_what_is_known_and_may_peer() {
        ends(search(FIND));
        int lists = (int) seller.asked("GET", "flavors");
        var id = search(new Flags(false, true, true));
        assertThat(trading.buyer.slice(id).state()).isEqualTo("solved");
        assertThat(trading.one(Peering.TYPE).state()).isEqualTo("active");
        assertThat(seller.asked("GET", "flavors")).as("it asked nobody").isEqualTo(lists);
        ends(id);
    }

    @Test
    void one_that_failed_does_nothing_more_and_another_begins_afresh() {
        var id = search(BUY);
        assertThat(trading.buyer.slice(id).state()).isEqualTo("failed");
        assertThat(trading.states(Purchase.TYPE)).isEmpty();
        var refused = trading.buyer.look(tx -> trading.buying.staged().raise(tx, id, FIND, false, "alice"));
        assertThat(refused instanceof Answer.No<Resource>(var why) && why.kind() == Refusal.Kind.CLASH)
                .isTrue();
        ends(id);
    }
}
