package holdfast.calendar;

import static java.util.Objects.requireNonNull;

import holdfast.engine.GroupCommit;
import holdfast.platform.Database;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes many requests in one transaction. What they take of places that are known by heart is decided there, one
/// request after the other; the rest is written on the chance that it fits, and who does not fit is found by halves.
final class Lane<T, R> implements GroupCommit.Batch<Ask<T, R>, Boolean> {
    private final Database database;
    private final Optional<Hot> hot;
    private final Duration searchAhead;
    private final Admissions.Along<T, R> along;

    /// @param hot empty if nothing is decided in memory
    Lane(Database database, Optional<Hot> hot, Duration searchAhead, Admissions.Along<T, R> along) {
        this.database = database;
        this.hot = hot;
        this.searchAhead = searchAhead;
        this.along = along;
    }

    /// @return whether there is an answer; if not, it must be asked for otherwise
    @Override
    public List<Boolean> write(List<Ask<T, R>> asks) {
        var places = Ask.places(asks);
        try {
            return database.inTransaction(tx -> {
                try {
                    decide(tx, asks, hot.map(memory -> memory.lock(tx, places)).orElse(Map.of()));
                    return asks.stream().map(Ask::isDecided).toList();
                } catch (Throwable e) {
                    hot.ifPresent(memory -> memory.forget(places)); // it may be tried again
                    throw e;
                }
            });
        } catch (Throwable e) {
            hot.ifPresent(memory -> memory.forget(places)); // what was counted may not be written
            throw e;
        } finally {
            hot.ifPresent(Hot::unlock);
        }
    }

    private void decide(Tx tx, List<Ask<T, R>> asks, Map<PlaceId, Memory> memories) {
        asks.forEach(Ask::undecided);
        var fitting = new ArrayList<Ask<T, R>>();
        for (var ask : asks.stream().filter(Ask.fresh(tx, asks)).toList()) {
            if (fits(ask, memories)) {
                fitting.add(ask);
            }
        }
        var written = new ArrayList<Ask<T, R>>();
        write(tx, fitting, memories, written);
        if (written.size() < fitting.size()) {
            asks.forEach(Ask::undecided); // there was more room than it seemed to those who were refused
        }
        if (!written.isEmpty()) {
            var made = along.write(tx, written.stream().map(Ask::with).toList());
            for (int i = 0; i < made.size(); i++) {
                written.get(i).yes(made.get(i));
            }
        }
    }

    private void write(Tx tx, List<Ask<T, R>> asks, Map<PlaceId, Memory> memories, List<Ask<T, R>> written) {
        if (asks.isEmpty()) {
            return;
        }
        hot.filter(_ -> !memories.isEmpty()).ifPresent(memory -> memory.fence(tx, memories));
        if (Bookings.insertAll(tx, Ask.bookings(asks))) {
            Ask.places(asks).forEach(place -> {
                if (memories.containsKey(place)) {
                    requireNonNull(memories.get(place)).written();
                }
            });
            written.addAll(asks);
        } else if (asks.size() > 1) {
            int half = asks.size() / 2;
            write(tx, asks.subList(0, half), memories, written);
            write(tx, asks.subList(half, asks.size()), memories, written);
        } else {
            giveBack(asks.getFirst().bookings(), memories);
        }
    }

    /// Counts the request if it fits, or says no, unless another place may be a better reason.
    private boolean fits(Ask<T, R> ask, Map<PlaceId, Memory> memories) {
        var counted = new ArrayList<Booking>();
        boolean allKnown = true;
        for (var booking : ask.bookings()) {
            var memory = memories.get(PlaceId.of(booking));
            if (memory == null) {
                allKnown = false;
                continue;
            }
            var shortage = memory.shortage(booking);
            if (shortage.isPresent()) {
                if (allKnown) {
                    ask.no(Refusals.noRoom(booking, shortage.get(), memory.earliest(booking, searchAhead)));
                }
                giveBack(counted, memories);
                return false;
            }
            memory.take(booking);
            counted.add(booking);
        }
        return true;
    }

    private static void giveBack(List<Booking> bookings, Map<PlaceId, Memory> memories) {
        for (var booking : bookings) {
            var memory = memories.get(PlaceId.of(booking));
            if (memory != null) {
                memory.giveBack(booking);
            }
        }
    }
}
