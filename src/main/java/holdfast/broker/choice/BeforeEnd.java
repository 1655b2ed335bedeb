package holdfast.broker.choice;

/// What is done for an item before it ends (promise.md 4.4, 4.8).
public enum BeforeEnd {
    /// As policy says.
    DEFAULT,
    NOTHING,
    /// Its servers are kept as images.
    SNAPSHOT
}
