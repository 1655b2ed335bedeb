package holdfast.calendar;

import static java.util.Objects.requireNonNull;

import holdfast.engine.GroupCommit;
import holdfast.platform.Database;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Decides requests for hot places one after the other in memory and writes them in one transaction.
final class HotLane implements GroupCommit.Batch<Ask<?>, Boolean> {
    private final Database database;
    private final Hot hot;
    private final Duration searchAhead;

    HotLane(Database database, Hot hot, Duration searchAhead) {
        this.database = database;
        this.hot = hot;
        this.searchAhead = searchAhead;
    }

    /// @return whether there is an answer; if not, it must be asked for otherwise
    @Override
    public List<Boolean> write(List<Ask<?>> asks) {
        var places = Ask.places(asks);
        try {
            var written = new ArrayList<Memory>();
            var decided = database.inTransaction(tx -> {
                written.clear();
                return decide(tx, asks, places, written);
            });
            written.forEach(Memory::written);
            return decided;
        } catch (Throwable e) {
            hot.forget(places); // what was counted may not be written
            throw e;
        }
    }

    /// @param written gets the memories of the places in which something is written
    private List<Boolean> decide(Tx tx, List<Ask<?>> asks, Set<PlaceId> places, List<Memory> written) {
        try {
            var memories = hot.lock(tx, places);
            var fresh = Ask.fresh(tx, asks);
            var decided = new ArrayList<Boolean>();
            var granted = new ArrayList<Ask<?>>();
            for (var ask : asks) {
                decided.add(fresh.test(ask) && memories.keySet().containsAll(ask.places()));
                if (decided.getLast() && fits(ask, memories)) {
                    granted.add(ask);
                }
            }
            if (!granted.isEmpty()) {
                hot.write(tx, memories, Ask.bookings(granted));
                Ask.places(granted).forEach(place -> written.add(requireNonNull(memories.get(place))));
                granted.forEach(ask -> ask.yes(tx));
            }
            return decided;
        } catch (Throwable e) {
            hot.forget(places); // it may be tried again
            throw e;
        }
    }

    /// Counts the request if it fits, or says no.
    private boolean fits(Ask<?> ask, Map<PlaceId, Memory> memories) {
        var counted = new ArrayList<Booking>();
        for (var booking : ask.bookings()) {
            var memory = requireNonNull(memories.get(PlaceId.of(booking)));
            var shortage = memory.shortage(booking);
            if (shortage.isPresent()) {
                ask.no(Refusals.noRoom(booking, shortage.get(), memory.earliest(booking, searchAhead)));
                counted.forEach(
                        one -> requireNonNull(memories.get(PlaceId.of(one))).giveBack(one));
                return false;
            }
            memory.take(booking);
            counted.add(booking);
        }
        return true;
    }
}
