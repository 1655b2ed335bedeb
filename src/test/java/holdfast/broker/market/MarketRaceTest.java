package holdfast.broker.market;

import static holdfast.protocol.rear.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.calendar.Calendar;
import holdfast.calendar.Violation;
import holdfast.engine.Convoy;
import holdfast.engine.Engine;
import holdfast.platform.Platform;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Policy;
import holdfast.protocol.rear.Properties;
import holdfast.protocol.rear.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Nothing is sold twice, however many ask at once.
final class MarketRaceTest {
    private static final int BUYERS = 1_000;

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final Platform platform = Platform.real();
    private final Market market = new Market(
            "broker", platform, new Engine(platform, test.database()), new Calendar(), () -> HoldPolicy.USUAL);

    private String offer() {
        var kind = new K8Slice("amd64", vector("100", "100Gi", "100"), Optional.empty(), Properties.NONE, Policy.FREE);
        var offer = new Offer(Samples.flavor("root", kind), platform.now(), Optional.empty());
        return test.database().inTransaction(tx -> {
            market.offer(tx, platform.newId(), offer, "operators", "admin");
            return market.list(tx, Optional.empty()).getFirst().id();
        });
    }

    private static Sales.Order order(String flavor, int n) {
        var identity = new NodeIdentity("b" + n, "10.0.0.7:30000", "d" + n + ".example", Optional.empty());
        var piece = new Configuration.Slice(vector("1", "1Gi", "1"));
        return new Sales.Order(
                new Buyer(identity, "b" + n, "c" + n), new Sales.Wish(flavor, Optional.of(piece), Optional.empty()));
    }

    private List<Verdict> reserve(List<Sales.Order> orders) {
        return test.database().inTransaction(tx -> market.sales().reserve(tx, orders));
    }

    @Test
    void a_thousand_at_once_get_exactly_a_hundred() throws Exception {
        race(order -> reserve(List.of(order)).getFirst());
    }

    @Test
    void a_thousand_who_share_transactions_get_exactly_a_hundred() throws Exception {
        race(new Convoy<>(this::reserve)::ask);
    }

    private void race(Function<Sales.Order, Verdict> reserving) throws Exception {
        var flavor = offer();
        var tasks = new ArrayList<Callable<Verdict>>();
        for (int n = 0; n < BUYERS; n++) {
            int buyer = n;
            tasks.add(() -> reserving.apply(order(flavor, buyer)));
        }
        var verdicts = new ArrayList<Verdict>();
        try (var pool = Executors.newFixedThreadPool(8)) {
            for (var future : pool.invokeAll(tasks)) {
                verdicts.add(future.get());
            }
        }
        assertThat(verdicts).filteredOn(Verdict.Held.class::isInstance).hasSize(100);
        assertThat(verdicts).filteredOn(Verdict.HeldByOthers.class::isInstance).hasSize(BUYERS - 100);
        assertThat(test.database().<List<Violation>>inTransaction(tx -> new Calendar().audit(tx)))
                .isEmpty();
        assertThat(test.database()
                        .<Integer>inTransaction(
                                tx -> market.list(tx, Optional.empty()).size()))
                .isZero();
    }
}
