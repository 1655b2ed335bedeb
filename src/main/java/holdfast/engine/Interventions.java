package holdfast.engine;

import static holdfast.db.Tables.PROCESS;
import static holdfast.db.Tables.PROCESS_LOG;
import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Refusal;
import holdfast.db.tables.records.ProcessRecord;
import holdfast.engine.Progress.Result;
import holdfast.engine.Resource.Trouble;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Field;

/// What an operator can do with a process that does not come to its end by itself: have it tried again, go over a step,
/// give it up, or stop it. Each is written in the log of the process with who did it.
public final class Interventions {
    private final Platform platform;
    private final Definitions definitions;
    private final Resources resources;
    private final Signal due;

    Interventions(Platform platform, Definitions definitions, Resources resources, Signal due) {
        this.platform = platform;
        this.definitions = definitions;
        this.resources = resources;
        this.due = due;
    }

    /// Tries the present step again now, with all patience anew. One that has failed and left its resource marked
    /// goes on from the step that failed.
    ///
    /// @return why it cannot be done
    public Optional<Refusal> retry(Tx tx, UUID process, String who) {
        return with(tx, process, row -> {
            if (row.getResult() != null) {
                var refusal = reopen(tx, row);
                if (refusal.isPresent()) {
                    return refusal;
                }
                tx.sql()
                        .update(PROCESS)
                        .set(PROCESS.UNDOING, false)
                        .setNull(PROCESS.REFUSAL)
                        .where(PROCESS.ID.eq(process))
                        .execute();
                forgetChildren(tx, process);
            }
            tx.sql()
                    .update(PROCESS)
                    .set(PROCESS.ATTEMPT, 0)
                    .set(PROCESS.RUNS, 0)
                    .set(PROCESS.STEP_SINCE, platform.now())
                    .set(PROCESS.RUN_AFTER, platform.now())
                    .setNull(PROCESS.RESULT)
                    .setNull(PROCESS.ENDED)
                    .setNull(PROCESS.WAITING_FOR)
                    .where(PROCESS.ID.eq(process))
                    .execute();
            return told(tx, row, "retried", who);
        });
    }

    /// Those that failed before do not count for what is tried again.
    private static void forgetChildren(Tx tx, UUID process) {
        tx.sql()
                .update(PROCESS)
                .setNull(PROCESS.PARENT)
                .where(PROCESS.PARENT.eq(process).and(PROCESS.RESULT.isNotNull()))
                .execute();
    }

    private Optional<Refusal> reopen(Tx tx, ProcessRecord row) {
        var resource = resources.lock(tx, row.getResource());
        var stranded = row.getResult().equals(Result.FAILED.word())
                && resource.isPresent()
                && resource.get().trouble().equals(Optional.of(Trouble.OVERRIDE))
                && definitions
                        .find(Processes.runningAs(row))
                        .flatMap(ProcessDefinition::move)
                        .filter(move -> move.passes(resource.get().state(move.field())))
                        .isPresent();
        if (!stranded) {
            return Optional.of(Refusal.clash("process " + row.getName() + " has ended (" + row.getResult()
                    + ") and its resource has moved on; ask for it anew by the action of the resource"));
        }
        tx.sql()
                .update(RESOURCE)
                .setNull(RESOURCE.TROUBLE)
                .setNull(RESOURCE.MESSAGE)
                .set(RESOURCE.VERSION, RESOURCE.VERSION.plus(1))
                .where(RESOURCE.ID.eq(row.getResource()))
                .execute();
        return Optional.empty();
    }

    /// Goes over the present step, as if it had been done.
    public Optional<Refusal> skip(Tx tx, UUID process, String who) {
        return begun(tx, process, row -> {
            if (row.getUndoing()) {
                return Optional.of(Refusal.clash(
                        "process " + row.getName() + " is being undone; what it made must not be forgotten: retry it"));
            }
            goOn(tx, process, Map.of(PROCESS.STEP, row.getStep() + 1));
            return told(tx, row, "skipped", who);
        });
    }

    /// Gives it up: what it did is undone, or its resource stays where it is, marked.
    public Optional<Refusal> fail(Tx tx, UUID process, String who) {
        return begun(tx, process, row -> {
            var why = Json.jsonb(Refusal.broken("given up by " + who));
            goOn(tx, process, Map.of(PROCESS.UNDOING, true, PROCESS.REFUSAL, why));
            return told(tx, row, "given up", who);
        });
    }

    /// At once, and with all patience anew.
    private void goOn(Tx tx, UUID process, Map<? extends Field<?>, ?> changes) {
        tx.sql()
                .update(PROCESS)
                .set(changes)
                .set(PROCESS.ATTEMPT, 0)
                .set(PROCESS.STEP_SINCE, platform.now())
                .set(PROCESS.RUN_AFTER, platform.now())
                .setNull(PROCESS.WAITING_FOR)
                .where(PROCESS.ID.eq(process))
                .execute();
    }

    /// Stops it as it stands: nothing is undone, and its resource stays where it is, marked. One whose time has not
    /// come is only forgotten.
    public Optional<Refusal> cancel(Tx tx, UUID process, String who) {
        return open(tx, process, row -> {
            if (row.getEntered()) {
                if (definitions
                        .find(Processes.runningAs(row))
                        .filter(ProcessDefinition::undoes)
                        .isPresent()) {
                    return Optional.of(Refusal.clash("process " + row.getName()
                            + " makes things outside, which would be forgotten; use fail, which removes them first"));
                }
                tx.sql()
                        .update(RESOURCE)
                        .set(RESOURCE.TROUBLE, Trouble.OVERRIDE.word())
                        .set(RESOURCE.MESSAGE, row.getName() + " was cancelled by " + who)
                        .set(RESOURCE.VERSION, RESOURCE.VERSION.plus(1))
                        .where(RESOURCE.ID.eq(row.getResource()))
                        .execute();
            }
            tx.sql()
                    .update(PROCESS)
                    .set(PROCESS.RESULT, Result.CANCELLED.word())
                    .set(PROCESS.EXIT_REASON, ExitReason.CANCELED.name())
                    .set(PROCESS.ENDED, platform.now())
                    .where(PROCESS.ID.eq(process))
                    .execute();
            definitions
                    .find(Processes.runningAs(row))
                    .filter(definition -> definition.move().isEmpty())
                    .ifPresent(timer -> resources
                            .find(tx, row.getResource())
                            .ifPresent(resource -> timer.ending()
                                    .write(tx, resource, Optional.of(Refusal.clash("cancelled by " + who)))));
            return told(tx, row, "cancelled", who);
        });
    }

    private interface Doing {
        Optional<Refusal> with(ProcessRecord row);
    }

    private Optional<Refusal> open(Tx tx, UUID process, Doing doing) {
        return with(
                tx,
                process,
                row -> row.getResult() == null
                        ? doing.with(row)
                        : Optional.of(
                                Refusal.clash("process " + row.getName() + " has ended already: " + row.getResult())));
    }

    /// One for later has not moved its resource yet: there is no step to go over and nothing to give up.
    private Optional<Refusal> begun(Tx tx, UUID process, Doing doing) {
        return open(
                tx,
                process,
                row -> row.getEntered()
                                || definitions
                                        .find(Processes.runningAs(row))
                                        .flatMap(ProcessDefinition::move)
                                        .isEmpty()
                        ? doing.with(row)
                        : Optional.of(Refusal.clash(
                                "process " + row.getName() + " has not begun; cancel it, or retry it to begin now")));
    }

    /// A step that runs at this moment ends within seconds; it is not interrupted, since nobody would know what it
    /// has done.
    private Optional<Refusal> with(Tx tx, UUID process, Doing doing) {
        var subject = tx.sql()
                .select(PROCESS.RESOURCE)
                .from(PROCESS)
                .where(PROCESS.ID.eq(process))
                .fetchOptional(PROCESS.RESOURCE);
        if (subject.isEmpty()) {
            return Optional.of(Refusal.notThere("there is no process " + process));
        }
        resources.lock(tx, subject.get()); // first, as those do who record steps
        var found = tx.sql()
                .selectFrom(PROCESS)
                .where(PROCESS.ID.eq(process))
                .forUpdate()
                .fetchOptional();
        if (found.isEmpty()) {
            return Optional.of(Refusal.notThere("there is no process " + process));
        }
        return found.get().getRunner() == null
                ? doing.with(found.get())
                : Optional.of(Refusal.clash("a step of process " + found.get().getName()
                        + " is running at this moment; ask again in a second"));
    }

    private Optional<Refusal> told(Tx tx, ProcessRecord row, String what, String who) {
        tx.sql()
                .insertInto(PROCESS_LOG)
                .set(PROCESS_LOG.PROCESS, row.getId())
                .set(PROCESS_LOG.AT, platform.now())
                .set(PROCESS_LOG.STEP, "-")
                .set(PROCESS_LOG.OUTCOME, what)
                .set(PROCESS_LOG.DETAIL, "by " + who)
                .execute();
        tx.afterCommit(due::raise);
        return Optional.empty();
    }
}
