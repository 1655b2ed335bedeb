package holdfast.federation.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// When and where the least is emitted (fluidos.md 6.8).
final class CarbonTest {
    private static Offer green(String id, List<Long> grams) {
        return Offers.offer(id, "1", "EUR", 10, 0.5, "Italy", grams);
    }

    @Test
    void the_slot_that_is_best_is_waited_for() {
        // a sunny noon in nine hours
        var day = LongStream.range(0, 24)
                .map(hour -> 400 - 60 * Math.max(0, 4 - Math.abs(hour - 9)))
                .boxed()
                .toList();
        var flat = java.util.Collections.nCopies(24, 300L);
        var offers = List.of(green("sunny", day), green("flat", flat));
        var chosen = GreenStart.best(offers, 1, 24).orElseThrow();
        assertThat(chosen.offer().flavor().id()).isEqualTo("sunny");
        assertThat(chosen.slot()).isEqualTo(9);
        assertThat(chosen.grams()).isCloseTo(160 * 0.5 * 0.3, within(1e-9));

        // who may not wait that long does not
        var soon = GreenStart.best(offers, 1, 3).orElseThrow();
        assertThat(soon.offer().flavor().id()).isEqualTo("flat");
        assertThat(soon.slot()).isZero();
    }

    @Test
    void what_nobody_forecasts_is_as_bad_as_the_worst_and_nonsense_is_no_forecast() {
        var offers = List.of(green("a-unknown", List.of()), green("b-nonsense", List.of(-1L)), green("c", List.of(9L)));
        var chosen = GreenStart.best(offers, 1, 6).orElseThrow();
        assertThat(chosen.grams()).isCloseTo(9 * 0.5 * 0.3, within(1e-9));
        assertThat(chosen.offer().flavor().id()).isEqualTo("a-unknown");
        assertThat(GreenStart.best(List.of(), 1, 6)).isEmpty();
    }

    @Property(tries = 300)
    void it_is_the_best_of_all_offers_and_slots(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 6) int hours,
            @ForAll @IntRange(max = 24) int deadline) {
        var random = new Random(seed);
        var offers = new ArrayList<Offer>();
        for (int n = 0; n < 4; n++) {
            offers.add(green(
                    "o" + n, random.longs(random.nextInt(30), 0, 500).boxed().toList()));
        }
        long worst = offers.stream()
                .flatMap(offer -> Emissions.of(offer, hours).worst().stream())
                .max(Long::compare)
                .orElse(0L);
        double least = Double.MAX_VALUE;
        for (var offer : offers) {
            for (int slot = 0; slot <= deadline; slot++) {
                least = Math.min(least, Emissions.of(offer, hours).grams(slot, worst));
            }
        }
        assertThat(GreenStart.best(offers, hours, deadline).orElseThrow().grams())
                .isCloseTo(least, within(1e-9));
    }
}
