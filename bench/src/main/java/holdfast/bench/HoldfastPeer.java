package holdfast.bench;

import com.zaxxer.hikari.HikariDataSource;
import holdfast.platform.Database;
import java.sql.SQLException;

/// Ourselves, with the product's own settings. One unit: a new resource with the payload and a process that leads it
/// through three states, with journal and process log.
final class HoldfastPeer implements Peer {
    private final Database database;
    private final Jobs jobs;

    /// @param pool says only where the database is: we have our own
    HoldfastPeer(HikariDataSource pool, int steps, Runnable ran) {
        database = Database.open(pool.getJdbcUrl(), pool.getUsername(), pool.getPassword());
        jobs = new Jobs(database, steps, _ -> ran.run());
        jobs.start();
    }

    @Override
    public void enqueue(int number) {
        jobs.createAndSchedule();
    }

    @Override
    public int finished() throws SQLException {
        return jobs.stored();
    }

    @Override
    public void close() throws InterruptedException {
        jobs.stop();
        database.close();
    }
}
