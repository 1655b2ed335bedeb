package holdfast.api.resources;

import holdfast.engine.Engine;
import holdfast.engine.Journal;
import holdfast.engine.Journal.Cursor;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// What has happened: the journal.
final class History {
    private final Database database;
    private final Engine engine;

    History(Database database, Engine engine) {
        this.database = database;
        this.engine = engine;
    }

    /// `GET /v1/journal`: what comes after a place, oldest first; without `after`, the newest entries, all that
    /// are committed. `next` is always there: it leads to what comes after the last entry shown, now or later, and
    /// to some of the newest once more if others were still being written.
    HttpReply journal(Ask ask) {
        int limit = ask.limit();
        return database.inTransaction(tx -> Pages.within(tx, () -> {
            var which = Seen.journal(ask).and(JournalQuery.filter(tx, ask).condition());
            var after = JournalQuery.after(ask, number -> engine.journal().after(tx, number));
            if (after.isEmpty()) {
                var settled = engine.journal().end(tx); // asked for first: what is before it is visible to the next
                var newest = engine.journal().latest(tx, which, limit);
                return journal(ask, newest, next(newest, settled), limit);
            }
            var page = engine.journal().read(tx, which, after.get(), limit);
            return journal(ask, page.entries(), page.next(), limit);
        }));
    }

    /// What transactions that are still open write belongs before the newest: those come again then.
    private static Cursor next(List<Journal.Entry> newest, Cursor settled) {
        return newest.stream().map(Journal.Entry::cursor).reduce(settled, (a, b) -> b.compareTo(settled) < 0 ? b : a);
    }

    private static HttpReply journal(Ask ask, List<Journal.Entry> entries, Cursor next, int limit) {
        var answer = Envelope.of(
                ask,
                "journalEntry",
                entries.stream().map(entry -> entry(ask, entry)).toList());
        var pagination = Json.object().putNull("first").putNull("previous");
        pagination.put("next", Urls.with(ask, Map.of("after", next.text())));
        pagination.put("limit", limit).putNull("total").put("partial", entries.size() == limit);
        return HttpReply.json(200, answer.set("pagination", pagination));
    }

    static ObjectNode entry(Ask ask, Journal.Entry entry) {
        var id = Ids.wire(entry.type(), entry.number());
        var node = Json.object()
                .put("id", entry.cursor().text())
                .put("type", "journalEntry")
                .put("baseType", "journalEntry");
        var links = node.putObject("links");
        ask.kinds()
                .find(entry.type())
                .ifPresent(type -> links.put("resource", Kinds.collection(ask.base(), type) + "/" + id));
        node.putObject("actions");
        node.put("at", entry.at().toString()).put("kind", entry.kind());
        node.put("cursor", entry.cursor().text());
        node.put("resource", id).put("uuid", entry.resource().toString());
        node.put("resourceType", entry.type());
        node.put("name", entry.name()).put("project", entry.project()).put("actor", entry.actor());
        node.put("from", entry.from().orElse(null)).put("to", entry.to());
        entry.trace().ifPresent(trace -> node.put("trace", trace));
        return node.put("who", entry.who()).put("why", entry.why());
    }
}
