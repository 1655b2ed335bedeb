package holdfast.sim;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.SliverId;
import holdfast.engine.Resource;
import holdfast.federation.buying.Deal;
import holdfast.federation.buying.Peering;
import holdfast.federation.buying.Purchase;
import holdfast.federation.buying.Solver;
import holdfast.federation.wire.NoAnswer;
import holdfast.federation.wire.Reply;
import holdfast.protocol.Message;
import holdfast.protocol.rear.Contract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Room is sought, bought and peered at other domains, which really sell it, and given back (fluidos.md 3.1, 3.4, 3.7,
/// 4.7, 5.10, 7).
final class SolverStoriesTest {
    private static final Duration TERM = Duration.ofHours(2);
    private static final SliverId SLIVER = new SliverId(UUID.fromString("00000000-0000-0000-0000-00000000000a"));

    @AutoClose
    private final TestDatabase here = TestDatabase.fresh();

    @AutoClose
    private final TestDatabase there = TestDatabase.fresh();

    @AutoClose
    private final TestDatabase elsewhere = TestDatabase.fresh();

    private Trading trading;
    private SellerDomain cheap;
    private SellerDomain dear;

    @BeforeEach
    void start() {
        trading = new Trading(here);
        cheap = trading.seller(new SellerDomain("cheap", 30_001, there));
        cheap.offer("0.10");
    }

    private void another() {
        dear = trading.seller(new SellerDomain("dear", 30_002, elsewhere));
        dear.offer("0.90");
    }

    private Resource acquire() {
        trading.acquire(SLIVER, 2, TERM);
        trading.buyer.settle();
        return trading.one(Solver.TYPE);
    }

    private void giveUp() {
        trading.giveUp(SLIVER);
        trading.buyer.settle();
    }

    private void nothingIsLeft() {
        trading.buyer.settleFor(Duration.ofHours(30), Duration.ofHours(1));
        trading.buyer.nothingIsLeft();
        trading.sellers.values().forEach(seller -> {
            seller.world.settle();
            seller.world.nothingIsLeft();
        });
    }

    @Test
    void a_full_run_passes_the_states_of_the_table() {
        var solver = acquire();
        assertThat(solver.state()).as(solver::toString).isEqualTo("solved");
        assertThat(trading.lives(trading.one(Purchase.TYPE).id()))
                .containsSubsequence("reserving", "held", "buying", "bought");
        assertThat(trading.lives(trading.one(Peering.TYPE).id())).containsSubsequence("inactive", "peering", "active");
        assertThat(trading.one(Deal.TYPE).state()).isEqualTo("active");
        assertThat(cheap.contracts()).containsExactly("active");
        assertThat(trading.one(Deal.TYPE).as(Deal.class).term().until())
                .as("the term of the sliver, to the second")
                .isEqualTo(trading.buyer.now().plus(TERM));

        giveUp();
        assertThat(trading.states(Deal.TYPE)).containsExactly("terminated");
        assertThat(trading.states(Peering.TYPE)).containsExactly("released");
        assertThat(cheap.contracts()).containsExactly("terminated");
        nothingIsLeft();
    }

    @Test
    void a_slice_without_room_at_home_runs_at_the_seller_and_leaves_nothing() {
        var world = trading.buyer;
        world.create("full", TERM, World.vm("all", "NORTH", 4)).orThrow();
        world.settle();
        var term = Interval.of(world.now(), TERM);
        var slice = world.createAnywhere("away", term, World.vm("node1", "NORTH", 2))
                .orThrow()
                .slice()
                .id();
        world.settleFor(Duration.ofSeconds(30), Duration.ofSeconds(5));
        assertThat(world.slice(slice).state())
                .as(() -> world.story(world.slivers(slice).getFirst().id()))
                .isEqualTo("StableOK");
        assertThat(cheap.world.substrates.get("lab-am").present).hasSize(1);
        world.orchestrator.delete(World.ALICE, slice).orThrow();
        world.settleFor(Duration.ofMinutes(2), Duration.ofSeconds(10));
        assertThat(cheap.world.substrates.get("lab-am").present).isEmpty();
        assertThat(cheap.contracts()).containsExactly("terminated");
        nothingIsLeft();
    }

    @Test
    void a_refusal_leads_to_the_next() {
        another();
        cheap.line = (call, answer) -> call.path().contains("reservations")
                ? new Reply(409, Map.of(), "{\"title\": \"taken\", \"detail\": \"all of it is taken\"}")
                : answer.come();
        assertThat(acquire().state()).isEqualTo("solved");
        assertThat(trading.states(Purchase.TYPE)).containsExactly("bought", "failed");
        assertThat(dear.contracts()).containsExactly("active");
        assertThat(cheap.contracts()).isEmpty();
        giveUp();
        nothingIsLeft();
    }

    @Test
    void of_all_that_are_held_the_best_is_bought_and_the_others_are_cancelled() {
        another();
        assertThat(acquire().state()).isEqualTo("solved");
        assertThat(cheap.contracts()).containsExactly("active");
        assertThat(dear.contracts()).isEmpty();
        assertThat(trading.states(Purchase.TYPE)).containsExactly("bought", "cancelled");
        assertThat(dear.states("transaction")).containsExactly("cancelled");
        giveUp();
        nothingIsLeft();
    }

    @Test
    void three_are_held_the_best_is_bought_and_two_are_cancelled() {
        another();
        try (var more = TestDatabase.fresh()) {
            var dearest = trading.seller(new SellerDomain("dearest", 30_003, more));
            dearest.offer("0.95");
            assertThat(acquire().state()).isEqualTo("solved");
            assertThat(trading.states(Purchase.TYPE)).containsExactly("bought", "cancelled", "cancelled");
            assertThat(cheap.contracts()).containsExactly("active");
            for (var other : List.of(dear, dearest)) {
                assertThat(other.contracts()).isEmpty();
                assertThat(other.states("transaction")).containsExactly("cancelled");
            }
            giveUp();
            nothingIsLeft();
        }
    }

    @Test
    void machines_are_not_bought_of_a_seller_that_cannot_lend() {
        cheap.line = (call, answer) -> {
            var reply = answer.come();
            return call.path().contains("capabilities")
                    ? new Reply(reply.status(), reply.headers(), reply.body().replace("\"mail\"", "\"post\""))
                    : reply;
        };
        trading.peers.watch();
        var solver = acquire();
        assertThat(solver.state()).isEqualTo("failed");
        assertThat(cheap.asked("POST", "reservations")).isZero();
        cheap.line = (_, answer) -> answer.come();
        nothingIsLeft();
    }

    @Test
    void time_is_up_by_the_clock_alone_when_a_seller_never_answers() {
        cheap.line = (call, answer) -> {
            if (call.path().contains("reservations")) throw new NoAnswer("not in time", true);
            return answer.come();
        };
        acquire();
        trading.buyer.settleFor(Duration.ofMinutes(10), Duration.ofSeconds(10));
        assertThat(trading.one(Solver.TYPE).state()).isIn("failed", "timed_out");
        assertThat(cheap.asked("POST", "reservations")).isEqualTo(2);
        nothingIsLeft();
    }

    @Test
    void an_answer_that_is_lost_after_the_purchase_is_asked_for_again_and_bought_once() {
        var lost = new int[1];
        cheap.line = (call, answer) -> {
            var reply = answer.come();
            if (call.path().contains("purchase") && lost[0]++ == 0) throw new NoAnswer("broken off", true);
            return reply;
        };
        acquire();
        trading.buyer.settleFor(Duration.ofSeconds(30), Duration.ofSeconds(5));
        assertThat(trading.one(Solver.TYPE).state()).isEqualTo("solved");
        assertThat(cheap.contracts()).containsExactly("active");
        var ids = cheap.heard.stream()
                .filter(call -> call.path().contains("purchase"))
                .map(call -> call.headers().get("x-rear-request-id"))
                .toList();
        assertThat(ids).hasSize(2);
        assertThat(List.copyOf(Set.copyOf(ids))).hasSize(1);
        giveUp();
        nothingIsLeft();
    }

    @Test
    void what_was_sold_after_it_was_given_up_is_released() {
        var silent = new boolean[] {true};
        cheap.line = (call, answer) -> {
            var reply = answer.come();
            if (call.path().contains("purchase") && silent[0]) throw new NoAnswer("broken off", true);
            return reply;
        };
        acquire();
        assertThat(trading.states(Purchase.TYPE)).containsExactly("buying");
        giveUp();
        silent[0] = false;
        trading.buyer.settleFor(Duration.ofMinutes(2), Duration.ofSeconds(10));
        assertThat(trading.states(Purchase.TYPE)).containsExactly("cancelled");
        assertThat(cheap.contracts()).containsExactly("terminated");
        nothingIsLeft();
    }

    @Test
    void what_cannot_be_reached_is_given_back() {
        cheap.line = (call, answer) -> {
            var reply = answer.come();
            var kept = reply.body().replace(Contract.DELEGATION, "delegation");
            return call.path().contains("purchase") ? new Reply(reply.status(), reply.headers(), kept) : reply;
        };
        acquire();
        trading.buyer.settleFor(Duration.ofMinutes(5), Duration.ofSeconds(10));
        assertThat(trading.one(Solver.TYPE).state()).isEqualTo("failed");
        assertThat(cheap.contracts()).isNotEmpty().containsOnly("terminated");
        nothingIsLeft();
    }

    @Test
    void what_is_less_than_was_bought_is_given_back() {
        trading.carries = false;
        acquire();
        var contract = trading.one(Deal.TYPE).id();
        trading.tell(new Message.Borrowed(contract, Optional.of(Capacities.of(1, 4, 10)), Optional.empty()));
        trading.buyer.settle();
        assertThat(trading.lives(trading.one(Peering.TYPE).id())).contains("error");
        trading.carries = true;
        trading.buyer.settleFor(Duration.ofMinutes(5), Duration.ofSeconds(10));
        assertThat(trading.one(Solver.TYPE).state()).isEqualTo("failed");
        assertThat(cheap.contracts()).isNotEmpty().containsOnly("terminated");
        nothingIsLeft();
    }

    @Test
    void a_seller_that_is_gone_is_given_up_after_the_grace() {
        acquire();
        cheap.line = (_, _) -> {
            throw new NoAnswer("nobody is there", false);
        };
        giveUp();
        assertThat(trading.one(Deal.TYPE).removed()).isEmpty();
        trading.buyer.settleFor(Duration.ofHours(4), Duration.ofMinutes(5));
        assertThat(trading.one(Deal.TYPE).removed()).isPresent();
        assertThat(trading.states(Peering.TYPE)).containsExactly("released");
        var waiting = trading.buyer.look(tx -> trading.buyer.engine.post().abroad(tx));
        assertThat(waiting).as("under which contracts mail waits").hasSize(1);
        trading.buyer.keepHouse();
        nothingIsLeft();
    }

    @Test
    void a_seller_that_dies_over_a_list_is_asked_once_more() {
        cheap.line = (_, _) -> {
            throw new NoAnswer("it died", true);
        };
        assertThat(acquire().state()).isEqualTo("running");
        cheap.line = (_, answer) -> answer.come();
        trading.buyer.settleFor(Duration.ofSeconds(10), Duration.ofSeconds(10));
        assertThat(trading.one(Solver.TYPE).state()).isEqualTo("solved");
        giveUp();
        nothingIsLeft();
    }

    @Test
    void nobody_who_answers_is_asked_once_more_and_ends_it() {
        trading.sellers.clear();
        acquire();
        trading.buyer.settleFor(Duration.ofSeconds(10), Duration.ofSeconds(10));
        var solver = trading.one(Solver.TYPE);
        assertThat(solver.state()).isEqualTo("failed");
        assertThat(solver.message().orElseThrow()).contains("has not found any candidate");
        nothingIsLeft();
    }
}
