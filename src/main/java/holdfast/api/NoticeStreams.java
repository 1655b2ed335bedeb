package holdfast.api;

import holdfast.engine.Notice;
import holdfast.notifications.NoticeBoard.Numbered;
import holdfast.notifications.NoticeBoard.Page;
import holdfast.notifications.Notifications;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.HttpReply;
import holdfast.platform.Platform;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jooq.Condition;

/// Notices for those who wait for them, whatever the interface by which they wait. What is new is read once for all of
/// them.
public final class NoticeStreams {
    private static final int STANDARD_LIMIT = 100;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final Duration AWAY = Duration.ofSeconds(1);

    private final Platform platform;
    private final Database database;
    private final Notifications notifications;
    private final Turns room;

    /// @param room places to wait, by [Which#client]
    public NoticeStreams(Platform platform, Database database, Notifications notifications, Turns room) {
        this.platform = platform;
        this.database = database;
        this.notifications = notifications;
        this.room = room;
    }

    /// Which notices somebody wants.
    ///
    /// @param condition what the database can look at; all that fit meet it
    /// @param client with whom he shares places to wait
    public record Which(Condition condition, Predicate<Notice> fits, String client) {}

    /// @throws holdfast.core.RefusedException if that number was not given yet
    public Page read(Which which, long since, int limit) {
        var page = database.inTransaction(tx -> notifications.board().read(tx, which.condition(), since, limit));
        var fit = page.notices().stream()
                .filter(one -> which.fits().test(one.notice()))
                .toList();
        return new Page(fit, page.next(), page.full());
    }

    /// What came after that number.
    public Page next(Which which, long since, int limit) {
        return notifications.latest().after(since, which.fits(), limit).orElseGet(() -> read(which, since, limit));
    }

    /// The number of the last notice.
    public long last() {
        return database.inTransaction(tx -> notifications.board().last(tx));
    }

    /// Goes on from `empty` when something comes, at the end of the wait, or when the server stops.
    ///
    /// @throws CannotTellException if there is no place to wait
    public Page await(Which which, Page empty, int limit, Duration wait) throws InterruptedException {
        var until = platform.now().plus(wait);
        try (var _ = room.take(which.client())) {
            var page = empty;
            while (page.notices().isEmpty() && platform.now().isBefore(until) && !notifications.isStopped()) {
                long seen = notifications.numbered().count();
                page = next(which, page.next(), limit);
                if (page.notices().isEmpty()) {
                    notifications.numbered().await(seen, Duration.between(platform.now(), until));
                }
            }
            return page;
        }
    }

    /// Looks whether there is a place to wait.
    ///
    /// @throws CannotTellException if there is none
    public void seat(Which which) throws InterruptedException {
        room.take(which.client()).close();
    }

    /// Tells what comes, without end.
    ///
    /// @param still whether it may still hear, asked every 15 s
    /// @param tell how one is told
    public HttpReply.Events follow(
            Which which, long since, BooleanSupplier still, BiConsumer<HttpReply.EventSink, Numbered> tell) {
        return new HttpReply.Events(sink -> {
            try (var _ = room.take(which.client())) {
                follow(which, since, still, one -> tell.accept(sink, one), sink);
            } catch (CannotTellException _) {
                // others came first; the client comes again
            }
        });
    }

    private void follow(
            Which which,
            long since,
            BooleanSupplier still,
            java.util.function.Consumer<Numbered> tell,
            HttpReply.EventSink sink)
            throws InterruptedException {
        long from = since;
        var checked = platform.now();
        while (true) {
            try {
                long seen = notifications.numbered().count();
                var page = next(which, from, STANDARD_LIMIT);
                page.notices().forEach(tell);
                from = page.next();
                if (!page.full()) {
                    notifications.numbered().await(seen, HEARTBEAT);
                }
            } catch (DatabaseUnavailableException _) {
                Thread.sleep(AWAY);
            }
            if (!platform.now().isBefore(checked.plus(HEARTBEAT))) {
                if (!still.getAsBoolean()) {
                    return;
                }
                sink.heartbeat();
                checked = platform.now();
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("the server stops");
            }
        }
    }
}
