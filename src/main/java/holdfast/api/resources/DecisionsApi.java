package holdfast.api.resources;

import holdfast.broker.Directory;
import holdfast.broker.decisions.Decision;
import holdfast.broker.decisions.Decisions;
import holdfast.broker.decisions.Decisions.Filter;
import holdfast.broker.decisions.Replay;
import holdfast.engine.Resources;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// The log of what was decided on reservations and allocations, for administrators (promise.md 9, row 70).
final class DecisionsApi {
    private static final String[] PARAMETERS = {"reservation", "project", "start", "end", "after", "limit"};
    /// How many are decided again at once; each may be large.
    private static final int MOST_AGAIN = 200;

    private final Database database;
    private final Resources resources;
    private final Decisions decisions;

    DecisionsApi(Database database, Resources resources, Decisions decisions) {
        this.database = database;
        this.resources = resources;
        this.decisions = decisions;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/v1/decisions", this::list, PARAMETERS),
                Route.get("/v1/decisions/replay", this::replay, PARAMETERS));
    }

    /// `GET /v1/decisions`, oldest first.
    private HttpReply list(Ask ask) {
        mayRead(ask);
        int limit = ask.limit();
        var found = database.inTransaction(tx -> decisions.list(tx, filter(tx, ask), limit));
        var directory = database.inTransaction(tx -> Directory.read(tx, resources));
        var answer = Envelope.of(
                ask, "decision", found.stream().map(one -> told(directory, one)).toList());
        answer.set("pagination", pagination(ask, found, limit));
        return HttpReply.json(200, answer);
    }

    /// `GET /v1/decisions/replay`: decides again what the log has, a page at a time. `next` leads to the next page
    /// as long as nothing differs.
    private HttpReply replay(Ask ask) {
        mayRead(ask);
        int limit = Math.min(ask.limit(), MOST_AGAIN);
        var found = database.inTransaction(tx -> decisions.list(tx, filter(tx, ask), limit));
        var replay = Replay.of(found);
        var answer =
                Json.object().put("type", "replay").put("same", replay.same()).put("skipped", replay.skipped());
        replay.different().ifPresent(different -> {
            answer.set("different", show(different.decision()));
            answer.set("now", different.now());
        });
        answer.set("pagination", pagination(ask, replay.different().isPresent() ? List.of() : found, limit));
        return HttpReply.json(200, answer);
    }

    private static ObjectNode pagination(Ask ask, List<Decision> found, int limit) {
        boolean more = found.size() == limit;
        var node = Json.object().putNull("first").putNull("previous");
        node.put(
                "next",
                more ? Urls.with(ask, Map.of("after", "" + found.getLast().number())) : null);
        return node.put("limit", limit).putNull("total").put("partial", more);
    }

    private static void mayRead(Ask ask) {
        Access.mayOperate(ask.caller(), "read what was decided for all projects")
                .ifPresent(why -> {
                    throw Problem.of(why);
                });
    }

    private static Filter filter(Tx tx, Ask ask) {
        return new Filter(
                ask.one("reservation").map(text -> reservation(tx, ask, text)),
                ask.one("project"),
                ask.time("start"),
                ask.time("end"),
                ask.whole("after", 0, Long.MAX_VALUE).orElse(0L));
    }

    /// One that was refused has no other id than that in the log.
    private static UUID reservation(Tx tx, Ask ask, String text) {
        return References.find(tx, ask.caller(), text)
                .or(() -> Ids.uuid(text))
                .orElseThrow(() -> Problem.malformed(
                        "reservation",
                        "reservation is '" + Form.shorten(text) + "'; it must be the id of a reservation"));
    }

    /// With what was refused in the words in which it was told.
    private static ObjectNode told(Directory directory, Decision decision) {
        var why = decision.answer().at("/refused/message").asString("");
        return show(decision).put("message", why.isEmpty() ? null : directory.inWords(why));
    }

    private static ObjectNode show(Decision decision) {
        var matter = decision.matter();
        var node = Json.object()
                .put("id", String.valueOf(decision.number()))
                .put("type", "decision")
                .put("at", decision.at().toString())
                .put("verb", matter.verb().name().toLowerCase(Locale.ROOT))
                .put("who", matter.who())
                .put("project", matter.project())
                .put("reservation", matter.reservation().map(UUID::toString).orElse(null))
                .put("allocation", matter.allocation().map(UUID::toString).orElse(null))
                .put("granted", decision.granted())
                .put("replayable", decision.isReplayable());
        node.set("asked", decision.asked());
        node.set("versions", decision.versions());
        return node.set("answer", decision.answer());
    }
}
