package holdfast.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import javax.sql.DataSource;

/// Somebody who does durable work in steps: an engine that runs, on an empty database of its own.
interface Peer extends AutoCloseable {
    /// Threads, and connections to the database, of each peer that lets one choose.
    int WORKERS = 32;

    /// Asks for one unit of work with a small payload; it is durable when this returns.
    void enqueue(int number) throws Exception;

    /// How many units are finished for the database: the truth, which is asked when all have run.
    int finished() throws SQLException;

    @Override
    void close() throws Exception;

    /// Starts a peer.
    interface Start {
        /// @param pool closed by who calls this
        /// @param steps of each unit, each recorded durably before the next begins; may be 0 for some
        /// @param ran to be called at the end of the last step of each unit, or of the unit
        Peer start(HikariDataSource pool, int steps, Runnable ran) throws Exception;
    }

    static int count(DataSource database, String query) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
