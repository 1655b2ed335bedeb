package holdfast.broker.choice;

/// How the instances of one item share hosts: Blazar's `affinity` of true, false and none.
public enum Affinity {
    /// All on one host.
    TOGETHER,
    /// Each on a host of its own.
    APART,
    /// As it comes.
    NONE
}
