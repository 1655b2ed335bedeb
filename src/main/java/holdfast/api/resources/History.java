package holdfast.api.resources;

import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Engine;
import holdfast.engine.Journal;
import holdfast.engine.Journal.Cursor;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.ProcessInstance;
import holdfast.engine.Processes;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Condition;
import tools.jackson.databind.node.ObjectNode;

/// What happens and what has happened: processes, their definitions, and the journal.
final class History {
    private static final Set<String> MOVING = Set.of("scheduled", "running", "waiting", "undoing");
    private static final List<String> STATES =
            List.of("cancelled", "done", "failed", "running", "scheduled", "undoing", "waiting");

    private final Database database;
    private final Engine engine;

    History(Database database, Engine engine) {
        this.database = database;
        this.engine = engine;
    }

    /// `GET /v1/processes`, newest first.
    HttpReply processes(Ask ask) {
        var page = Page.of(ask);
        var which = Access.processesSeenBy(ask.caller());
        which = id(ask, "resource").map(Processes::about).map(which::and).orElse(which);
        which = ask.one("name").map(Processes::named).map(which::and).orElse(which);
        which = ask.one("state").map(History::inState).map(which::and).orElse(which);
        which = page.after()
                .map(mark -> Processes.olderThan(mark.created(), mark.id()))
                .map(which::and)
                .orElse(which);
        var selected = which;
        var rows = database.inTransaction(tx -> engine.processes().list(tx, selected, page.limit() + 1));
        return page.collection(
                ask,
                "processInstance",
                rows,
                row -> process(ask.base(), row),
                row -> new Page.Mark(row.created(), row.id()));
    }

    private static Condition inState(String state) {
        return Processes.inState(state)
                .orElseThrow(() -> Ask.malformed("state", "state is '" + state + "'" + Nearest.hint(state, STATES)));
    }

    private static Optional<UUID> id(Ask ask, String parameter) {
        return ask.one(parameter)
                .map(text -> Listings.uuid(text)
                        .orElseThrow(() -> Ask.malformed(
                                parameter, parameter + " is '" + text + "'; it must be an id such as 0197b1c6-...")));
    }

    /// `GET /v1/processes/{id}`, with its log.
    HttpReply process(Ask ask) {
        var missing = new RefusedException(Refusal.notThere("there is no process " + ask.id()));
        var id = Listings.uuid(ask.id()).orElseThrow(() -> missing);
        var found = database.inTransaction(tx -> engine.processes()
                        .list(tx, Processes.withId(id).and(Access.processesSeenBy(ask.caller())), 1)
                        .isEmpty()
                ? Optional.<ProcessInstance.WithLog>empty()
                : engine.processes().show(tx, id));
        var process = found.orElseThrow(() -> missing);
        var body = process(ask.base(), process.process());
        var log = body.putArray("log");
        for (var line : process.log()) {
            log.addObject()
                    .put("at", line.at().toString())
                    .put("step", line.step())
                    .put("outcome", line.outcome())
                    .put("detail", line.detail().orElse(null));
        }
        return HttpReply.json(200, body);
    }

    private static ObjectNode process(String base, ProcessInstance process) {
        var node = Json.object().put("id", process.id().toString()).put("type", "processInstance");
        var links = node.putObject("links").put("self", base + "/v1/processes/" + process.id());
        links.put("resource", Shapes.url(base, process.resourceType(), process.resource()));
        node.putObject("actions");
        node.put("name", process.name()).put("state", process.state());
        var refusal = process.refusal();
        node.put("transitioning", MOVING.contains(process.state()) ? "yes" : refusal.isPresent() ? "error" : "no");
        node.put(
                "transitioningMessage",
                process.waitingFor().or(() -> refusal.map(Refusal::message)).orElse(null));
        node.put("resource", process.resource().toString()).put("resourceType", process.resourceType());
        node.put("step", process.step().orElse(null))
                .put("stepNumber", process.stepNumber())
                .put("steps", process.steps());
        node.put("attempt", process.attempt())
                .put("runAfter", process.runAfter().toString());
        node.put("waitingFor", process.waitingFor().orElse(null));
        refusal.ifPresent(why -> node.set("error", Errors.what(why)));
        node.put("created", process.created().toString());
        return node.put("ended", process.ended().map(Object::toString).orElse(null));
    }

    /// `GET /v1/processdefinitions`. Which steps a process has may depend on its resource: shown are those for the
    /// newest one that the caller may see.
    HttpReply definitions(Ask ask) {
        var examples = database.inTransaction(tx -> examples(tx, ask));
        var data = engine.definitions().all().stream()
                .map(one -> definition(ask, one, examples))
                .toList();
        return Page.collection(ask, "processDefinition", data, data.size(), Optional.empty());
    }

    private Map<String, Resource> examples(Tx tx, Ask ask) {
        return engine
                .resources()
                .newestOfEachType(tx, Access.seenBy(ask.caller()).and(Resources.present()))
                .stream()
                .collect(Collectors.toMap(Resource::type, Function.identity()));
    }

    private static ObjectNode definition(Ask ask, ProcessDefinition definition, Map<String, Resource> examples) {
        var node = Json.object().put("id", definition.name()).put("type", "processDefinition");
        node.putObject("links")
                .put("self", ask.base() + "/v1/processdefinitions")
                .put("instances", ask.base() + "/v1/processes?name=" + Page.encode(definition.name()));
        node.putObject("actions");
        node.put("name", definition.name()).put("resourceType", definition.type());
        var start = node.putArray("start");
        definition.move().ifPresent(move -> {
            move.start().keySet().stream().forEach(start::add);
            node.put("during", String.join(", ", move.during()))
                    .put("done", String.join(", ", move.done().values()))
                    .put("failed", move.failed().orElse(null));
        });
        var steps = node.putArray("steps");
        Optional.ofNullable(examples.get(definition.type()))
                .map(example -> definition.steps().apply(example))
                .orElse(List.of())
                .stream()
                .map(Step::name)
                .forEach(steps::add);
        return node;
    }

    /// `GET /v1/journal`: what comes after a place, oldest first; without `after`, the newest entries. `next` is
    /// always there: it leads to what comes after the last entry shown, now or later.
    HttpReply journal(Ask ask) {
        int limit = ask.limit();
        var which =
                Access.journalSeenBy(ask.caller()).and(JournalQuery.filter(ask).condition());
        return database.inTransaction(tx -> {
            var after = JournalQuery.after(ask, number -> engine.journal().after(tx, number));
            if (after.isEmpty()) {
                var newest = engine.journal().latest(tx, which, limit);
                return journal(ask, newest, oldest(newest, engine.journal().end(tx)), limit);
            }
            var page = engine.journal().read(tx, which, after.get(), limit);
            return journal(ask, page.entries(), page.next(), limit);
        });
    }

    /// Entries of transactions that have not ended yet must not be left out later; then some come again.
    private static Cursor oldest(List<Journal.Entry> newest, Cursor end) {
        return newest.stream()
                .map(Journal.Entry::cursor)
                .max(Comparator.naturalOrder())
                .filter(last -> last.compareTo(end) < 0)
                .orElse(end);
    }

    private static HttpReply journal(Ask ask, List<Journal.Entry> entries, Cursor next, int limit) {
        var data = entries.stream().map(entry -> entry(ask.base(), entry)).toList();
        return Page.collection(ask, "journalEntry", data, limit, Optional.of(Page.with(ask, "after", next.text())));
    }

    static ObjectNode entry(String base, Journal.Entry entry) {
        var node = Json.object().put("id", String.valueOf(entry.seq())).put("type", "journalEntry");
        node.put("kind", entry.kind()).put("cursor", entry.cursor().text());
        node.putObject("links").put("resource", Shapes.url(base, entry.type(), entry.resource()));
        node.put("at", entry.at().toString())
                .put("resource", entry.resource().toString())
                .put("resourceType", entry.type());
        node.put("name", entry.name()).put("project", entry.project()).put("actor", entry.actor());
        node.put("from", entry.from().orElse(null)).put("to", entry.to());
        return node.put("who", entry.who()).put("why", entry.why());
    }
}
