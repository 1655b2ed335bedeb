package holdfast.drivers.kubernetes;

/// A cluster did not do what was asked of it.
final class ClusterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// What it means for the asker.
    enum Sort {
        /// It may be another time: no answer, too much to do, somebody else was faster.
        LATER,
        /// It does not let us in, or not do that.
        DENIED,
        /// It will not be.
        NEVER
    }

    private final Sort sort;

    ClusterException(Sort sort, String message) {
        super(message);
        this.sort = sort;
    }

    static ClusterException never(String message) {
        return new ClusterException(Sort.NEVER, message);
    }

    Sort sort() {
        return sort;
    }
}
