package holdfast.federation.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import holdfast.federation.choice.Rating.Seen;
import holdfast.protocol.rear.Objective;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Wish;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is thought of peers (fluidos.md 6.9).
final class RatingsTest {
    private static final Instant NOW = Instant.parse("2030-01-07T08:00:00Z");

    private static Rating after(Seen what, int times) {
        var rating = Rating.fresh(NOW);
        for (int n = 0; n < times; n++) {
            rating = rating.seen(what, NOW);
        }
        return rating;
    }

    @Test
    void who_refuses_sinks() {
        double refuses = after(Seen.REFUSED, 6).score(NOW);
        double keeps = after(Seen.KEPT, 6).score(NOW);
        assertThat(refuses).isZero();
        assertThat(keeps).isEqualTo(1);
        var offers = List.of(
                Offers.offer("a-refuses", "0.40", "EUR", 10, refuses),
                Offers.offer("b-keeps", "0.40", "EUR", 10, keeps));
        var wish = new Wish(Objective.CHEAPEST, List.of(), List.of(), new Trace("t", Workflow.W1));
        assertThat(Ranking.rank(offers, wish).getFirst().offer().flavor().id()).isEqualTo("b-keeps");
    }

    @Test
    void one_try_says_little_and_five_say_all() {
        assertThat(Rating.fresh(NOW).score(NOW)).isEqualTo(0.5);
        assertThat(after(Seen.REFUSED, 1).score(NOW)).isCloseTo(0.4, within(1e-9));
        assertThat(after(Seen.BROKEN, 1).score(NOW)).isCloseTo(0.3, within(1e-9));
        assertThat(after(Seen.REFUSED, 5).score(NOW)).isZero();
    }

    @Test
    void what_was_seen_long_ago_counts_less() {
        var bad = after(Seen.REFUSED, 8);
        var later = NOW.plus(Duration.ofDays(7));
        assertThat(bad.score(later)).as("four tries are left of eight").isCloseTo(0.1, within(1e-9));
        var better = bad;
        for (int n = 0; n < 4; n++) {
            better = better.seen(Seen.KEPT, later);
        }
        assertThat(better.score(later)).isCloseTo(0.5, within(1e-9));
        assertThat(bad.score(NOW.plus(Duration.ofDays(400)))).isCloseTo(0.5, within(1e-6));
    }

    @Test
    void a_clock_that_goes_back_forgets_nothing() {
        var rating = after(Seen.REFUSED, 5).seen(Seen.REFUSED, NOW.minus(Duration.ofDays(30)));
        assertThat(rating.at()).isEqualTo(NOW);
        assertThat(rating.score(NOW)).isZero();
    }
}
