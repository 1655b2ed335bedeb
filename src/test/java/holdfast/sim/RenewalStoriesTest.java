package holdfast.sim;

import static holdfast.sim.World.vm;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Lent;
import holdfast.broker.market.Agreement;
import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.federation.buying.Deal;
import holdfast.federation.resale.Middle;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What was bought lasts longer when its buyer asks for it and its seller agrees, also through those who stand between
/// (fluidos.md 5.9, 7).
///
/// Kills at each second write; all with `-Dholdfast.stride=1`.
final class RenewalStoriesTest {
    private static final Duration TERM = Duration.ofHours(4);
    /// Writes of a renewal at one of four, and what others do meanwhile.
    private static final int COMMITS = 8;

    private static final int STRIDE = Integer.getInteger("holdfast.stride", 2);

    @AutoClose
    private final Domains domains = new Domains(1);

    private Domain buyer;
    private Domain seller;

    private void direct() {
        seller = domains.add("seller");
        buyer = domains.add("buyer");
        seller.sells();
        buyer.meets(seller);
        buys();
    }

    /// Through two supernodes.
    private List<Domain> chain() {
        var sc = domains.add("sc", "valais", true);
        buyer = domains.add("c", "valais", false);
        var sp = domains.add("sp", "jura", true);
        seller = domains.add("p", "jura", false);
        seller.sells();
        sc.meets(sp);
        buyer.joins(sc);
        seller.joins(sp);
        sp.gathers();
        buys();
        return List.of(sc, sp);
    }

    /// Nothing is left at home.
    private void buys() {
        buyer.world.create("north", TERM, vm("n", "NORTH", 4)).orThrow();
        buyer.world.create("lab", TERM, vm("l", "LAB", 8), vm("m", "LAB", 8)).orThrow();
        domains.settle();
        var term = Interval.of(buyer.world.now(), TERM);
        var slice = buyer.world
                .createAnywhere("away", term, vm("node1", "NORTH", 2))
                .orThrow()
                .slice();
        domains.settle();
        assertThat(buyer.world.slice(slice.id()).state()).isEqualTo("StableOK");
    }

    private static Instant end(Domain at) {
        var contract = at.contracts().getLast();
        return switch (at.node.id()) {
            case "seller", "p" -> contract.as(Agreement.class).term().until();
            case "buyer", "c" -> contract.as(Deal.class).term().until();
            default -> contract.as(Middle.class).term().until();
        };
    }

    private Deal deal() {
        return buyer.contracts().getLast().as(Deal.class);
    }

    private Answer<Resource> renew(Instant until) {
        return renew(buyer.contracts().getLast().id(), until);
    }

    private Answer<Resource> renew(UUID contract, Instant until) {
        var asked = buyer.renews(contract, until);
        domains.settle();
        return asked;
    }

    private void afterAll() {
        domains.settleFor(TERM.multipliedBy(3), Duration.ofHours(1));
        domains.keepHouse();
        domains.settleFor(Duration.ofHours(2), Duration.ofHours(1));
        domains.neverEver();
        domains.nothingIsLeft();
    }

    @Test
    void both_contracts_what_is_lent_and_what_is_borrowed_last_longer() {
        direct();
        var until = end(buyer).plus(TERM);
        renew(until).orThrow();
        assertThat(List.of(end(buyer), end(seller))).containsOnly(until);
        assertThat(deal().renewal()).isEmpty();
        assertThat(seller.all("lending").getLast().as(Lent.class).loan().term().until())
                .isEqualTo(until);
        var site = buyer.all("peering").getLast().name();
        var later = new Interval(buyer.world.now().plus(TERM.plusMinutes(5)), until);
        var more = buyer.world.create("more", later, vm("late", site, 1)).orThrow();
        domains.settle();
        assertThat(buyer.world.slivers(more.slice().id()))
                .as("there is room at the borrowed site in the time that was added")
                .extracting(Resource::state)
                .containsOnly("ticketed");
        domains.agree();
        afterAll();
    }

    @Test
    void it_is_refused_with_the_reason_if_the_time_after_is_taken_and_all_stays_as_it_was() {
        direct();
        var before = end(buyer);
        var after = new Interval(before, before.plus(TERM));
        seller.world
                .create("own", after, vm("n", "NORTH", 4), vm("l", "LAB", 8), vm("m", "LAB", 8))
                .orThrow();
        domains.settle();
        renew(before.plus(TERM)).orThrow();
        assertThat(List.of(end(buyer), end(seller))).containsOnly(before);
        var no = deal().renewal().orElseThrow().refusal().orElseThrow();
        assertThat(no.status()).isEqualTo(409);
        assertThat(no.why()).startsWith("the seller said: ");
        domains.agree();
    }

    @Test
    void what_is_no_later_end_or_asked_for_already_or_over_is_refused_at_once() {
        direct();
        assertThat(refused(renew(end(buyer)))).contains("already: name a later time");
        domains.wire.away.add(seller.node.address());
        var until = end(buyer).plus(TERM);
        renew(until).orThrow();
        renew(until).orThrow(); // told twice is once
        assertThat(refused(renew(until.plusSeconds(1)))).contains("wait for the answer");
        domains.wire.away.clear();
        domains.settleFor(Duration.ofMinutes(2), Duration.ofSeconds(30));
        assertThat(List.of(end(buyer), end(seller))).containsOnly(until);
        buyer.release(buyer.contracts().getLast().id());
        domains.settle();
        assertThat(refused(renew(until.plus(TERM)))).contains("is terminated");
        afterAll();
    }

    private static String refused(Answer<Resource> answer) {
        return answer instanceof Answer.No<Resource>(Refusal why) ? why.message() : "it was not refused";
    }

    @Test
    void of_another_end_that_is_told_by_the_way_nothing_but_the_end_is_taken() {
        direct();
        var before = deal();
        var later = end(buyer).plus(TERM);
        var sold = seller.contracts().getLast();
        seller.world.run(tx -> seller.world
                .broker
                .market()
                .contracts()
                .renew(tx, sold.id(), later, "admin")
                .orThrow());
        domains.wire.altered = body ->
                body.replace(sold.as(Agreement.class).contract().flavor().id(), "another");
        buyer.looks();
        assertThat(end(buyer)).isEqualTo(later);
        assertThat(deal().contract()).isEqualTo(before.contract().until(later));
    }

    @Test
    void a_seller_that_does_not_answer_is_given_up_and_what_it_did_is_found_later() {
        direct();
        var until = end(buyer).plus(TERM);
        domains.wire.lost = call -> call.path().contains("renew");
        renew(until).orThrow();
        domains.settleFor(Duration.ofMinutes(12), Duration.ofMinutes(1));
        assertThat(end(seller)).isEqualTo(until);
        buyer.looks();
        assertThat(end(buyer)).isEqualTo(until);
        assertThat(deal().renewal()).isEmpty();
        domains.agree();
        afterAll();
    }

    @Test
    void whoever_stands_between_has_it_last_longer_below_before_it_says_so() {
        var between = chain();
        var until = end(buyer).plus(TERM);
        renew(until).orThrow();
        assertThat(Stream.concat(between.stream(), Stream.of(buyer, seller)).map(RenewalStoriesTest::end))
                .containsOnly(until);
        assertThat(seller.all("lending").getLast().as(Lent.class).loan().term().until())
                .isEqualTo(until);
        domains.agree();
        domains.settleFor(TERM.plusMinutes(10), Duration.ofMinutes(50));
        assertThat(between)
                .allSatisfy(one -> assertThat(one.contracts().getLast().state())
                        .as("its slice is over")
                        .isEqualTo("terminated"));
        afterAll();
    }

    @Test
    void a_refusal_below_comes_up_to_the_buyer_and_nothing_lasts_longer() {
        var between = chain();
        var before = end(buyer);
        seller.world
                .create(
                        "own",
                        new Interval(before, before.plus(TERM)),
                        vm("n", "NORTH", 4),
                        vm("l", "LAB", 8),
                        vm("m", "LAB", 8))
                .orThrow();
        domains.settle();
        renew(before.plus(TERM)).orThrow();
        assertThat(Stream.concat(between.stream(), Stream.of(buyer, seller)).map(RenewalStoriesTest::end))
                .containsOnly(before);
        assertThat(deal().renewal().orElseThrow().refusal().orElseThrow().status())
                .isEqualTo(409);
        domains.agree();
    }

    @Test
    void any_of_them_may_die_at_any_write_and_all_last_equally_long() {
        var all = Stream.concat(chain().stream(), Stream.of(buyer, seller)).toList();
        var contract = buyer.contracts().getLast().id();
        for (var victim : all) {
            for (boolean before : new boolean[] {true, false}) {
                for (int commit = 1; commit <= COMMITS; commit += STRIDE) {
                    var until = end(buyer).plus(Duration.ofMinutes(1));
                    victim.diesAt(commit, before);
                    renew(contract, until);
                    domains.settleFor(Duration.ofSeconds(12), Duration.ofSeconds(4));
                    victim.isSafe();
                    domains.settleFor(Duration.ofSeconds(8), Duration.ofSeconds(8));
                    assertThat(all.stream().map(RenewalStoriesTest::end))
                            .as("%s died %s commit %d", victim.node.id(), before ? "before" : "after", commit)
                            .containsOnly(until);
                }
            }
        }
        domains.neverEver();
        domains.agree();
        assertThat(all).allSatisfy(one -> assertThat(one.deaths).isGreaterThan(1));
    }
}
