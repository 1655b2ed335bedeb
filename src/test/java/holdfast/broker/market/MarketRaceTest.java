package holdfast.broker.market;

import static holdfast.protocol.rear.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.calendar.Calendar;
import holdfast.calendar.Violation;
import holdfast.engine.Convoy;
import holdfast.engine.Engine;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Policy;
import holdfast.protocol.rear.Properties;
import holdfast.protocol.rear.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
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

    @Test
    void who_waits_for_what_another_gives_up_has_it_from_then_on_and_the_books_do_not_overlap() throws Exception {
        var flavor = offer();
        var clock = new AtomicReference<>(platform.now());
        var steered = Platform.seeded(7, clock::get);
        var shop = new Market(
                "broker", steered, new Engine(steered, test.database()), new Calendar(), () -> HoldPolicy.USUAL);
        var first = whole(flavor, 1);
        var held = held(test.database().inTransaction(tx -> shop.sales().reserve(tx, first.buyer(), first.wish())));
        try (var pool = Executors.newSingleThreadExecutor()) {
            var given = new AtomicReference<Instant>();
            var late = test.database().<Future<Verdict>>inTransaction(tx -> {
                tx.sql()
                        .fetch(
                                "select from resource where id = (select root from listing where id = ?) for update",
                                flavor);
                var second = whole(flavor, 2);
                var asked = pool.submit(() -> test.database()
                        .<Verdict>inTransaction(other -> shop.sales().reserve(other, second.buyer(), second.wish())));
                awaitWaiting(tx);
                given.set(clock.updateAndGet(now -> now.plusMillis(1)));
                var sale = tx.sql().fetchSingle("select name from resource where id = ?", held.transaction());
                shop.sales()
                        .cancel(tx, first.buyer(), sale.get("name", String.class))
                        .orThrow();
                return asked;
            });
            assertThat(held(late.get()).term().from()).isEqualTo(given.get());
        }
        assertThat(test.database().<List<Violation>>inTransaction(tx -> new Calendar().audit(tx)))
                .isEmpty();
    }

    private static Sales.Order whole(String flavor, int n) {
        return new Sales.Order(order(flavor, n).buyer(), new Sales.Wish(flavor, Optional.empty(), Optional.empty()));
    }

    private static Claim held(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Held.class);
        return ((Verdict.Held) verdict).claim();
    }

    /// Until somebody waits for a lock.
    private static void awaitWaiting(Tx tx) {
        long until = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (tx.sql().fetch("select from pg_locks where not granted").isEmpty()) {
            assertThat(System.nanoTime()).as("nobody waits").isLessThan(until);
            tx.sql().execute("select pg_sleep(0.02)");
        }
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
