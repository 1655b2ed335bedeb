package holdfast.notifications;

import holdfast.engine.Notice;
import holdfast.engine.Signal;
import holdfast.notifications.NoticeBoard.Numbered;
import holdfast.notifications.NoticeBoard.Page;
import holdfast.platform.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jooq.impl.DSL;

/// The newest notices in memory: of all who wait for the next ones, one reads them from the database.
public final class Latest {
    private static final int MOST = 1_000;
    private static final Kept NOTHING = new Kept(-1, 0, 0, List.of());

    private final Database database;
    private final NoticeBoard board;
    private final Signal numbered;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Kept kept = NOTHING;

    /// @param count of the signal before they were read
    /// @param from all after this number are among them
    /// @param until the last number that was given
    private record Kept(long count, long from, long until, List<Numbered> notices) {}

    Latest(Database database, NoticeBoard board, Signal numbered) {
        this.database = database;
        this.board = board;
        this.numbered = numbered;
    }

    /// What came after number `since` and is wanted, at most `limit`.
    ///
    /// @return empty if that is so long ago that it must be read from the board
    public Optional<Page> after(long since, Predicate<Notice> wanted, int limit) {
        var now = current();
        if (since < now.from) {
            return Optional.empty();
        }
        var found = now.notices.stream()
                .filter(one -> one.position() > since && wanted.test(one.notice()))
                .limit(limit)
                .toList();
        boolean full = found.size() == limit;
        return Optional.of(new Page(found, full ? found.getLast().position() : Math.max(since, now.until), full));
    }

    private Kept current() {
        long count = numbered.count();
        if (kept.count < count) {
            reading.lock();
            try {
                if (kept.count < count) {
                    kept = read(kept);
                }
            } finally {
                reading.unlock();
            }
        }
        return kept;
    }

    private Kept read(Kept before) {
        long count = numbered.count();
        return database.inTransaction(tx -> {
            long last = board.last(tx);
            if (before == NOTHING || last < before.until || last > before.until + MOST) {
                return new Kept(count, last, last, List.of());
            }
            var all = new ArrayList<>(before.notices);
            all.addAll(board.read(tx, DSL.noCondition(), before.until, MOST).notices());
            int old = Math.max(0, all.size() - MOST);
            long from = old == 0 ? before.from : all.get(old - 1).position();
            return new Kept(count, from, last, List.copyOf(all.subList(old, all.size())));
        });
    }
}
