package holdfast.api.resources;

import holdfast.api.CannotTellException;
import holdfast.api.NoticeStreams;
import holdfast.api.Turns;
import holdfast.core.Caller;
import holdfast.engine.Notice;
import holdfast.notifications.NoticeBoard.Numbered;
import holdfast.notifications.NoticeBoard.Page;
import holdfast.notifications.NoticeFilter;
import holdfast.notifications.Notifications;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.pools.Access;
import java.time.Duration;
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
    private static final String SINCE = "since";

    private final Database database;
    private final Notifications notifications;
    private final NoticeStreams streams;

    NoticesApi(Platform platform, Database database, Notifications notifications) {
        this.database = database;
        this.notifications = notifications;
        var room = new Turns(
                MOST_WAITING,
                MOST_WAITING_EACH,
                Duration.ZERO,
                "too many are waiting for notices, at most " + MOST_WAITING_EACH + " of one user and " + MOST_WAITING
                        + " in all; ask again later, or without wait");
        this.streams = new NoticeStreams(platform, database, notifications, room);
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

        /// He shares places to wait with himself.
        NoticeStreams.Which which() {
            return new NoticeStreams.Which(condition(), this::fits, caller.project() + "\n" + caller.user());
        }
    }

    private static Optional<Long> since(Ask ask) {
        return ask.whole(SINCE, 0, Long.MAX_VALUE)
                .or(() -> ask.http()
                        .header("Last-Event-ID")
                        .filter(last -> !last.isEmpty())
                        .map(NoticesApi::number));
    }

    private static long number(String last) {
        if (!last.matches("\\d{1,18}")) {
            throw Problem.malformed(
                    "Last-Event-ID",
                    "Last-Event-ID is '" + Form.shorten(last) + "'; it must be the id of an event that was told here");
        }
        return Long.parseLong(last);
    }

    private HttpReply page(Ask ask, Asked which, Optional<Long> since) {
        int limit = Math.toIntExact(ask.whole("limit", 1, LARGEST_LIMIT).orElse((long) STANDARD_LIMIT));
        long wait = ask.whole("wait", 0, LONGEST_WAIT_SECONDS).orElse(0L);
        var page = since.map(from -> streams.read(which.which(), from, limit))
                .orElseGet(
                        () -> database.inTransaction(tx -> notifications.board().newest(tx, which.condition(), limit)));
        if (page.notices().isEmpty() && wait > 0) {
            page = await(which, page, limit, Duration.ofSeconds(wait));
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

    private Page await(Asked which, Page empty, int limit, Duration wait) {
        try {
            return streams.await(which.which(), empty, limit, wait);
        } catch (CannotTellException e) {
            throw Problem.unavailable(e.why());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return empty;
        }
    }

    private void seat(Asked which) {
        try {
            streams.seat(which.which());
        } catch (CannotTellException e) {
            throw Problem.unavailable(e.why());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw Problem.unavailable("the server stops");
        }
    }

    /// A stream begins with what comes now, if it does not say since when.
    private HttpReply stream(Ask ask, Asked which, Optional<Long> since) {
        long from = since.orElseGet(streams::last);
        streams.read(which.which(), from, 1); // what is wrong with it is told before the stream begins
        seat(which); // and so is that there is no place
        return streams.follow(
                which.which(),
                from,
                ask.still(),
                (sink, one) -> sink.send(String.valueOf(one.position()), "notice", Json.text(one.body())));
    }
}
