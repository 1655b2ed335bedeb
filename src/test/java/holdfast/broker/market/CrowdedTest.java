package holdfast.broker.market;

import static holdfast.protocol.rear.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Violation;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Policy;
import holdfast.protocol.rear.Properties;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Vector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Roots of which many hold something: known by heart, and written for all who come together.
final class CrowdedTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private Instant now = Samples.BEGINNING;
    private final Platform platform = Platform.seeded(1, () -> now);
    private final Engine engine = new Engine(platform, test.database());
    private final Market market = market(engine);

    private Market market(Engine some) {
        return new Market("broker", platform, some, new Calendar(), () -> HoldPolicy.USUAL);
    }

    private <T> T run(Function<Tx, T> work) {
        return test.database().inTransaction(work);
    }

    private String listed(UUID root) {
        return Optional.ofNullable(run(tx -> market.listed(tx, List.of(root))).get(root))
                .map(Flavor::id)
                .orElse("nothing");
    }

    private static Sales.Order order(String name, Buyer buyer, Vector amounts) {
        return new Sales.Order(
                buyer, new Sales.Wish(name, Optional.of(new Configuration.Slice(amounts)), Optional.empty()));
    }

    private Verdict reserve(Market seller, String name, String buyer, Vector amounts) {
        return reserve(seller, List.of(order(name, buyer(buyer), amounts))).getFirst();
    }

    private List<Verdict> reserve(Market seller, List<Sales.Order> orders) {
        return run(tx -> seller.sales().reserve(tx, orders));
    }

    private static Buyer buyer(String name) {
        return new Buyer(identity(name), name, "fabric");
    }

    private static NodeIdentity identity(String name) {
        return new NodeIdentity(name, "10.0.0.7:30000", name + ".example", Optional.empty());
    }

    private UUID offer(String cpu) {
        var id = UUID.randomUUID();
        var kind = new K8Slice("arm64", vector(cpu, cpu + "Gi", cpu), Optional.empty(), Properties.NONE, Policy.FREE);
        var offer = new Offer(Samples.flavor("root", kind), now, Optional.empty());
        run(tx -> market.offer(tx, id, offer, "operators", "admin"));
        return id;
    }

    /// More than are worth knowing by heart.
    private UUID crowded() {
        var root = offer("40");
        for (int i = 0; i < 20; i++) {
            assertThat(reserve(market, listed(root), "b" + i, vector("1", "1Gi", "1")))
                    .isInstanceOf(Verdict.Held.class);
        }
        return root;
    }

    @Test
    void what_another_server_has_sold_is_not_sold_again_by_one_that_knows_the_root_by_heart() {
        var root = crowded();
        var other = market(new Engine(platform, test.database()));
        assertThat(reserve(other, listed(root), "zoe", vector("19", "19Gi", "19")))
                .isInstanceOf(Verdict.Held.class);
        assertThat(reserve(market, listed(root), "yan", vector("2", "2Gi", "2")))
                .isNotInstanceOf(Verdict.Held.class);
        assertThat(reserve(market, listed(root), "yan", vector("1", "1Gi", "1")))
                .isInstanceOf(Verdict.Held.class);
    }

    @Test
    void what_was_rolled_back_is_not_remembered() {
        var root = crowded();
        var name = listed(root);
        try {
            run(tx -> {
                assertThat(market.sales()
                                .reserve(tx, List.of(order(name, buyer("zoe"), vector("20", "20Gi", "20"))))
                                .getFirst())
                        .isInstanceOf(Verdict.Held.class);
                throw new IllegalStateException("rolled back");
            });
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("rolled back");
        }
        assertThat(reserve(market, name, "yan", vector("20", "20Gi", "20"))).isInstanceOf(Verdict.Held.class);
        assertThat(reserve(market, name, "xia", vector("1", "1Gi", "1"))).isNotInstanceOf(Verdict.Held.class);
    }

    private boolean isKnown(UUID root) {
        return run(tx -> tx.sql()
                .fetchSingle(
                        "select coalesce(e.booked = p.version, false) from root_epoch e join place p on p.id = e.root::text where e.root = ?",
                        root)
                .get(0, Boolean.class));
    }

    @Test
    void the_calendar_adds_up_what_is_booked_of_a_crowded_root_only_after_somebody_else_was_there() {
        var root = crowded();
        assertThat(isKnown(root)).isTrue();
        var core = new Capacities(Map.of("cpu_nano", 19_500_000_000L));
        var other = new Booking(
                "broker.market",
                UUID.randomUUID(),
                root.toString(),
                Interval.of(now, Duration.ofHours(1)),
                core,
                Set.of());
        run(tx -> new Calendar().book(tx, other).orThrow());
        assertThat(isKnown(root)).isFalse();
        assertThat(reserve(market, listed(root), "zoe", vector("1", "1Gi", "1")))
                .isInstanceOf(Verdict.Gone.class);
        run(tx -> new Calendar()
                .release(tx, "broker.market", other.holder(), other.when().from()));
        assertThat(reserve(market, listed(root), "zoe", vector("1", "1Gi", "1")))
                .isInstanceOf(Verdict.Held.class);
        assertThat(isKnown(root)).isTrue();
        now = now.plus(Duration.ofMinutes(20));
        assertThat(reserve(market, listed(root), "yan", vector("40", "40Gi", "40")))
                .as("all others have lapsed")
                .isInstanceOf(Verdict.Held.class);
        assertThat(isKnown(root)).isTrue();
        assertThat(this.<List<Violation>>run(tx -> new Calendar().audit(tx))).isEmpty();
    }

    @Test
    void those_who_come_together_get_what_they_get_one_after_the_other() {
        var together = offer("12");
        var alone = offer("12");
        var at = List.of(listed(together), listed(alone));
        var orders = new ArrayList<List<Sales.Order>>();
        for (var name : at) {
            orders.add(List.of(
                    order(name, buyer("ada"), vector("4", "4Gi", "4")),
                    order(name, buyer("bob"), vector("100", "1Gi", "1")),
                    order(name, buyer("cyd"), vector("4", "4Gi", "4")),
                    order("nothing", buyer("cyd"), vector("4", "4Gi", "4")),
                    order(name, buyer("dan"), vector("3", "3Gi", "3")),
                    order(name, buyer("eve"), vector("2", "2Gi", "2")),
                    order(name, buyer("fay"), vector("1", "1Gi", "1")),
                    order(name, buyer("ada"), vector("4", "4Gi", "4"))));
        }
        var some = reserve(market, orders.getFirst());
        var others = orders.getLast().stream()
                .map(order -> reserve(market, List.of(order)).getFirst())
                .toList();
        assertThat(some)
                .extracting(Object::getClass)
                .isEqualTo(others.stream().map(Object::getClass).toList());
        assertThat(some.getLast()).isInstanceOf(Verdict.Renewed.class);
        assertThat(listed(together)).isEqualTo("nothing");
        assertThat(count("claim where root = '" + together + "'"))
                .isEqualTo(count("claim where root = '" + alone + "'"));
        assertThat(count("process where result is null and name = 'transaction.expire'"))
                .isEqualTo(8);
        assertThat(count("journal where type = 'transaction' and to_state = 'held'"))
                .isEqualTo(8);
        assertThat(this.<List<Violation>>run(tx -> new Calendar().audit(tx))).isEmpty();
        assertThat(sold(together)).allMatch(sale -> sale.state().equals("held"));
    }

    private int count(String what) {
        return run(
                tx -> tx.sql().fetchSingle("select count(*)::int from " + what).get(0, Integer.class));
    }

    private List<Resource> sold(UUID root) {
        return run(tx -> engine.resources().list(tx, Resources.typed(Sale.TYPE).and(Resources.partOf(root)), 100));
    }

    @Test
    void many_who_come_together_cost_two_notices_of_their_root() {
        var root = offer("40");
        var name = listed(root);
        int before = count("notice");
        reserve(
                market,
                IntStream.range(0, 10)
                        .mapToObj(i -> order(name, buyer("b" + i), vector("1", "1Gi", "1")))
                        .toList());
        assertThat(count("notice")).isEqualTo(before + 2);
        var next = listed(root);
        assertThat(this.<Optional<Listing>>run(tx -> market.find(tx, next))
                        .orElseThrow()
                        .flavor()
                        .kind()
                        .vector())
                .isEqualTo(vector("30", "30Gi", "30"));
    }

    /// The i-th customer of somebody who calls itself a supernode.
    private Sales.Order customer(String name, int i, boolean known) {
        var buyer = new Buyer(
                identity("c" + i), "key/c" + i, "fabric", Optional.of(new Buyer.Caller("key", known)), "jura.example");
        return order(name, buyer, vector("1", "1Gi", "1"));
    }

    @Test
    void who_buys_for_others_holds_no_more_for_all_of_them_than_five_buyers_may() {
        var name = listed(offer("200"));
        var verdicts = reserve(
                market,
                IntStream.range(0, 101).mapToObj(i -> customer(name, i, false)).toList());
        assertThat(verdicts).filteredOn(Verdict.Held.class::isInstance).hasSize(100);
        assertThat(verdicts.getLast()).isInstanceOf(Verdict.TooMuch.class);
        assertThat(reserve(market, List.of(customer(name, 101, false))).getFirst())
                .isInstanceOf(Verdict.TooMuch.class);
        assertThat(reserve(market, List.of(customer(name, 0, false))).getFirst())
                .as("what is held already is held for longer")
                .isInstanceOf(Verdict.Renewed.class);
        assertThat(reserve(market, List.of(customer(name, 102, true))).getFirst())
                .as("administrators vouch for it")
                .isInstanceOf(Verdict.Held.class);
    }
}
