package holdfast.engine;

import holdfast.core.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// One run of a process, as people see it.
///
/// @param state `scheduled`, `running`, `waiting`, `undoing`, `done`, `failed` or `cancelled`
/// @param step name of the step that is next or running; empty when ended
/// @param stepNumber of that step, from 1
/// @param steps how many there are
/// @param runAfter when it goes on, if it waits
public record ProcessInstance(
        UUID id,
        String name,
        UUID resource,
        String resourceType,
        String state,
        Optional<String> step,
        int stepNumber,
        int steps,
        int attempt,
        Instant runAfter,
        Optional<String> waitingFor,
        Optional<Refusal> refusal,
        Instant created,
        Optional<Instant> ended) {

    /// One line of its log.
    ///
    /// @param outcome `done`, `later`, `retry`, `failed`, `undone`, `cancelled`
    public record LogLine(Instant at, String step, String outcome, Optional<String> detail) {}

    /// With what happened so far, oldest first.
    public record WithLog(ProcessInstance process, List<LogLine> log) {}
}
