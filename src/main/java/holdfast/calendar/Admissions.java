package holdfast.calendar;

import static java.util.Objects.requireNonNull;

import holdfast.core.Answer;
import holdfast.engine.GroupCommit;
import holdfast.platform.Database;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Bookings at a high rate (promise.md 6.5, 6.6): up to 256 requests share a transaction. Places that are asked for
/// again and again become *hot*: what is free of them is kept in memory, and requests are decided there. Nobody hears
/// an answer before it is durable. Refusals, units and what is lent go through [Calendar#bookAll] one by one.
///
/// Whoever else changes a hot place, through the calendar or past it, here or in another server, is heard of before
/// the next decision.
public final class Admissions implements AutoCloseable {
    /// How many requests make a place hot: reading it costs about as much as they did.
    static final int HOT = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Admissions.class);
    private static final int MOST_WATCHED = 50_000;
    private static final int NEVER = Integer.MIN_VALUE;

    private final Database database;
    private final Calendar calendar;
    private final Hot hot;
    private final GroupCommit<Ask<?>, Boolean> hotLane;
    private final GroupCommit<Ask<?>, Boolean> wideLane;
    private final Map<PlaceId, Integer> warmth = new ConcurrentHashMap<>();

    /// Memory for hot places is two fifths of what the Java process may have.
    ///
    /// @param server the id of this process
    public Admissions(UUID server, Database database, Calendar calendar) {
        this(server, database, calendar, Runtime.getRuntime().maxMemory() / 5 * 2);
    }

    /// @param mostBytes about how much memory hot places may take in all; a place that takes more is never hot
    public Admissions(UUID server, Database database, Calendar calendar, long mostBytes) {
        this.database = database;
        this.calendar = calendar;
        this.hot = new Hot(server, database, mostBytes);
        var narrow = new HotLane(database, hot, calendar.searchAhead());
        this.hotLane = new GroupCommit<>("hot admissions", narrow, GroupCommit.Outage.FAIL);
        this.wideLane = new GroupCommit<>("admissions", new WideLane(database), GroupCommit.Outage.FAIL);
        hotLane.start();
        wideLane.start();
    }

    /// Books all or nothing, as [Calendar#bookAll] does, and returns when that is durable.
    ///
    /// @throws holdfast.platform.DatabaseUnavailableException if it is not known what became of it; asking again is
    ///     safe
    public Answer<List<Booking>> book(List<Booking> bookings) {
        return book(bookings, (_, booked) -> booked);
    }

    /// The same, with `then` done in the same transaction if the answer is yes.
    ///
    /// @param then what it did is undone, and it is run again, if the transaction lost a race; many may share a
    ///     transaction, so it must not be slow
    public <R> Answer<R> book(List<Booking> bookings, BiFunction<Tx, List<Booking>, R> then) {
        var ask = new Ask<>(bookings, then);
        if (ask.isSimple()) {
            ask.places().forEach(this::warmUp);
            var lane = hot.knows(ask.places()) ? hotLane : wideLane;
            if (isDecided(ask, lane)) {
                return requireNonNull(ask.answer());
            }
        }
        return database.inTransaction(tx -> calendar.bookAll(tx, bookings).map(booked -> then.apply(tx, booked)));
    }

    private static boolean isDecided(Ask<?> ask, GroupCommit<Ask<?>, Boolean> lane) {
        try {
            return lane.write(ask);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + ask.bookings() + " were booked", e);
        }
    }

    /// Whether requests for this place are decided in memory now.
    public boolean isHot(String book, String place) {
        return hot.knows(List.of(new PlaceId(book, place)));
    }

    /// Ends what is under way, and gives no more answers.
    @Override
    public void close() {
        try {
            hotLane.stop();
            wideLane.stop();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    // -------------------------------------------------------------------------------------------------------------
    // what becomes hot

    private void warmUp(PlaceId place) {
        if (hot.knows(List.of(place))) {
            return;
        }
        if (warmth.size() > MOST_WATCHED) {
            warmth.clear();
        }
        if (warmth.merge(place, 1, (warm, one) -> warm == NEVER ? NEVER : warm + one) == HOT) {
            Thread.ofVirtual().name("hot " + place.id()).start(() -> heat(place));
        }
    }

    /// Makes a place hot now.
    void heat(PlaceId place) {
        try {
            if (hot.load(place)) {
                warmth.remove(place);
            } else {
                warmth.put(place, NEVER);
            }
        } catch (RuntimeException e) {
            LOG.warn("{} of book {} stays as it is: {}", place.id(), place.book(), e.getMessage());
            warmth.remove(place);
        }
    }
}
