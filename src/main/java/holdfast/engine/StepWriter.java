package holdfast.engine;

import static holdfast.db.Tables.HANDLER_CALL;
import static holdfast.db.Tables.RESOURCE;
import static java.util.Objects.requireNonNull;

import holdfast.core.Refusal;
import holdfast.engine.Hooks.Plan;
import holdfast.engine.Judge.Claimed;
import holdfast.engine.Judge.Ended;
import holdfast.engine.Progress.Position;
import holdfast.engine.Progress.Result;
import holdfast.engine.Progress.Verdict;
import holdfast.engine.types.Move;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Records how steps ended, any number of them in one transaction and a handful of statements.
final class StepWriter {
    private final UUID runner;
    private final Definitions definitions;
    private final Recipes recipes;
    private final Registry registry;
    private final Processes processes;
    private final Signal due;
    private final Judge judge;

    StepWriter(
            UUID runner,
            Definitions definitions,
            Recipes recipes,
            Registry registry,
            Processes processes,
            Signal due) {
        this.runner = runner;
        this.definitions = definitions;
        this.recipes = recipes;
        this.registry = registry;
        this.processes = processes;
        this.due = due;
        this.judge = new Judge(definitions);
    }

    /// What the runner of a step learns.
    sealed interface Written {
        /// @param process as it stands now
        record Going(Claimed process) implements Written {}

        /// It has ended or waits, or the claim was lost and somebody else goes on.
        record Left() implements Written {}
    }

    private record ProcessRow(
            UUID id,
            long claim,
            int fromStep,
            boolean fromUndoing,
            int step,
            boolean undoing,
            int attempt,
            Instant stepSince,
            @Nullable Instant runAfter,
            boolean release,
            @Nullable String delegate,
            @Nullable Plan hooks,
            @Nullable String waitingFor,
            @Nullable Refusal refusal,
            @Nullable String result,
            @Nullable String exitReason,
            @Nullable Instant ended) {}

    private record LogRow(
            UUID process,
            Instant at,
            String step,
            String outcome,
            @Nullable String detail) {}

    private record ResourceRow(
            UUID process,
            UUID id,
            String state,
            ObjectNode data,
            @Nullable String message,
            @Nullable String trouble,
            @Nullable Integer progress,
            @Nullable Instant removed,
            Instant updated) {}

    private record JournalRow(
            UUID process,
            Instant at,
            UUID resource,
            long number,
            String type,
            String name,
            String project,
            String actor,
            String fromState,
            String toState,
            String who,
            String why) {}

    /// Writes all of `batch`, each of another process.
    ///
    /// @return for each of `batch` in its order
    List<Written> write(Tx tx, List<Ended> batch) {
        var current = lockResources(tx, batch);
        var judged = batch.stream()
                .map(ended -> judge.judge(
                        ended,
                        Optional.ofNullable(
                                current.get(ended.process().resource().id()))))
                .toList();
        var plans = plans(tx, judged);
        var after = new HashMap<UUID, Resource>();
        var log = new ArrayList<LogRow>();
        var changed = new ArrayList<ResourceRow>();
        var journal = new ArrayList<JournalRow>();
        for (var ended : judged) {
            log.add(row(ended));
            var before = current.get(ended.process().resource().id());
            if (before == null) {
                after.put(ended.process().id(), ended.process().resource());
                continue;
            }
            var next = judge.apply(ended, before);
            after.put(ended.process().id(), next);
            if (next.version() != before.version()) {
                changed.add(row(ended, next));
            }
            var field = ended.process().definition().move().orElseThrow().field();
            if (!next.state(field).equals(before.state(field))) {
                journal.add(row(ended, next, shown(field, before), shown(field, next)));
            }
        }
        var taken = record(tx, processes(judged, plans), changed, log, journal);
        var written = judged.stream()
                .map(ended -> taken.contains(ended.process().id())
                        ? follow(tx, ended, requireNonNull(after.get(ended.process().id())), plans)
                        : new Written.Left())
                .toList();
        processes.wake(
                tx,
                judged.stream()
                        .filter(ended ->
                                ended.verdict() instanceof Verdict.End || ended.verdict() instanceof Verdict.Chain)
                        .flatMap(ended -> ended.process().parent().stream())
                        .toList());
        return written;
    }

    private static List<ProcessRow> processes(List<Ended> batch, Map<UUID, Plan> plans) {
        return batch.stream()
                .map(ended -> processRow(ended, plans.get(ended.process().id())))
                .toList();
    }

    /// Who takes part in the processes that others go on as is settled now, and written down so that it stays so.
    private Map<UUID, Plan> plans(Tx tx, List<Ended> batch) {
        var plans = new HashMap<UUID, Plan>();
        for (var ended : batch) {
            if (ended.verdict() instanceof Verdict.Handover(var process)) {
                if (plans.isEmpty()) {
                    registry.refresh(tx);
                }
                plans.put(ended.process().id(), recipes.plan(process));
            }
        }
        return plans;
    }

    private Written follow(Tx tx, Ended ended, Resource resource, Map<UUID, Plan> plans) {
        ended.also().write(tx);
        var process = ended.process();
        switch (ended.verdict()) {
            case Verdict.Next(var position) -> {
                return new Written.Going(process.at(position, resource));
            }
            case Verdict.Handover(var name) -> {
                forgetAnswers(tx, process);
                var definition = definitions.get(name);
                var steps = recipes.steps(definition, resource, requireNonNull(plans.get(process.id())));
                return new Written.Going(process.goingOnAs(definition, steps, resource, Position.start(ended.at())));
            }
            case Verdict.Park _ -> tx.afterCommit(due::raiseHere);
            case Verdict.Chain(var next) ->
                processes.schedule(
                        tx,
                        Processes.Request.now(
                                next, resource.id(), process.definition().name()));
            case Verdict.End(var result, var refusal)
            when result != Result.CANCELLED -> process.definition().ending().write(tx, resource, refusal);
            case Verdict.End _ -> {}
        }
        return new Written.Left();
    }

    /// Who has answered on the first process leaves nothing out of the one that it goes on as.
    private static void forgetAnswers(Tx tx, Claimed process) {
        if (process.steps().size()
                > process.definition().steps().apply(process.resource()).size()) {
            tx.sql()
                    .update(HANDLER_CALL)
                    .set(HANDLER_CALL.STOPS, false)
                    .where(HANDLER_CALL.PROCESS.eq(process.id()).and(HANDLER_CALL.STOPS))
                    .execute();
        }
    }

    private static LogRow row(Ended ended) {
        return new LogRow(
                ended.process().id(),
                ended.at(),
                ended.step(),
                ended.outcome(),
                ended.detail().orElse(null));
    }

    private static ResourceRow row(Ended ended, Resource next) {
        return new ResourceRow(
                ended.process().id(),
                next.id(),
                next.state(),
                next.content(),
                next.message().orElse(null),
                next.trouble().map(Resource.Trouble::word).orElse(null),
                next.progress().orElse(null),
                next.removed().orElse(null),
                ended.at());
    }

    private static JournalRow row(Ended ended, Resource next, String from, String to) {
        return new JournalRow(
                ended.process().id(),
                ended.at(),
                next.id(),
                next.number(),
                next.type(),
                next.name(),
                next.project(),
                next.actor(),
                from,
                to,
                ended.process().definition().name(),
                next.message().orElse("all steps done"));
    }

    private static String shown(String field, Resource resource) {
        return field.equals(Move.STATE) ? resource.state() : field + ":" + resource.state(field);
    }

    private static Map<UUID, Resource> lockResources(Tx tx, Collection<Ended> batch) {
        var ids = batch.stream()
                .filter(ended -> ended.process().entered())
                .map(ended -> ended.process().resource().id())
                .toList();
        var current = new HashMap<UUID, Resource>();
        if (!ids.isEmpty()) {
            tx.sql()
                    .selectFrom(RESOURCE)
                    .where(Resources.withIds(ids))
                    .orderBy(RESOURCE.ID)
                    .forUpdate()
                    .fetch(Resources::read)
                    .forEach(resource -> current.put(resource.id(), resource));
        }
        return current;
    }

    private static ProcessRow processRow(Ended ended, @Nullable Plan plan) {
        var from = ended.process().position();
        return switch (ended.verdict()) {
            case Verdict.Next(var to) -> processRow(ended, to, null, null, null, null, null, to.refusal());
            case Verdict.Park(var to, var until, var waitingFor) ->
                processRow(ended, to, until, null, null, waitingFor, null, to.refusal());
            case Verdict.Handover(var process) -> {
                var hooks = plan == null || plan.isEmpty() ? null : plan;
                yield processRow(ended, Position.start(ended.at()), null, process, hooks, null, null, Optional.empty());
            }
            case Verdict.Chain _ ->
                processRow(ended, from, null, null, null, null, Result.DONE.word(), Optional.empty());
            case Verdict.End(var result, var refusal) ->
                processRow(ended, from, null, null, null, null, result.word(), refusal);
        };
    }

    /// A row that names neither a time to go on nor a result keeps its claim.
    private static ProcessRow processRow(
            Ended ended,
            Position to,
            @Nullable Instant until,
            @Nullable String delegate,
            @Nullable Plan hooks,
            @Nullable String waitingFor,
            @Nullable String result,
            Optional<Refusal> refusal) {
        var process = ended.process();
        var from = process.position();
        return new ProcessRow(
                process.id(),
                process.claim(),
                from.step(),
                from.undoing(),
                to.step(),
                to.undoing(),
                to.attempt(),
                to.since(),
                until,
                until != null || result != null,
                delegate,
                hooks,
                waitingFor,
                refusal.orElse(null),
                result,
                ended.reason().map(ExitReason::name).orElse(null),
                result == null ? null : ended.at());
    }

    /// One statement for four tables, in which what has lost its claim changes nothing. The ids beside the rows are for
    /// the planner, which cannot know how few rows a JSON text has.
    ///
    /// @return the processes whose claims held
    private Set<UUID> record(
            Tx tx,
            List<ProcessRow> processes,
            List<ResourceRow> resources,
            List<LogRow> log,
            List<JournalRow> journal) {
        return new HashSet<>(tx.sql()
                .fetch(
                        """
                        with taken as (
                            update process p
                               set step = u.step, undoing = u.undoing, attempt = u.attempt, step_since = u."stepSince",
                                   run_after = coalesce(u."runAfter", p.run_after),
                                   runner = case when u.release then null else p.runner end,
                                   delegate = coalesce(u.delegate, p.delegate),
                                   hooks = case when u.delegate is null then p.hooks else u.hooks end,
                                   waiting_for = u."waitingFor", refusal = u.refusal, result = u.result, exit_reason = u."exitReason",
                                   ended = u.ended
                              from jsonb_to_recordset(?::jsonb) as u(
                                   id uuid, claim bigint, "fromStep" int, "fromUndoing" boolean, step int, undoing boolean, attempt int,
                                   "stepSince" timestamptz, "runAfter" timestamptz, release boolean, delegate text, hooks jsonb,
                                   "waitingFor" text, refusal jsonb, result text, "exitReason" text, ended timestamptz)
                             where p.id = u.id and p.id = any (?::uuid[]) and p.runner = ? and p.claim = u.claim and p.step = u."fromStep"
                               and p.undoing = u."fromUndoing" and p.result is null
                            returning p.id
                        ), changed as (
                            update resource r
                               set state = u.state, data = u.data, message = u.message, trouble = u.trouble, progress = u.progress,
                                   removed = u.removed, updated = u.updated, version = r.version + 1
                              from taken join jsonb_to_recordset(?::jsonb) as u(
                                   process uuid, id uuid, state text, data jsonb, message text, trouble text, progress int, removed timestamptz,
                                   updated timestamptz) on u.process = taken.id
                             where r.id = u.id and r.id = any (?::uuid[])
                        ), logged as (
                            insert into process_log (process, at, step, outcome, detail)
                            select taken.id, at, step, outcome, detail
                              from taken join jsonb_to_recordset(?::jsonb) as u(
                                   process uuid, at timestamptz, step text, outcome text, detail text) on u.process = taken.id
                        ), told as (
                            insert into journal (at, resource, number, type, name, project, actor, from_state, to_state, who, why)
                            select at, resource, number, type, name, project, actor, "fromState", "toState", who, why
                              from taken join jsonb_to_recordset(?::jsonb) as u(
                                   process uuid, at timestamptz, resource uuid, number bigint, type text, name text, project text, actor text,
                                   "fromState" text, "toState" text, who text, why text) on u.process = taken.id
                        )
                        select id from taken""",
                        Json.text(processes),
                        ids(processes.stream().map(ProcessRow::id)),
                        runner,
                        Json.text(resources),
                        ids(resources.stream().map(ResourceRow::id)),
                        Json.text(log),
                        Json.text(journal))
                .getValues(0, UUID.class));
    }

    private static Object ids(Stream<UUID> ids) {
        return ids.toArray(UUID[]::new);
    }
}
