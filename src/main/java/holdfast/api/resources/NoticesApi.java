package holdfast.api.resources;

import holdfast.api.CannotTellException;
import holdfast.api.Turns;
import holdfast.core.Caller;
import holdfast.engine.Notice;
import holdfast.notifications.NoticeBoard.Numbered;
import holdfast.notifications.NoticeBoard.Page;
import holdfast.notifications.NoticeFilter;
import holdfast.notifications.Notifications;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpReply.EventSink;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.pools.Access;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;

/// Notices for those who ask for them: at once, as soon as there are some, or as a stream (promise.md 5.3). All three
/// tell the same numbers.
final class NoticesApi {
    private static final int LONGEST_WAIT_SECONDS = 60;
    private static final int LARGEST_LIMIT = 1_000;
    private static final int STANDARD_LIMIT = 100;
    private static final int MOST_WAITING = 1_000;
    private static final int MOST_WAITING_EACH = 32;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final Duration AWAY = Duration.ofSeconds(1);
    private static final String SINCE = "since";

    private final Platform platform;
    private final Database database;
    private final Notifications notifications;
    private final Turns room = new Turns(
            MOST_WAITING,
            MOST_WAITING_EACH,
            Duration.ZERO,
            "too many are waiting for notices, at most " + MOST_WAITING_EACH + " of one user and " + MOST_WAITING
                    + " in all; ask again later, or without wait");

    NoticesApi(Platform platform, Database database, Notifications notifications) {
        this.platform = platform;
        this.database = database;
        this.notifications = notifications;
    }

    /// One thing under two names: the second is that of promise.md 5.3.
    List<Route> routes() {
        var parameters = NoticeFilters.parameters(SINCE, "wait", "limit");
        return List.of(
                Route.get("/v1/notices", this::notices, parameters),
                Route.get("/v1/events", this::notices, parameters));
    }

    private HttpReply notices(Ask ask) {
        var asked = new Asked(ask.caller(), database.inTransaction(tx -> NoticeFilters.of(tx, ask)));
        var since = since(ask);
        boolean stream = ask.http()
                .header("Accept")
                .filter(types -> types.contains("text/event-stream"))
                .isPresent();
        return stream ? stream(ask, asked, since) : page(ask, asked, since);
    }

    /// Which notices somebody asks for, of those that he may hear.
    private record Asked(Caller caller, NoticeFilter filter) {
        Condition condition() {
            return filter.condition().and(Access.noticesSeenBy(caller));
        }

        boolean fits(Notice notice) {
            return Access.mayHear(caller, notice.project()) && filter.fits(notice);
        }

        /// With whom he shares places to wait: himself.
        String client() {
            return caller.project() + "\n" + caller.user();
        }
    }

    private static Optional<Long> since(Ask ask) {
        return ask.whole(SINCE, 0, Long.MAX_VALUE)
                .or(() -> ask.http()
                        .header("Last-Event-ID")
                        .filter(id -> id.matches("\\d{1,18}"))
                        .map(Long::parseLong));
    }

    private HttpReply page(Ask ask, Asked which, Optional<Long> since) {
        int limit = Math.toIntExact(ask.whole("limit", 1, LARGEST_LIMIT).orElse((long) STANDARD_LIMIT));
        long wait = ask.whole("wait", 0, LONGEST_WAIT_SECONDS).orElse(0L);
        var page = since.map(from -> read(which, from, limit))
                .orElseGet(
                        () -> database.inTransaction(tx -> notifications.board().newest(tx, which.condition(), limit)));
        if (page.notices().isEmpty() && wait > 0) {
            page = await(which, page, limit, platform.now().plusSeconds(wait));
        }
        var answer = Envelope.of(
                ask, "notice", page.notices().stream().map(Numbered::body).toList());
        answer.put("sequence", page.next());
        answer.putObject("pagination")
                .putNull("first")
                .putNull("previous")
                .put("next", Urls.with(ask, Map.of(SINCE, String.valueOf(page.next()))))
                .put("limit", limit)
                .putNull("total")
                .put("partial", page.full());
        return HttpReply.json(200, answer);
    }

    private Page read(Asked which, long since, int limit) {
        return database.inTransaction(tx -> notifications.board().read(tx, which.condition(), since, limit));
    }

    /// For those who wait: what is new is read once for all of them.
    private Page next(Asked which, long since, int limit) {
        return notifications.latest().after(since, which::fits, limit).orElseGet(() -> read(which, since, limit));
    }

    private Page await(Asked which, Page empty, int limit, Instant until) {
        try (var _ = place(which)) {
            var page = empty;
            while (page.notices().isEmpty() && platform.now().isBefore(until)) {
                long seen = notifications.numbered().count();
                page = next(which, page.next(), limit);
                if (page.notices().isEmpty()) {
                    notifications.numbered().await(seen, Duration.between(platform.now(), until));
                }
            }
            return page;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return empty;
        }
    }

    private Turns.Turn place(Asked which) {
        try {
            return room.take(which.client());
        } catch (CannotTellException e) {
            throw Problem.unavailable(e.why());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw Problem.unavailable("the server stops");
        }
    }

    /// A stream begins with what comes now, if it does not say since when.
    private HttpReply stream(Ask ask, Asked which, Optional<Long> since) {
        long from = since.orElseGet(
                () -> database.inTransaction(tx -> notifications.board().last(tx)));
        read(which, from, 1); // what is wrong with it is told before the stream begins
        place(which).close(); // and so is that there is no place
        return new HttpReply.Events(sink -> {
            try (var _ = room.take(which.client())) {
                follow(ask, which, from, sink);
            } catch (CannotTellException _) {
                // others came first; the client comes again
            }
        });
    }

    private void follow(Ask ask, Asked which, long since, EventSink sink) throws InterruptedException {
        long from = since;
        var checked = platform.now();
        while (true) {
            try {
                long seen = notifications.numbered().count();
                var page = next(which, from, STANDARD_LIMIT);
                page.notices()
                        .forEach(one -> sink.send(String.valueOf(one.position()), "notice", Json.text(one.body())));
                from = page.next();
                if (!page.full()) {
                    notifications.numbered().await(seen, HEARTBEAT);
                }
            } catch (DatabaseUnavailableException _) {
                Thread.sleep(AWAY);
            }
            if (!platform.now().isBefore(checked.plus(HEARTBEAT))) {
                if (!ask.still().getAsBoolean()) {
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
