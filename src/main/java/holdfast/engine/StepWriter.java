package holdfast.engine;

import static holdfast.db.Tables.HANDLER_CALL;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import holdfast.engine.Hooks.Plan;
import holdfast.engine.Judge.Claimed;
import holdfast.engine.Judge.Ended;
import holdfast.engine.Progress.Position;
import holdfast.engine.Progress.Result;
import holdfast.engine.Progress.Verdict;
import holdfast.engine.types.Move;
import holdfast.platform.Tx;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BinaryOperator;
import java.util.function.Function;

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
            UUID runner, Definitions definitions, Recipes recipes, Registry registry, Processes processes, Signal due) {
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

    /// Writes all of `batch`. Of one process only what happened under the newest claim counts.
    ///
    /// @return for each of `batch` in its order
    List<Written> write(Tx tx, List<Ended> batch) {
        var current = lockResources(tx, batch);
        var newest = batch.stream()
                .collect(toMap(
                        ended -> ended.process().id(),
                        Function.identity(),
                        BinaryOperator.maxBy(Comparator.comparingLong(
                                ended -> ended.process().claim()))));
        var judged = newest.values().stream()
                .map(ended -> judge.judge(
                        ended,
                        Optional.ofNullable(
                                current.get(ended.process().resource().id()))))
                .toList();
        var plans = plans(tx, judged);
        var after = new HashMap<UUID, Resource>();
        var rows = new StepRows();
        for (var ended : judged) {
            rows.add(ended, plans.getOrDefault(ended.process().id(), Plan.NONE));
            var before = current.get(ended.process().resource().id());
            if (before == null) {
                after.put(ended.process().id(), ended.process().resource());
                continue;
            }
            var next = judge.apply(ended, before);
            after.put(ended.process().id(), next);
            if (next.version() != before.version()) {
                rows.changed(ended, next);
            }
            var field = ended.process().definition().move().orElseThrow().field();
            if (!next.state(field).equals(before.state(field))) {
                rows.told(ended, next, shown(field, before), shown(field, next));
            }
        }
        var taken = rows.write(tx, runner);
        var written = new IdentityHashMap<Claimed, Written>();
        for (var ended : judged) {
            if (taken.contains(ended.process().id())) {
                var resource = requireNonNull(after.get(ended.process().id()));
                written.put(ended.process(), follow(tx, ended, resource, plans));
            }
        }
        processes.wake(
                tx,
                judged.stream()
                        .filter(ended ->
                                ended.verdict() instanceof Verdict.End || ended.verdict() instanceof Verdict.Chain)
                        .flatMap(ended -> ended.process().parent().stream())
                        .toList());
        return batch.stream()
                .map(ended -> written.getOrDefault(ended.process(), new Written.Left()))
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

    private static String shown(String field, Resource resource) {
        return field.equals(Move.STATE) ? resource.state() : field + ":" + resource.state(field);
    }

    private static Map<UUID, Resource> lockResources(Tx tx, Collection<Ended> batch) {
        var ids = batch.stream()
                .filter(ended -> ended.process().entered())
                .map(ended -> ended.process().resource().id())
                .toList();
        var current = new HashMap<UUID, Resource>();
        Resources.locked(tx, ids).forEach(resource -> current.put(resource.id(), resource));
        return current;
    }
}
