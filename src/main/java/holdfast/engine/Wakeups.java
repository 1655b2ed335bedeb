package holdfast.engine;

import holdfast.platform.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
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
    private static final Duration TOGETHER = Duration.ofMillis(10);
    /// How soon one who is alone looks again whether that is still so; who begins to listen says so itself.
    private static final Duration ALONE = Duration.ofSeconds(1);

    /// All who listen hold this lock together.
    private static final String LISTEN = "select pg_advisory_lock_shared(1752132708, 1)";

    /// Tells those who listen, if there are others: a notification is a commit that all commits wait for.
    private static final String TELL = """
            select pg_notify('holdfast', ?)
             where exists (select from pg_locks
                            where locktype = 'advisory' and classid = 1752132708 and objid = 1 and objsubid = 2 and granted and pid <> ?
                              and database = (select oid from pg_database where datname = current_database()))""";

    private final Database database;
    private final UUID runner;
    private final List<Signal> signals;
    private final Signal news = new Signal();
    private final AtomicInteger untold = new AtomicInteger(); // a bit for each of the signals
    private final Thread listener =
            Thread.ofPlatform().name("wakeups-in").daemon().unstarted(this::listen);
    private final Thread teller = Thread.ofVirtual().name("wakeups-out").unstarted(this::tell);
    private final Signal company = new Signal();
    private volatile int own;
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
            for (int i = 0; i < signals.size(); i++) {
                int bit = 1 << i;
                signals.get(i).echo(() -> {
                    untold.getAndUpdate(bits -> bits | bit);
                    news.raiseHere();
                });
            }
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
                    if (notifications != null) {
                        hear(notifications);
                    }
                }
            } catch (SQLException e) {
                LOG.warn("not listening for other servers until the database is back: {}", e.getMessage());
                pause();
            }
        }
    }

    /// Raises what others have raised. Of what this process has told itself it knows already.
    private void hear(PGNotification[] notifications) {
        int raised = 0;
        for (var notification : notifications) {
            var said = notification.getParameter().split(" ", 2);
            if (said.length == 2 && said[0].matches("\\d{1,2}") && !said[1].equals(runner.toString())) {
                raised |= Integer.parseInt(said[0]);
                company.raiseHere();
            }
        }
        for (int i = 0; i < signals.size(); i++) {
            if ((raised & 1 << i) != 0) {
                signals.get(i).raiseHere();
            }
        }
    }

    private void present(Connection connection) throws SQLException {
        try (var lock = connection.prepareStatement("select pg_advisory_lock(hashtextextended(?, 0))");
                var hello = connection.prepareStatement("select pg_notify('holdfast', ?)");
                var listen = connection.createStatement()) {
            own = connection.unwrap(PGConnection.class).getBackendPID();
            lock.setString(1, runner.toString());
            lock.execute();
            listen.execute(LISTEN);
            listen.execute("listen holdfast");
            hello.setString(1, "0 " + runner);
            hello.execute();
        }
    }

    /// The first change is told at once, and those that come soon after it together: a notification names the
    /// signals and the runner. One that is lost costs the others a moment: they also look by themselves.
    private void tell() {
        try {
            while (true) {
                long seen = news.count();
                int raised = untold.getAndSet(0);
                if (raised == 0) {
                    news.await(seen, Duration.ofMinutes(1));
                    continue;
                }
                long others = company.count();
                if (tell(raised)) {
                    Thread.sleep(TOGETHER);
                } else {
                    company.await(others, ALONE);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return whether there is anybody to tell
    private boolean tell(int raised) {
        try {
            return database.inTransaction(
                    tx -> tx.sql().fetch(TELL, raised + " " + runner, own).isNotEmpty());
        } catch (RuntimeException e) {
            LOG.debug("could not tell other servers: {}", e.getMessage());
            return true;
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
