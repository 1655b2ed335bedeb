package holdfast.engine;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Processes.Request;
import holdfast.engine.types.FieldType.Reference;
import holdfast.engine.types.ResourceType;
import holdfast.engine.types.Types;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// Processes inside of processes: a step that schedules a process on each part of its resource and waits until all have
/// ended. A part that cannot take part in its present state is left out: what is done is done.
final class Nested {
    /// Children wake their parent; this is for the case that nobody does.
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    private static final int MOST = 1_000;

    private final Database database;
    private final Types types;
    private final Definitions definitions;
    private final Resources resources;
    private final Processes processes;

    Nested(Database database, Types types, Definitions definitions, Resources resources, Processes processes) {
        this.database = database;
        this.types = types;
        this.definitions = definitions;
        this.resources = resources;
        this.processes = processes;
    }

    /// The step that runs process `name` on the parts of a resource of type `whole`.
    Step step(ResourceType whole, String name) {
        return Step.of(name, context -> run(context, whole, name)).within(Duration.ofDays(1));
    }

    private Outcome run(Step.Context context, ResourceType whole, String name) {
        var mine = database.inTransaction(tx -> processes.children(tx, context.process())).stream()
                .filter(child -> child.name().equals(name))
                .toList();
        if (mine.isEmpty()) {
            return begin(context, whole, name);
        }
        var open = mine.stream().filter(child -> child.ended().isEmpty()).toList();
        if (!open.isEmpty()) {
            return waiting(context, name + " of " + open.size() + " of " + mine.size());
        }
        return mine.stream()
                .filter(child -> child.state().equals("failed"))
                .findFirst()
                .<Outcome>map(child -> new Outcome.Failed(Refusal.broken(name + " failed for "
                        + child.resource().type() + " " + child.resource().name()
                        + child.refusal().map(why -> ": " + why.message()).orElse(""))))
                .orElseGet(Outcome::done);
    }

    private Outcome begin(Step.Context context, ResourceType whole, String name) {
        var definition = definitions.find(name);
        var part = definition.flatMap(one -> types.find(one.type()));
        if (definition.isEmpty() || part.isEmpty()) {
            return new Outcome.Failed(Refusal.broken("there is no process " + name));
        }
        var move = definition.get().move().orElseThrow();
        var all = database.inTransaction(tx -> parts(tx, context.resource().id(), whole, part.get()));
        if (all.size() > MOST) {
            return new Outcome.Failed(Refusal.broken(
                    "there are more than " + MOST + " parts for " + name + ", the most that are led at once"));
        }
        var ready = all.stream()
                .filter(resource -> move.startsFrom(resource.state(move.field())))
                .toList();
        return ready.isEmpty()
                ? Outcome.done()
                : new Outcome.Later(LOOK_AGAIN, "waiting for " + name + " of " + ready.size(), tx -> {
                    long scheduled = ready.stream()
                            .filter(resource -> processes.schedule(
                                            tx,
                                            Request.now(name, resource.id(), whole.name())
                                                    .partOf(context.process()))
                                    instanceof Answer.Yes)
                            .count();
                    if (scheduled == 0) {
                        processes.wake(tx, List.of(context.process()));
                    }
                });
    }

    /// The last child may have ended after we looked and before this is recorded.
    private Outcome waiting(Step.Context context, String what) {
        return new Outcome.Later(LOOK_AGAIN, "waiting for " + what, tx -> {
            if (processes.children(tx, context.process()).stream()
                    .allMatch(child -> child.ended().isPresent())) {
                processes.wake(tx, List.of(context.process()));
            }
        });
    }

    /// Those that refer to it, or were made as parts of it.
    private List<Resource> parts(Tx tx, UUID whole, ResourceType type, ResourceType part) {
        Condition refers = RESOURCE.PARENT.eq(whole);
        for (var field : part.fields()) {
            if (field.type() instanceof Reference(var to) && to.equals(type.name())) {
                refers = refers.or(DSL.condition(
                        "data @> ?::jsonb and data ?? 'kind'",
                        Json.text(Json.object().put(field.name(), whole.toString()))));
            }
        }
        return resources.list(
                tx, Resources.typed(part.name()).and(Resources.present()).and(refers), MOST + 1);
    }
}
