package holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Refusal;
import holdfast.engine.Progress.Position;
import holdfast.engine.Progress.Result;
import holdfast.engine.Progress.Run;
import holdfast.engine.Progress.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ProgressTest {
    private static final Instant NOW = Instant.parse("2030-01-07T08:00:00Z");
    private static final List<Step> STEPS = List.of(
            Step.of("one", _ -> Outcome.done()).within(Duration.ofMinutes(1)),
            Step.of("two", _ -> Outcome.done()).within(Duration.ofMinutes(1)));
    private static final Refusal WHY = Refusal.broken("it broke");

    private static Verdict after(Position at, Outcome outcome) {
        return Progress.after(at, STEPS, true, new Run.Said(outcome), NOW);
    }

    private static Verdict afterThrow(Position at) {
        return Progress.after(at, STEPS, true, new Run.Threw("boom", false), NOW);
    }

    private static Position at(int step, boolean undoing, int attempt, Duration ago) {
        return new Position(step, undoing, attempt, NOW.minus(ago), undoing ? Optional.of(WHY) : Optional.empty());
    }

    @Test
    void a_step_that_is_done_is_followed_by_the_next_and_the_last_ends_the_process() {
        assertThat(after(at(0, false, 0, Duration.ZERO), Outcome.done()))
                .isEqualTo(new Verdict.Next(at(1, false, 0, Duration.ZERO)));
        assertThat(after(at(1, false, 3, Duration.ZERO), Outcome.done()))
                .isEqualTo(new Verdict.End(Result.DONE, Optional.empty()));
    }

    @Test
    void a_step_that_is_not_finished_is_parked_without_counting_as_a_failure() {
        var at = at(1, false, 2, Duration.ofSeconds(30));
        assertThat(after(at, new Outcome.Later(Duration.ofSeconds(5), "waiting")))
                .isEqualTo(new Verdict.Park(at, NOW.plusSeconds(5), "waiting"));
    }

    @Test
    void a_step_that_throws_is_tried_again_after_ever_longer_pauses() {
        assertThat(afterThrow(at(0, false, 0, Duration.ZERO)))
                .isEqualTo(new Verdict.Park(
                        at(0, false, 1, Duration.ZERO), NOW.plusMillis(100), "trying again after: boom"));
        assertThat(afterThrow(at(0, false, 4, Duration.ZERO)))
                .isEqualTo(new Verdict.Park(
                        at(0, false, 5, Duration.ZERO), NOW.plusMillis(1600), "trying again after: boom"));
        assertThat(Step.Retry.QUICK.pause(1000)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void a_step_that_fails_or_runs_out_of_patience_is_itself_the_first_to_be_undone() {
        assertThat(after(at(1, false, 0, Duration.ZERO), new Outcome.Failed(WHY)))
                .isEqualTo(new Verdict.Next(at(1, true, 0, Duration.ZERO)));
        var late =
                after(at(1, false, 0, Duration.ofMinutes(1)), new Outcome.Later(Duration.ofSeconds(1), "for a guest"));
        assertThat(late).isInstanceOfSatisfying(Verdict.Next.class, next -> {
            assertThat(next.position().undoing()).isTrue();
            assertThat(next.position().refusal())
                    .hasValueSatisfying(why -> assertThat(why.message()).contains("for a guest", "1m"));
        });
        assertThat(afterThrow(at(0, false, 9, Duration.ofMinutes(2))))
                .isInstanceOfSatisfying(
                        Verdict.Next.class,
                        next -> assertThat(next.position().refusal())
                                .hasValueSatisfying(
                                        why -> assertThat(why.message()).contains("10 times", "boom")));
    }

    @Test
    void undoing_goes_backwards_and_ends_with_the_reason() {
        assertThat(after(at(1, true, 0, Duration.ZERO), Outcome.done()))
                .isEqualTo(new Verdict.Next(at(0, true, 0, Duration.ZERO)));
        assertThat(after(at(0, true, 0, Duration.ZERO), Outcome.done()))
                .isEqualTo(new Verdict.End(Result.FAILED, Optional.of(WHY)));
    }

    @Test
    void undoing_is_never_given_up() {
        var ages = at(1, true, 500, Duration.ofDays(100));
        assertThat(after(ages, new Outcome.Failed(WHY))).isInstanceOf(Verdict.Park.class);
        assertThat(afterThrow(ages)).isInstanceOf(Verdict.Park.class);
        assertThat(after(ages, new Outcome.Later(Duration.ofSeconds(1), "x"))).isInstanceOf(Verdict.Park.class);
    }

    @Test
    void logic_of_others_is_tried_again_as_the_field_is_used_to_and_not_for_ever() {
        var pauses = java.util.stream.IntStream.rangeClosed(1, 6)
                .mapToObj(Step.Retry.HANDLER::pause)
                .map(Duration::toMillis)
                .toList();
        assertThat(pauses).containsExactly(2100L, 2200L, 2400L, 2800L, 3600L, 5200L);
        assertThat(Step.Retry.HANDLER.pause(11)).isEqualTo(Duration.ofMillis(104_400));
        assertThat(Step.Retry.HANDLER.pause(12)).isEqualTo(Duration.ofMinutes(2));

        var steps = List.of(
                Step.of("call", _ -> Outcome.done()).within(Duration.ofDays(1)).retrying(Step.Retry.HANDLER));
        assertThat(Progress.after(at(0, false, 48, Duration.ZERO), steps, false, new Run.Threw("boom", false), NOW))
                .isInstanceOf(Verdict.Park.class);
        assertThat(Progress.after(at(0, false, 49, Duration.ZERO), steps, false, new Run.Threw("boom", false), NOW))
                .isInstanceOfSatisfying(
                        Verdict.End.class, end -> assertThat(end.result()).isEqualTo(Result.FAILED));
    }

    @Test
    void what_has_nothing_to_undo_fails_where_it_stands() {
        assertThat(Progress.after(
                        at(1, false, 0, Duration.ZERO), STEPS, false, new Run.Said(new Outcome.Failed(WHY)), NOW))
                .isEqualTo(new Verdict.End(Result.FAILED, Optional.of(WHY)));
        assertThat(Progress.after(at(1, true, 0, Duration.ZERO), STEPS, false, new Run.Said(Outcome.done()), NOW))
                .isEqualTo(new Verdict.End(Result.FAILED, Optional.of(WHY)));
    }

    @Test
    void a_process_without_steps_is_done_at_once() {
        assertThat(Progress.after(at(0, false, 0, Duration.ZERO), List.of(), false, new Run.Said(Outcome.done()), NOW))
                .isEqualTo(new Verdict.End(Result.DONE, Optional.empty()));
    }
}
