package holdfast.engine;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/// One step of a process. Both actions may run more than once and must then have their effect once.
///
/// @param name unique in its process, for people
/// @param run does it; never blocks for long
/// @param undo takes back what `run` did, in part or in whole; runs also when `run` failed half-way
/// @param patience how long `run` may answer [Outcome.Later] or throw before the step counts as failed
public record Step(String name, Action run, Action undo, Duration patience) {
    /// A step that leaves nothing behind to take back.
    public static Step of(String name, Action run) {
        return of(name, run, _ -> Outcome.done());
    }

    public static Step of(String name, Action run, Action undo) {
        return new Step(name, run, undo, Duration.ofMinutes(10));
    }

    public Step within(Duration limit) {
        return new Step(name, run, undo, limit);
    }

    /// What a step does.
    public interface Action {
        /// @throws Exception if it may be tried again after a while
        Outcome run(Context context) throws Exception;
    }

    /// What a step sees.
    ///
    /// @param resource as it was when the step began, with the facts of earlier steps
    /// @param process the process instance
    /// @param arguments given when the process was scheduled
    public record Context(Resource resource, UUID process, Map<String, String> arguments) {}
}
