package holdfast.engine;

import static holdfast.db.Tables.HANDLER_CALL;
import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Refusal;
import holdfast.engine.GroupCommit.Written;
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
    private final Judge judge;
    private final Processes processes;

    StepWriter(UUID runner, Judge judge, Processes processes) {
        this.runner = runner;
        this.judge = judge;
        this.processes = processes;
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
            UUID id,
            String state,
            ObjectNode data,
            @Nullable String message,
            @Nullable String trouble,
            @Nullable Integer progress,
            @Nullable Instant removed,
            Instant updated) {}

    private record JournalRow(
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
    /// @return by process id what became of each step; one that is missing had lost its claim
    Map<UUID, Written> write(Tx tx, Collection<Ended> batch) {
        var current = lockResources(tx, batch);
        var judged = batch.stream()
                .map(ended -> judge.judge(
                        ended,
                        Optional.ofNullable(
                                current.get(ended.process().resource().id()))))
                .toList();
        var taken = writeProcesses(tx, judged);
        var results = new HashMap<UUID, Written>();
        var log = new ArrayList<LogRow>();
        var changed = new ArrayList<ResourceRow>();
        var journal = new ArrayList<JournalRow>();
        for (var ended : judged) {
            if (!taken.contains(ended.process().id())) {
                continue;
            }
            log.add(new LogRow(
                    ended.process().id(),
                    ended.at(),
                    ended.step(),
                    ended.outcome(),
                    ended.detail().orElse(null)));
            var before = current.get(ended.process().resource().id());
            if (before == null) {
                results.put(
                        ended.process().id(), new Written.Taken(ended.process().resource(), ended.verdict()));
                continue;
            }
            var after = judge.apply(ended, before);
            results.put(ended.process().id(), new Written.Taken(after, ended.verdict()));
            if (after.version() != before.version()) {
                changed.add(new ResourceRow(
                        after.id(),
                        after.state(),
                        (ObjectNode) Json.tree(after.data()),
                        after.message().orElse(null),
                        after.trouble().map(Resource.Trouble::word).orElse(null),
                        after.progress().orElse(null),
                        after.removed().orElse(null),
                        ended.at()));
            }
            var field = ended.process().definition().move().orElseThrow().field();
            if (!after.state(field).equals(before.state(field))) {
                journal.add(new JournalRow(
                        ended.at(),
                        after.id(),
                        after.number(),
                        after.type(),
                        after.name(),
                        after.project(),
                        after.actor(),
                        shown(field, before),
                        shown(field, after),
                        ended.process().definition().name(),
                        after.message().orElse("all steps done")));
            }
        }
        record(tx, changed, log, journal);
        for (var ended : judged) {
            if (results.get(ended.process().id()) instanceof Written.Taken(var resource, var verdict)) {
                ended.also().write(tx);
                follow(tx, ended.process(), resource, verdict);
            }
        }
        processes.wake(
                tx,
                judged.stream()
                        .filter(ended ->
                                ended.verdict() instanceof Verdict.End || ended.verdict() instanceof Verdict.Chain)
                        .flatMap(ended -> ended.process().parent().stream())
                        .toList());
        return results;
    }

    private void follow(Tx tx, Claimed process, Resource resource, Verdict verdict) {
        switch (verdict) {
            case Verdict.End(var result, var refusal)
            when result != Result.CANCELLED -> process.definition().ending().write(tx, resource, refusal);
            case Verdict.Chain(var next) ->
                processes.schedule(
                        tx,
                        Processes.Request.now(
                                next, resource.id(), process.definition().name()));
            case Verdict.Handover _ -> forgetAnswers(tx, process);
            case Verdict.End _, Verdict.Next _, Verdict.Park _ -> {}
        }
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

    private Set<UUID> writeProcesses(Tx tx, List<Ended> batch) {
        var rows = batch.stream().map(StepWriter::row).toList();
        return new HashSet<>(tx.sql()
                .fetch("""
                        update process p
                           set step = u.step, undoing = u.undoing, attempt = u.attempt, step_since = u."stepSince",
                               run_after = coalesce(u."runAfter", p.run_after),
                               runner = case when u.release then null else p.runner end,
                               delegate = coalesce(u.delegate, p.delegate),
                               hooks = case when u.delegate is null then p.hooks end,
                               waiting_for = u."waitingFor", refusal = u.refusal, result = u.result, exit_reason = u."exitReason",
                               ended = u.ended
                          from jsonb_to_recordset(?::jsonb) as u(
                               id uuid, claim bigint, "fromStep" int, "fromUndoing" boolean, step int, undoing boolean, attempt int,
                               "stepSince" timestamptz, "runAfter" timestamptz, release boolean, delegate text, "waitingFor" text,
                               refusal jsonb, result text, "exitReason" text, ended timestamptz)
                         where p.id = u.id and p.id = any (?::uuid[]) and p.runner = ? and p.claim = u.claim and p.step = u."fromStep"
                           and p.undoing = u."fromUndoing" and p.result is null
                        returning p.id""", Json.text(rows), ids(rows.stream().map(ProcessRow::id)), runner)
                .getValues(0, UUID.class));
    }

    private static ProcessRow row(Ended ended) {
        var from = ended.process().position();
        return switch (ended.verdict()) {
            case Verdict.Next(var to) -> row(ended, to, null, null, null, null, to.refusal());
            case Verdict.Park(var to, var until, var waitingFor) ->
                row(ended, to, until, null, waitingFor, null, to.refusal());
            case Verdict.Handover(var process) ->
                row(ended, Position.start(ended.at()), ended.at(), process, null, null, Optional.empty());
            case Verdict.Chain _ -> row(ended, from, null, null, null, Result.DONE.word(), Optional.empty());
            case Verdict.End(var result, var refusal) -> row(ended, from, null, null, null, result.word(), refusal);
        };
    }

    /// A row that names neither a time to go on nor a result keeps its claim.
    private static ProcessRow row(
            Ended ended,
            Position to,
            @Nullable Instant until,
            @Nullable String delegate,
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
                waitingFor,
                refusal.orElse(null),
                result,
                ended.reason().map(ExitReason::name).orElse(null),
                result == null ? null : ended.at());
    }

    /// One statement for three tables. The ids beside the rows are for the planner, which cannot know how few rows
    /// a JSON text has and would read the whole table.
    private static void record(Tx tx, List<ResourceRow> resources, List<LogRow> log, List<JournalRow> journal) {
        tx.sql()
                .execute(
                        """
                        with changed as (
                            update resource r
                               set state = u.state, data = u.data, message = u.message, trouble = u.trouble, progress = u.progress, removed = u.removed,
                                   updated = u.updated, version = r.version + 1
                              from jsonb_to_recordset(?::jsonb) as u(
                                   id uuid, state text, data jsonb, message text, trouble text, progress int, removed timestamptz,
                                   updated timestamptz)
                             where r.id = u.id and r.id = any (?::uuid[])
                        ), logged as (
                            insert into process_log (process, at, step, outcome, detail)
                            select process, at, step, outcome, detail from jsonb_to_recordset(?::jsonb)
                                as u(process uuid, at timestamptz, step text, outcome text, detail text)
                        )
                        insert into journal (at, resource, number, type, name, project, actor, from_state, to_state, who, why)
                        select at, resource, number, type, name, project, actor, "fromState", "toState", who, why
                          from jsonb_to_recordset(?::jsonb) as u(
                               at timestamptz, resource uuid, number bigint, type text, name text, project text, actor text, "fromState" text,
                               "toState" text, who text, why text)""",
                        Json.text(resources),
                        ids(resources.stream().map(ResourceRow::id)),
                        Json.text(log),
                        Json.text(journal));
    }

    private static Object ids(Stream<UUID> ids) {
        return ids.toArray(UUID[]::new);
    }
}
