package holdfast.notifications;

import holdfast.engine.Engine;
import holdfast.engine.Signal;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Numbers what was told, wakes those who wait for it, and delivers it, until it is stopped. Several servers on one
/// database share the work; one that is woken too late, or not at all, looks every second.
public final class Notifications {
    private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);
    private static final int AT_ONCE = 64;
    private static final Duration SWEEP = Duration.ofSeconds(1);
    /// The first notice gets its number at once, those that come soon after it get theirs together.
    private static final Duration TOGETHER = Duration.ofMillis(20);

    private static final Duration LAPSING = Duration.ofSeconds(60);

    private final Platform platform;
    private final Engine engine;
    private final NoticeBoard board = new NoticeBoard();
    private final Signal numbered = new Signal();
    private final Latest latest;
    private final Subscribers subscribers;
    private final Numbering numbering;
    private final Deliveries deliveries;
    private final Semaphore room = new Semaphore(AT_ONCE);
    private final Shares shares = new Shares();
    private final Set<Thread> delivering = ConcurrentHashMap.newKeySet();
    private final Thread loop = Thread.ofVirtual().name("notifications").unstarted(this::loop);
    private volatile boolean stopped;
    private volatile boolean again;
    private long last;
    private Instant swept = Instant.MIN;

    public Notifications(
            Platform platform, Database database, Engine engine, Secrets secrets, Receiver receiver, Hearers hearers) {
        this(platform, database, engine, secrets, receiver, hearers, Map.of());
    }

    /// @param faces other interfaces by which somebody may subscribe, by their names
    public Notifications(
            Platform platform,
            Database database,
            Engine engine,
            Secrets secrets,
            Receiver receiver,
            Hearers hearers,
            Map<String, Face> faces) {
        this.platform = platform;
        this.engine = engine;
        this.latest = new Latest(database, board, numbered);
        this.subscribers = new Subscribers(platform, engine, secrets, board, receiver);
        this.numbering = new Numbering(database, board);
        var all = new Faces(Face.ours(hearers), faces);
        this.deliveries = new Deliveries(platform, database, engine, board, subscribers, receiver, shares, all);
        if (!faces.isEmpty()) { // ours last until somebody ends them
            engine.tasks().add("subscription.lapse", LAPSING, () -> database.inTransaction(subscribers::lapse));
        }
    }

    public NoticeBoard board() {
        return board;
    }

    /// For those who wait for what comes next.
    public Latest latest() {
        return latest;
    }

    public Subscribers subscribers() {
        return subscribers;
    }

    /// Raised when there are notices on the board that were not there before.
    public Signal numbered() {
        return numbered;
    }

    public void start() {
        loop.start();
    }

    /// Whether nothing is numbered here any more: who waits for it need not.
    public boolean isStopped() {
        return stopped;
    }

    /// What is being delivered is broken off, and delivered again by another server or after the next start.
    public void stop() throws InterruptedException {
        stopped = true;
        engine.notices().told().raiseHere();
        numbered.raiseHere();
        loop.join(Duration.ofSeconds(5));
        delivering.forEach(Thread::interrupt);
        for (var thread : delivering) {
            thread.join(Duration.ofSeconds(5));
        }
    }

    private void loop() {
        while (!stopped) {
            try {
                long seen = engine.notices().told().count();
                boolean news = number();
                if (news || again || !platform.now().isBefore(swept.plus(SWEEP))) {
                    again = false;
                    swept = platform.now();
                    hand();
                }
                if (news) {
                    Thread.sleep(TOGETHER);
                }
                engine.notices().told().await(seen, SWEEP);
            } catch (InterruptedException _) {
                return;
            } catch (DatabaseUnavailableException e) {
                LOG.warn("the database is away; notices wait for it: {}", e.getMessage());
                rest();
            } catch (RuntimeException e) {
                LOG.error("notices could not be numbered or delivered; that is tried again", e);
                rest();
            }
        }
    }

    private boolean number() {
        long now = numbering.run();
        boolean news = now != last;
        last = now;
        if (news) {
            numbered.raiseHere();
        }
        return news;
    }

    /// Hands what is to be delivered to threads, as long as there is something for which there is room.
    private void hand() {
        Deliveries.Round round;
        do {
            round = deliveries.claim(room.availablePermits());
            for (var claimed : round.claimed()) {
                room.acquireUninterruptibly(); // only this thread takes
                shares.take(claimed.subscription().project());
                var thread = Thread.ofVirtual().name("delivery").unstarted(() -> deliver(claimed));
                delivering.add(thread);
                thread.start();
            }
        } while (round.moved() && !stopped);
    }

    private void deliver(Deliveries.Claimed claimed) {
        try {
            deliveries.deliver(claimed);
        } catch (InterruptedException _) {
            LOG.debug("{} is left to another server", claimed.subscription().id());
        } catch (DatabaseUnavailableException e) {
            LOG.warn(
                    "what {} has taken could not be noted, and is delivered again: {}",
                    claimed.subscription().id(),
                    e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{} could not be delivered to", claimed.subscription().id(), e);
        } finally {
            delivering.remove(Thread.currentThread());
            shares.giveBack(claimed.subscription().project());
            room.release();
            again = true;
            engine.notices().told().raiseHere();
        }
    }

    /// Does in the calling thread what there is to do now, without starting anything: for simulations.
    ///
    /// @return whether there was anything
    public boolean runDue() throws InterruptedException {
        boolean news = number();
        var round = deliveries.claim(1);
        for (var claimed : round.claimed()) {
            deliveries.deliver(claimed);
        }
        return news || round.moved();
    }

    private static void rest() {
        try {
            Thread.sleep(SWEEP);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
