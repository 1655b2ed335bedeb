package holdfast.engine;

import holdfast.core.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a process does next, given how its last step ran: the whole life of a process instance in one place, as pure
/// functions.
final class Progress {
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

        /// @param silent whether somebody did not answer in time
        record Threw(String problem, boolean silent) implements Run {}
    }

    /// What follows.
    sealed interface Verdict {
        /// Go on at once.
        record Next(Position position) implements Verdict {}

        /// Go on at `until`.
        record Park(Position position, Instant until, String waitingFor) implements Verdict {}

        /// Go on as another process.
        record Handover(String process) implements Verdict {}

        /// Done; another process takes the resource over before it comes to rest.
        record Chain(String process) implements Verdict {}

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

    /// @param undoes whether the process undoes what it did when it fails
    static Verdict after(Position at, List<Step> steps, boolean undoes, Run run, Instant now) {
        if (at.undoing()) {
            return undoes ? afterUndo(at, steps, run, now) : new Verdict.End(Result.FAILED, at.refusal());
        }
        if (at.step() >= steps.size()) {
            return new Verdict.End(Result.DONE, Optional.empty());
        }
        var verdict = afterRun(at, steps, run, now);
        return !undoes && verdict instanceof Verdict.Next(var next) && next.undoing()
                ? new Verdict.End(Result.FAILED, next.refusal())
                : verdict;
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
            case Run.Threw(var problem, var _)
            when outOfPatience || at.attempt() + 1 >= step.retry().tries() ->
                undo(
                        at,
                        Refusal.broken(step.name() + " failed " + (at.attempt() + 1) + " times, the last time with: "
                                + problem),
                        now);
            case Run.Threw(var problem, var _) -> retry(at, step, problem, now);
        };
    }

    /// Undoing has no limit: what is there must not be forgotten. It goes on at ever longer pauses, visibly.
    private static Verdict afterUndo(Position at, List<Step> steps, Run run, Instant now) {
        if (steps.isEmpty()) {
            return new Verdict.End(Result.FAILED, at.refusal());
        }
        if (at.step() >= steps.size()) {
            return new Verdict.Next(new Position(steps.size() - 1, true, 0, now, at.refusal()));
        }
        var step = steps.get(at.step());
        return switch (run) {
            case Run.Said(Outcome.Done _) when at.step() == 0 -> new Verdict.End(Result.FAILED, at.refusal());
            case Run.Said(Outcome.Done _) -> new Verdict.Next(new Position(at.step() - 1, true, 0, now, at.refusal()));
            case Run.Said(Outcome.Later(var pause, var waitingFor, var _)) ->
                new Verdict.Park(at, now.plus(pause), waitingFor);
            case Run.Said(Outcome.Failed(var why)) -> retry(at, step, why.message(), now);
            case Run.Threw(var problem, var _) -> retry(at, step, problem, now);
        };
    }

    private static Verdict undo(Position at, Refusal why, Instant now) {
        return new Verdict.Next(new Position(at.step(), true, 0, now, Optional.of(why)));
    }

    private static Verdict retry(Position at, Step step, String problem, Instant now) {
        var next = new Position(at.step(), at.undoing(), at.attempt() + 1, at.since(), at.refusal());
        return new Verdict.Park(next, now.plus(step.retry().pause(next.attempt())), "trying again after: " + problem);
    }

    private static String words(Duration duration) {
        return duration.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
    }
}
