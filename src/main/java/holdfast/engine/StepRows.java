package holdfast.engine;

import holdfast.core.Refusal;
import holdfast.engine.Hooks.Plan;
import holdfast.engine.Judge.Ended;
import holdfast.engine.Progress.Position;
import holdfast.engine.Progress.Result;
import holdfast.engine.Progress.Verdict;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What the ends of steps mean as rows of four tables, and the one statement that writes them.
final class StepRows {
    private final List<ProcessRow> processes = new ArrayList<>();
    private final List<LogRow> log = new ArrayList<>();
    private final List<ResourceRow> resources = new ArrayList<>();
    private final List<JournalRow> journal = new ArrayList<>();

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

    /// A step has ended.
    ///
    /// @param plan of the process that it goes on as
    void add(Ended ended, Plan plan) {
        processes.add(processRow(ended, plan));
        log.add(new LogRow(
                ended.process().id(),
                ended.at(),
                ended.step(),
                ended.outcome(),
                ended.detail().orElse(null)));
    }

    /// The resource is another by that.
    void changed(Ended ended, Resource next) {
        resources.add(new ResourceRow(
                ended.process().id(),
                next.id(),
                next.state(),
                next.content(),
                next.message().orElse(null),
                next.trouble().map(Resource.Trouble::word).orElse(null),
                next.progress().orElse(null),
                next.removed().orElse(null),
                ended.at()));
    }

    /// It has come from one state into another.
    void told(Ended ended, Resource next, String from, String to) {
        journal.add(new JournalRow(
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
                next.message().orElse("all steps done")));
    }

    private static ProcessRow processRow(Ended ended, Plan plan) {
        var from = ended.process().position();
        return switch (ended.verdict()) {
            case Verdict.Next(var to) -> processRow(ended, to, null, null, null, null, null, to.refusal());
            case Verdict.Park(var to, var until, var waitingFor) ->
                processRow(ended, to, until, null, null, waitingFor, null, to.refusal());
            case Verdict.Handover(var process) -> {
                var hooks = plan.isEmpty() ? null : plan;
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

    /// One statement for four tables, in which what has lost its claim changes nothing. The ids beside the rows are
    /// for the planner, which cannot know how few rows a JSON text has.
    ///
    /// @return the processes whose claims held
    Set<UUID> write(Tx tx, UUID runner) {
        return new HashSet<>(tx.sql()
                .fetch(
                        """
                        with taken as (
                            update process p
                               set step = u.step, undoing = u.undoing, attempt = u.attempt, step_since = u."stepSince",
                                   run_after = coalesce(u."runAfter", p.run_after),
                                   runner = case when u.release then null else p.runner end,
                                   claim = p.claim + (u.delegate is not null)::int,
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
