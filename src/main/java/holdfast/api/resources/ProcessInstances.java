package holdfast.api.resources;

import static holdfast.db.Tables.PROCESS;
import static holdfast.db.Tables.RESOURCE;
import static java.util.stream.Collectors.toMap;

import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.ProcessInstance;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Processes as they run and have run (cattle.md 2.3, 5.9).
final class ProcessInstances {
    static final String TYPE = "processInstance";
    static final String FIELDS =
            "id string, uuid string, name string, processName string, resourceType string, resourceId string, data map[json]"
                    + ", priority int, state string, phase string, result string, exitReason string, executionCount int"
                    + ", startTime date, endTime date, runAfter date, created date, step string, stepNumber int, steps int";
    static final Set<String> ACTIONS = Set.of("retry", "replay", "skip", "fail", "cancel");
    /// What each happens to is read with it: its steps may depend on that.
    private static final org.jooq.Field<JSONB> RESOURCE_DATA =
            DSL.field(DSL.select(RESOURCE.DATA).from(RESOURCE).where(RESOURCE.ID.eq(PROCESS.RESOURCE)));

    static final Pages PAGES =
            new Pages(PROCESS, PROCESS.ID, PROCESS.NUMBER, List.of(PROCESS.ARGUMENTS, RESOURCE_DATA));
    private static final Set<String> MOVING = Set.of("scheduled", "running", "waiting", "undoing");
    private static final List<String> STATES =
            List.of("cancelled", "done", "failed", "running", "scheduled", "undoing", "waiting");
    private static final org.jooq.Field<String> STATE = DSL.coalesce(
            PROCESS.RESULT,
            DSL.when(PROCESS.UNDOING, "undoing")
                    .when(PROCESS.RUNNER.isNotNull(), "running")
                    .when(PROCESS.WAITING_FOR.isNotNull(), "waiting")
                    .otherwise("scheduled"));

    private final Database database;
    private final Engine engine;

    ProcessInstances(Database database, Engine engine) {
        this.database = database;
        this.engine = engine;
    }

    /// By what they can be filtered and sorted.
    static Map<String, Filterable> filters() {
        var known = new LinkedHashMap<String, Filterable>();
        for (var one : List.of(
                new Filterable(
                        "id",
                        Modifier.CHOICE,
                        PROCESS.NUMBER,
                        false,
                        (_, _, text) -> {
                            var number = Ids.number(TYPE, text);
                            return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
                        },
                        Filterable.same(PROCESS.NUMBER),
                        DSL.falseCondition(),
                        List.of()),
                Filterable.text("processName", PROCESS.NAME, false),
                Filterable.text("name", PROCESS.NAME, false),
                Filterable.text("resourceType", PROCESS.RESOURCE_TYPE, false),
                about("resourceId"),
                about("resource"),
                state(),
                Filterable.choice("result", PROCESS.RESULT, true, List.of("done", "failed", "cancelled")),
                Filterable.choice("exitReason", PROCESS.EXIT_REASON, true, List.of()),
                Filterable.number("priority", PROCESS.PRIORITY, false),
                Filterable.number("executionCount", PROCESS.RUNS, false),
                Filterable.date("created", PROCESS.CREATED, false),
                Filterable.date("startTime", PROCESS.STARTED, true),
                Filterable.date("endTime", PROCESS.ENDED, true),
                Filterable.date("runAfter", PROCESS.RUN_AFTER, false))) {
            known.put(one.name(), one);
        }
        return known;
    }

    private static Filterable about(String name) {
        return new Filterable(
                name,
                Modifier.CHOICE,
                PROCESS.RESOURCE.cast(String.class),
                false,
                (tx, ask, text) -> References.find(tx, ask.caller(), text).map(UUID::toString),
                value -> PROCESS.RESOURCE.eq(UUID.fromString(value.toString())),
                DSL.falseCondition(),
                List.of());
    }

    private static Filterable state() {
        var plain = Filterable.choice("state", STATE, false, STATES);
        return new Filterable(
                plain.name(),
                plain.modifiers(),
                plain.sql(),
                plain.nullable(),
                (_, _, text) -> {
                    if (!STATES.contains(text)) {
                        throw Problem.invalid(
                                "InvalidOption",
                                "state",
                                "state is '" + Form.shorten(text) + "'" + Nearest.hint(text, STATES));
                    }
                    return Optional.of(text);
                },
                plain.equal(),
                plain.absent(),
                plain.options());
    }

    /// `GET /v1/processes`, newest first.
    HttpReply newest(Ask ask) {
        return list(ask, true);
    }

    /// `GET /v1/processinstances`
    HttpReply list(Ask ask) {
        return list(ask, false);
    }

    private HttpReply list(Ask ask, boolean newestFirst) {
        var known = filters();
        var filters = Filters.of(ask, known);
        var sorting = Sorting.of(ask, known, PROCESS.NUMBER, newestFirst);
        return database.inTransaction(tx -> {
            var which = Seen.processes(ask).and(filters.condition(tx, ask));
            var page = PAGES.find(tx, ask, which, sorting);
            var answer = Envelope.of(ask, TYPE, nodes(tx, ask, page.ids()));
            Envelope.order(answer, ask, known, sorting, filters);
            return HttpReply.json(200, answer.set("pagination", page.pagination(ask)));
        });
    }

    /// `GET /v1/processinstances/{id}`, with its log.
    HttpReply one(Ask ask) {
        return database.inTransaction(tx -> {
            var id = find(tx, ask);
            var node = nodes(tx, ask, List.of(id)).getFirst();
            ProcessLog.of(tx, engine.processes(), id, Seen.processes(ask))
                    .write(id, node.putArray("log"), "step", "at");
            return HttpReply.json(200, node);
        });
    }

    /// `GET /v1/processinstances/{id}/processexecutions`: its log in one piece, processes inside of it below the
    /// steps that began them.
    HttpReply executions(Ask ask) {
        return database.inTransaction(tx -> {
            var id = find(tx, ask);
            var process = nodes(tx, ask, List.of(id)).getFirst();
            var wire = process.get("id").stringValue();
            var node = Json.object().put("id", wire.replace("1pi", "1pe")).put("type", "processExecution");
            node.put("baseType", "processExecution");
            node.putObject("links")
                    .put("processInstance", process.get("links").get("self").stringValue());
            node.putObject("actions");
            node.put("uuid", id.toString()).put("processInstanceId", wire);
            node.set("created", process.get("created"));
            var log = ProcessLog.of(tx, engine.processes(), id, Seen.processes(ask));
            node.set(
                    "log",
                    log.executions(engine.processes().show(tx, id).orElseThrow().process()));
            node.put("truncated", !log.isWhole());
            return HttpReply.json(200, Envelope.of(ask, "processExecution", List.of(node)));
        });
    }

    /// `GET /v1/processsummary`: how many of each are at work, due, and waiting for a later time.
    HttpReply summary(Ask ask) {
        var now = DSL.val(ask.now(), PROCESS.RUN_AFTER.getDataType());
        var running = PROCESS.RUNNER.isNotNull();
        var later = PROCESS.RUNNER.isNull().and(PROCESS.RUN_AFTER.gt(now));
        var data = database.inTransaction(tx -> Pages.within(
                        Pages.PATIENCE,
                        tx.sql()
                                .select(
                                        PROCESS.NAME,
                                        DSL.count().filterWhere(running),
                                        DSL.count()
                                                .filterWhere(running.or(later).not()),
                                        DSL.count().filterWhere(later))
                                .from(PROCESS)
                                .where(PROCESS.RESULT.isNull().and(Seen.processes(ask)))
                                .groupBy(PROCESS.NAME)
                                .orderBy(PROCESS.NAME))
                .map(row -> summary(row.value1(), row.value2(), row.value3(), row.value4())));
        return HttpReply.json(200, Envelope.of(ask, "processSummary", data));
    }

    private static ObjectNode summary(String name, int running, int ready, int delay) {
        var node = Json.object().put("id", name).put("type", "processSummary").put("baseType", "processSummary");
        node.putObject("links");
        node.putObject("actions");
        return node.put("processName", name)
                .put("running", running)
                .put("ready", ready)
                .put("delay", delay);
    }

    private static UUID find(Tx tx, Ask ask) {
        var number = Ids.number(TYPE, ask.id());
        Optional<Condition> which = number.isPresent()
                ? Optional.of(PROCESS.NUMBER.eq(number.getAsLong()))
                : Ids.uuid(ask.id()).map(PROCESS.ID::eq);
        return which.flatMap(one -> tx.sql()
                        .select(PROCESS.ID)
                        .from(PROCESS)
                        .where(one.and(Seen.processes(ask)))
                        .fetchOptional(PROCESS.ID))
                .orElseThrow(() -> Problem.notThere("there is no process " + Form.shorten(ask.id())));
    }

    /// In the order of the ids; two queries for a whole page.
    private List<ObjectNode> nodes(Tx tx, Ask ask, List<UUID> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        var byId = engine.processes().list(tx, PROCESS.ID.eq(DSL.any(ids.toArray(UUID[]::new))), ids.size()).stream()
                .collect(toMap(ProcessInstance::id, process -> process));
        return ids.stream()
                .flatMap(id -> Optional.ofNullable(byId.get(id)).stream())
                .map(process -> node(ask, process))
                .toList();
    }

    private static ObjectNode node(Ask ask, ProcessInstance process) {
        var id = Ids.wire(TYPE, process.number());
        var self = ask.base() + "/v1/processinstances/" + id;
        var resource = Ids.wire(process.resource().type(), process.resource().number());
        var node = Json.object().put("id", id).put("type", TYPE).put("baseType", TYPE);
        var links = node.putObject("links").put("self", self).put("processExecutions", self + "/processexecutions");
        ask.kinds()
                .find(process.resource().type())
                .ifPresent(type -> links.put("resource", Kinds.collection(ask.base(), type) + "/" + resource));
        var actions = node.putObject("actions");
        if (mayMend(ask.caller())) {
            offered(process).forEach(verb -> actions.put(verb, self + "/?action=" + verb));
        }
        node.put("uuid", process.id().toString()).put("name", process.name()).put("processName", process.name());
        node.put("resourceType", process.resource().type())
                .put("resourceId", resource)
                .put("resource", resource);
        node.put("accountId", process.resource().project());
        node.put("state", process.state());
        var refusal = process.refusal();
        node.put("transitioning", MOVING.contains(process.state()) ? "yes" : refusal.isPresent() ? "error" : "no");
        node.put(
                "transitioningMessage",
                process.waitingFor().or(() -> refusal.map(Refusal::message)).orElse(null));
        node.putNull("transitioningProgress");
        node.set("data", process.arguments());
        node.put("priority", process.priority()).put("phase", process.phase().name());
        node.put("result", result(process.state()));
        node.put("exitReason", process.exitReason().map(Enum::name).orElse(null));
        node.put("executionCount", process.runs());
        node.put("runningAs", process.runningAs().orElse(null));
        node.put("runningProcessServerId", process.runner().map(UUID::toString).orElse(null));
        node.put("step", process.step().orElse(null))
                .put("stepNumber", process.stepNumber())
                .put("steps", process.steps());
        node.put("attempt", process.attempt())
                .put("waitingFor", process.waitingFor().orElse(null));
        node.put("stuck", process.isStuck(ask.now()));
        refusal.ifPresent(why -> node.set("error", Problem.what(why)));
        date(node, "created", Optional.of(process.created()));
        date(node, "startTime", process.started());
        date(node, "endTime", process.ended());
        date(node, "runAfter", Optional.of(process.runAfter()));
        return node.put("ended", process.ended().map(Values::shown).orElse(null));
    }

    /// Whether there are actions for that caller.
    static boolean mayMend(Caller caller) {
        return caller.admin() && !caller.readOnly();
    }

    private static List<String> offered(ProcessInstance process) {
        return switch (process.state()) {
            case "done", "cancelled" -> List.of();
            case "failed" -> List.of("retry", "replay");
            case "undoing" -> List.of("retry", "replay", "fail", "cancel");
            default -> List.of("retry", "replay", "skip", "fail", "cancel");
        };
    }

    /// `POST /v1/processinstances/{id}?action=`: what an operator can do.
    HttpReply act(Ask ask) {
        Access.mayOperate(ask.caller(), "mend processes").ifPresent(why -> {
            throw Problem.of(why);
        });
        var who = ask.caller().user();
        var verb = ask.one("action").orElse("");
        return database.inTransaction(tx -> {
            var id = find(tx, ask);
            var help = engine.interventions();
            var refusal = switch (verb) {
                case "retry", "replay" -> help.retry(tx, id, who);
                case "skip" -> help.skip(tx, id, who);
                case "fail" -> help.fail(tx, id, who);
                case "cancel" -> help.cancel(tx, id, who);
                default ->
                    throw Problem.invalid(
                            "InvalidAction",
                            "action",
                            "action is '" + Form.shorten(verb) + "'" + Nearest.hint(verb, ACTIONS));
            };
            refusal.ifPresent(why -> {
                throw why.kind() == Refusal.Kind.CLASH ? Problem.notAvailable(why.message()) : Problem.of(why);
            });
            return HttpReply.json(202, nodes(tx, ask, List.of(id)).getFirst());
        });
    }

    private static void date(ObjectNode node, String name, Optional<Instant> time) {
        node.put(name, time.map(Values::shown).orElse(null));
        node.put(name + "TS", time.map(Instant::toEpochMilli).orElse(null));
    }

    private static @Nullable String result(String state) {
        return switch (state) {
            case "done" -> "SUCCESS";
            case "cancelled" -> "CANCELED";
            case "failed" -> "FAILURE";
            default -> null;
        };
    }
}
