package holdfast.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.notifications.Hysteresis.Crossing;
import holdfast.notifications.Threshold.Condition;
import holdfast.notifications.Threshold.Figure;
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
        var hysteresis = new Hysteresis(threshold, Condition.GT);
        boolean over = false;
        for (int value : values) {
            var next = hysteresis.next(over, value);
            boolean rises = !over && value >= threshold;
            boolean falls = over && value <= threshold - 1 && 20 * value <= 19 * threshold + 19;
            if (over && value < threshold && 20 * value > 19 * threshold + 19) {
                assertThat(next.crossing()).isEmpty();
            }
            if (rises) {
                assertThat(next.crossing()).isEqualTo(Optional.of(Crossing.REACHED));
            }
            if (next.crossing().equals(Optional.of(Crossing.LEFT))) {
                assertThat(falls).isTrue();
            }
            assertThat(next.crossing().isPresent()).isEqualTo(next.over() != over);
            over = next.over();
            assertThat(hysteresis.next(over, value).crossing()).as("told once").isEmpty();
        }
    }

    @Example
    void back_is_five_in_a_hundred_or_one() {
        assertThat(new Hysteresis(100, Condition.GT).next(true, 96).over()).isTrue();
        assertThat(new Hysteresis(100, Condition.GT).next(true, 95).over()).isFalse();
        assertThat(new Hysteresis(5, Condition.GT).next(true, 5).over()).isTrue();
        assertThat(new Hysteresis(5, Condition.GT).next(true, 4).over()).isFalse();
    }

    @Property
    void below_is_the_mirror_of_above(
            @ForAll @IntRange(min = 1, max = 100) int threshold, @ForAll List<@IntRange(max = 120) Integer> values) {
        var above = new Hysteresis(threshold, Condition.GT);
        var below = new Hysteresis(-threshold, Condition.LT);
        boolean over = false;
        for (int value : values) {
            assertThat(below.next(over, -value)).isEqualTo(above.next(over, value));
            over = above.next(over, value).over();
        }
    }

    @Example
    void what_is_asked_for_is_strictly_above_or_below() {
        var more = Hysteresis.of(new Threshold("vcpu", Figure.RESERVED, Condition.GT, 0));
        assertThat(more.next(false, 0).over()).isFalse();
        assertThat(more.next(false, 1).over()).isTrue();
        assertThat(more.next(true, 0).over()).isFalse();
        var less = Hysteresis.of(new Threshold("vcpu", Figure.AVAILABLE, Condition.LT, 10));
        assertThat(less.next(false, 10).over()).isFalse();
        assertThat(less.next(false, 9).over()).isTrue();
        assertThat(less.next(true, 10).over()).isFalse();
    }
}
