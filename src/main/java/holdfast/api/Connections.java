package holdfast.api;

import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Signal;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.Finishing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Connections to machines that go through this server: how many there may be, that their beginnings and ends are in
/// the journal, and that each is closed when what it rests on is over.
public final class Connections implements AutoCloseable {
    /// After which one where nothing moves is closed.
    public static final Duration IDLE = Duration.ofMinutes(10);

    public static final int MOST = 256;
    public static final int MOST_EACH = 32;

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final Duration LOOK = Duration.ofSeconds(15);
    private static final int PAUSE_MILLIS = 200;
    private static final int PAUSE_EACH_MILLIS = 10;

    private final Database database;
    private final Engine engine;
    private final Turns turns = new Turns(MOST, MOST_EACH, Duration.ZERO, "too many connections are open");
    private final Set<Held> open = ConcurrentHashMap.newKeySet();
    private final Signal opened = new Signal();
    private final Thread watching = Thread.ofVirtual().name("connections").unstarted(this::watch);

    /// What a connection is about, for the journal.
    ///
    /// @param resource the sliver or the lease
    /// @param who opens it
    public record About(Resource resource, String who, int port) {}

    public Connections(Database database, Engine engine) {
        this.database = database;
        this.engine = engine;
    }

    /// Begins to look whether those that are open may go on.
    public void start() {
        watching.start();
    }

    /// Takes a place for a connection, before it is made.
    ///
    /// @param to the machine, by the id of its sliver or lease
    /// @return empty if too many are open already, see [#crowded]
    public Optional<Place> place(UUID to) {
        try {
            return Optional.of(new Place(turns.take(to.toString())));
        } catch (CannotTellException _) {
            return Optional.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /// Why there is no place.
    public static String crowded() {
        return "too many connections are open: at most " + MOST_EACH + " to one machine and " + MOST
                + " in all; close some";
    }

    /// A place for one connection, given back unless it is filled.
    public final class Place implements AutoCloseable {
        private final Turns.Turn turn;
        private boolean filled;

        private Place(Turns.Turn turn) {
            this.turn = turn;
        }

        /// The same channel, in its place.
        ///
        /// @param over asked now and again, and when anything has changed: why it may not go on, if so
        public ByteChannel fill(ByteChannel far, About about, Supplier<Optional<String>> over) {
            filled = true;
            var held = new Held(far, turn, about, over);
            note(about, "a connection to its port " + about.port() + " is open");
            open.add(held);
            opened.raiseHere();
            return held;
        }

        @Override
        public void close() {
            if (!filled) {
                turn.close();
            }
        }
    }

    private void note(About about, String why) {
        try {
            database.inTransaction(tx -> {
                engine.journal().changed(tx, about.resource(), about.who(), why);
                return true;
            });
        } catch (RuntimeException e) {
            LOG.warn("{} of {}: not in the journal: {}", why, about.resource().id(), e.toString());
        }
    }

    private void watch() {
        try {
            while (true) {
                long seen = engine.changed().count();
                long known = opened.count();
                look();
                if (open.isEmpty()) {
                    opened.await(known, LOOK);
                } else {
                    Thread.sleep(Math.max(PAUSE_MILLIS, PAUSE_EACH_MILLIS * open.size()));
                    engine.changed().await(seen, LOOK);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        open.forEach(Held::look);
    }

    @Override
    public void close() {
        watching.interrupt();
        try {
            if (watching.isAlive()) {
                watching.join(LOOK);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        open.forEach(held -> held.end("the server stops"));
    }

    /// One that is open.
    private final class Held implements Finishing {
        private final ByteChannel far;
        private final Turns.Turn turn;
        private final About about;
        private final Supplier<Optional<String>> over;
        private final AtomicBoolean closed = new AtomicBoolean();
        private final AtomicLong there = new AtomicLong();
        private final AtomicLong back = new AtomicLong();
        private volatile Optional<String> why = Optional.empty();

        Held(ByteChannel far, Turns.Turn turn, About about, Supplier<Optional<String>> over) {
            this.far = far;
            this.turn = turn;
            this.about = about;
            this.over = over;
        }

        void look() {
            try {
                over.get().ifPresent(this::end);
            } catch (DatabaseUnavailableException _) {
                // nobody can say; it is asked again
            } catch (RuntimeException e) {
                LOG.error("whether a connection may go on is not known; it is closed", e);
                end("the server failed; its log tells why");
            }
        }

        /// Whoever reads or writes is told why.
        void end(String reason) {
            why = Optional.of(reason);
            try {
                close();
            } catch (IOException e) {
                LOG.debug("a connection did not close cleanly", e);
            }
        }

        private IOException told(IOException e) {
            return why.map(reason -> new IOException(reason, e)).orElse(e);
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            int count;
            try {
                count = far.read(into);
            } catch (IOException e) {
                throw told(e);
            }
            if (count < 0) {
                look(); // it may have ended for a reason that is worth telling
                if (why.isPresent()) {
                    throw new IOException(why.get());
                }
            }
            back.addAndGet(Math.max(0, count));
            return count;
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            try {
                int count = far.write(from);
                there.addAndGet(count);
                return count;
            } catch (IOException e) {
                throw told(e);
            }
        }

        @Override
        public void finish() throws IOException {
            try {
                Finishing.finish(far);
            } catch (IOException e) {
                throw told(e);
            }
        }

        private String account() {
            return "a connection to its port " + about.port() + " is closed: " + there + " bytes there, " + back
                    + " back" + why.map(reason -> "; " + reason).orElse("");
        }

        @Override
        public boolean isOpen() {
            return far.isOpen() && !closed.get();
        }

        @Override
        public void close() throws IOException {
            if (closed.getAndSet(true)) {
                return;
            }
            open.remove(this);
            turn.close();
            try {
                far.close();
            } finally { // by a thread that nobody interrupts
                Thread.ofVirtual().name("connection, closed").start(() -> note(about, account()));
            }
        }
    }
}
