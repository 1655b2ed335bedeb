package holdfast.engine;

/// How a run of a process instance ended (cattle.md 3.4). What others of that family tell apart and cannot happen here
/// is left out: there are no locks to wait for.
public enum ExitReason {
    /// All steps ran; the done state is written.
    DONE,
    /// The resource was found in the done state.
    ALREADY_DONE,
    /// Another process was scheduled in the place of the done state.
    CHAIN,
    /// Taken over, not possible any more, or stopped by an operator.
    CANCELED,
    /// Waits for its first run.
    SCHEDULED,
    /// Goes on as another process.
    DELEGATE,
    /// A step asked for a later run.
    DELAY,
    /// Nobody answered in time.
    TIMEOUT,
    /// A step failed.
    UNKNOWN_EXCEPTION
}
