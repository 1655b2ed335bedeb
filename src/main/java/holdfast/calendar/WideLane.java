package holdfast.calendar;

import holdfast.engine.GroupCommit;
import holdfast.platform.Database;
import holdfast.platform.Tx;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Writes requests for places that nobody knows by heart in one statement and one transaction, on the chance that all
/// fit; who does not fit is found by halves.
final class WideLane implements GroupCommit.Batch<Ask<?>, Boolean> {
    private final Database database;

    WideLane(Database database) {
        this.database = database;
    }

    /// @return whether it is written; if not, the reason must be asked for otherwise
    @Override
    public List<Boolean> write(List<Ask<?>> asks) {
        return database.inTransaction(tx -> {
            var written = new HashSet<Ask<?>>();
            write(tx, asks.stream().filter(Ask.fresh(tx, asks)).toList(), written);
            return asks.stream().map(written::contains).toList();
        });
    }

    private static void write(Tx tx, List<Ask<?>> asks, Set<Ask<?>> written) {
        if (asks.isEmpty()) {
            return;
        }
        if (Bookings.insertAll(tx, Ask.bookings(asks))) {
            asks.forEach(ask -> ask.yes(tx));
            written.addAll(asks);
        } else if (asks.size() > 1) {
            int half = asks.size() / 2;
            write(tx, asks.subList(0, half), written);
            write(tx, asks.subList(half, asks.size()), written);
        }
    }
}
