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
import holdfast.federation.wire.Reply;
import holdfast.platform.CallbackPolicy;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Constraint;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Location;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Objective;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Wish;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Buying of nodes of release 0.1, with all that they do wrong, over real sockets (fluidos.md 5.10, U7 to U10).
@Timeout(300)
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
        seller.ends = trading.buyer.now().plus(Duration.ofDays(365));
        trading.peers
                .add(new Peers.Wish(Optional.of(name), seller.address(), Optional.empty()), "operators", "admin")
                .orThrow();
    }

    private static void offers(UpstreamSeller seller, String id, String price) {
        seller.flavors.add(priced(Samples.flavor(id, Samples.slice()), price));
    }

    private static Flavor priced(Flavor whole, String price) {
        return with(whole, new Price(price, "EUR", "hour"), whole.place());
    }

    private static Flavor elsewhere(Flavor whole) {
        return with(whole, whole.price().orElseThrow(), new Location("0", "0", "Atlantis", "", ""));
    }

    private static Flavor with(Flavor whole, Price price, Location place) {
        return new Flavor(
                whole.id(),
                whole.provider(),
                whole.owner(),
                whole.kind(),
                Optional.of(price),
                true,
                whole.network(),
                place,
                whole.since(),
                whole.extra());
    }

    private UUID search() {
        return search(Wish.any(trace()));
    }

    private static Trace trace() {
        return new Trace(UUID.randomUUID().toString(), Workflow.W1);
    }

    private UUID search(Wish wish) {
        var world = trading.buyer;
        var search = Search.of(Capacities.of(2, 4, 0), Interval.of(world.now(), Duration.ofHours(2)), wish, BUY);
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

    @ParameterizedTest
    @EnumSource
    void a_seller_that_sells_something_else_is_left_for_the_next(Fraud fraud) {
        cheap.writes = fraud.writes;
        var italy = Constraint.of("location = Italy").orThrow();
        assertThat(settled(search(new Wish(Objective.CHEAPEST, List.of(italy), List.of(), trace())))
                        .state())
                .isEqualTo("solved");
        assertThat(purchases()).containsExactly("cheap-1 failed", "dear-1 bought");
        assertThat(trading.all(Purchase.TYPE).stream()
                        .flatMap(one -> one.message().stream())
                        .toList())
                .anySatisfy(why -> assertThat(why).contains(fraud.why));
        assertThat(trading.all(Deal.TYPE))
                .filteredOn(deal -> deal.removed().isEmpty())
                .extracting(Resource::name)
                .containsExactly("contract-dear-1-1a2b");
    }

    /// What else it may put into a contract.
    enum Fraud {
        ANOTHER_FLAVOR(
                told -> with(
                        told, told.transaction(), Samples.flavor("smaller", Samples.slice()), told.configuration()),
                "of flavor smaller"),
        ANOTHER_TRANSACTION(told -> with(told, "4711", told.flavor(), told.configuration()), "of transaction 4711"),
        LESS(
                told -> with(
                        told,
                        told.transaction(),
                        told.flavor(),
                        Optional.of(new Configuration.Slice(Samples.vector("1", "1Gi", "5")))),
                "and bought was"),
        DEARER(told -> costs(told, "1000000", "EUR", "hour"), "costs 1000000 EUR hour, and listed was 0.0250 EUR hour"),
        NEGATIVE(told -> costs(told, "-3", "EUR", "hour"), "costs -3 EUR hour"),
        ANOTHER_CURRENCY(told -> costs(told, "0.01", "XAU", "hour"), "costs 0.01 XAU hour"),
        ANOTHER_PERIOD(told -> costs(told, "0.01", "EUR", "second"), "costs 0.01 EUR second"),
        A_DEARER_FLAVOR(told -> sells(told, priced(told.flavor(), "7")), "costs 7 EUR hour, and listed was 0.10"),
        ELSEWHERE(told -> sells(told, elsewhere(told.flavor())), "does not meet 'location = Italy'"),
        FOR_EVER(told -> told.until(Instant.parse("2999-01-01T00:00:00Z")), "ends at 2999"),
        ANOTHER_SELLER(
                told -> of(told, new NodeIdentity("mallory", "10.0.0.9:30000", "rival.example", Optional.empty())),
                "of seller mallory of rival.example");

        private final UnaryOperator<Contract> writes;
        private final String why;

        Fraud(UnaryOperator<Contract> writes, String why) {
            this.writes = writes;
            this.why = why;
        }

        private static Contract costs(Contract told, String amount, String currency, String period) {
            var extra = Map.of("price.amount", amount, "price.currency", currency, "price.period", period);
            return with(told, told.transaction(), told.flavor(), told.configuration(), told.seller(), extra);
        }

        private static Contract sells(Contract told, Flavor flavor) {
            return with(told, told.transaction(), flavor, told.configuration());
        }

        private static Contract of(Contract told, NodeIdentity seller) {
            return with(told, told.transaction(), told.flavor(), told.configuration(), seller, told.extra());
        }

        private static Contract with(
                Contract told, String transaction, Flavor flavor, Optional<Configuration> configuration) {
            return with(told, transaction, flavor, configuration, told.seller(), told.extra());
        }

        private static Contract with(
                Contract told,
                String transaction,
                Flavor flavor,
                Optional<Configuration> configuration,
                NodeIdentity seller,
                Map<String, String> extra) {
            return new Contract(
                    told.id(),
                    transaction,
                    flavor,
                    configuration,
                    told.buyer(),
                    told.cluster(),
                    seller,
                    told.credentials(),
                    told.expires(),
                    extra,
                    told.networkRules(),
                    told.telemetry());
        }
    }

    @ParameterizedTest
    @EnumSource(names = "WELL", mode = EnumSource.Mode.EXCLUDE)
    void a_seller_that_goes_mad_after_its_list_is_left_for_the_next(UpstreamSeller.Mood mood) {
        trading.beyond = (to, call, limit) -> {
            cheap.mood = call.method().equals("POST") ? mood : UpstreamSeller.Mood.WELL;
            return wire.call(to, call, Duration.ofSeconds(1));
        };
        var solver = search();
        trading.buyer.settleFor(Duration.ofMinutes(3), Duration.ofSeconds(10));
        assertThat(trading.buyer.slice(solver).state()).isEqualTo("solved");
        assertThat(purchases()).containsExactly("cheap-1 failed", "dear-1 bought");
        assertThat(cheap.sold).isEmpty();
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
    void why_nobody_sold_anything_is_said() {
        cheap.mood = UpstreamSeller.Mood.FAILS;
        trading.beyond = (to, call, limit) ->
                call.method().equals("POST") ? new Reply(409, Map.of(), "sold out") : wire.call(to, call, limit);
        var failed = settled(search());
        assertThat(failed.state()).isEqualTo("failed");
        assertThat(failed.message().orElseThrow())
                .startsWith("has not found any candidate: ")
                .contains("dear did not reserve dear-1: the seller said: it answered 409: sold out")
                .contains("cheap: it answered 500");
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
