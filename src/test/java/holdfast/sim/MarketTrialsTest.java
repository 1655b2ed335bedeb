package holdfast.sim;

import static holdfast.protocol.rear.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.broker.market.Agreement;
import holdfast.broker.market.Bought;
import holdfast.broker.market.Market;
import holdfast.broker.market.Offer;
import holdfast.broker.market.Sale;
import holdfast.broker.market.Sales;
import holdfast.broker.market.Verdict;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The trials of [TrialsTest] for what is sold: one hold lapses, one is bought and lent until its contract ends, with a
/// kill before and after every write. Buyers ask again when they have no answer.
///
/// Kills at each third write; all with `-Dholdfast.stride=1`.
final class MarketTrialsTest {
    private static final int STRIDE = Integer.getInteger("holdfast.stride", 6);

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    static final class Life implements Trials.Life {
        private final World world;
        private String first;
        private String lapsing;
        private String bought;
        private boolean paid;

        Life(World world) {
            this.world = world;
        }

        private Market market() {
            return world.broker.market();
        }

        @Override
        public void live() {
            world.settle();
            if (first == null) {
                first = offered();
            }
            if (lapsing == null) {
                lapsing = reserve("anna", "2500m");
            }
            if (bought == null) {
                bought = reserve("bert", "2");
            }
            if (!paid) {
                var ask = new Contract.Ask(Optional.empty(), Optional.empty());
                var answer = world.look(
                        tx -> market().contracts().purchase(tx, MarketStoriesTest.buyer("bert"), bought, ask));
                assertThat(answer).isInstanceOfAny(Bought.New.class, Bought.Same.class);
                paid = true;
            }
            world.settleFor(Duration.ofHours(30), Duration.ofHours(3));
        }

        /// Killed after the commit: it is there already.
        private String offered() {
            if (world.look(tx -> market().list(tx, Optional.empty())).isEmpty()) {
                var flavor = Samples.flavor("root", Samples.slice());
                var offer = new Offer(flavor, world.now(), Optional.of(MarketStoriesTest.labHost(world)));
                world.run(tx -> market().offer(tx, UUID.randomUUID(), offer, "operators", "admin"));
            }
            return world.look(tx -> market().list(tx, Optional.empty()))
                    .getFirst()
                    .id();
        }

        private String reserve(String buyer, String cpu) {
            var wish = new Sales.Wish(
                    first, Optional.of(new Configuration.Slice(vector(cpu, "4Gi", "10"))), Optional.empty());
            var verdict = world.look(tx -> market().sales().reserve(tx, MarketStoriesTest.buyer(buyer), wish));
            var claim = switch (verdict) {
                case Verdict.Held(var held) -> held;
                case Verdict.Renewed(var _, var held) -> held;
                default -> throw new AssertionError("not held: " + verdict);
            };
            return world.look(tx -> world.engine
                            .resources()
                            .find(tx, claim.transaction())
                            .orElseThrow())
                    .as(Sale.class)
                    .transaction()
                    .id();
        }

        private List<String> states(String type) {
            return world.look(tx -> world.engine.resources().list(tx, Resources.typed(type), 10)).stream()
                    .map(Resource::state)
                    .sorted()
                    .toList();
        }
    }

    @Test
    void a_life_goes_on_after_a_kill_before_any_write() {
        Trials.killAtEach(() -> new World(7, test), STRIDE, false, Life::new, MarketTrialsTest::isWhole);
    }

    @Test
    void a_life_goes_on_after_a_kill_after_any_write() {
        Trials.killAtEach(() -> new World(7, test), STRIDE, true, Life::new, MarketTrialsTest::isWhole);
    }

    private static void isWhole(Life life, String when) {
        assertThat(life.states(Sale.TYPE)).as(when).containsExactly("expired", "purchased");
        assertThat(life.states(Agreement.TYPE)).as(when).containsExactly("expired");
        assertThat(life.states("lending")).as(when).containsExactly("ended");
        assertThat(life.world.<List<Flavor>>look(tx -> life.market().list(tx, Optional.empty())))
                .as(when)
                .singleElement()
                .satisfies(flavor -> assertThat(flavor.id()).isEqualTo(life.first));
    }
}
