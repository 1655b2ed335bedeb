package holdfast.federation.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.federation.choice.Rating;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Publication;
import holdfast.protocol.rear.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/// What a catalog makes of what it is told, without a database (fluidos.md 6.10).
final class FreshnessTest {
    private static final Instant NOW = Instant.parse("2031-05-02T08:00:00Z");
    private static final Duration TTL = Duration.ofSeconds(300);

    private static Flavor flavor(String id) {
        return new Flavor(
                id,
                Samples.OWNER.id(),
                Samples.OWNER,
                Samples.slice(),
                Optional.empty(),
                true,
                Optional.empty(),
                Samples.flavor("x", Samples.slice()).place(),
                NOW,
                Map.of());
    }

    private static Publication said(String id, long epoch, long sequence) {
        return new Publication(Samples.OWNER.id(), flavor(id), epoch, sequence, NOW, 300, Set.of());
    }

    @Test
    void what_is_half_its_ttl_old_is_suspect_and_then_expires() {
        assertThat(Freshness.of(Duration.ofSeconds(-5), TTL, false)).isEqualTo(Freshness.LIVE);
        assertThat(Freshness.of(Duration.ofSeconds(149), TTL, false)).isEqualTo(Freshness.LIVE);
        assertThat(Freshness.of(Duration.ofSeconds(149), TTL, true)).isEqualTo(Freshness.SUSPECT);
        assertThat(Freshness.of(Duration.ofSeconds(150), TTL, false)).isEqualTo(Freshness.SUSPECT);
        assertThat(Freshness.of(Duration.ofSeconds(299), TTL, true)).isEqualTo(Freshness.SUSPECT);
        assertThat(Freshness.of(TTL, TTL, false)).isEqualTo(Freshness.EXPIRED);
        assertThat(Freshness.of(TTL, TTL, true)).isEqualTo(Freshness.EXPIRED);
    }

    @Property(tries = 200)
    void it_never_grows_younger(
            @ForAll @IntRange(min = 30, max = 3_600) int ttl,
            @ForAll @LongRange(min = 0, max = 8_000) long age,
            @ForAll @LongRange(min = 0, max = 8_000) long more) {
        var before = Freshness.of(Duration.ofSeconds(age), Duration.ofSeconds(ttl), false);
        var after = Freshness.of(Duration.ofSeconds(age + more), Duration.ofSeconds(ttl), false);
        assertThat(after).isGreaterThanOrEqualTo(before);
    }

    @Test
    void only_what_is_newer_and_its_own_is_taken() {
        var known = Optional.of(said("a", 7, 3));
        assertThat(Verdict.of(Optional.empty(), said("a", 7, 3))).isInstanceOf(Verdict.Newer.class);
        assertThat(Verdict.of(known, said("a", 7, 4))).isInstanceOf(Verdict.Newer.class);
        assertThat(Verdict.of(known, said("a", 8, 1))).isInstanceOf(Verdict.Newer.class);
        assertThat(Verdict.of(known, said("a", 7, 3))).isInstanceOf(Verdict.Same.class);
        assertThat(Verdict.of(known, said("a", 7, 2))).isInstanceOf(Verdict.Stale.class);
        assertThat(Verdict.of(known, said("a", 6, 99))).isInstanceOf(Verdict.Stale.class);
        var other = new Publication(Samples.OWNER.id(), flavor("a"), 7, 3, NOW.plusSeconds(1), 300, Set.of());
        assertThat(Verdict.of(known, other)).isInstanceOf(Verdict.Otherwise.class);
        var foreign = new Publication("somebody", flavor("a"), 9, 9, NOW, 300, Set.of());
        assertThat(Verdict.of(known, foreign)).isInstanceOf(Verdict.NotIts.class);
        assertThat(Verdict.of(Optional.empty(), foreign)).isInstanceOf(Verdict.NotIts.class);
    }

    @Property(tries = 200)
    void of_two_words_in_any_order_the_later_one_stays(
            @ForAll @LongRange(min = 1, max = 4) long epoch,
            @ForAll @LongRange(min = 1, max = 4) long sequence,
            @ForAll @LongRange(min = 1, max = 4) long otherEpoch,
            @ForAll @LongRange(min = 1, max = 4) long otherSequence) {
        var one = said("a", epoch, sequence);
        var other = said("a", otherEpoch, otherSequence);
        assertThat(kept(one, other)).isEqualTo(kept(other, one));
    }

    private static Publication kept(Publication first, Publication second) {
        return Verdict.of(Optional.of(first), second) instanceof Verdict.Newer ? second : first;
    }

    @Test
    void who_is_wrong_once_in_five_counts_for_half_as_long_and_who_is_mostly_wrong_not_at_all() {
        assertThat(tried(45, 5)).isEqualTo(Honesty.FRESH);
        var careless = tried(40, 10);
        assertThat(careless.ttl(TTL)).isEqualTo(Duration.ofSeconds(150));
        assertThat(careless.delisted()).isFalse();
        var twice = careless;
        for (int n = 0; n < 250; n++) {
            twice = twice.tried(n % 5 != 0);
        }
        assertThat(twice.ttl(TTL)).as("the floor").isEqualTo(Duration.ofSeconds(30));
        assertThat(tried(24, 26).delisted()).isTrue();
        assertThat(tried(0, 49).delisted()).as("too few to judge").isFalse();
    }

    private static Honesty tried(int found, int gone) {
        var honesty = Honesty.FRESH;
        for (int n = 0; n < found + gone; n++) {
            honesty = honesty.tried(n >= gone);
        }
        return honesty;
    }

    @Test
    void those_of_the_best_publishers_come_first_then_the_youngest() {
        var good = Rating.fresh(NOW);
        var bad = Rating.fresh(NOW);
        for (int n = 0; n < 5; n++) {
            good = good.seen(Rating.Seen.KEPT, NOW);
            bad = bad.seen(Rating.Seen.REFUSED, NOW);
        }
        var all = List.of(shown("a", bad, 0), shown("b", good, 60), shown("c", good, 10), shown("d", good, 10));
        assertThat(Shown.ranked(all, NOW))
                .extracting(one -> one.published().flavor().id())
                .containsExactly("c", "d", "b", "a");
    }

    private static Shown shown(String id, Rating rating, long age) {
        var said = new Publication(Samples.OWNER.id(), flavor(id), 1, 1, NOW.minusSeconds(age), 300, Set.of());
        return new Shown(said, new UUID(0, 1), Optional.empty(), TTL, rating, Set.of(), false);
    }

    @Test
    void what_is_new_or_changed_or_due_is_said_and_what_is_gone_is_dropped() {
        var every = Duration.ofSeconds(100);
        var told = Optional.of(NOW.minusSeconds(60));
        var known = Map.of(
                "kept", new Plan.Row(flavor("kept"), 5, 2, told),
                "due", new Plan.Row(flavor("due"), 5, 2, Optional.of(NOW.minusSeconds(100))),
                "unheard", new Plan.Row(flavor("unheard"), 5, 2, Optional.empty()),
                "gone", new Plan.Row(flavor("gone"), 5, 2, told));
        var offered = List.of(flavor("kept"), flavor("due"), flavor("unheard"), flavor("new"), flavor("new"));
        var plan = Plan.of(known, offered, NOW, every);
        assertThat(plan.drop()).containsExactly("gone");
        assertThat(plan.say())
                .extracting(row -> row.flavor().id() + " " + row.sequence())
                .containsExactly("due 3", "unheard 3", "new 1");
    }
}
