package holdfast.broker.market;

import static holdfast.protocol.rear.Samples.BEGINNING;
import static holdfast.protocol.rear.Samples.quantity;
import static holdfast.protocol.rear.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.HostingPolicy;
import holdfast.protocol.rear.Kind;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Vector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// The machine of fluidos.md 6.4: 8 CPUs, 32Gi, 110 pods for 0.40; minimum 1, 2Gi, 5, steps of 500m, 1Gi, 5.
final class RootCourseTest {
    private static final Duration TTP = Duration.ofMinutes(15);
    private static final Duration DAY = Duration.ofHours(24);

    private Instant now = BEGINNING;
    private int names;
    private Root root = opened(Samples.slice());

    private Root opened(Kind kind) {
        return RootCourse.relist(
                new Root(Samples.flavor("root", kind), BEGINNING, List.of(), List.of()), "f" + ++names, now);
    }

    private RootCourse.Ask ask(String buyer, String listing, Optional<Configuration> piece, Optional<Interval> term) {
        return new RootCourse.Ask(UUID.randomUUID(), listing, buyer, piece, term, DAY, now.plus(TTP));
    }

    private Verdict reserve(RootCourse.Ask ask) {
        var outcome = RootCourse.reserve(root, ask, now);
        root = RootCourse.relist(outcome.root(), "f" + (names + 1), now);
        if (root.listing("f" + (names + 1)).isPresent()) names++;
        return outcome.verdict();
    }

    private Verdict reserve(String buyer, String listing, String cpu, String memory, String pods) {
        return reserve(
                ask(buyer, listing, Optional.of(new Configuration.Slice(vector(cpu, memory, pods))), Optional.empty()));
    }

    private Verdict reserveAll(String buyer, String listing) {
        return reserve(ask(buyer, listing, Optional.empty(), Optional.empty()));
    }

    private static Claim claim(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Held(var claim) -> claim;
            case Verdict.Renewed(var _, var claim) -> claim;
            case Verdict.NotAPiece _, Verdict.HeldByOthers _, Verdict.Gone _ ->
                throw new AssertionError("not held: " + verdict);
        };
    }

    private void after(Duration time) {
        now = now.plus(time);
        for (var claim : RootCourse.lapsed(root, now)) root = RootCourse.ended(root, claim.transaction());
        root = RootCourse.relist(root, "f" + (names + 1), now);
        if (root.listing("f" + (names + 1)).isPresent()) names++;
    }

    private void buy(UUID transaction) {
        root = RootCourse.relist(RootCourse.bought(root, transaction), "never", now);
    }

    private void give(UUID transaction) {
        root = RootCourse.relist(RootCourse.ended(root, transaction), "f" + ++names, now);
    }

    /// What is listed: name, amounts, price.
    private String listed() {
        return root.listed()
                .map(Listing::flavor)
                .map(flavor -> flavor.id() + " " + flavor.kind().vector().get(Dimension.CPU) + "/"
                        + flavor.kind().vector().get(Dimension.MEMORY) + "/"
                        + flavor.kind().vector().get(Dimension.PODS) + " for "
                        + flavor.price().map(Price::amount).orElse("?"))
                .orElseGet(() -> root.standing(now).toString());
    }

    @Test
    void what_is_left_of_the_example_is_offered_and_its_lapse_brings_the_first_name_back() {
        assertThat(listed()).isEqualTo("f1 8/32Gi/110 for 0.40");
        var claim = claim(reserve("ada", "f1", "2500m", "6Gi", "25"));
        assertThat(claim.price().orElseThrow().amount()).isEqualTo("0.1250");
        assertThat(listed()).isEqualTo("f2 5500m/26Gi/85 for 0.2750");
        assertThat(root.listing("f1").orElseThrow().state()).isEqualTo(Listing.State.RETIRED);
        after(TTP);
        assertThat(listed()).as("the very second that was named").isEqualTo("f2 5500m/26Gi/85 for 0.2750");
        after(Duration.ofSeconds(1));
        assertThat(listed()).isEqualTo("f1 8/32Gi/110 for 0.40");
        assertThat(root.listed().orElseThrow().flavor().since()).isEqualTo(BEGINNING);
    }

    @Test
    void when_the_first_of_two_holds_lapses_what_is_left_has_a_new_name_and_the_right_amounts() {
        reserve("ada", "f1", "2500m", "6Gi", "25");
        after(Duration.ofMinutes(5));
        reserve("bob", "f2", "2", "8Gi", "10");
        assertThat(listed()).isEqualTo("f3 3500m/18Gi/75 for 0.1750");
        after(Duration.ofMinutes(11));
        assertThat(listed()).isEqualTo("f4 6/24Gi/100 for 0.3000");
        after(Duration.ofMinutes(5));
        assertThat(listed()).isEqualTo("f1 8/32Gi/110 for 0.40");
    }

    @Test
    void what_is_too_small_to_be_sold_is_not_listed_and_comes_back() {
        var claim = claim(reserve("ada", "f1", "7500m", "30Gi", "100"));
        assertThat(listed()).isEqualTo("STRANDED");
        assertThat(reserve("bob", "f1", "1", "2Gi", "5")).isInstanceOf(Verdict.HeldByOthers.class);
        give(claim.transaction());
        assertThat(listed()).isEqualTo("f1 8/32Gi/110 for 0.40");
    }

    @Test
    void a_second_buyer_is_told_when_and_after_the_sale_that_it_is_gone() {
        var hold = claim(reserveAll("ada", "f1"));
        assertThat(listed()).isEqualTo("SOLD_OUT");
        var verdict = reserveAll("bob", "f1");
        assertThat(verdict).isEqualTo(new Verdict.HeldByOthers(now.plus(TTP).plusSeconds(1)));
        assertThat(((Verdict.HeldByOthers) verdict).retryAfter(now)).isEqualTo(TTP.plusSeconds(1));
        buy(hold.transaction());
        assertThat(reserveAll("bob", "f1")).isInstanceOf(Verdict.Gone.class);
        give(hold.transaction());
        assertThat(reserveAll("bob", "f1")).isInstanceOf(Verdict.Held.class);
    }

    @Test
    void the_wait_is_until_the_first_lapse_that_helps() {
        reserve("ada", "f1", "2", "8Gi", "25");
        after(Duration.ofMinutes(1));
        reserve("bob", "f1", "4", "16Gi", "50");
        after(Duration.ofMinutes(1));
        assertThat(reserve("eve", "f1", "4", "16Gi", "50"))
                .as("2 CPUs are free, ada's 2 help")
                .isEqualTo(new Verdict.HeldByOthers(BEGINNING.plus(TTP).plusSeconds(1)));
        assertThat(reserve("eve", "f1", "6500m", "16Gi", "50"))
                .as("both must lapse")
                .isEqualTo(new Verdict.HeldByOthers(BEGINNING.plus(TTP).plusSeconds(61)));
    }

    @Test
    void again_by_the_same_buyer_is_the_same_claim_for_longer() {
        var first = claim(reserve("ada", "f1", "2500m", "6Gi", "25"));
        after(Duration.ofMinutes(10));
        var verdict = reserve("ada", "f1", "2500m", "6Gi", "25");
        var again = claim(verdict);
        assertThat(verdict).isEqualTo(new Verdict.Renewed(first, again));
        assertThat(again.transaction()).isEqualTo(first.transaction());
        assertThat(again.heldUntil()).hasValue(now.plus(TTP));
        assertThat(again.term()).isEqualTo(new Interval(BEGINNING, now.plus(DAY)));
        assertThat(again.price()).isEqualTo(first.price());
        assertThat(root.claims()).containsExactly(again);
        assertThat(listed()).isEqualTo("f2 5500m/26Gi/85 for 0.2750");
    }

    @Test
    void again_with_other_amounts_amends_or_leaves_the_old() {
        var first = claim(reserve("ada", "f1", "2500m", "6Gi", "25"));
        var amended = claim(reserve("ada", "f1", "7500m", "30Gi", "100"));
        assertThat(amended.transaction()).isEqualTo(first.transaction());
        assertThat(listed()).as("judged as if the old amounts were free").isEqualTo("STRANDED");
        reserve("ada", "f1", "2500m", "6Gi", "25");
        assertThat(listed()).isEqualTo("f2 5500m/26Gi/85 for 0.2750");
        reserve("bob", "f2", "5", "20Gi", "50");
        var before = root;
        assertThat(reserve("ada", "f1", "6", "6Gi", "25")).isInstanceOf(Verdict.HeldByOthers.class);
        assertThat(reserve("ada", "f1", "1250m", "6Gi", "25")).isInstanceOf(Verdict.NotAPiece.class);
        assertThat(root).isEqualTo(before);
    }

    @Test
    void the_same_piece_for_longer_keeps_its_term_if_the_time_after_is_taken() {
        var first = claim(reserveAll("ada", "f1"));
        var later = Interval.of(first.term().until(), DAY);
        assertThat(reserve(ask("bob", "f1", Optional.empty(), Optional.of(later))))
                .isInstanceOf(Verdict.Held.class);
        after(Duration.ofMinutes(10));
        var again = claim(reserveAll("ada", "f1"));
        assertThat(again.term()).isEqualTo(first.term());
        assertThat(again.heldUntil()).hasValue(now.plus(TTP));
    }

    @Test
    void times_that_do_not_touch_share_a_machine_and_each_pays_the_whole() {
        var tomorrow = Interval.of(BEGINNING.plus(DAY), DAY);
        var later = claim(reserve(ask("ada", "f1", Optional.empty(), Optional.of(tomorrow))));
        var sooner = claim(reserveAll("bob", "f1"));
        assertThat(sooner.term()).isEqualTo(Interval.of(BEGINNING, DAY));
        assertThat(List.of(later, sooner))
                .allSatisfy(claim ->
                        assertThat(claim.price().orElseThrow().amount()).isEqualByComparingTo("0.40"));
        assertThat(listed()).isEqualTo("SOLD_OUT");
        assertThat(root.free(Interval.since(BEGINNING.plus(DAY).plus(DAY))))
                .isEqualTo(Samples.slice().vector());
    }

    @Test
    void what_begins_later_is_offered_from_then() {
        var tomorrow = BEGINNING.plus(DAY);
        root = RootCourse.relist(
                new Root(Samples.flavor("root", Samples.slice()), tomorrow, List.of(), List.of()), "f9", now);
        assertThat(root.listed().orElseThrow().flavor().since()).isEqualTo(tomorrow);
        assertThat(claim(reserveAll("ada", "f9")).term()).isEqualTo(Interval.of(tomorrow, DAY));
        var early = reserve(ask("bob", "f9", Optional.empty(), Optional.of(Interval.of(now, DAY))));
        assertThat(early)
                .isInstanceOfSatisfying(
                        Verdict.NotAPiece.class,
                        no -> assertThat(no.why().field()).hasValue("term"));
    }

    @Test
    void a_retired_name_still_leads_to_what_is_there_now() {
        reserve("ada", "f1", "2500m", "6Gi", "25");
        var claim = claim(reserve("bob", "f1", "5500m", "26Gi", "85"));
        assertThat(claim.listing()).isEqualTo("f1");
        assertThat(claim.price().orElseThrow().amount())
                .as("by either name the rest costs no more than what is left")
                .isEqualByComparingTo("0.2750");
        assertThat(listed()).isEqualTo("SOLD_OUT");
    }

    @Test
    void an_old_name_of_less_is_good_for_all_that_is_there_again() {
        var first = claim(reserve("ada", "f1", "2500m", "6Gi", "25"));
        give(first.transaction());
        assertThat(listed()).isEqualTo("f1 8/32Gi/110 for 0.40");
        assertThat(claim(reserveAll("bob", "f2")).amounts())
                .isEqualTo(vector("5500m", "26Gi", "85").with(Dimension.STORAGE, quantity("40Gi")));
    }

    @Test
    void what_is_no_piece_of_what_is_named_is_refused_whatever_is_free() {
        assertThat(reserve("ada", "f1", "9", "6Gi", "25")).isInstanceOf(Verdict.NotAPiece.class);
        reserveAll("ada", "f1");
        assertThat(reserve("bob", "f1", "1250m", "6Gi", "25")).isInstanceOf(Verdict.NotAPiece.class);
        assertThat(reserve(ask("bob", "f1", Optional.of(new Configuration.Instances(1)), Optional.empty())))
                .isInstanceOf(Verdict.NotAPiece.class);
    }

    @Test
    void who_names_nothing_that_was_ever_listed_or_what_was_withdrawn_is_told_so() {
        assertThat(reserveAll("ada", "f7"))
                .isInstanceOfSatisfying(
                        Verdict.Gone.class,
                        gone -> assertThat(gone.why().kind()).isEqualTo(Refusal.Kind.NOT_THERE));
        var hold = claim(reserve("ada", "f1", "2500m", "6Gi", "25"));
        root = RootCourse.unlisted(root, Listing.State.WITHDRAWN);
        assertThat(listed()).isEqualTo("UNLISTED");
        for (var name : List.of("f1", "f2")) assertThat(reserveAll("bob", name)).isInstanceOf(Verdict.Gone.class);
        buy(hold.transaction());
        assertThat(root.claim(hold.transaction()))
                .as("a hold beats a withdrawal")
                .hasValueSatisfying(claim -> assertThat(claim.isHeld()).isFalse());
        give(hold.transaction());
        assertThat(listed()).isEqualTo("UNLISTED");
    }

    @Test
    void a_machine_that_has_less_than_is_claimed_is_not_listed_and_keeps_its_claims() {
        reserve("ada", "f1", "5", "20Gi", "50");
        var smaller = Samples.flavor("root", Samples.slice().with(vector("4", "16Gi", "110")));
        root = RootCourse.relist(new Root(smaller, BEGINNING, root.claims(), root.listings()), "f8", now);
        assertThat(listed()).isEqualTo("SOLD_OUT");
        assertThat(root.free(Interval.since(now)).get(Dimension.CPU)).isEqualTo(quantity("-1"));
        assertThat(root.claims()).hasSize(1);
        assertThat(reserve("bob", "f1", "1", "2Gi", "5")).isInstanceOf(Verdict.HeldByOthers.class);
    }

    @Test
    void instances_are_sold_within_their_range_and_what_is_left_of_them_listed() {
        root = opened(Samples.vm());
        var name = root.listed().orElseThrow().id();
        var three = Optional.<Configuration>of(new Configuration.Instances(3));
        assertThat(claim(reserve(ask("ada", name, three, Optional.empty())))
                        .price()
                        .orElseThrow()
                        .amount())
                .isEqualTo("0.1200");
        assertThat(root.listed().orElseThrow().flavor().kind().vector())
                .isEqualTo(Vector.of(Dimension.COUNT, quantity("7")));
    }

    @Test
    void services_are_sold_to_many_for_the_same_price_under_the_same_name() {
        root = opened(Samples.service());
        var name = root.listed().orElseThrow().id();
        var settings = Optional.<Configuration>of(
                new Configuration.Settings(Optional.of(HostingPolicy.SHARED), JsonNodeFactory.instance.objectNode()));
        for (var buyer : List.of("ada", "bob", "eve"))
            assertThat(claim(reserve(ask(buyer, name, settings, Optional.empty())))
                            .price()
                            .orElseThrow()
                            .amount())
                    .isEqualTo("0.40");
        assertThat(root.listed().orElseThrow().id()).isEqualTo(name);
        assertThat(root.listed().orElseThrow().flavor().price().orElseThrow().amount())
                .isEqualTo("0.40");
        var wrong = Optional.<Configuration>of(
                new Configuration.Settings(Optional.of(HostingPolicy.CONSUMER), JsonNodeFactory.instance.objectNode()));
        assertThat(reserve(ask("ada", name, wrong, Optional.empty()))).isInstanceOf(Verdict.NotAPiece.class);
    }
}
