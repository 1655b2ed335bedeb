package holdfast.sim;

import static holdfast.protocol.rear.Samples.vector;
import static holdfast.sim.World.vm;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.authority.Lent;
import holdfast.broker.DelegationClaim;
import holdfast.broker.Supply;
import holdfast.broker.market.Agreement;
import holdfast.broker.market.Bought;
import holdfast.broker.market.Buyer;
import holdfast.broker.market.Market;
import holdfast.broker.market.Offer;
import holdfast.broker.market.Sale;
import holdfast.broker.market.Sales;
import holdfast.broker.market.Verdict;
import holdfast.calendar.Calendar;
import holdfast.calendar.Violation;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Quantity;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.protocol.Message;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Vector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The seller by itself (fluidos.md 3.5, 3.6, 6.4): a root of 8 CPUs, 32Gi and 110 pods for 0.40, minimum 1, 2Gi, 5,
/// steps of 500m, 1Gi, 5.
final class MarketStoriesTest {
    private static final Buyer ANNA = buyer("anna");
    private static final Buyer BERT = buyer("bert");
    private static final Duration DAY = Duration.ofDays(1);

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private World world;

    @BeforeEach
    void start() {
        world = new World(1, test);
        world.settle();
    }

    static Buyer buyer(String name) {
        return new Buyer(
                new NodeIdentity(name, "10.0.0.7:30000", name + ".example", Optional.empty()), name, "cluster-" + name);
    }

    private Market market() {
        return world.broker.market();
    }

    private UUID offer(Optional<Offer.Host> backing) {
        var offer = new Offer(Samples.flavor("root", Samples.slice()), world.now(), backing);
        return world.look(tx -> market().offer(tx, UUID.randomUUID(), offer, "operators", "admin"))
                .id();
    }

    private UUID offer() {
        return offer(Optional.empty());
    }

    private List<Flavor> listed() {
        return world.look(tx -> market().list(tx, Optional.empty()));
    }

    private String name() {
        return listed().getFirst().id();
    }

    /// What is listed; nobody asks for storage.
    private Vector left() {
        return listed().getFirst().kind().vector().with(Dimension.STORAGE, Quantity.ZERO);
    }

    private void nothingIsSoldTwice() {
        assertThat(world.<List<Violation>>look(tx -> new Calendar().audit(tx))).isEmpty();
    }

    private Verdict reserve(Buyer buyer, String flavor, String cpu, String memory, String pods) {
        var piece = new Configuration.Slice(vector(cpu, memory, pods));
        return reserve(buyer, new Sales.Wish(flavor, Optional.of(piece), Optional.empty()));
    }

    private Verdict reserve(Buyer buyer, Sales.Wish wish) {
        return world.look(tx -> market().sales().reserve(tx, buyer, wish));
    }

    private String held(Verdict verdict) {
        var claim = switch (verdict) {
            case Verdict.Held(var held) -> held;
            case Verdict.Renewed(var _, var held) -> held;
            default -> throw new AssertionError("not held: " + verdict);
        };
        return sale(claim.transaction()).transaction().id();
    }

    private Sale sale(UUID id) {
        return world.look(tx -> world.engine.resources().find(tx, id).orElseThrow())
                .as(Sale.class);
    }

    private Bought buy(Buyer buyer, String transaction) {
        var ask = new Contract.Ask(Optional.empty(), Optional.empty());
        return world.look(tx -> market().contracts().purchase(tx, buyer, transaction, ask));
    }

    private Resource bought(Bought bought) {
        return switch (bought) {
            case Bought.New(var contract) -> contract;
            default -> throw new AssertionError("not bought: " + bought);
        };
    }

    private Resource now(Resource resource) {
        return world.look(tx -> world.engine.resources().find(tx, resource.id()).orElseThrow());
    }

    @Test
    void the_rest_is_offered_and_the_old_name_retired_and_comes_back() {
        offer();
        var first = name();
        held(reserve(ANNA, first, "2500m", "6Gi", "25"));
        assertThat(listed()).hasSize(1);
        assertThat(name()).isNotEqualTo(first);
        assertThat(left()).isEqualTo(vector("5500m", "26Gi", "85"));

        world.settleFor(Duration.ofMinutes(16), Duration.ofMinutes(4));
        assertThat(name()).isEqualTo(first);
        nothingIsSoldTwice();
    }

    @Test
    void who_reserves_again_holds_it_longer_and_with_other_amounts_amends_or_keeps_the_old() {
        offer();
        var first = name();
        var transaction = held(reserve(ANNA, first, "2", "4Gi", "10"));
        world.advance(Duration.ofMinutes(10));
        assertThat(held(reserve(ANNA, first, "2", "4Gi", "10"))).isEqualTo(transaction);
        world.settleFor(Duration.ofMinutes(10), Duration.ofMinutes(5));
        assertThat(held(reserve(ANNA, first, "3", "4Gi", "10"))).isEqualTo(transaction);
        assertThat(left()).isEqualTo(vector("5", "28Gi", "100"));

        held(reserve(BERT, name(), "5", "8Gi", "20"));
        assertThat(reserve(ANNA, first, "4", "4Gi", "10")).isInstanceOf(Verdict.HeldByOthers.class);
        var contract = bought(buy(ANNA, transaction)).as(Agreement.class).contract();
        assertThat(contract.configuration().orElseThrow().amounts()).isEqualTo(vector("3", "4Gi", "10"));
    }

    @Test
    void the_second_buyer_is_told_when_and_later_that_it_is_gone() {
        offer();
        var first = name();
        var transaction = held(reserve(ANNA, first, "8", "32Gi", "110"));
        assertThat(listed()).isEmpty();
        var answer = reserve(BERT, first, "1", "2Gi", "5");
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Verdict.HeldByOthers.class,
                        later -> assertThat(later.retryAfter(world.now()))
                                .isBetween(Duration.ofSeconds(890), Duration.ofSeconds(901)));
        bought(buy(ANNA, transaction));
        assertThat(reserve(BERT, first, "1", "2Gi", "5")).isInstanceOf(Verdict.Gone.class);
    }

    @Test
    void a_purchase_is_told_again_and_too_late_is_said_to_be_late() {
        offer();
        var transaction = held(reserve(ANNA, name(), "2", "4Gi", "10"));
        var contract = bought(buy(ANNA, transaction));
        assertThat(buy(ANNA, transaction))
                .isInstanceOfSatisfying(
                        Bought.Same.class,
                        same -> assertThat(same.contract().id()).isEqualTo(contract.id()));
        assertThat(buy(BERT, transaction)).isInstanceOf(Bought.Unknown.class);

        var late = held(reserve(BERT, name(), "2", "4Gi", "10"));
        world.settleFor(Duration.ofMinutes(16), Duration.ofMinutes(4));
        assertThat(buy(BERT, late)).isInstanceOf(Bought.Expired.class);
        assertThat(buy(BERT, "0123456789abcdef0123456789abcdef-1")).isInstanceOf(Bought.Unknown.class);
        assertThat(buy(BERT, "'; drop table claim")).isInstanceOf(Bought.Unknown.class);
    }

    @Test
    void in_the_very_second_that_was_named_it_may_still_be_bought() {
        offer();
        var transaction = held(reserve(ANNA, name(), "2", "4Gi", "10"));
        world.advance(Duration.ofMinutes(15).plusMillis(900));
        assertThat(buy(ANNA, transaction)).isInstanceOf(Bought.New.class);
    }

    @Test
    void a_cancelled_hold_is_free_at_once() {
        offer();
        var first = name();
        var transaction = held(reserve(ANNA, first, "8", "32Gi", "110"));
        world.run(tx -> market().sales().cancel(tx, ANNA, transaction).orThrow());
        assertThat(name()).isEqualTo(first);
        world.run(tx -> assertThat(
                        market().sales().cancel(tx, ANNA, transaction).orThrow().state())
                .isEqualTo("cancelled"));
        world.run(
                tx -> assertThat(market().sales().cancel(tx, BERT, transaction)).isInstanceOf(Answer.No.class));
    }

    @Test
    void a_contract_ends_and_its_room_returns_unless_it_is_renewed_and_that_only_if_the_time_after_is_free() {
        offer();
        var first = name();
        var contract = bought(buy(ANNA, held(reserve(ANNA, first, "8", "32Gi", "110"))));
        var until = contract.as(Agreement.class).term().until();
        world.settleFor(Duration.ofHours(22), Duration.ofHours(2));
        assertThat(now(contract).state()).isEqualTo("expiring");

        // the day after tomorrow belongs to somebody else
        var after = Interval.of(until.plus(DAY), DAY);
        var wish = new Sales.Wish(
                first, Optional.of(new Configuration.Slice(vector("4", "8Gi", "20"))), Optional.of(after));
        bought(buy(BERT, held(reserve(BERT, wish))));
        world.run(tx -> assertThat(market().contracts()
                        .renew(tx, contract.id(), until.plus(DAY).plus(DAY), "anna"))
                .isInstanceOfSatisfying(
                        Answer.No.class, no -> assertThat(no.why().kind()).isEqualTo(Refusal.Kind.NO_ROOM)));
        world.run(tx -> market().contracts()
                .renew(tx, contract.id(), until.plus(DAY), "anna")
                .orThrow());
        assertThat(now(contract).state()).isEqualTo("active");
        world.settleFor(Duration.ofHours(4), Duration.ofHours(1));
        assertThat(now(contract).state()).isEqualTo("active");
        world.settleFor(Duration.ofDays(4), Duration.ofHours(6));
        assertThat(now(contract).state()).isEqualTo("expired");
        assertThat(name()).isEqualTo(first);
        nothingIsSoldTwice();
    }

    @Test
    void a_contract_ends_within_a_year_and_only_its_authority_says_when_what_was_lent_is_back() {
        offer(Optional.of(labHost()));
        var contract = bought(buy(ANNA, held(reserve(ANNA, name(), "2", "4Gi", "10"))));
        world.run(tx -> assertThat(market().contracts()
                        .renew(tx, contract.id(), world.now().plus(Duration.ofDays(366)), "anna"))
                .isInstanceOfSatisfying(
                        Answer.No.class, no -> assertThat(no.why().field()).contains("until")));
        var over = new Message.Lending(contract.id(), Message.Lending.Phase.ENDED, Optional.empty());
        world.run(tx -> market().contracts().heard(tx, "north-am", over));
        assertThat(now(contract).state()).isEqualTo("active");
        world.run(tx -> market().contracts().heard(tx, "lab-am", over));
        assertThat(now(contract).state()).isEqualTo("terminated");
    }

    @Test
    void an_offer_for_tomorrow_leaves_today_free() {
        offer();
        var tomorrow = Interval.of(world.now().plus(DAY), DAY);
        var all = new Configuration.Slice(vector("8", "32Gi", "110"));
        held(reserve(ANNA, new Sales.Wish(name(), Optional.of(all), Optional.of(tomorrow))));
        var today = Interval.of(world.now(), Duration.ofHours(20));
        var listing = world.look(tx -> market().find(tx, "root"));
        assertThat(listing).isEmpty();
        var name = ((Verdict.Held) reserve(BERT, new Sales.Wish(firstName(), Optional.of(all), Optional.of(today))))
                .claim();
        assertThat(name.term()).isEqualTo(today);
    }

    private String firstName() {
        return world.look(tx -> tx.sql()
                .fetchValue("select id from listing order by since limit 1")
                .toString());
    }

    @Test
    void a_slice_and_a_sale_never_share_a_core() {
        var root = offer(Optional.of(labHost()));
        // half of the second host and all of the first are used by the domain itself
        world.create("own", Duration.ofHours(48), vm("a", "LAB", 8), vm("b", "LAB", 4))
                .orThrow();
        world.settle();
        var name = name();
        held(reserve(ANNA, name, "2500m", "6Gi", "25"));
        assertThat(reserve(BERT, name, "1500m", "2Gi", "5"))
                .as("4 cores are left, 3 of them touched")
                .isInstanceOf(Verdict.Held.class);
        assertThat(reserve(buyer("carla"), name, "1", "2Gi", "10")).isInstanceOf(Verdict.Gone.class);
        var refused =
                world.create("more", Duration.ofHours(1), vm("a", "LAB", 1)).orThrow();
        world.settle();
        assertThat(world.slice(refused.slice().id()).state()).isEqualTo("Dead");
        world.run(tx -> assertThat(new Calendar().held(tx, "broker", root))
                .singleElement()
                .satisfies(hull -> assertThat(hull.amount()).isEqualTo(Capacities.of(4, 8, 0))));
        nothingIsSoldTwice();
    }

    private Offer.Host labHost() {
        return labHost(world);
    }

    static Offer.Host labHost(World world) {
        var delegation = world.look(tx -> world.engine.resources().ofType(tx, Supply.DELEGATION, 100).stream()
                .filter(resource -> resource.actor().equals("broker"))
                .map(resource -> resource.as(DelegationClaim.class))
                .filter(claim -> claim.authority().equals("lab-am"))
                .flatMap(claim -> claim.delegation().stream())
                .findFirst()
                .orElseThrow());
        return new Offer.Host("lab-am", delegation, "LAB-H2", "LAB-H2", Vector.NONE);
    }

    @Test
    void what_is_bought_of_a_host_is_lent_and_free_again_when_nothing_is_left_of_it() {
        offer(Optional.of(labHost()));
        var first = name();
        var contract = bought(buy(ANNA, held(reserve(ANNA, first, "2500m", "6Gi", "25"))));
        world.settle();
        assertThat(world.neighbour.states("lending")).containsExactly("lent");
        world.run(tx -> market().contracts()
                .release(tx, contract.id(), "anna", "no longer needed")
                .orThrow());
        assertThat(now(contract).state()).isEqualTo("terminated");
        assertThat(listed().getFirst().id())
                .as("until the authority has said so")
                .isNotEqualTo(first);
        world.settle();
        assertThat(world.neighbour.states("lending")).containsExactly("ended");
        assertThat(now(contract).removed()).isPresent();
        assertThat(name()).isEqualTo(first);
    }

    @Test
    void machines_of_one_size_take_of_a_host_what_they_have_together() {
        var host = labHost();
        var root = world.look(tx -> market().offer(
                                tx,
                                UUID.randomUUID(),
                                new Offer(
                                        Samples.flavor(
                                                "machines",
                                                Samples.vm().with(Vector.of(Dimension.COUNT, Quantity.of(2)))),
                                        world.now(),
                                        Optional.of(host)),
                                "operators",
                                "admin"))
                .id();
        var two = new Sales.Wish(name(), Optional.of(new Configuration.Instances(2)), Optional.empty());
        bought(buy(ANNA, held(reserve(ANNA, two))));
        world.settle();
        var together = Capacities.of(8, 16, 200); // two of 4 CPUs, 8Gi, 100Gi
        world.run(tx -> {
            assertThat(new Calendar().held(tx, "broker", root))
                    .singleElement()
                    .satisfies(hull -> assertThat(hull.amount()).isEqualTo(together));
            assertThat(world.engine.resources().ofType(tx, "lending", 10))
                    .singleElement()
                    .satisfies(lent ->
                            assertThat(lent.as(Lent.class).loan().amounts()).isEqualTo(together));
        });
    }

    @Test
    void what_is_held_of_a_host_that_has_less_by_now_lapses_all_the_same() {
        offer(Optional.of(labHost()));
        var first = name();
        held(reserve(ANNA, first, "2500m", "6Gi", "25"));
        held(reserve(BERT, name(), "1", "2Gi", "5"));
        world.advance(Duration.ofMinutes(1));
        held(reserve(BERT, name(), "1", "2Gi", "5"));
        world.run(tx -> new Calendar().setTotal(tx, "broker", "LAB-H2", Capacities.of(1, 1, 1), world.now()));
        world.settleFor(Duration.ofMinutes(20), Duration.ofSeconds(30));
        assertThat(name()).isEqualTo(first);
        world.run(tx -> assertThat(
                        new Calendar().usage(tx, "broker.market", Optional.empty(), Interval.of(world.now(), DAY)))
                .allSatisfy((_, usage) -> assertThat(usage.used()).isEqualTo(Capacities.NONE)));
    }

    @Test
    void what_was_withdrawn_cannot_be_reserved_but_bought() {
        var root = offer();
        var first = name();
        var transaction = held(reserve(ANNA, first, "2", "4Gi", "10"));
        world.run(tx -> market().withdraw(tx, root, "admin").orThrow());
        assertThat(listed()).isEmpty();
        assertThat(reserve(BERT, first, "2", "4Gi", "10")).isInstanceOf(Verdict.Gone.class);
        bought(buy(ANNA, transaction));
        assertThat(listed()).isEmpty();
    }

    @Test
    void one_buyer_holds_only_so_much() {
        for (int n = 0; n < 3; n++) {
            offer();
        }
        var verdicts = new ArrayList<Verdict>();
        for (int n = 0; n < 21; n++) {
            var names = listed();
            verdicts.add(reserve(ANNA, names.get(n % names.size()).id(), "1", "2Gi", "5"));
        }
        assertThat(verdicts.subList(0, 20))
                .allSatisfy(verdict -> assertThat(verdict).isInstanceOf(Verdict.Held.class));
        assertThat(verdicts.getLast()).isInstanceOf(Verdict.TooMuch.class);
    }
}
