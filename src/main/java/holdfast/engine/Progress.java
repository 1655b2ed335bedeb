package holdfast.engine;

import holdfast.core.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a process does next, given how its last step ran: the whole life of a process instance in one place, as pure
/// functions.
final class Progress {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private Progress() {}

    /// Where a process stands.
    ///
    /// @param step index of the step to run next
    /// @param undoing whether that step is to be undone instead of run
    /// @param attempt how often the step has thrown so far
    /// @param since when the step was first due
    /// @param refusal why it is being undone
    record Position(int step, boolean undoing, int attempt, Instant since, Optional<Refusal> refusal) {
        static Position start(Instant now) {
            return new Position(0, false, 0, now, Optional.empty());
        }
    }

    /// How a run of a step went.
    sealed interface Run {
        record Said(Outcome outcome) implements Run {}

        record Threw(String problem) implements Run {}
    }

    /// What follows.
    sealed interface Verdict {
        /// Go on at once.
        record Next(Position position) implements Verdict {}

        /// Go on at `until`.
        record Park(Position position, Instant until, String waitingFor) implements Verdict {}

        record End(Result result, Optional<Refusal> refusal) implements Verdict {}
    }

    enum Result {
        DONE,
        FAILED,
        /// The resource was taken out of our hands by another process or is gone.
        CANCELLED;

        String word() {
            return switch (this) {
                case DONE -> "done";
                case FAILED -> "failed";
                case CANCELLED -> "cancelled";
            };
        }
    }

    static Verdict after(Position at, List<Step> steps, Run run, Instant now) {
        return at.undoing() ? afterUndo(at, run, now) : afterRun(at, steps, run, now);
    }

    private static Verdict afterRun(Position at, List<Step> steps, Run run, Instant now) {
        var step = steps.get(at.step());
        boolean outOfPatience = Duration.between(at.since(), now).compareTo(step.patience()) >= 0;
        return switch (run) {
            case Run.Said(Outcome.Done _)
            when at.step() + 1 == steps.size() -> new Verdict.End(Result.DONE, Optional.empty());
            case Run.Said(Outcome.Done _) ->
                new Verdict.Next(new Position(at.step() + 1, false, 0, now, Optional.empty()));
            case Run.Said(Outcome.Failed(var why)) -> undo(at, why, now);
            case Run.Said(Outcome.Later(var _, var waitingFor, var _))
            when outOfPatience ->
                undo(at, Refusal.silent("gave up " + waitingFor + " after " + words(step.patience())), now);
            case Run.Said(Outcome.Later(var pause, var waitingFor, var _)) ->
                new Verdict.Park(at, now.plus(pause), waitingFor);
            case Run.Threw(var problem)
            when outOfPatience ->
                undo(
                        at,
                        Refusal.broken(step.name() + " failed " + (at.attempt() + 1) + " times, the last time with: "
                                + problem),
                        now);
            case Run.Threw(var problem) -> retry(at, problem, now);
        };
    }

    /// Undoing has no limit: what is there must not be forgotten. It goes on at ever longer pauses, visibly.
    private static Verdict afterUndo(Position at, Run run, Instant now) {
        return switch (run) {
            case Run.Said(Outcome.Done _) when at.step() == 0 -> new Verdict.End(Result.FAILED, at.refusal());
            case Run.Said(Outcome.Done _) -> new Verdict.Next(new Position(at.step() - 1, true, 0, now, at.refusal()));
            case Run.Said(Outcome.Later(var pause, var waitingFor, var _)) ->
                new Verdict.Park(at, now.plus(pause), waitingFor);
            case Run.Said(Outcome.Failed(var why)) -> retry(at, why.message(), now);
            case Run.Threw(var problem) -> retry(at, problem, now);
        };
    }

    private static Verdict undo(Position at, Refusal why, Instant now) {
        return new Verdict.Next(new Position(at.step(), true, 0, now, Optional.of(why)));
    }

    private static Verdict retry(Position at, String problem, Instant now) {
        var next = new Position(at.step(), at.undoing(), at.attempt() + 1, at.since(), at.refusal());
        return new Verdict.Park(next, now.plus(pause(at.attempt())), "trying again after: " + problem);
    }

    /// 0.1 s, doubling, at most 30 s.
    static Duration pause(int attempt) {
        var pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempt, 20));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private static String words(Duration duration) {
        return duration.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
    }
}
