package holdfast.platform;

/// The database did not take the work: no connection in time, a connection that broke, a disk without room, or others
/// who were faster each time.
///
/// Nothing that was asked for in the transaction is known to have happened, unless it broke during the commit: then it
/// either happened whole or not at all. The work may be asked for again later if it can bear being done twice.
public final class DatabaseUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Why why;

    /// Why the work was not taken.
    enum Why {
        AWAY("the database is away; what was asked for may or may not be done; ask again in some seconds"),
        /// It answers reads, and writes again once there is room.
        DISK_FULL("the database's disk is full: nothing can be changed until there is room again"),
        /// All connections are in use.
        BUSY("the server has more to do than it can at once; ask again in some seconds"),
        /// Each try met others at the same things.
        CROWDED("others are changing the same things; nothing was changed; ask again in some seconds");

        private final String advice;

        Why(String advice) {
            this.advice = advice;
        }
    }

    DatabaseUnavailableException(String message, Why why, Throwable cause) {
        super(message, cause);
        this.why = why;
    }

    /// What somebody who asked for it is told: nothing that only operators may know.
    public String advice() {
        return why.advice;
    }

    /// Whether the reason is that the database's disk is full: it answers reads then, and writes again once there
    /// is room.
    public boolean isDiskFull() {
        return why == Why.DISK_FULL;
    }

    /// Whether the database is there, and others were faster each time: alone, it may be done.
    public boolean isCrowded() {
        return why == Why.CROWDED;
    }

    /// Whether the database is there, and all connections to it are in use.
    public boolean isBusy() {
        return why == Why.BUSY;
    }
}
