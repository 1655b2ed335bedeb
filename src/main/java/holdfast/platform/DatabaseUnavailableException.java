package holdfast.platform;

/// The database did not take the work: no connection in time, a connection that broke, or a disk without room.
///
/// Nothing that was asked for in the transaction is known to have happened, unless it broke during the commit: then it
/// either happened whole or not at all. The work may be asked for again later if it can bear being done twice.
public final class DatabaseUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean diskFull;

    DatabaseUnavailableException(String message, boolean diskFull, Throwable cause) {
        super(message, cause);
        this.diskFull = diskFull;
    }

    /// Whether the reason is that the database's disk is full: it answers reads then, and writes again once there
    /// is room.
    public boolean isDiskFull() {
        return diskFull;
    }
}
