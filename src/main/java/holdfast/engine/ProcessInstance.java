package holdfast.engine;

import holdfast.core.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// One run of a process, as people see it.
///
/// @param number its number in the id that people see, such as the 5 of `1pi5`
/// @param name as it was asked for
/// @param runningAs what it goes on as, if it went on as another process
/// @param resource what it happens to
/// @param state `scheduled`, `running`, `waiting`, `undoing`, `done`, `failed` or `cancelled`
/// @param phase how far it is
/// @param step name of the step that is next or running; empty when ended
/// @param stepNumber of that step, from 1
/// @param steps how many there are
/// @param since when that step was first due
/// @param runAfter when it goes on, if it waits
/// @param exitReason how its last run ended (cattle.md 3.4)
/// @param runs how often it was taken up
/// @param runner which server process runs it now
/// @param parent which process waits for it
public record ProcessInstance(
        UUID id,
        long number,
        String name,
        Optional<String> runningAs,
        Resource resource,
        String state,
        Phase phase,
        Optional<String> step,
        int stepNumber,
        int steps,
        int attempt,
        Instant since,
        Instant runAfter,
        Optional<String> waitingFor,
        Optional<Refusal> refusal,
        Optional<ExitReason> exitReason,
        int priority,
        int runs,
        Optional<UUID> runner,
        Optional<UUID> parent,
        JsonNode arguments,
        Instant created,
        Optional<Instant> started,
        Optional<Instant> ended) {
    private static final Duration LONG = Duration.ofMinutes(10);

    /// How far a process is (cattle.md 2.3).
    public enum Phase {
        REQUESTED,
        PRE_LISTENERS,
        HANDLERS,
        POST_LISTENERS,
        DONE
    }

    /// Whether somebody should look at it: it has failed often, or has waited for long. What it waits for may still
    /// come.
    ///
    /// @param now the present
    public boolean isStuck(Instant now) {
        return ended.isEmpty()
                && runs > 0
                && (attempt >= 8 || Duration.between(since, now).compareTo(LONG) > 0);
    }

    /// One line of its log.
    ///
    /// @param outcome `done`, `later`, `retry`, `failed`, `undone`, `cancelled`, `delegate`, or what an operator
    ///     did:
    ///     `retried`, `skipped`, `given up`
    public record LogLine(Instant at, String step, String outcome, Optional<String> detail) {}

    /// With what happened so far, oldest first.
    public record WithLog(ProcessInstance process, List<LogLine> log) {}
}
