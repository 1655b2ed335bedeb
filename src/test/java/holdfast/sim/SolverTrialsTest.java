package holdfast.sim;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.SliverId;
import holdfast.federation.buying.Deal;
import holdfast.federation.buying.Peering;
import holdfast.federation.buying.Purchase;
import holdfast.federation.buying.Solver;
import holdfast.federation.wire.NoAnswer;
import holdfast.platform.Faults;
import holdfast.sim.World.Killed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The trials of [TrialsTest] for what is bought: room is acquired and given up, with a kill of the buyer before and
/// after every write, and with every question to the seller failing once, before and after it had its effect.
///
/// Kills at each 19th write; all with `-Dholdfast.stride=1`.
final class SolverTrialsTest {
    private static final int STRIDE = Integer.getInteger("holdfast.stride", 38);
    private static final SliverId SLIVER = new SliverId(UUID.fromString("00000000-0000-0000-0000-00000000000b"));

    @AutoClose
    private final TestDatabase here = TestDatabase.fresh();

    @AutoClose
    private final TestDatabase there = TestDatabase.fresh();

    /// Acquired, and given up when it is there.
    private static final class Life {
        final Trading trading;
        final SellerDomain seller;
        private boolean asked;
        private boolean givenUp;

        Life(TestDatabase here, TestDatabase there) {
            trading = new Trading(here);
            seller = trading.seller(new SellerDomain("seller", 30_001, there));
            seller.offer("0.10");
        }

        void live() {
            if (!asked) {
                trading.acquire(SLIVER, 2, Duration.ofHours(4));
                asked = true;
            }
            trading.buyer.settleFor(Duration.ofMinutes(1), Duration.ofSeconds(5));
            if (!givenUp) {
                assertThat(trading.one(Solver.TYPE).state()).isEqualTo("solved");
                trading.giveUp(SLIVER);
                givenUp = true;
            }
            trading.buyer.settleFor(Duration.ofMinutes(2), Duration.ofSeconds(10));
            trading.buyer.settleFor(Duration.ofHours(30), Duration.ofHours(3));
        }

        void isWhole(String when) {
            trading.buyer.neverEver();
            trading.buyer.nothingIsLeft();
            seller.world.settle();
            seller.world.neverEver();
            seller.world.nothingIsLeft();
            assertThat(trading.states(Purchase.TYPE)).as(when).containsExactly("cancelled");
            assertThat(trading.states(Deal.TYPE)).as(when).containsExactly("terminated");
            assertThat(trading.states(Peering.TYPE)).as(when).containsExactly("released");
            assertThat(seller.contracts()).as(when).containsExactly("terminated");
            assertThat(seller.states("transaction")).as(when).containsExactly("purchased");
        }
    }

    @Test
    void a_life_goes_on_after_a_kill_before_any_write() {
        killAtEach(false);
    }

    @Test
    void a_life_goes_on_after_a_kill_after_any_write() {
        killAtEach(true);
    }

    @Test
    void every_question_may_fail_once_before_or_after_its_effect() {
        for (boolean effect : new boolean[] {false, true}) {
            for (var question : Set.of("reservations", "purchase", "contracts")) {
                var life = new Life(here, there);
                var failed = new ArrayList<String>();
                life.seller.line = (call, answer) -> {
                    if (!call.path().contains(question) || !failed.isEmpty()) {
                        return answer.come();
                    }
                    failed.add(question);
                    if (effect) {
                        answer.come();
                    }
                    throw new NoAnswer("broken off", effect);
                };
                life.live();
                assertThat(failed).containsExactly(question);
                life.isWhole(question + " failed " + (effect ? "after" : "before") + " its effect");
            }
        }
    }

    private void killAtEach(boolean after) {
        var counter = new Trials.Counter();
        var undisturbed = new Life(here, there);
        undisturbed.trading.buyer.faults(counter);
        undisturbed.live();
        undisturbed.trading.buyer.faults(Faults.NONE);
        undisturbed.isWhole("undisturbed");
        assertThat(counter.commits).isGreaterThan(20);
        for (int at = 1; at <= counter.commits; at += STRIDE) {
            var life = new Life(here, there);
            life.trading.buyer.faults(Trials.killer(at, after));
            try {
                life.live();
            } catch (Killed _) {
                life.trading.buyer.faults(Faults.NONE);
                life.trading.buyer.boot();
                life.trading.buyer.engine.takeOver();
                life.live();
            }
            life.trading.buyer.faults(Faults.NONE);
            life.isWhole("killed at commit " + at);
        }
    }
}
