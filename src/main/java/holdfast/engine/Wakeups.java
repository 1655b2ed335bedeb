package holdfast.engine;

import holdfast.platform.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets server processes on one database wake each other, and notice at once when one of them dies.
///
/// Holds one connection of its own. On it this process listens for the others, and holds an advisory lock named after
/// its runner: when the process dies the database drops the lock, and who can take it knows that the claims of that
/// runner are free.
final class Wakeups {
    private static final Logger LOG = LoggerFactory.getLogger(Wakeups.class);
    private static final int PATIENCE_MILLIS = 500;

    private final Database database;
    private final UUID runner;
    private final List<Signal> signals;
    private final Signal news = new Signal();
    private final Thread listener =
            Thread.ofPlatform().name("wakeups-in").daemon().unstarted(this::listen);
    private final Thread teller = Thread.ofVirtual().name("wakeups-out").unstarted(this::tell);
    private volatile boolean stopped;

    Wakeups(Database database, UUID runner, List<Signal> signals) {
        this.database = database;
        this.runner = runner;
        this.signals = signals;
    }

    /// @param shared whether other processes may use the database, so that they must be told; presence is shown in
    ///     any case
    void start(boolean shared) {
        listener.start();
        if (shared) {
            signals.forEach(signal -> signal.echo(news::raiseHere));
            teller.start();
        }
    }

    void stop() throws InterruptedException {
        stopped = true;
        teller.interrupt();
        listener.join(Duration.ofMillis(4 * PATIENCE_MILLIS));
    }

    private void listen() {
        while (!stopped) {
            try (var connection = database.connect()) {
                present(connection);
                signals.forEach(Signal::raiseHere);
                while (!stopped) {
                    var notifications = connection.unwrap(PGConnection.class).getNotifications(PATIENCE_MILLIS);
                    if (notifications != null && notifications.length > 0) {
                        signals.forEach(Signal::raiseHere);
                    }
                }
            } catch (SQLException e) {
                LOG.warn("not listening for other servers until the database is back: {}", e.getMessage());
                pause();
            }
        }
    }

    private void present(Connection connection) throws SQLException {
        try (var lock = connection.prepareStatement("select pg_advisory_lock(hashtextextended(?, 0))");
                var listen = connection.createStatement()) {
            lock.setString(1, runner.toString());
            lock.execute();
            listen.execute("listen holdfast");
        }
    }

    /// Many changes at about the same time are one notification. One that is lost costs the others a moment: they
    /// also look by themselves.
    private void tell() {
        try {
            long seen = -1;
            while (true) {
                long count = news.count();
                if (count == seen) {
                    news.await(seen, Duration.ofMinutes(1));
                    continue;
                }
                seen = count;
                try {
                    database.inTransaction(tx -> tx.sql().execute("notify holdfast"));
                } catch (RuntimeException e) {
                    LOG.debug("could not tell other servers: {}", e.getMessage());
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PATIENCE_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
