package holdfast.engine;

import static holdfast.db.Tables.PROCESS;
import static java.util.Objects.requireNonNull;

import holdfast.core.Refusal;
import holdfast.engine.GroupCommit.Written;
import holdfast.engine.Progress.Position;
import holdfast.engine.Progress.Result;
import holdfast.engine.Progress.Run;
import holdfast.engine.Progress.Verdict;
import holdfast.engine.StepWriter.Claimed;
import holdfast.engine.StepWriter.Ended;
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

    private final UUID id;
    private final Platform platform;
    private final Database database;
    private final Definitions definitions;
    private final Resources resources;
    private final Processes processes;

    Runner(
            UUID id,
            Platform platform,
            Database database,
            Definitions definitions,
            Resources resources,
            Processes processes) {
        this.id = id;
        this.platform = platform;
        this.database = database;
        this.definitions = definitions;
        this.resources = resources;
        this.processes = processes;
    }

    /// Claims up to `limit` processes of resources of `actors` that are due, at most one of each resource, the
    /// longest due first. What this version does not know is left to one that does.
    List<Claimed> claim(int limit, Set<String> actors) {
        return database.inTransaction(tx -> claim(tx, limit, actors.toArray(String[]::new)));
    }

    private List<Claimed> claim(Tx tx, int limit, String[] actors) {
        var now = platform.now();
        var rows = tx.sql()
                .fetch("""
                        with due as (
                            select p.id from process p
                             where p.result is null and p.runner is null and p.run_after <= ?::timestamptz and p.actor = any (?) and p.name = any (?)
                               and not exists (
                                   select from process o
                                    where o.resource = p.resource and o.result is null and o.id <> p.id
                                      and (o.runner is not null or (o.run_after <= ?::timestamptz and (o.created, o.id) < (p.created, p.id))))
                             order by p.run_after
                             limit ?
                               for update skip locked)
                        update process set runner = ?, claim = claim + 1, run_after = ?::timestamptz
                         where id = any (array(select id from due))
                        returning process.*""", now, actors, definitions.names().toArray(String[]::new), now, limit, id, now.plus(CLAIM))
                .into(PROCESS);
        if (rows.isEmpty()) {
            return List.of();
        }
        var byId = new HashMap<UUID, Resource>();
        resources
                .list(tx, Resources.withIds(rows.getValues(PROCESS.RESOURCE)), rows.size())
                .forEach(resource -> byId.put(resource.id(), resource));
        return rows.stream()
                .map(row -> new Claimed(
                        row.getId(),
                        definitions.get(row.getName()),
                        requireNonNull(byId.get(row.getResource())),
                        arguments(row.getArguments().data()),
                        new Position(
                                row.getStep(),
                                row.getUndoing(),
                                row.getAttempt(),
                                row.getStepSince(),
                                Optional.ofNullable(row.getRefusal())
                                        .map(text -> Json.read(text.data(), Refusal.class))),
                        row.getClaim(),
                        row.getEntered()))
                .toList();
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
                written = recorder.write(judged(process, ended.step(), new Run.Threw(problem(e))));
            }
            switch (written) {
                case Written.Taken(var resource, Verdict.Next(var next)) -> process = process.at(next, resource);
                case Written.Taken _, Written.Lost _ -> {
                    return;
                }
            }
        }
    }

    /// A process that was for later puts its resource into the transitioning state when its time has come, or is
    /// cancelled if that is no longer possible.
    private Optional<Claimed> enter(Claimed claimed) {
        if (claimed.entered() || claimed.definition().move().isEmpty()) {
            return Optional.of(claimed);
        }
        return database.inTransaction(tx -> {
            var refusal =
                    processes.enter(tx, claimed.definition(), claimed.resource().id(), "timer");
            int rows = tx.sql()
                    .update(PROCESS)
                    .set(PROCESS.ENTERED, refusal.isEmpty())
                    .set(PROCESS.RESULT, refusal.isEmpty() ? null : Result.CANCELLED.word())
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
            return refusal.isPresent()
                    ? Optional.<Claimed>empty()
                    : Optional.of(new Claimed(
                            claimed.id(),
                            claimed.definition(),
                            resources.find(tx, claimed.resource().id()).orElseThrow(),
                            claimed.arguments(),
                            Position.start(platform.now()),
                            claimed.claim(),
                            true));
        });
    }

    private Ended runStep(Claimed process) {
        if (process.overtaken()) {
            return judged(process, "-", new Run.Threw("overtaken"));
        }
        var step = process.definition()
                .steps()
                .apply(process.resource())
                .get(process.position().step());
        var action = process.position().undoing() ? step.undo() : step.run();
        Run run;
        try {
            run = new Run.Said(action.run(new Step.Context(process.resource(), process.id(), process.arguments())));
        } catch (Exception e) {
            LOG.info(
                    "step {} of {} {} will be tried again: {}",
                    step.name(),
                    process.definition().name(),
                    process.id(),
                    e.toString());
            run = new Run.Threw(problem(e));
        }
        return judged(process, step.name(), run);
    }

    private static String problem(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private Ended judged(Claimed process, String step, Run run) {
        var now = platform.now();
        var steps = process.definition().steps().apply(process.resource());
        var verdict = Progress.after(process.position(), steps, run, now);
        boolean undoing = process.position().undoing();
        return switch (run) {
            case Run.Said(Outcome.Done(var facts, var merge, var note, var also)) ->
                new Ended(process, step, undoing ? "undone" : "done", note, facts, merge, also, verdict, now);
            case Run.Said(Outcome.Later(var _, var waitingFor, var also)) ->
                quiet(process, step, "later", waitingFor, also, verdict, now);
            case Run.Said(Outcome.Failed(var why)) ->
                quiet(process, step, "failed", why.message(), Outcome.Change.NONE, verdict, now);
            case Run.Threw(var problem) -> quiet(process, step, "retry", problem, Outcome.Change.NONE, verdict, now);
        };
    }

    private static Ended quiet(
            Claimed process,
            String step,
            String outcome,
            String detail,
            Outcome.Change also,
            Verdict verdict,
            Instant now) {
        return new Ended(process, step, outcome, Optional.of(detail), Map.of(), Outcome.Merge.NONE, also, verdict, now);
    }

    /// Renews the claims on processes that this runner still works on.
    void keep(Collection<UUID> running) {
        if (!running.isEmpty()) {
            database.inTransaction(tx -> tx.sql()
                    .update(PROCESS)
                    .set(PROCESS.RUN_AFTER, platform.now().plus(CLAIM))
                    .where(PROCESS.ID.eq(DSL.any(running.toArray(UUID[]::new))).and(PROCESS.RUNNER.eq(id)))
                    .execute());
        }
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
                        update process set runner = null, run_after = ?::timestamptz
                         where result is null and runner in (
                            select dead.runner
                              from (select distinct runner from process where result is null and runner is not null and runner <> ?) dead
                             where pg_try_advisory_xact_lock(hashtextextended(dead.runner::text, 0)))""", platform.now(), id));
    }

    /// When the next process is due, if any is waiting.
    Optional<Instant> nextDue(Set<String> actors) {
        return database.inTransaction(tx -> Optional.ofNullable(tx.sql()
                .select(DSL.min(PROCESS.RUN_AFTER))
                .from(PROCESS)
                .where(PROCESS.RESULT
                        .isNull()
                        .and(PROCESS.RUNNER.isNull())
                        .and(PROCESS.ACTOR.in(actors))
                        .and(PROCESS.NAME.in(definitions.names())))
                .fetchOne(0, Instant.class)));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> arguments(String json) {
        return json.equals("{}") ? Map.of() : Json.read(json, Map.class);
    }
}
