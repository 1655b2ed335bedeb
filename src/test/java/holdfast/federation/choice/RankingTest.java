package holdfast.federation.choice;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.protocol.rear.Constraint;
import holdfast.protocol.rear.Objective;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Wish;
import holdfast.protocol.rear.Workflow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// Which of several offers is taken (fluidos.md 6.8).
final class RankingTest {
    private static final List<Offer> FOUR = List.of(
            Offers.offer("a-cheap", "0.10", "EUR", 80, 0.5, 400L),
            Offers.offer("b-near", "0.40", "EUR", 5, 0.5, 500L),
            Offers.offer("c-green", "0.42", "EUR", 90, 0.5, 30L),
            Offers.offer("d-trusty", "0.41", "EUR", 70, 0.95, 450L));

    private static Wish wish(Objective objective, List<String> hard, List<String> soft) {
        return new Wish(objective, read(hard), read(soft), new Trace("t", Workflow.W1));
    }

    private static List<Constraint> read(List<String> texts) {
        return texts.stream().map(text -> Constraint.of(text).orThrow()).toList();
    }

    private static List<String> ranked(List<Offer> offers, Wish wish) {
        return Ranking.rank(offers, wish).stream()
                .map(ranked -> ranked.offer().flavor().id())
                .toList();
    }

    private static String winner(Objective objective) {
        return ranked(FOUR, wish(objective, List.of(), List.of())).getFirst();
    }

    @Test
    void one_list_four_winners() {
        assertThat(winner(Objective.CHEAPEST)).isEqualTo("a-cheap");
        assertThat(winner(Objective.NEAREST)).isEqualTo("b-near");
        assertThat(winner(Objective.GREENEST)).isEqualTo("c-green");
        assertThat(winner(Objective.BEST_RATED)).isEqualTo("d-trusty");
    }

    @Test
    void hard_is_never_traded() {
        assertThat(ranked(FOUR, wish(Objective.CHEAPEST, List.of("latency < 10ms"), List.of())))
                .containsExactly("b-near");
        assertThat(ranked(FOUR, wish(Objective.CHEAPEST, List.of("location = Dublin"), List.of())))
                .isEmpty();
        assertThat(ranked(FOUR, wish(Objective.CHEAPEST, List.of("price <= 0.205", "compliance = gdpr"), List.of())))
                .containsExactly("a-cheap", "d-trusty", "b-near");
    }

    @Test
    void soft_is_counted_and_traded() {
        var soft = Ranking.rank(FOUR, wish(Objective.NEAREST, List.of(), List.of("carbon <= 40", "price < 0.15")));
        assertThat(soft).hasSize(4);
        assertThat(soft.getFirst().offer().flavor().id()).isEqualTo("b-near");
        assertThat(soft.getFirst().unmet()).hasSize(2);
        var strong = ranked(FOUR, wish(Objective.BALANCED, List.of(), List.of("carbon <= 40")));
        assertThat(strong.getFirst()).isEqualTo("c-green");
    }

    @Test
    void what_nobody_tells_of_meets_no_limit() {
        var unknown = List.of(Offers.offer("x", "", "", 0, 0.5));
        for (var hard : List.of("latency < 1s", "price < 100", "carbon < 1000", "vm-type = kata", "network = 5G")) {
            assertThat(ranked(unknown, wish(Objective.BALANCED, List.of(hard), List.of())))
                    .as(hard)
                    .isEmpty();
        }
    }

    @Test
    void ties_go_by_price_then_by_name_and_what_has_no_comparable_price_comes_last() {
        var offers = List.of(
                Offers.offer("z", "0.20", "EUR", 10, 0.5),
                Offers.offer("m", "0.20", "EUR", 10, 0.5),
                Offers.offer("b", "0.01", "CHF", 10, 0.9),
                Offers.offer("a", "free", "EUR", 10, 0.9),
                Offers.offer("c", "0,40", "EUR", 10, 0.9),
                Offers.offer("y", "0.10", "EUR", 10, 0.5));
        assertThat(ranked(offers, wish(Objective.CHEAPEST, List.of(), List.of())))
                .containsExactly("y", "m", "z", "a", "b", "c");
    }

    @Property(tries = 200)
    void the_order_in_which_they_come_does_not_matter(@ForAll long seed, @ForAll Objective objective) {
        var random = new Random(seed);
        var offers = new ArrayList<Offer>();
        for (int n = 0; n < 8; n++) {
            offers.add(Offers.offer(
                    "offer-" + n,
                    List.of("", "0.10", "0.20", "3").get(random.nextInt(4)),
                    List.of("EUR", "CHF").get(random.nextInt(2)),
                    random.nextInt(4) * 10,
                    random.nextInt(3) / 2.0,
                    Collections.nCopies(random.nextInt(3), random.nextLong(500)).toArray(Long[]::new)));
        }
        var wish = wish(objective, List.of(), List.of("latency <= 20ms"));
        var expected = ranked(offers, wish);
        Collections.shuffle(offers, random);
        assertThat(ranked(offers, wish)).isEqualTo(expected);
    }
}
