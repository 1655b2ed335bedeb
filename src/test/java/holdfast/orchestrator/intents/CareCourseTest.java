package holdfast.orchestrator.intents;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.orchestrator.intents.CareCourse.Act;
import holdfast.orchestrator.intents.CareCourse.Sight;
import holdfast.orchestrator.intents.CareCourse.Turn;
import holdfast.orchestrator.intents.IntentCourse.Progress;
import holdfast.protocol.rear.Constraint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What is done about parts that are lost or broken, and how often (fluidos.md 3.10, 6.9).
final class CareCourseTest {
    private static final Instant NOW = Instant.parse("2030-01-07T08:00:00Z");
    private static final Instant END = NOW.plus(Duration.ofHours(9));
    private static final UUID OTHER = new UUID(0, 2);
    private static final Constraint FAST = Constraint.of("latency <= 40ms").orThrow();

    private static Turn turn(Care care, Progress now, Instant at) {
        return CareCourse.next(care, new Sight(now, Optional.empty(), Optional.empty(), Optional.empty(), at, END));
    }

    private static Turn ailing(Care care, Instant at) {
        return CareCourse.next(
                care, new Sight(Progress.RUNNING, Optional.empty(), Optional.of("slow"), Optional.empty(), at, END));
    }

    private static Turn lost(Care care, Instant at) {
        return CareCourse.next(
                care, new Sight(Progress.OVER, Optional.of("gone"), Optional.empty(), Optional.empty(), at, END));
    }

    private static Turn replacing(Care care, Progress next) {
        return CareCourse.next(
                care, new Sight(Progress.RUNNING, Optional.empty(), Optional.empty(), Optional.of(next), NOW, END));
    }

    private static Instant after(long minutes) {
        return NOW.plus(Duration.ofMinutes(minutes));
    }

    @Test
    void what_never_ran_is_not_replaced() {
        assertThat(lost(Care.NONE, NOW)).isEqualTo(new Turn(Care.NONE, Act.NOTHING, Progress.OVER));
    }

    @Test
    void what_its_user_takes_down_is_not_replaced() {
        var ran = turn(Care.NONE, Progress.RUNNING, NOW).care();
        assertThat(turn(ran, Progress.OVER, after(1))).isEqualTo(new Turn(ran, Act.NOTHING, Progress.OVER));
    }

    @Test
    void trouble_may_pass_for_two_minutes() {
        var first = ailing(Care.NONE, NOW);
        assertThat(first.act()).isEqualTo(Act.NOTHING);
        assertThat(first.care().again()).contains(after(2));
        assertThat(turn(first.care(), Progress.RUNNING, after(1)).care().doubt())
                .isEmpty();
        assertThat(ailing(first.care(), after(1)).act()).isEqualTo(Act.NOTHING);
        assertThat(ailing(first.care(), after(2)).act()).isEqualTo(Act.REPLACE);
    }

    @Test
    void what_is_lost_is_replaced_at_once_and_to_look_again_changes_nothing() {
        var ran = turn(Care.NONE, Progress.RUNNING, NOW).care();
        var first = lost(ran, NOW);
        assertThat(first.act()).isEqualTo(Act.REPLACE);
        var under = first.care().with(OTHER);
        assertThat(replacing(under, Progress.ACQUIRING)).isEqualTo(new Turn(under, Act.NOTHING, Progress.ACQUIRING));
        var done = replacing(under, Progress.RUNNING);
        assertThat(done.act()).isEqualTo(Act.SWITCH);
        assertThat(done.care().instead(new UUID(0, 1)).broken()).isEmpty();
    }

    @Test
    void three_tries_have_longer_and_longer_pauses_and_there_is_no_fourth() {
        var care = lost(turn(Care.NONE, Progress.RUNNING, NOW).care(), NOW).care();
        for (long at : new long[] {5, 25}) {
            var failed = care.with(OTHER).without();
            var waits = lost(failed, after(at - 1));
            assertThat(waits.act()).isEqualTo(Act.NOTHING);
            assertThat(waits.care().again()).contains(after(at));
            assertThat(waits.progress()).isEqualTo(Progress.BROKEN);
            var again = lost(failed, after(at));
            assertThat(again.act()).isEqualTo(Act.REPLACE);
            care = again.care();
        }
        assertThat(care.tries()).isEqualTo(CareCourse.MOST);
        assertThat(lost(care, after(200))).isEqualTo(new Turn(care, Act.NOTHING, Progress.OVER));
        assertThat(turn(care, Progress.RUNNING, after(200)).progress()).isEqualTo(Progress.BROKEN);
    }

    @Test
    void nothing_is_bought_for_the_last_minutes() {
        var ran = turn(Care.NONE, Progress.RUNNING, NOW).care();
        assertThat(lost(ran, END.minus(CareCourse.WORTH)).act()).isEqualTo(Act.REPLACE);
        assertThat(lost(ran, END.minus(CareCourse.WORTH).plusSeconds(1)))
                .extracting(Turn::act, Turn::progress)
                .containsExactly(Act.NOTHING, Progress.OVER);
    }

    private static Measured measured(Care care, String latency, Instant at) {
        var seen = Constraint.of("latency = " + latency).orThrow();
        return Measured.of(care, List.of(FAST), List.of(seen), at);
    }

    @Test
    void three_measurements_in_a_row_count_once_in_half_a_minute_and_a_good_one_ends_the_row() {
        var one = measured(Care.NONE, "80ms", NOW);
        assertThat(measured(one.care(), "80ms", NOW.plusSeconds(29)).care()).isEqualTo(one.care());
        var two = measured(one.care(), "80ms", NOW.plusSeconds(30));
        assertThat(two.violated()).isEmpty();
        assertThat(measured(two.care(), "40ms", NOW.plusSeconds(60)).care()).isEqualTo(Care.NONE);
        assertThat(measured(two.care(), "80ms", NOW.plusSeconds(151)).violated())
                .as("nobody measured for two minutes")
                .isEmpty();
        assertThat(measured(two.care(), "80ms", NOW.plusSeconds(60)).violated())
                .contains("'latency <= 40' was asked for, and 'latency = 80' was measured 3 times in a row");
    }
}
