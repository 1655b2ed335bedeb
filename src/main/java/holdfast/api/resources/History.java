package holdfast.api.resources;

import holdfast.engine.Engine;
import holdfast.engine.Journal;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.pools.Access;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// What has happened: the journal.
final class History {
    private final Database database;
    private final Engine engine;

    History(Database database, Engine engine) {
        this.database = database;
        this.engine = engine;
    }

    /// `GET /v1/journal`: what comes after an entry, oldest first; without `after`, the newest entries. `next` is
    /// always there: it leads to what comes after the last entry shown, now or later.
    HttpReply journal(Ask ask) {
        int limit = ask.limit();
        var after = ask.one("after").map(History::place);
        var seen = Access.journalSeenBy(ask.caller());
        var typed = ask.one("type").map(Journal::typed).map(seen::and).orElse(seen);
        return database.inTransaction(tx -> {
            var which = ask.one("resource")
                    .map(text -> References.find(tx, text)
                            .orElseThrow(() -> Problem.malformed(
                                    "resource",
                                    "resource is '" + Form.shorten(text) + "'; it must be the id of a resource")))
                    .map(Journal::about)
                    .map(typed::and)
                    .orElse(typed);
            var entries = after.isPresent()
                    ? engine.journal().read(tx, which, after.get(), limit).entries()
                    : engine.journal().latest(tx, which, limit);
            var last = entries.isEmpty()
                    ? after.orElse(Journal.Cursor.START)
                    : entries.getLast().cursor();
            var wires = References.wire(
                    tx, entries.stream().map(Journal.Entry::resource).toList());
            var answer = Envelope.of(
                    ask,
                    "journalEntry",
                    entries.stream().map(entry -> entry(ask, entry, wires)).toList());
            var pagination = Json.object().putNull("first").putNull("previous");
            pagination.put("next", Urls.with(ask, Map.of("after", last.text())));
            pagination.put("limit", limit).putNull("total").put("partial", entries.size() == limit);
            return HttpReply.json(200, answer.set("pagination", pagination));
        });
    }

    /// `0` is before all entries.
    private static Journal.Cursor place(String text) {
        return text.equals("0")
                ? Journal.Cursor.START
                : Journal.Cursor.parse(text)
                        .orElseThrow(() -> Problem.malformed(
                                "after",
                                "after is '" + Form.shorten(text)
                                        + "', which is no place in the journal; take the id of an entry, or leave it out"
                                        + " for the newest entries"));
    }

    private static ObjectNode entry(Ask ask, Journal.Entry entry, Map<UUID, String> wires) {
        var node = Json.object()
                .put("id", entry.cursor().text())
                .put("type", "journalEntry")
                .put("baseType", "journalEntry");
        var links = node.putObject("links");
        var resource = Optional.ofNullable(wires.get(entry.resource()));
        ask.kinds()
                .find(entry.type())
                .ifPresent(type ->
                        resource.ifPresent(id -> links.put("resource", Kinds.collection(ask.base(), type) + "/" + id)));
        node.putObject("actions");
        node.put("at", entry.at().toString()).put("kind", entry.kind());
        node.put("resource", resource.orElse(null)).put("uuid", entry.resource().toString());
        node.put("resourceType", entry.type());
        node.put("name", entry.name()).put("project", entry.project()).put("actor", entry.actor());
        node.put("from", entry.from().orElse(null)).put("to", entry.to());
        return node.put("who", entry.who()).put("why", entry.why());
    }
}
