package holdfast.engine;

import static holdfast.db.Tables.PROCESS;
import static holdfast.db.Tables.PROCESS_LOG;
import static holdfast.db.Tables.RESOURCE;
import static java.util.Objects.requireNonNull;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.db.tables.records.ProcessRecord;
import holdfast.engine.Hooks.Plan;
import holdfast.engine.ProcessInstance.Phase;
import holdfast.engine.types.Move;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import tools.jackson.databind.JsonNode;

/// Asks for processes, and looks at them. Running them is the runner's business.
public final class Processes {
    private final Platform platform;
    private final Definitions definitions;
    private final Resources resources;
    private final Recipes recipes;
    private final Signal due;

    Processes(Platform platform, Definitions definitions, Resources resources, Recipes recipes, Signal due) {
        this.platform = platform;
        this.definitions = definitions;
        this.resources = resources;
        this.recipes = recipes;
        this.due = due;
    }

    /// @param process name of its definition
    /// @param resource what it happens to
    /// @param arguments for its steps: an object
    /// @param runAfter not before then; until then the resource stays in its state
    /// @param who asks, for the journal
    /// @param parent the process that waits for it
    public record Request(
            String process,
            UUID resource,
            JsonNode arguments,
            Optional<Instant> runAfter,
            String who,
            Optional<UUID> parent) {
        public static Request now(String process, UUID resource, String who) {
            return new Request(process, resource, Json.object(), Optional.empty(), who, Optional.empty());
        }

        public static Request at(Instant time, String process, UUID resource, String who) {
            return new Request(process, resource, Json.object(), Optional.of(time), who, Optional.empty());
        }

        public Request with(JsonNode given) {
            return new Request(process, resource, given, runAfter, who, parent);
        }

        public Request partOf(UUID process) {
            return new Request(this.process, resource, arguments, runAfter, who, Optional.of(process));
        }
    }

    /// Schedules a process in the transaction of the change that asks for it. Unless it is for later, or has a
    /// [Guard], the resource enters the transitioning state at once, and what this overtakes is cancelled.
    ///
    /// @return the process's id, a clash if the resource's state does not allow it, or MALFORMED
    public Answer<UUID> schedule(Tx tx, Request request) {
        var definition = definitions.get(request.process());
        var now = platform.now();
        var runAfter = request.runAfter().filter(time -> time.isAfter(now)).orElse(now);
        var fault = Guard.fault(definition.name(), request.arguments());
        if (fault.isPresent()) {
            return Answer.no(fault.get());
        }
        boolean guarded = Guard.of(definition.name(), request.arguments()).isPresent();
        boolean entered = definition.move().isPresent() && !runAfter.isAfter(now) && !guarded;
        if (entered) {
            var refusal = move(tx, definition, request.resource(), request.who());
            if (refusal.isPresent()) {
                return Answer.no(refusal.get());
            }
        }
        var id = platform.newId();
        tx.sql()
                .execute(
                        """
                        with overtaken as (
                            update process set result = 'cancelled', exit_reason = 'CANCELED', ended = ?::timestamptz
                             where ? and resource = ? and coalesce(delegate, name) = any (?) and entered and result is null and runner is null
                        )
                        insert into process (id, name, resource, resource_type, actor, arguments, priority, parent, step_since, run_after, entered,
                                             exit_reason, created)
                        values (?, ?, ?, ?, (select actor from resource where id = ?), ?::jsonb, ?, ?, ?::timestamptz, ?::timestamptz, ?,
                                'SCHEDULED', ?::timestamptz)""",
                        now,
                        entered,
                        request.resource(),
                        entered ? definitions.rivals(definition) : new String[0],
                        id,
                        definition.name(),
                        request.resource(),
                        definition.type(),
                        request.resource(),
                        Json.text(request.arguments()),
                        definition.priority(),
                        request.parent().orElse(null),
                        runAfter,
                        runAfter,
                        entered,
                        now);
        tx.afterCommit(due::raise);
        return Answer.yes(id);
    }

    /// Puts the resource into the transitioning state of `definition`, and cancels what was moving it until now. A
    /// process that is running at this moment is not interrupted: it finds out when it records its step.
    Optional<Refusal> enter(Tx tx, ProcessDefinition definition, UUID id, String who) {
        var refusal = move(tx, definition, id, who);
        if (refusal.isEmpty()) {
            end(
                    tx,
                    PROCESS.RESOURCE
                            .eq(id)
                            .and(PROCESS.ENTERED)
                            .and(DSL.coalesce(PROCESS.DELEGATE, PROCESS.NAME)
                                    .eq(DSL.any(definitions.rivals(definition)))));
        }
        return refusal;
    }

    /// Locks the resource, moves it and writes the journal in one statement. What the move overtakes must be looked
    /// for in a later one: only that sees what was committed while this one waited for the lock. Entering a state
    /// of the main field clears what an earlier process has left behind (cattle.md 3.1).
    private Optional<Refusal> move(Tx tx, ProcessDefinition definition, UUID id, String who) {
        var move = definition.move().orElseThrow();
        var now = platform.now();
        int moved = tx.sql()
                .fetchSingle(
                        moveSql(move.field()),
                        id,
                        move.start().keySet().toArray(String[]::new),
                        move.start().values().toArray(String[]::new),
                        now,
                        now,
                        who,
                        definition.name())
                .get(0, int.class);
        return moved == 1 ? Optional.empty() : Optional.of(refusal(tx, definition, move, id));
    }

    /// The names of state fields hold letters and digits only ([Move]).
    private static String moveSql(String field) {
        boolean main = field.equals(Move.STATE);
        var read = main ? "state" : "coalesce(data ->> '" + field + "', '')";
        var set = main
                ? "state = m.during, message = null, trouble = null, progress = null"
                : "data = jsonb_set(data, '{" + field + "}', to_jsonb(m.during))";
        var shown = main ? "" : field + ":";
        return """
                with before as (
                    select id, %s as state from resource where id = ? for update
                ), moved as (
                    update resource r set %s, updated = m.now, version = r.version + 1
                      from before b join (select unnest(?::text[]) as was, unnest(?::text[]) as during, ?::timestamptz as now) m on m.was = b.state
                     where r.id = b.id
                    returning r.id, r.number, r.type, r.name, r.project, r.actor, b.state as was, m.during as becomes
                ), told as (
                    insert into journal (at, resource, number, type, name, project, actor, from_state, to_state, who, why)
                    select ?::timestamptz, id, number, type, name, project, actor, '%s' || was, '%s' || becomes, ?, ? from moved where was <> becomes
                )
                select count(*)::int from moved""".formatted(read, set, shown, shown);
    }

    private Refusal refusal(Tx tx, ProcessDefinition definition, Move move, UUID id) {
        return resources
                .lock(tx, id)
                .map(resource -> Refusal.clash(definition.name() + " is not possible while " + resource.type() + " "
                        + resource.name() + " is " + resource.state() + "; it is from: "
                        + String.join(", ", move.start().keySet())))
                .orElseGet(() -> Refusal.notThere("there is no " + definition.type() + " " + id));
    }

    /// Cancels what was scheduled for later on `resource` and has not begun.
    public void cancelTimers(Tx tx, UUID resource) {
        end(tx, PROCESS.RESOURCE.eq(resource).and(PROCESS.ENTERED.isFalse()));
    }

    /// The same of some processes only.
    public void cancelTimers(Tx tx, UUID resource, Set<String> processes) {
        end(tx, PROCESS.RESOURCE.eq(resource).and(PROCESS.NAME.in(processes)).and(PROCESS.ENTERED.isFalse()));
    }

    private void end(Tx tx, Condition which) {
        tx.sql()
                .update(PROCESS)
                .set(PROCESS.RESULT, "cancelled")
                .set(PROCESS.EXIT_REASON, ExitReason.CANCELED.name())
                .set(PROCESS.ENDED, platform.now())
                .where(which.and(PROCESS.RESULT.isNull()).and(PROCESS.RUNNER.isNull()))
                .execute();
    }

    /// Lets a process that waits go on at once; one that runs or has ended is left alone.
    public void wake(Tx tx, UUID process) {
        wake(tx, List.of(process));
    }

    /// As [#wake(Tx, UUID)], for several.
    public void wake(Tx tx, Collection<UUID> processes) {
        if (!processes.isEmpty()) {
            // Waits for one that is being parked at this moment, so that it is seen as parked.
            tx.sql()
                    .select(PROCESS.ID)
                    .from(PROCESS)
                    .where(PROCESS.ID
                            .eq(DSL.any(processes.toArray(UUID[]::new)))
                            .and(PROCESS.RESULT.isNull()))
                    .orderBy(PROCESS.ID)
                    .forUpdate()
                    .fetch();
            tx.sql()
                    .update(PROCESS)
                    .set(PROCESS.RUN_AFTER, platform.now())
                    .where(PROCESS.ID
                            .eq(DSL.any(processes.toArray(UUID[]::new)))
                            .and(PROCESS.RESULT.isNull())
                            .and(PROCESS.RUNNER.isNull())
                            .and(PROCESS.RUN_AFTER.gt(platform.now())))
                    .execute();
            tx.afterCommit(due::raise);
        }
    }

    /// Lets all go on at once that wait for something outside, of the resources that `which` selects.
    public void wakeWaiting(Tx tx, Condition which) {
        var resources = DSL.select(RESOURCE.ID).from(RESOURCE).where(which);
        wake(
                tx,
                tx.sql()
                        .select(PROCESS.ID)
                        .from(PROCESS)
                        .where(PROCESS.RESULT.isNull())
                        .and(PROCESS.WAITING_FOR.isNotNull())
                        .and(PROCESS.RESOURCE.in(resources))
                        .fetchSet(PROCESS.ID));
    }

    /// Those that `parent` waits for, oldest first.
    public List<ProcessInstance> children(Tx tx, UUID parent) {
        return list(tx, PROCESS.PARENT.eq(parent), 10_000).reversed();
    }

    /// Process instances that `condition` selects, newest first.
    public List<ProcessInstance> list(Tx tx, Condition condition, int limit) {
        return read(
                tx,
                tx.sql()
                        .selectFrom(PROCESS)
                        .where(condition)
                        .orderBy(PROCESS.CREATED.desc(), PROCESS.ID.desc())
                        .limit(limit)
                        .fetch());
    }

    /// Those of `resources` that have not ended: one query for a whole list.
    public List<ProcessInstance> open(Tx tx, Collection<UUID> resources) {
        return resources.isEmpty()
                ? List.of()
                : list(
                        tx,
                        PROCESS.RESOURCE
                                .in(resources)
                                .and(PROCESS.RESULT.isNull())
                                .and(PROCESS.ENTERED),
                        100_000);
    }

    /// One process instance with its log.
    public Optional<ProcessInstance.WithLog> show(Tx tx, UUID id) {
        return list(tx, PROCESS.ID.eq(id), 1).stream()
                .findFirst()
                .map(process -> new ProcessInstance.WithLog(process, log(tx, id)));
    }

    private List<ProcessInstance.LogLine> log(Tx tx, UUID id) {
        return tx.sql()
                .selectFrom(PROCESS_LOG)
                .where(PROCESS_LOG.PROCESS.eq(id))
                .orderBy(PROCESS_LOG.SEQ)
                .limit(10_000)
                .fetch(row -> new ProcessInstance.LogLine(
                        row.getAt(), row.getStep(), row.getOutcome(), Optional.ofNullable(row.getDetail())));
    }

    private List<ProcessInstance> read(Tx tx, List<ProcessRecord> rows) {
        if (rows.isEmpty()) {
            return List.of();
        }
        var ids = rows.stream().map(ProcessRecord::getResource).distinct().toList();
        var byId = resources.list(tx, Resources.withIds(ids), ids.size()).stream()
                .collect(Collectors.toMap(Resource::id, Function.identity()));
        return rows.stream()
                .map(row -> read(row, requireNonNull(byId.get(row.getResource()))))
                .toList();
    }

    private ProcessInstance read(ProcessRecord row, Resource resource) {
        var plan = plan(row);
        var steps = definitions
                .find(runningAs(row))
                .map(definition -> recipes.steps(definition, resource, plan))
                .orElse(List.of());
        return new ProcessInstance(
                row.getId(),
                row.getNumber(),
                row.getName(),
                Optional.ofNullable(row.getDelegate()),
                resource,
                state(row),
                phase(row, plan, steps.size()),
                row.getResult() != null || row.getStep() >= steps.size()
                        ? Optional.empty()
                        : Optional.of(steps.get(row.getStep()).name()),
                row.getStep() + 1,
                steps.size(),
                row.getAttempt(),
                row.getStepSince(),
                row.getRunAfter(),
                Optional.ofNullable(row.getWaitingFor()),
                Optional.ofNullable(row.getRefusal()).map(refusal -> Json.read(refusal.data(), Refusal.class)),
                Optional.ofNullable(row.getExitReason()).map(ExitReason::valueOf),
                row.getPriority(),
                row.getRuns(),
                Optional.ofNullable(row.getRunner()),
                Optional.ofNullable(row.getParent()),
                Json.tree(row.getArguments().data()),
                row.getCreated(),
                Optional.ofNullable(row.getStarted()),
                Optional.ofNullable(row.getEnded()));
    }

    static String runningAs(ProcessRecord row) {
        return row.getDelegate() == null ? row.getName() : row.getDelegate();
    }

    static Plan plan(ProcessRecord row) {
        return row.getHooks() == null ? Plan.NONE : Json.read(row.getHooks().data(), Plan.class);
    }

    private static Phase phase(ProcessRecord row, Plan plan, int steps) {
        if (row.getResult() != null) {
            return Phase.DONE;
        }
        if (row.getRuns() == 0) {
            return Phase.REQUESTED;
        }
        if (row.getStep() < plan.before().size()) {
            return Phase.PRE_LISTENERS;
        }
        return row.getStep() < steps - plan.after().size() ? Phase.HANDLERS : Phase.POST_LISTENERS;
    }

    /// Selects those that happen to one resource.
    public static Condition about(UUID resource) {
        return PROCESS.RESOURCE.eq(resource);
    }

    /// Selects the one of that id.
    public static Condition withId(UUID id) {
        return PROCESS.ID.eq(id);
    }

    private static String state(ProcessRecord row) {
        if (row.getResult() != null) {
            return row.getResult();
        }
        if (row.getUndoing()) {
            return "undoing";
        }
        if (row.getRunner() != null) {
            return "running";
        }
        return row.getWaitingFor() != null ? "waiting" : "scheduled";
    }
}
