package holdfast.orchestrator.instances;

/// In which order instances are asked for; those that are equal in it follow in the order of their creation. Descending
/// it is the same from its end.
public record InstanceOrder(By by, boolean descending) {
    /// What they are put in order by.
    public enum By {
        ID,
        NAME,
        CREATED,
        /// Of those that have it; see [Measure].
        CPU,
        /// Likewise.
        MEMORY
    }
}
