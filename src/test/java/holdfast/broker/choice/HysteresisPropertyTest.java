package holdfast.broker.choice;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.broker.choice.Hysteresis.Crossing;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class HysteresisPropertyTest {
    @Property
    void what_is_told_takes_turns_and_each_crossing_back_is_wide(
            @ForAll @IntRange(min = 1, max = 100) int threshold, @ForAll List<@IntRange(max = 120) Integer> values) {
        var hysteresis = new Hysteresis(threshold);
        boolean over = false;
        for (int value : values) {
            var next = hysteresis.next(over, value);
            boolean rises = !over && value >= threshold;
            boolean falls = over && value <= threshold - 1 && 20 * value <= 19 * threshold + 19;
            if (over && value < threshold && 20 * value > 19 * threshold + 19) {
                assertThat(next.crossing()).isEmpty();
            }
            if (rises) {
                assertThat(next.crossing()).isEqualTo(Optional.of(Crossing.RISEN));
            }
            if (next.crossing().equals(Optional.of(Crossing.FALLEN))) {
                assertThat(falls).isTrue();
            }
            assertThat(next.crossing().isPresent()).isEqualTo(next.over() != over);
            over = next.over();
            assertThat(hysteresis.next(over, value).crossing()).as("told once").isEmpty();
        }
    }

    @Example
    void back_is_five_in_a_hundred_or_one() {
        assertThat(new Hysteresis(100).next(true, 96).over()).isTrue();
        assertThat(new Hysteresis(100).next(true, 95).over()).isFalse();
        assertThat(new Hysteresis(5).next(true, 5).over()).isTrue();
        assertThat(new Hysteresis(5).next(true, 4).over()).isFalse();
    }
}
