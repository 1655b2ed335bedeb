package holdfast.platform;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.Set;

/// What an error of the database means for the caller, by its SQLSTATE.
public final class SqlErrors {
    /// A serialization failure, a deadlock, a lock that is not waited for.
    private static final Set<String> LOST_RACE = Set.of("40001", "40P01", "55P03");
    private static final String DISK_FULL = "53100";

    private SqlErrors() {}

    /// The SQLSTATE of the innermost database error in a chain of causes, if there is one.
    public static Optional<String> state(Throwable error) {
        return sqlException(error).map(SQLException::getSQLState);
    }

    /// Whether the statement broke an exclusion constraint (23P01): somebody else holds the same thing at the same
    /// time.
    public static boolean isExcluded(Throwable error) {
        return state(error).filter("23P01"::equals).isPresent();
    }

    /// Whether the statement broke a unique constraint (23505): the thing is there already.
    public static boolean isDuplicate(Throwable error) {
        return state(error).filter("23505"::equals).isPresent();
    }

    /// Whether the statement was given up (57014) because it took longer than its time.
    public static boolean isCancelled(Throwable error) {
        return state(error).filter("57014"::equals).isPresent();
    }

    /// Whether the whole transaction may simply be run again: the database says so, or the code has noticed itself
    /// that something changed in between.
    static boolean isLostRace(Throwable error) {
        return error instanceof LostRaceException
                || state(error).filter(LOST_RACE::contains).isPresent();
    }

    /// The error as one that says that the database is not there for now, if that is what it means.
    static Optional<DatabaseUnavailableException> unavailable(Throwable error) {
        var sql = sqlException(error);
        if (sql.isEmpty()) return Optional.empty();
        var state = Optional.ofNullable(sql.get().getSQLState()).orElse("");
        if (state.equals(DISK_FULL))
            return Optional.of(new DatabaseUnavailableException(
                    "the database's disk is full; free some room, writes go on then",
                    DatabaseUnavailableException.Why.DISK_FULL,
                    error));
        boolean lost = sql.get() instanceof SQLTransientConnectionException
                || state.startsWith("08") // connection lost or refused
                || state.startsWith("57P") // shut down by its operator, crashed, or not yet started
                || state.equals("53300"); // no connection left for us
        return lost
                ? Optional.of(new DatabaseUnavailableException(
                        "the database does not answer: " + sql.get().getMessage(),
                        DatabaseUnavailableException.Why.AWAY,
                        error))
                : Optional.empty();
    }

    private static Optional<SQLException> sqlException(Throwable error) {
        Optional<SQLException> found = Optional.empty();
        int depth = 0;
        for (Throwable t = error; t != null && depth < 20; t = t.getCause(), depth++) {
            if (t instanceof SQLException sql && (found.isEmpty() || sql.getSQLState() != null))
                found = Optional.of(sql);
        }
        return found;
    }
}
