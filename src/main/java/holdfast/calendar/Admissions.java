package holdfast.calendar;

import static java.util.Objects.requireNonNull;

import holdfast.core.Answer;
import holdfast.engine.GroupCommit;
import holdfast.platform.Database;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Bookings at a high rate (promise.md 6.5, 6.6): up to 256 requests share a transaction, with what goes along with
/// each. Places that are asked for again and again become *hot*: what is free of them is kept in memory, and requests
/// are decided there. Nobody hears an answer before it is durable. Refusals, units and what is lent go through
/// [Calendar#bookAll] one by one.
///
/// Whoever else changes a hot place, through the calendar or past it, here or in another server, is heard of before
/// the next decision.
///
/// @param <T> what goes along with the bookings of a request
/// @param <R> what it becomes
public final class Admissions<T, R> implements AutoCloseable {
    /// How many requests make a place hot: reading it costs about as much as they did.
    static final int HOT = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Admissions.class);
    private static final int MOST_WATCHED = 50_000;
    private static final int NEVER = Integer.MIN_VALUE;

    private final Database database;
    private final Calendar calendar;
    private final Hot hot;
    private final Along<T, R> along;
    private final GroupCommit<Ask<T, R>, Boolean> hotLane;
    private final GroupCommit<Ask<T, R>, Boolean> wideLane;
    private final Map<PlaceId, Integer> warmth = new ConcurrentHashMap<>();

    /// Writes what goes along with bookings, in their transaction.
    public interface Along<T, R> {
        /// What it did is undone, and it is asked again, if the transaction lost a race, or if it throws
        /// because of one of them: then for each alone. Many wait for it, so it must not be slow.
        ///
        /// @param granted their bookings are written
        /// @return for each of them, in their order
        List<R> write(Tx tx, List<T> granted);
    }

    /// @param calendar which knows by heart what `hot` does
    public Admissions(Database database, Calendar calendar, Hot hot, Along<T, R> along) {
        this.database = database;
        this.calendar = calendar;
        this.hot = hot;
        this.along = along;
        this.hotLane = lane("hot admissions", Optional.of(hot));
        this.wideLane = lane("admissions", Optional.empty());
    }

    private GroupCommit<Ask<T, R>, Boolean> lane(String name, Optional<Hot> memory) {
        var lane = new GroupCommit<>(
                name, new Lane<>(database, memory, calendar.searchAhead(), along), GroupCommit.Outage.FAIL);
        lane.start();
        return lane;
    }

    /// Books all or nothing, as [Calendar#bookAll] does, with what goes along with it, and returns when that is
    /// durable.
    ///
    /// @throws holdfast.platform.DatabaseUnavailableException if it is not known what became of it; asking again is
    ///     safe
    public Answer<R> book(List<Booking> bookings, T with) {
        var ask = new Ask<T, R>(bookings, with);
        if (ask.isSimple()) {
            ask.places().forEach(this::warmUp);
            var lane = ask.places().stream().anyMatch(hot::knows) ? hotLane : wideLane;
            if (isDecided(ask, lane)) {
                return requireNonNull(ask.answer());
            }
        }
        return database.inTransaction(tx -> calendar.bookAll(tx, bookings)
                .map(_ -> along.write(tx, List.of(with)).getFirst()));
    }

    private boolean isDecided(Ask<T, R> ask, GroupCommit<Ask<T, R>, Boolean> lane) {
        try {
            return lane.write(ask);
        } catch (IllegalStateException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + ask.bookings() + " were booked", e);
        }
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
        if (hot.knows(place)) {
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
