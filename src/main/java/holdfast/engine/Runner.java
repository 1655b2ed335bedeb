package holdfast.engine;

import static holdfast.db.Tables.PROCESS;
import static holdfast.db.Tables.PROCESS_LOG;
import static java.util.Objects.requireNonNull;

import holdfast.core.Refusal;
import holdfast.db.tables.records.ProcessRecord;
import holdfast.engine.Hooks.Plan;
import holdfast.engine.Judge.Claimed;
import holdfast.engine.Judge.Ended;
import holdfast.engine.Progress.Position;
import holdfast.engine.Progress.Result;
import holdfast.engine.Progress.Run;
import holdfast.engine.Progress.Verdict;
import holdfast.engine.StepWriter.Written;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Claims processes that are due and runs their steps. Any number of runners may share one database.
///
/// A claim is a row with a runner and a time at which it lapses; a runner that died is found by the lapse, or at once
/// by [Wakeups]. Nothing in memory matters: what a runner forgets, the next one reads.
final class Runner {
    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);
    static final Duration CLAIM = Duration.ofSeconds(30);
    private static final Duration FORGOTTEN = Duration.ofSeconds(6);

    private final UUID id;
    private final Platform platform;
    private final Database database;
    private final Definitions definitions;
    private final Resources resources;
    private final Processes processes;
    private final Recipes recipes;
    private final Registry registry;
    private final RuntimeSettings settings;
    private final Epoch epoch;

    Runner(
            UUID id,
            Platform platform,
            Database database,
            Definitions definitions,
            Resources resources,
            Processes processes,
            Recipes recipes,
            Registry registry,
            RuntimeSettings settings) {
        this.id = id;
        this.platform = platform;
        this.database = database;
        this.definitions = definitions;
        this.resources = resources;
        this.processes = processes;
        this.recipes = recipes;
        this.registry = registry;
        this.settings = settings;
        this.epoch = new Epoch(database);
    }

    /// Claims up to `limit` processes of resources of `actors` that are due, at most one of each resource, the
    /// longest due first. What this version does not know is left to one that does.
    List<Claimed> claim(int limit, Set<String> actors) {
        return database.inTransaction(tx -> claim(tx, limit, actors.toArray(String[]::new)));
    }

    private List<Claimed> claim(Tx tx, int limit, String[] actors) {
        var now = platform.now();
        registry.refresh(tx);
        if (!settings.isProvisioning()) {
            return List.of();
        }
        var rows = tx.sql()
                .fetch(
                        CLAIM_DUE,
                        now,
                        actors,
                        definitions.names().toArray(String[]::new),
                        now,
                        limit,
                        limit,
                        id,
                        now.plus(CLAIM),
                        now,
                        now)
                .into(PROCESS);
        if (rows.isEmpty()) {
            return List.of();
        }
        var byId = new HashMap<UUID, Resource>();
        resources
                .list(tx, Resources.withIds(rows.getValues(PROCESS.RESOURCE)), rows.size())
                .forEach(resource -> byId.put(resource.id(), resource));
        return rows.stream()
                .map(row -> claimed(tx, row, requireNonNull(byId.get(row.getResource()))))
                .toList();
    }

    /// Higher priorities first, each level read along its index. Time in which a step was due and nobody ran it, as
    /// when no server was there, does not count against its patience.
    private static final String CLAIM_DUE = """
            with recursive level as (
                (select priority from process where result is null and runner is null order by priority desc limit 1)
                union all
                select (select p.priority from process p
                         where p.result is null and p.runner is null and p.priority < level.priority order by p.priority desc limit 1)
                  from level where level.priority is not null
            ), due as (
                select waiting.id
                  from level cross join lateral (
                    select p.id from process p
                     where p.result is null and p.runner is null and p.priority = level.priority and p.run_after <= ?::timestamptz
                       and p.actor = any (?) and coalesce(p.delegate, p.name) = any (?)
                       and not exists (
                           select from process o
                            where o.resource = p.resource and o.result is null and o.id <> p.id
                              and (o.runner is not null or (o.run_after <= ?::timestamptz and (o.created, o.id) < (p.created, p.id))))
                     order by p.run_after
                     limit ?
                       for update skip locked) waiting
                 where level.priority is not null
                 limit ?)
            update process set runner = ?, claim = claim + 1, run_after = ?::timestamptz, runs = runs + 1,
                               step_since = step_since + (?::timestamptz - run_after), started = coalesce(started, ?::timestamptz), exit_reason = null
             where id = any (array(select id from due))
            returning process.*""";

    private Claimed claimed(Tx tx, ProcessRecord row, Resource resource) {
        var definition = definitions.get(Processes.runningAs(row));
        return new Claimed(
                row.getId(),
                definition,
                resource,
                Json.tree(row.getArguments().data()),
                recipes.steps(definition, resource, plan(tx, definition, row)),
                new Position(
                        row.getStep(),
                        row.getUndoing(),
                        row.getAttempt(),
                        row.getStepSince(),
                        Optional.ofNullable(row.getRefusal()).map(text -> Json.read(text.data(), Refusal.class))),
                row.getClaim(),
                row.getEntered(),
                Optional.ofNullable(row.getParent()),
                row.getClaim() == 1);
    }

    /// Who takes part is settled when the process begins, and written down so that it stays so.
    private Plan plan(Tx tx, ProcessDefinition definition, ProcessRecord row) {
        boolean begun = row.getStep() > 0 || row.getUndoing() || row.getWaitingFor() != null;
        if (row.getHooks() != null || begun || definition.move().isEmpty()) {
            return Processes.plan(row);
        }
        var plan = recipes.plan(definition.name());
        if (!plan.isEmpty()) {
            tx.sql()
                    .update(PROCESS)
                    .set(PROCESS.HOOKS, Json.jsonb(plan))
                    .where(PROCESS.ID.eq(row.getId()))
                    .execute();
        }
        return plan;
    }

    /// Where outcomes are recorded: together with others under load, or at once in a simulation.
    interface Recorder {
        Written write(Ended ended) throws InterruptedException;
    }

    /// Runs the steps of `claimed` until it ends, waits or is lost.
    void run(Claimed claimed, Recorder recorder) throws InterruptedException {
        var entered = enter(claimed);
        if (entered.isEmpty()) {
            return;
        }
        var process = entered.get();
        while (true) {
            var ended = runStep(process);
            Written written;
            try {
                written = recorder.write(ended);
            } catch (IllegalStateException e) {
                LOG.warn(
                        "{} of {} {}: {}",
                        ended.step(),
                        process.definition().name(),
                        process.resource().id(),
                        e.getMessage());
                written = recorder.write(judged(process, ended.step(), new Run.Threw(problem(e), false)));
            }
            switch (written) {
                case Written.Going(var next) -> process = next;
                case Written.Left _ -> {
                    return;
                }
            }
        }
    }

    /// A process that was for later puts its resource into the transitioning state when its time has come. If that
    /// is no longer possible, or its guard does not let it, it ends: well if the resource is already where it leads
    /// to, else cancelled.
    private Optional<Claimed> enter(Claimed claimed) {
        if (claimed.entered() || claimed.definition().move().isEmpty()) {
            return Optional.of(claimed);
        }
        var definition = claimed.definition();
        return database.inTransaction(tx -> {
            var subject = claimed.resource().id();
            var refusal = Guard.of(definition.name(), claimed.arguments())
                    .flatMap(guard -> resources.lock(tx, subject).flatMap(guard::refusal))
                    .or(() -> processes.enter(tx, definition, subject, "timer"));
            var resource = resources.find(tx, subject).orElseThrow();
            var move = definition.move().orElseThrow();
            boolean already = refusal.isPresent() && move.endsIn(resource.state(move.field()));
            int rows = tx.sql()
                    .update(PROCESS)
                    .set(PROCESS.ENTERED, refusal.isEmpty())
                    .set(PROCESS.RESULT, refusal.isEmpty() ? null : (already ? Result.DONE : Result.CANCELLED).word())
                    .set(
                            PROCESS.EXIT_REASON,
                            refusal.isEmpty() ? null : (already ? ExitReason.ALREADY_DONE : ExitReason.CANCELED).name())
                    .set(PROCESS.ENDED, refusal.isEmpty() ? null : platform.now())
                    .set(PROCESS.RUNNER, refusal.isEmpty() ? id : null)
                    .set(PROCESS.WAITING_FOR, refusal.map(Refusal::message).orElse(null))
                    .where(PROCESS.ID
                            .eq(claimed.id())
                            .and(PROCESS.RUNNER.eq(id))
                            .and(PROCESS.CLAIM.eq(claimed.claim())))
                    .execute();
            if (rows == 0) {
                throw new IllegalStateException("lost the claim on process " + claimed.id());
            }
            refusal.ifPresent(why -> tx.sql()
                    .insertInto(PROCESS_LOG)
                    .set(PROCESS_LOG.PROCESS, claimed.id())
                    .set(PROCESS_LOG.AT, platform.now())
                    .set(PROCESS_LOG.STEP, "-")
                    .set(PROCESS_LOG.OUTCOME, already ? "done" : "cancelled")
                    .set(PROCESS_LOG.DETAIL, why.message())
                    .execute());
            return refusal.isPresent()
                    ? Optional.<Claimed>empty()
                    : Optional.of(claimed.entering(resource, Position.start(platform.now())));
        });
    }

    private Ended runStep(Claimed process) {
        if (process.overtaken()) {
            return judged(process, "-", new Run.Threw("overtaken", false));
        }
        var position = process.position();
        if (position.step() >= process.steps().size()) {
            return judged(process, "-", new Run.Said(Outcome.done()));
        }
        var step = process.steps().get(position.step());
        var action = position.undoing() ? step.undo() : step.run();
        Run run;
        try {
            run = new Run.Said(action.run(new Step.Context(
                    process.resource(), process.id(), process.arguments(), process.first(), epoch.get())));
        } catch (Exception e) {
            LOG.info(
                    "step {} of {} {} will be tried again: {}",
                    step.name(),
                    process.definition().name(),
                    process.id(),
                    e.toString());
            run = new Run.Threw(problem(e), e instanceof TimeoutException);
        }
        return judged(process, step.name(), run);
    }

    private static String problem(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private Ended judged(Claimed process, String step, Run run) {
        var now = platform.now();
        var verdict = Progress.after(
                process.position(), process.steps(), process.definition().undoes(), run, now);
        boolean undoing = process.position().undoing();
        return switch (run) {
            case Run.Said(Outcome.Done(var facts, var merge, var note, var also)) ->
                new Ended(
                        process,
                        step,
                        undoing ? "undone" : "done",
                        note,
                        facts,
                        merge,
                        also,
                        verdict,
                        reason(verdict, ExitReason.UNKNOWN_EXCEPTION),
                        now);
            case Run.Said(Outcome.Later(var _, var waitingFor, var also)) ->
                quiet(process, step, "later", waitingFor, also, verdict, reason(verdict, ExitReason.DELAY), now);
            case Run.Said(Outcome.Failed(var why)) ->
                quiet(
                        process,
                        step,
                        "failed",
                        why.message(),
                        Outcome.Change.NONE,
                        verdict,
                        reason(verdict, ExitReason.UNKNOWN_EXCEPTION),
                        now);
            case Run.Threw(var problem, var silent) ->
                quiet(
                        process,
                        step,
                        "retry",
                        problem,
                        Outcome.Change.NONE,
                        verdict,
                        reason(verdict, silent ? ExitReason.TIMEOUT : ExitReason.UNKNOWN_EXCEPTION),
                        now);
        };
    }

    private static Optional<ExitReason> reason(Verdict verdict, ExitReason otherwise) {
        return switch (verdict) {
            case Verdict.Next _ -> Optional.empty();
            case Verdict.Park _ -> Optional.of(otherwise);
            case Verdict.Handover _ -> Optional.of(ExitReason.DELEGATE);
            case Verdict.Chain _ -> Optional.of(ExitReason.CHAIN);
            case Verdict.End(var result, var _) ->
                Optional.of(
                        switch (result) {
                            case DONE -> ExitReason.DONE;
                            case FAILED -> otherwise;
                            case CANCELLED -> ExitReason.CANCELED;
                        });
        };
    }

    private static Ended quiet(
            Claimed process,
            String step,
            String outcome,
            String detail,
            Outcome.Change also,
            Verdict verdict,
            Optional<ExitReason> reason,
            Instant now) {
        return new Ended(
                process, step, outcome, Optional.of(detail), Map.of(), Outcome.Merge.NONE, also, verdict, reason, now);
    }

    /// Renews the claims on processes that this runner still works on; those that are being written at this moment
    /// get their turn the next time.
    void keep(Collection<UUID> running) {
        if (!running.isEmpty()) {
            database.inTransaction(tx -> tx.sql()
                    .update(PROCESS)
                    .set(PROCESS.RUN_AFTER, platform.now().plus(CLAIM))
                    .where(PROCESS.ID.in(DSL.select(PROCESS.ID)
                            .from(PROCESS)
                            .where(PROCESS.ID
                                    .eq(DSL.any(running.toArray(UUID[]::new)))
                                    .and(PROCESS.RUNNER.eq(id)))
                            .forNoKeyUpdate()
                            .skipLocked()))
                    .execute());
        }
    }

    /// Frees claims of this runner that nobody here works on, as after a transaction whose end nobody heard of.
    /// Claims that are [FORGOTTEN] old would have been renewed by now.
    void freeForgotten(Collection<UUID> running) {
        database.inTransaction(tx -> tx.sql()
                .update(PROCESS)
                .setNull(PROCESS.RUNNER)
                .set(PROCESS.RUN_AFTER, platform.now())
                .where(PROCESS.RUNNER
                        .eq(id)
                        .and(PROCESS.ID.ne(DSL.all(running.toArray(UUID[]::new))))
                        .and(PROCESS.RUN_AFTER.lt(platform.now().plus(CLAIM).minus(FORGOTTEN))))
                .execute());
    }

    /// Frees the claims that have lapsed.
    void freeLapsed() {
        database.inTransaction(tx -> tx.sql()
                .update(PROCESS)
                .setNull(PROCESS.RUNNER)
                .where(PROCESS.RUNNER
                        .isNotNull()
                        .and(PROCESS.RESULT.isNull())
                        .and(PROCESS.RUN_AFTER.le(platform.now())))
                .execute());
    }

    /// Frees the claims of runners that hold no presence any more.
    void freeDead() {
        database.inTransaction(tx -> tx.sql().execute("""
                        update process set runner = null, run_after = least(run_after, ?::timestamptz)
                         where result is null and runner in (
                            select dead.runner
                              from (select distinct runner from process where result is null and runner is not null and runner <> ?) dead
                             where pg_try_advisory_xact_lock(hashtextextended(dead.runner::text, 0)))""", platform.now(), id));
    }

    /// When the next process is due, if any is waiting.
    Optional<Instant> nextDue(Set<String> actors) {
        return database.inTransaction(tx -> Optional.ofNullable(tx.sql()
                .fetchSingle(
                        """
                        with recursive level as (
                            (select priority from process where result is null and runner is null order by priority desc limit 1)
                            union all
                            select (select p.priority from process p
                                     where p.result is null and p.runner is null and p.priority < level.priority
                                     order by p.priority desc limit 1)
                              from level where level.priority is not null
                        )
                        select min(first.run_after)
                          from level cross join lateral (
                            select p.run_after from process p
                             where p.result is null and p.runner is null and p.priority = level.priority
                               and p.actor = any (?) and coalesce(p.delegate, p.name) = any (?)
                             order by p.run_after limit 1) first""", actors.toArray(String[]::new), definitions.names().toArray(String[]::new))
                .get(0, Instant.class)));
    }
}
