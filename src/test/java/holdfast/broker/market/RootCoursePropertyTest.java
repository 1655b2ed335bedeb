package holdfast.broker.market;

import static holdfast.protocol.rear.Samples.BEGINNING;
import static holdfast.protocol.rear.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Interval;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Pieces;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Prices.Quote;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Vector;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/// One machine, many buyers who hold, amend, buy, give up or forget, in any order.
final class RootCoursePropertyTest {
    private static final Duration TTP = Duration.ofMinutes(15);
    private static final BigDecimal FULL = new BigDecimal("0.40");

    private static RootCourse.Ask ask(Root root, Random random, Instant now) {
        var listing = root.listings().get(random.nextInt(root.listings().size()));
        var piece = Optional.of(vector(
                        500 * random.nextInt(2, 14) + (random.nextInt(8) == 0 ? 250 : 0) + "m",
                        random.nextInt(2, 24) + "Gi",
                        5 * random.nextInt(1, 16) + ""))
                .filter(amounts -> random.nextInt(6) > 0)
                .<Configuration>map(Configuration.Slice::new);
        return new RootCourse.Ask(
                UUID.randomUUID(),
                listing.id(),
                "buyer" + random.nextInt(5),
                piece,
                Optional.empty(),
                Duration.ofDays(1),
                now.plus(TTP));
    }

    private static RootCourse.Ask by(RootCourse.Ask ask, String buyer) {
        return new RootCourse.Ask(
                ask.transaction(), ask.listing(), buyer, ask.configuration(), ask.term(), ask.life(), ask.heldUntil());
    }

    private static boolean takes(Root root, RootCourse.Ask ask, Instant now) {
        return RootCourse.reserve(root, ask, now).verdict() instanceof Verdict.Held;
    }

    private static Root step(Root root, Random random, Instant now) {
        if (random.nextInt(4) > 0 || root.claims().isEmpty()) {
            var ask = ask(root, random, now);
            var outcome = RootCourse.reserve(root, ask, now);
            assertJust(root, ask, outcome, now);
            return outcome.root();
        }
        var claim = root.claims().get(random.nextInt(root.claims().size()));
        return random.nextBoolean()
                ? RootCourse.bought(root, claim.transaction())
                : RootCourse.ended(root, claim.transaction());
    }

    private static void assertJust(Root root, RootCourse.Ask ask, RootCourse.Outcome outcome, Instant now) {
        var own = root.claims().stream()
                .filter(Claim::isHeld)
                .filter(claim ->
                        claim.buyer().equals(ask.buyer()) && claim.listing().equals(ask.listing()))
                .findFirst();
        var others = own.map(old -> root.without(old.transaction())).orElse(root);
        var fresh = by(ask, "nobody");
        Statistics.collect(outcome.verdict().getClass().getSimpleName());
        switch (outcome.verdict()) {
            case Verdict.Held(var claim) -> {
                assertThat(own).isEmpty();
                assertThat(outcome.root().claims())
                        .hasSize(root.claims().size() + 1)
                        .contains(claim);
            }
            case Verdict.Renewed(var before, var claim) -> {
                assertThat(own).hasValue(before);
                assertThat(claim.transaction()).isEqualTo(before.transaction());
                assertThat(outcome.root().claims()).hasSameSizeAs(root.claims()).contains(claim);
            }
            case Verdict.HeldByOthers(var free) -> {
                assertThat(outcome.root()).isEqualTo(root);
                assertThat(takes(others.at(free), fresh, now)).isTrue();
                assertThat(takes(others.at(free.minusSeconds(1)), fresh, now)).isFalse();
            }
            case Verdict.Gone _ -> {
                assertThat(outcome.root()).isEqualTo(root);
                assertThat(takes(others.at(Instant.MAX), fresh, now)).isFalse();
            }
            case Verdict.NotAPiece _ -> {
                assertThat(outcome.root()).isEqualTo(root);
                assertThat(Pieces.fault(
                                root.listing(ask.listing())
                                        .orElseThrow()
                                        .flavor()
                                        .kind(),
                                ask.configuration().orElseThrow()))
                        .isPresent();
            }
        }
    }

    private static void assertSound(Root root, Instant now) {
        var claimed = root.claims().stream().map(Claim::amounts).reduce(Vector.NONE, Vector::plus);
        assertThat(claimed.fitsIn(root.whole().kind().vector())).isTrue();
        assertThat(root.left(now)).isEqualTo(root.whole().kind().vector().minus(claimed));
        var sold = root.claims().stream()
                .flatMap(claim -> claim.price().stream())
                .map(Quote::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(sold).isBetween(BigDecimal.ZERO, FULL);
        assertThat(root.listings().stream().map(Listing::id)).doesNotHaveDuplicates();
        assertThat(root.listings())
                .filteredOn(listing -> listing.state() == Listing.State.LISTED)
                .hasSize(root.standing(now) == Root.Standing.LISTED ? 1 : 0)
                .allSatisfy(listing -> {
                    var offered = listing.flavor();
                    assertThat(offered.kind().vector()).isEqualTo(root.left(now));
                    assertThat(offered.price()
                                    .flatMap(Price::number)
                                    .orElseThrow()
                                    .add(sold))
                            .isEqualByComparingTo(FULL);
                });
    }

    /// What is free for a term, looked at hour by hour.
    @Property(tries = 500)
    void what_is_free_for_a_term_is_the_least_that_is_free_in_it(@ForAll Random random) {
        var root = new Root(Samples.flavor("root", Samples.slice()), BEGINNING, List.of(), List.of());
        for (int i = random.nextInt(8); i > 0; i--) root = root.with(claim(hours(random), random));
        var term = hours(random);
        var least = root.whole().kind().vector();
        for (var at = term.from(); at.isBefore(term.until()); at = at.plus(Duration.ofHours(1))) {
            var hour = at;
            var claimed = root.claims().stream()
                    .filter(claim -> claim.term().contains(hour))
                    .map(Claim::amounts)
                    .reduce(Vector.NONE, Vector::plus);
            var free = root.whole().kind().vector().minus(claimed);
            least = least.minus(least.minus(free).max(Vector.NONE));
        }
        assertThat(root.free(term)).isEqualTo(least);
    }

    private static Interval hours(Random random) {
        return Interval.of(
                BEGINNING.plus(Duration.ofHours(random.nextInt(12))), Duration.ofHours(random.nextInt(1, 8)));
    }

    private static Claim claim(Interval term, Random random) {
        return new Claim(
                UUID.randomUUID(),
                "f1",
                "ada",
                Optional.empty(),
                vector(random.nextInt(9) + "", random.nextInt(33) + "Gi", random.nextInt(111) + ""),
                Optional.empty(),
                Optional.empty(),
                term);
    }

    @Property(tries = 200)
    void nothing_is_sold_twice_prices_add_up_and_the_first_name_comes_back(@ForAll Random random) {
        var now = BEGINNING;
        var whole = Samples.flavor("root", Samples.slice());
        var root = RootCourse.relist(new Root(whole, now, List.of(), List.of()), "f0", now);
        var first = root.listed().orElseThrow();
        for (int i = 1; i <= 40; i++) {
            now = now.plusSeconds(random.nextInt(240));
            for (var claim : RootCourse.lapsed(root, now)) root = RootCourse.ended(root, claim.transaction());
            root = RootCourse.relist(step(root, random, now), "f" + i, now);
            assertSound(root, now);
        }
        for (var claim : root.claims()) root = RootCourse.ended(root, claim.transaction());
        root = RootCourse.relist(root, "last", now);
        assertThat(root.listed()).hasValue(first);
    }
}
