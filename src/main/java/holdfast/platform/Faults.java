package holdfast.platform;

/// Where a test may let a process die: around each commit of a [Database] that keeps something; one that has only read
/// is not told of. What is thrown comes out of [Database#inTransaction] unchanged.
public interface Faults {
    /// No faults.
    Faults NONE = new Faults() {};

    /// Called when all is written and nothing is committed; throwing means that the process died before the commit,
    /// and the transaction is rolled back.
    ///
    /// @param n counts the commits of the database object since faults were set, from 1
    default void beforeCommit(int n) {}

    /// Called when all is committed and nobody has been told; throwing means that the process died after the
    /// commit.
    ///
    /// @param n the number that [#beforeCommit] was called with
    default void afterCommit(int n) {}
}
