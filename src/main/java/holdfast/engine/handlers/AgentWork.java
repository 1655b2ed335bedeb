package holdfast.engine.handlers;

import holdfast.core.Caller;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Resource;
import holdfast.engine.Step;
import holdfast.engine.handlers.CallStep.HandlerFailedException;
import holdfast.engine.handlers.Waiting.Course;
import holdfast.engine.types.FieldType;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// The work that agents do (cattle.md 4.5): when an instance comes to a host, or a volume or image to a storage pool,
/// the agent there is asked to see to it. Where there is no agent nobody is asked.
final class AgentWork {
    private static final Duration LIMIT = Duration.ofSeconds(45);
    private static final Set<String> AT_WORK =
            Set.of("active", "activating", "reconnecting", "reconnected", "finishing-reconnect", "updating-active");

    /// @param type whose processes ask
    /// @param place the field that names where it is
    /// @param event its name without the verb
    private record Work(String type, String place, String event, List<String> verbs) {}

    private static final List<Work> ALL = List.of(
            new Work("instanceHostMap", "hostId", "compute.instance", List.of("activate", "deactivate", "remove")),
            new Work(
                    "volumeStoragePoolMap",
                    "storagePoolId",
                    "storage.volume",
                    List.of("activate", "deactivate", "remove")),
            new Work("imageStoragePoolMap", "storagePoolId", "storage.image", List.of("activate", "remove")));

    private final Database database;
    private final Engine engine;
    private final View view;
    private final Agents agents;
    private final AgentCall call;

    AgentWork(Database database, Engine engine, View view, Agents agents, AgentCall call) {
        this.database = database;
        this.engine = engine;
        this.view = view;
        this.agents = agents;
        this.call = call;
    }

    List<ProcessDefinition> definitions() {
        return ALL.stream()
                .flatMap(work -> work.verbs.stream().map(verb -> definition(work, verb)))
                .toList();
    }

    private ProcessDefinition definition(Work work, String verb) {
        var declared = engine.definitions()
                .get(engine.types().find(work.type).orElseThrow().prefix() + "." + verb);
        var step = Agents.patient("agent", context -> run(work, verb, context));
        return new ProcessDefinition(
                declared.name(),
                declared.type(),
                declared.move(),
                resource -> Stream.concat(declared.steps().apply(resource).stream(), Stream.of(step))
                        .toList(),
                declared.ending(),
                declared.finish(),
                declared.delegation(),
                declared.priority());
    }

    private Outcome run(Work work, String verb, Step.Context context) throws TimeoutException, HandlerFailedException {
        var found = database.inTransaction(tx -> agent(tx, work, context.resource()));
        if (found.isEmpty()) {
            return note("there is no agent to ask");
        }
        var agent = found.get();
        boolean gone = agent.removed().isPresent();
        if (gone && !verb.equals("activate")) {
            return note("its agent is gone, and so is what there was to take away");
        }
        var who = "agent " + agent.name();
        if (gone) {
            throw new HandlerFailedException(who + " is removed");
        }
        if (!AT_WORK.contains(agent.state())) {
            throw new TimeoutException(who + " is " + agent.state());
        }
        var called = agents.called(agent, 1, LIMIT);
        var event = agents.event(work.event + "." + verb, agent);
        return switch (call.ask(context, "agent", called, event, tx -> data(tx, work, context))) {
            case Course.Waits(var outcome) -> outcome;
            case Course.Silent(var _, var what) -> throw new TimeoutException(what);
            case Course.Answered(var one, var reply)
            when reply.kind() == Reply.Kind.ERROR -> {
                call.forget(one);
                throw new HandlerFailedException(who + ": " + reply.message().orElse("failed without a message"));
            }
            case Course.Answered(var one, var _) ->
                Outcome.done(tx -> call.calls().merged(tx, one, false));
        };
    }

    private static Outcome note(String text) {
        return new Outcome.Done(Map.of(), Outcome.Merge.NONE, Optional.of(text), Outcome.Change.NONE);
    }

    private Optional<Resource> agent(Tx tx, Work work, Resource resource) {
        return refers(tx, resource, work.place).flatMap(place -> refers(tx, place, "agentId"));
    }

    private Optional<Resource> refers(Tx tx, Resource from, String field) {
        return Optional.of(from.content().path(field).asString(""))
                .filter(text -> text.length() == 36)
                .flatMap(id -> engine.resources().find(tx, UUID.fromString(id)));
    }

    /// All that is needed, under the name of the type: both ends of the join.
    private ObjectNode data(Tx tx, Work work, Step.Context context) {
        var data = Json.object();
        data.setAll((ObjectNode) context.arguments());
        var root = data.putObject(work.type);
        var caller = new Caller(Agents.TYPE, context.resource().project(), true);
        engine.types().find(work.type).orElseThrow().fields().stream()
                .filter(field -> field.type() instanceof FieldType.Reference)
                .forEach(field -> refers(tx, context.resource(), field.name())
                        .ifPresent(end -> root.set(field.name().replaceAll("Id$", ""), view.show(tx, caller, end))));
        return data;
    }
}
