package holdfast.bench;

import holdfast.platform.Database;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// Ourselves, with the product's own settings. One unit: a new resource with the payload and a process that leads it
/// through three states, with journal and process log.
final class HoldfastPeer implements Peer {
    private final Database database;
    private final Jobs jobs;

    HoldfastPeer(DataSource source, int steps, Runnable ran) {
        var server = (PGSimpleDataSource) source;
        database = Database.open(server.getUrl(), server.getUser(), server.getPassword());
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
