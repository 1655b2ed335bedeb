package holdfast.broker.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.broker.choice.FlexibleWindow.Mode;
import holdfast.broker.choice.Worlds.World;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class FlexibleWindowPropertyTest {
    @Provide
    Arbitrary<World> worlds() {
        return Worlds.worlds();
    }

    @Property(tries = 300)
    void an_envelope_is_cut_to_its_duration_from_now_and_lies_inside(
            @ForAll @IntRange(max = 10) int earliest,
            @ForAll @IntRange(max = 5) int slack,
            @ForAll @IntRange(min = 1, max = 5) int duration,
            @ForAll @IntRange(max = 20) int now) {
        var window = window(Mode.ENVELOPE, earliest, earliest + slack, duration);
        var answer = window.activate(Worlds.at(now));
        assertThat(answer instanceof Answer.Yes<Interval>).isEqualTo(now >= earliest && now <= earliest + slack);
        if (answer instanceof Answer.Yes<Interval>(var claim)) {
            assertThat(claim).isEqualTo(Worlds.hours(now, now + duration));
            assertThat(window.envelope().contains(claim)).isTrue();
        }
        assertThat(window.envelope()).isEqualTo(Worlds.hours(earliest, earliest + slack + duration));
    }

    @Property(tries = 300)
    void a_fixed_start_is_the_earliest_and_never_after_the_latest(
            @ForAll("worlds") World world,
            @ForAll @IntRange(max = 6) int earliest,
            @ForAll @IntRange(max = 6) int slack,
            @ForAll @IntRange(min = 1, max = 14) int vcpus) {
        var snapshot = world.snapshot();
        Optional<Interval> first = Optional.empty();
        for (int start = earliest; start <= earliest + slack && first.isEmpty(); start++) {
            var when = Worlds.hours(start, start + 3);
            if (new Brute(snapshot).possible(ask(when, vcpus))) {
                first = Optional.of(when);
            }
        }
        var fixed = window(Mode.FIX, earliest, earliest + slack, 3)
                .fix(ask(Worlds.hours(earliest, earliest + 3), vcpus), snapshot, 1_000);
        assertThat(fixed.map(Ask::when)).isEqualTo(first);
    }

    private static Ask ask(Interval when, int vcpus) {
        var need = Need.Quantity.of(Capacities.of(Dimensions.VCPU, vcpus), when);
        return Ask.of("mine", when, List.of(Item.of(Worlds.id(0), need)));
    }

    @Example
    void standby_is_claimed_for_ever_and_recalls_what_was_lent() {
        var window =
                new FlexibleWindow(Mode.STANDBY, Worlds.at(1), Worlds.at(1), Duration.ofHours(2), Duration.ofHours(1));
        assertThat(window.envelope()).isEqualTo(new Interval(Worlds.at(1), java.time.Instant.MAX));
        assertThat(window.activate(Worlds.at(9))).isEqualTo(Answer.yes(Worlds.hours(9, 12)));
        assertThat(window.activate(Worlds.at(0))).isInstanceOf(Answer.No.class);
        assertThat(window(Mode.FIX, 1, 2, 3).activate(Worlds.at(1))).isInstanceOf(Answer.No.class);
    }

    @Example
    void a_window_that_cannot_be_is_refused() {
        assertThatThrownBy(() -> window(Mode.FIX, 3, 2, 1)).hasMessageContaining("start.latest");
        assertThatThrownBy(() -> window(Mode.FIX, 1, 2, 0)).hasMessageContaining("duration");
    }

    private static FlexibleWindow window(Mode mode, int earliest, int latest, int duration) {
        return new FlexibleWindow(
                mode, Worlds.at(earliest), Worlds.at(latest), Duration.ofHours(duration), Duration.ZERO);
    }
}
