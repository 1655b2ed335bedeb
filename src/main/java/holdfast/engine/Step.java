package holdfast.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// One step of a process. Both actions may run more than once and must then have their effect once.
///
/// @param name unique in its process, for people
/// @param run does it; never blocks for long
/// @param undo takes back what `run` did, in part or in whole; runs also when `run` failed half-way
/// @param patience how long `run` may answer [Outcome.Later] or throw before the step counts as failed
/// @param retry how `run` is tried again after it threw
public record Step(String name, Action run, Action undo, Duration patience, Retry retry) {
    /// What most steps have.
    static final Duration PATIENCE = Duration.ofMinutes(10);

    /// A step that leaves nothing behind to take back.
    public static Step of(String name, Action run) {
        return of(name, run, _ -> Outcome.done());
    }

    public static Step of(String name, Action run, Action undo) {
        return new Step(name, run, undo, PATIENCE, Retry.QUICK);
    }

    public Step within(Duration limit) {
        return new Step(name, run, undo, limit, retry);
    }

    public Step retrying(Retry how) {
        return new Step(name, run, undo, patience, how);
    }

    /// How often and after which pauses a step is tried again.
    ///
    /// @param tries how often at most
    /// @param base part of every pause
    /// @param first what is added to it after the first failure; doubles with each
    /// @param longest no pause is longer
    public record Retry(int tries, Duration base, Duration first, Duration longest) {
        /// For what is near and mends itself soon: 0.1 s, doubling, at most 30 s; as often as there is
        /// patience.
        public static final Retry QUICK =
                new Retry(Integer.MAX_VALUE, Duration.ZERO, Duration.ofMillis(100), Duration.ofSeconds(30));

        /// For logic of others: 2.1, 2.2, 2.4, 2.8 s and so on, at most 2 min; 50 times (cattle.md 6.3).
        public static final Retry HANDLER =
                new Retry(50, Duration.ofSeconds(2), Duration.ofMillis(100), Duration.ofMinutes(2));

        /// The same with no pause longer than `limit`.
        public Retry upTo(Duration limit) {
            return new Retry(tries, base, first, limit);
        }

        /// The pause after failure number `failure`, from 1.
        Duration pause(int failure) {
            var pause = base.plus(first.multipliedBy(1L << Math.min(failure - 1, 20)));
            return pause.compareTo(longest) > 0 ? longest : pause;
        }
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
    /// @param first whether this is surely the first run of the action, at any server, as far as this database
    ///     knows: that the action before it is over, or that nobody had taken up the process, was written down a
    ///     moment ago by who runs it now
    /// @param epoch when this database was filled from a backup; what was asked for up to then may have been done
    ///     by a process of which it does not know
    public record Context(Resource resource, UUID process, JsonNode arguments, boolean first, Instant epoch) {
        /// Whether surely nothing was done yet of what was asked for at a time.
        ///
        /// @param asked when it was asked for first, by whatever made this process necessary in the end
        public boolean isNew(Instant asked) {
            return first && asked.isAfter(epoch);
        }
    }
}
