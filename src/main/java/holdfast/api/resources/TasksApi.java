package holdfast.api.resources;

import holdfast.core.Caller;
import holdfast.engine.Resource;
import holdfast.engine.Tasks;
import holdfast.engine.Tasks.Run;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// What the servers do again and again: when, with what outcome, and now if an administrator says so (cattle.md 2.6).
final class TasksApi {
    private static final String INSTANCE = "taskInstance";
    private static final int SHOWN = 100;

    private final Database database;
    private final Tasks tasks;
    private final Finder finder;
    private final Representation representation;

    TasksApi(Database database, Tasks tasks, Finder finder, Representation representation) {
        this.database = database;
        this.tasks = tasks;
        this.finder = finder;
        this.representation = representation;
    }

    /// What is shown of tasks beside what is stored.
    record TaskPart(Tasks tasks) implements Part {
        @Override
        public Map<UUID, ObjectNode> fields(Tx tx, List<Resource> page) {
            var ids = page.stream().map(Resource::id).toList();
            var last = tasks.last(tx, ids);
            var next = tasks.next(tx, ids);
            var shown = new HashMap<UUID, ObjectNode>();
            for (var task : page) {
                var run = Optional.ofNullable(last.get(task.id()));
                var node = Json.object();
                node.set("everySeconds", task.content().path("everySeconds"));
                node.put("lastStart", text(run.flatMap(Run::start)));
                node.put("lastEnd", text(run.flatMap(Run::end)));
                node.put("lastOutcome", run.flatMap(Run::said).orElse(null));
                node.put("nextRun", text(Optional.ofNullable(next.get(task.id()))));
                shown.put(task.id(), node);
            }
            return shown;
        }

        @Override
        public List<String> actions(Caller caller, Resource resource) {
            return caller.admin() ? List.of(Tasks.EXECUTE) : List.of();
        }

        @Override
        public List<String> links() {
            return List.of("taskinstances");
        }
    }

    private static @org.jspecify.annotations.Nullable String text(Optional<Instant> time) {
        return time.map(Values::shown).orElse(null);
    }

    /// `POST /v1/tasks/{id}?action=execute`
    HttpReply act(Ask ask) {
        ask.need(ask.kinds().find(Tasks.TYPE).orElseThrow(), 'r', true);
        Access.mayOperate(ask.caller(), "have tasks executed").ifPresent(why -> {
            throw Problem.of(why);
        });
        var action = ask.one("action").orElse("");
        if (!action.equals(Tasks.EXECUTE)) {
            throw Problem.invalid(
                    "InvalidAction",
                    "action",
                    "action is '" + Form.shorten(action) + "'; a task has the action " + Tasks.EXECUTE);
        }
        return database.inTransaction(tx -> {
            var task = finder.find(tx, ask, Tasks.TYPE, ask.id());
            tasks.execute(tx, task.id(), ask.caller().user());
            return HttpReply.json(202, representation.one(tx, ask, task));
        });
    }

    /// `GET /v1/tasks/{id}/taskinstances`: the last hundred runs, newest first.
    HttpReply instances(Ask ask) {
        ask.need(ask.kinds().find(Tasks.TYPE).orElseThrow(), 'r', true);
        return database.inTransaction(tx -> {
            var task = finder.find(tx, ask, Tasks.TYPE, ask.id());
            var runs = tasks.runs(tx, task.id(), SHOWN);
            return HttpReply.json(
                    200,
                    Envelope.of(
                            ask,
                            INSTANCE,
                            runs.stream().map(run -> node(ask, task, run)).toList()));
        });
    }

    private static ObjectNode node(Ask ask, Resource task, Run run) {
        var node = Json.object()
                .put("id", "1ti" + run.number())
                .put("type", INSTANCE)
                .put("baseType", INSTANCE);
        var process = Ids.wire(ProcessInstances.TYPE, run.number());
        node.putObject("links").put("processInstance", ask.base() + "/v1/processinstances/" + process);
        node.putObject("actions");
        node.put("taskId", Ids.wire(task.type(), task.number())).put("name", task.name());
        node.put("startTime", text(run.start())).put("endTime", text(run.end()));
        return node.put("outcome", run.said().orElse(null))
                .put("exception", run.failure().orElse(null));
    }
}
