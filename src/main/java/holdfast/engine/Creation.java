package holdfast.engine;

import static holdfast.db.Tables.RESOURCE;

import com.fasterxml.jackson.annotation.JsonRawValue;
import holdfast.engine.Hooks.Plan;
import holdfast.engine.Judge.Claimed;
import holdfast.engine.Processes.Request;
import holdfast.engine.Progress.Position;
import holdfast.engine.types.Move;
import holdfast.platform.Json;
import holdfast.platform.LostRaceException;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Makes resources together with the first process on each: one statement for any number of them.
public final class Creation {
    private final UUID runner;
    private final Platform platform;
    private final Definitions definitions;
    private final Recipes recipes;
    private final Registry registry;
    private final RuntimeSettings settings;

    Creation(
            UUID runner,
            Platform platform,
            Definitions definitions,
            Recipes recipes,
            Registry registry,
            RuntimeSettings settings) {
        this.runner = runner;
        this.platform = platform;
        this.definitions = definitions;
        this.recipes = recipes;
        this.registry = registry;
        this.settings = settings;
    }

    /// Somebody new.
    ///
    /// @param resource as [Resources#fresh] makes it, in a state from which its first process starts
    /// @param first happens to it from now on; not for later
    public record Newcomer(Resource resource, Request first) {}

    /// What became of a newcomer.
    ///
    /// @param resource in the transitioning state of its first process; empty if there is one of its id already,
    ///     and
    ///     nothing was changed
    /// @param claimed its process, if it was claimed for this engine at once
    record Made(Optional<Resource> resource, Optional<Claimed> claimed) {
        static final Made NOTHING = new Made(Optional.empty(), Optional.empty());
    }

    private record Row(
            UUID id,
            String type,
            String actor,
            @Nullable UUID parent,
            String name,
            String was,
            String state,
            String project,
            Object labels,
            @JsonRawValue String data,
            Instant created,
            String who,
            UUID process,
            String first,
            JsonNode arguments,
            int priority,
            @Nullable UUID waits,
            @Nullable Plan hooks,
            @Nullable UUID runner,
            Instant due,
            @Nullable Instant started) {}

    /// @param claims how many of their processes are claimed for this engine at once, the first ones; none while
    ///     provisioning is off
    /// @return for each of `newcomers` in their order
    /// @throws IllegalArgumentException if one is not in a state from which its process starts
    List<Made> make(Tx tx, List<Newcomer> newcomers, int claims) {
        if (claims > 0 && !tx.isFirstTry()) {
            registry.refresh(tx);
        }
        long known = registry.seen();
        var now = platform.now();
        var ids = new HashSet<UUID>();
        var rows = new ArrayList<Row>();
        var claimed = new HashMap<UUID, Claimed>();
        for (var one : newcomers) {
            if (ids.add(one.resource().id())) {
                var process = platform.newId();
                boolean mine = claimed.size() < claims && settings.isProvisioning();
                var plan = mine ? recipes.plan(definition(one).name()) : Plan.NONE;
                rows.add(row(one, process, mine, plan, now));
                if (mine) {
                    claimed.put(one.resource().id(), claimed(one, process, plan, now));
                }
            }
        }
        var stored = new HashMap<UUID, Resource>();
        for (var row : tx.sql().fetch(MAKE, Json.text(rows))) {
            if (claims > 0 && row.get("registered", long.class) != known) {
                throw new LostRaceException("what is registered has changed since it was read");
            }
            var resource = Resources.read(row.into(RESOURCE));
            stored.put(resource.id(), resource);
        }
        return newcomers.stream()
                .map(one -> Optional.ofNullable(
                                stored.remove(one.resource().id())) // the second of one id finds it taken
                        .map(resource -> new Made(
                                Optional.of(resource),
                                Optional.ofNullable(claimed.get(resource.id()))
                                        .map(process -> process.at(process.position(), resource))))
                        .orElse(Made.NOTHING))
                .toList();
    }

    private ProcessDefinition definition(Newcomer one) {
        return definitions.get(one.first().process());
    }

    private static String entered(ProcessDefinition definition, Resource resource) {
        return Optional.ofNullable(definition.move().orElseThrow().start().get(resource.state()))
                .filter(_ -> definition.move().orElseThrow().field().equals(Move.STATE))
                .orElseThrow(() -> new IllegalArgumentException(
                        definition.name() + " does not begin with a resource that is " + resource.state()));
    }

    private Row row(Newcomer one, UUID process, boolean mine, Plan plan, Instant now) {
        var resource = one.resource();
        var definition = definition(one);
        return new Row(
                resource.id(),
                resource.type(),
                resource.actor(),
                resource.parent().orElse(null),
                resource.name(),
                resource.state(),
                entered(definition, resource),
                resource.project(),
                resource.labels(),
                resource.data(),
                now,
                one.first().who(),
                process,
                definition.name(),
                one.first().arguments(),
                definition.priority(),
                one.first().parent().orElse(null),
                plan.isEmpty() ? null : plan,
                mine ? runner : null,
                mine ? now.plus(Runner.CLAIM) : now,
                mine ? now : null);
    }

    private Claimed claimed(Newcomer one, UUID process, Plan plan, Instant now) {
        var definition = definition(one);
        return new Claimed(
                process,
                definition,
                one.resource(),
                one.first().arguments(),
                recipes.steps(definition, one.resource(), plan),
                Position.start(now),
                1,
                true,
                one.first().parent(),
                true);
    }

    /// Nobody has seen the state that it has before its first process: only the journal tells of it.
    private static final String MAKE = """
            with given as (
                select * from jsonb_to_recordset(?::jsonb) as g(
                    id uuid, type text, actor text, parent uuid, name text, was text, state text, project text, labels jsonb, data jsonb,
                    created timestamptz, who text, process uuid, first text, arguments jsonb, priority int, waits uuid, hooks jsonb, runner uuid,
                    due timestamptz, started timestamptz)
            ), made as (
                insert into resource (id, type, actor, parent, name, state, project, labels, data, created, updated)
                select id, type, actor, parent, name, state, project, labels, data, created, created from given
                on conflict do nothing
                returning *
            ), told as (
                insert into journal (at, resource, number, type, name, project, actor, from_state, to_state, who, why)
                select m.created, m.id, m.number, m.type, m.name, m.project, m.actor, change.before, change.after, g.who, change.why
                  from made m join given g on g.id = m.id
                       cross join lateral (values (1, null, g.was, 'create'), (2, g.was, g.state, g.first)) change(nr, before, after, why)
                 order by change.nr
            ), asked as (
                insert into process (id, name, resource, resource_type, actor, arguments, priority, parent, hooks, step_since, run_after, runner,
                                     claim, runs, entered, exit_reason, created, started)
                select g.process, g.first, m.id, m.type, m.actor, g.arguments, g.priority, g.waits, g.hooks, m.created, g.due, g.runner,
                       (g.runner is not null)::int, (g.runner is not null)::int, true, case when g.runner is null then 'SCHEDULED' end, m.created,
                       g.started
                  from made m join given g on g.id = m.id
            )
            select made.*, coalesce((select version from registry), 0) as registered from made""";
}
