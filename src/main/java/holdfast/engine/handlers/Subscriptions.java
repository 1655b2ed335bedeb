package holdfast.engine.handlers;

import holdfast.engine.Engine;
import holdfast.engine.Journal;
import holdfast.engine.Journal.Cursor;
import holdfast.engine.handlers.Claims.Offered;
import holdfast.engine.handlers.Feed.Next;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Everybody who listens at this server. One thread reads for all of them what has happened, woken by the engine.
public final class Subscriptions {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);
    private static final Duration SWEEP = Duration.ofSeconds(2);
    private static final Duration SOON = Duration.ofMillis(10);
    private static final Duration AWAY = Duration.ofSeconds(1);

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final Options options;
    private final Semaphore room;
    private final Claims claims;
    private final Feed<Journal.Entry> entries;
    private final Feed<Offered> calls;
    private volatile boolean stopped;
    private final Thread reader = Thread.ofVirtual().name("subscriptions").unstarted(this::run);

    /// @param most subscribers of this server
    /// @param queueLength how much may wait for one of them in memory
    /// @param pingEvery how often each gets a sign of life
    public record Options(int most, int queueLength, Duration pingEvery) {
        public static Options standard() {
            return new Options(10_000, 100, Duration.ofSeconds(5));
        }
    }

    public Subscriptions(Platform platform, Database database, Engine engine, Options options) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.options = options;
        this.room = new Semaphore(options.most);
        this.claims = new Claims(database, engine);
        this.entries = new Feed<>(this::allEntries, Journal.Entry::cursor);
        this.calls = new Feed<>(claims::read, Offered::cursor);
    }

    public void start() {
        reader.start();
    }

    /// Those who listen end when their connections do.
    public void stop() throws InterruptedException {
        stopped = true;
        engine.changed().raiseHere();
        reader.join(Duration.ofSeconds(5));
    }

    /// Sends the events of these names until `out` throws or the thread is interrupted; ends at once if meanwhile
    /// there is no room.
    ///
    /// @param interest what else restricts them; the names decide over calls
    /// @param view how resources in events are shown
    public void events(Interest interest, List<EventName> names, View view, Consumer<ObjectNode> out)
            throws InterruptedException {
        seat(interest.of(names), new Events(platform, database, engine, claims, view, interest, names, out));
    }

    /// Tells entries of the journal likewise.
    ///
    /// @param idle called when nothing was to be told for a while
    public void journal(Interest interest, Consumer<Journal.Entry> out, Runnable idle) throws InterruptedException {
        seat(interest, new Audience() {
            @Override
            public void entry(Journal.Entry entry) {
                out.accept(entry);
            }

            @Override
            public void ping() {
                idle.run();
            }
        });
    }

    /// Whether one more may listen. A place is taken only by who begins to: clients go away before that, too.
    public boolean hasRoom() {
        return room.availablePermits() > 0;
    }

    private void seat(Interest interest, Audience audience) throws InterruptedException {
        if (!room.tryAcquire()) {
            return;
        }
        try {
            listen(interest, audience);
        } finally {
            room.release();
        }
    }

    /// Tells `audience` until it has gone or the thread is interrupted.
    void listen(Interest interest, Audience audience) throws InterruptedException {
        new Subscriber(platform.newId(), platform, this, interest, audience, options.queueLength).run();
    }

    Feed<Journal.Entry> entries() {
        return entries;
    }

    Feed<Offered> calls() {
        return calls;
    }

    Claims claims() {
        return claims;
    }

    Duration pingEvery() {
        return options.pingEvery;
    }

    /// The end of the journal.
    Cursor end() {
        return database.inTransaction(engine.journal()::end);
    }

    Journal.Page entriesAfter(Interest interest, Cursor after) {
        var wanted = interest.entries().orElseThrow().condition().and(interest.seenBy());
        return database.inTransaction(tx -> engine.journal().read(tx, wanted, after, Feed.LIMIT));
    }

    private Feed.Page<Journal.Entry> allEntries(Cursor after, int limit) {
        var page = database.inTransaction(tx -> engine.journal().read(tx, DSL.noCondition(), after, limit));
        return new Feed.Page<>(page.entries(), page.next(), page.full(), page.pending());
    }

    private void run() {
        var swept = Instant.EPOCH;
        while (!stopped) {
            try {
                long seen = engine.changed().count();
                if (!calls.isEmpty() && !platform.now().isBefore(swept.plus(SWEEP))) {
                    swept = platform.now();
                    claims.releaseDead();
                }
                var next = sooner(entries.advance(), calls.advance());
                switch (next) {
                    case AT_ONCE -> {}
                    case SOON -> engine.changed().await(seen, SOON);
                    case WHEN_CHANGED -> engine.changed().await(seen, SWEEP);
                }
            } catch (InterruptedException _) {
                return;
            } catch (DatabaseUnavailableException e) {
                LOG.warn("the database is away; subscribers wait for it: {}", e.getMessage());
                rest();
            } catch (RuntimeException e) {
                LOG.error("subscribers could not be told; that is tried again", e);
                rest();
            }
        }
    }

    private static Next sooner(Next one, Next other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static void rest() {
        try {
            Thread.sleep(AWAY);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
