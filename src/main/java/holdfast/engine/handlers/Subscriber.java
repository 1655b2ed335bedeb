package holdfast.engine.handlers;

import holdfast.engine.Journal;
import holdfast.engine.Journal.Cursor;
import holdfast.engine.handlers.Claims.Offered;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One who listens. Runs in a thread of his own: whoever reads slowly holds up nobody. What does not fit into his queue
/// he reads again from the database when he gets to it.
final class Subscriber {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriber.class);
    private static final Duration TICK = Duration.ofMillis(500);

    private final UUID id;
    private final Platform platform;
    private final Subscriptions hub;
    private final Interest interest;
    private final Audience audience;
    private final BlockingQueue<Item> queue;
    private final Feed.Listener<Journal.Entry> entries = this::offer;
    private final Feed.Listener<Offered> calls = this::offer;
    private volatile boolean behind = true;
    private Cursor nextEntry = Cursor.START;
    private Cursor nextCall = Cursor.START;
    private Instant pinged = Instant.EPOCH;

    private sealed interface Item {
        record Told(Journal.Entry entry) implements Item {}

        record Called(Offered offered) implements Item {}
    }

    /// Ends the stream of one who may not hear it any more.
    private static final class NoLonger extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoLonger() {
            super("", null, false, false);
        }
    }

    Subscriber(UUID id, Platform platform, Subscriptions hub, Interest interest, Audience audience, int queueLength) {
        this.id = id;
        this.platform = platform;
        this.hub = hub;
        this.interest = interest;
        this.audience = audience;
        this.queue = new ArrayBlockingQueue<>(queueLength);
    }

    private boolean offer(Journal.Entry entry) {
        return !interest.wants(entry) || put(new Item.Told(entry));
    }

    private boolean offer(Offered offered) {
        return !interest.wants(offered.call()) || put(new Item.Called(offered));
    }

    private boolean put(Item item) {
        if (behind || !queue.offer(item)) {
            behind = true;
            return false;
        }
        return true;
    }

    /// Tells until the audience has gone, its key or membership has, or the server stops.
    void run() throws InterruptedException {
        nextEntry = interest.after().orElseGet(hub::end);
        try {
            audience.opened();
            ping();
            while (true) {
                if (behind && queue.isEmpty()) {
                    catchUpOrRest();
                }
                var item = queue.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
                switch (item) {
                    case null -> {}
                    case Item.Told(var entry) -> tell(entry);
                    case Item.Called(var offered) -> tell(offered);
                }
                audience.tick();
                ping();
            }
        } catch (NoLonger _) {
            LOG.debug("{} may hear no more", interest.caller().user());
        } finally {
            hub.entries().leave(entries);
            hub.calls().leave(calls);
            release();
        }
    }

    /// Not to be cut short by the interrupt that ends a subscriber.
    private void release() {
        boolean interrupted = Thread.interrupted();
        try {
            hub.claims().release(id);
        } catch (DatabaseUnavailableException e) {
            LOG.warn("calls that a subscriber had taken stay with it until they are sent again: {}", e.getMessage());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void catchUpOrRest() throws InterruptedException {
        try {
            catchUp();
        } catch (DatabaseUnavailableException e) {
            LOG.debug("the database is away; a subscriber waits for it", e);
            behind = true;
            Thread.sleep(TICK);
        }
    }

    private void catchUp() throws InterruptedException {
        hub.entries().leave(entries);
        hub.calls().leave(calls);
        behind = false;
        if (interest.entries().isPresent()) {
            do {
                readEntries();
            } while (!hub.entries().join(entries, nextEntry));
        }
        if (interest.calls().isPresent()) {
            do {
                readCalls();
            } while (!hub.calls().join(calls, nextCall));
        }
    }

    private void readEntries() throws InterruptedException {
        boolean full = true;
        while (full) {
            var page = hub.entriesAfter(interest, nextEntry);
            for (var entry : page.entries()) {
                tell(entry);
            }
            nextEntry = page.next();
            full = page.full();
            ping();
        }
    }

    private void readCalls() throws InterruptedException {
        boolean full = true;
        while (full) {
            var page = hub.calls().read(nextCall);
            for (var offered : page.things()) {
                if (interest.wants(offered.call())) {
                    tell(offered);
                }
            }
            nextCall = page.next();
            full = page.full();
            ping();
        }
    }

    private void tell(Journal.Entry entry) throws InterruptedException {
        if (interest.wants(entry)) { // types may have been declared since it began
            audience.entry(entry);
        }
        nextEntry = entry.cursor();
        stopIfAsked();
    }

    private void tell(Offered offered) throws InterruptedException {
        audience.call(id, offered.call());
        nextCall = offered.cursor();
        stopIfAsked();
    }

    private static void stopIfAsked() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("the server stops");
        }
    }

    private void ping() {
        var now = platform.now();
        if (!now.isBefore(pinged.plus(hub.pingEvery()))) {
            if (!interest.still().getAsBoolean()) {
                throw new NoLonger();
            }
            audience.ping();
            pinged = now;
        }
    }
}
