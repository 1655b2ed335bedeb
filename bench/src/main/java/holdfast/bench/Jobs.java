package holdfast.bench;

import holdfast.engine.Actor;
import holdfast.engine.Creation.Newcomer;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes.Request;
import holdfast.engine.Step;
import holdfast.engine.types.Move;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// An engine with one process whose steps do nothing: what remains is what the engine costs. Each process moves a
/// resource of its own from one state through a second into a third.
final class Jobs {
    private static final String TYPE_AS_DATA = "accountLink";
    static final String PAYLOAD = "forty characters of what is to be done..";

    private final Platform platform = Platform.real();
    private final Database database;
    private final Engine engine;
    private final ProcessDefinition definition;
    private final String start;
    private final Map<String, Object> content;

    /// @param steps how many; with 0 it is the process of a type that is data, which has none
    /// @param ended hears of each resource whose process ended, once that is durable
    Jobs(Database database, int steps, Consumer<UUID> ended) {
        this.database = database;
        this.engine = new Engine(platform, database);
        ProcessDefinition.Ending ending = (tx, resource, _) -> tx.afterCommit(() -> ended.accept(resource.id()));
        this.definition = steps == 0 ? asData(ending) : inCode(steps, ending);
        this.start = definition.move().orElseThrow().start().keySet().iterator().next();
        // Types that are data have their content indexed, and a kind in it that says so.
        this.content = steps == 0
                ? Map.of("kind", definition.type(), "text", PAYLOAD)
                : Map.of("facts", Map.of(), "text", PAYLOAD);
        engine.definitions().add(definition);
    }

    private static ProcessDefinition inCode(int count, ProcessDefinition.Ending ending) {
        var steps = IntStream.range(0, count)
                .mapToObj(i -> Step.of("work" + i, _ -> Outcome.done()))
                .toList();
        return ProcessDefinition.of(
                "job.run", Move.of(Set.of("ready"), "working", "finished", "broken"), _ -> steps, ending);
    }

    /// As the catalogue of types has it, but told of the end.
    private ProcessDefinition asData(ProcessDefinition.Ending ending) {
        var type = engine.definitions().get(TYPE_AS_DATA.toLowerCase(Locale.ROOT) + ".create");
        return new ProcessDefinition(
                type.name(),
                type.type(),
                type.move(),
                type.steps(),
                ending,
                type.finish(),
                type.delegation(),
                type.priority());
    }

    void start() {
        engine.start(List.of(new Nobody()), false);
    }

    void stop() throws InterruptedException {
        engine.stop();
    }

    /// A resource and its process, as somebody would who asks for something new. Durable when it returns.
    void createAndSchedule() {
        var resource = engine.resources()
                .fresh(platform.newId(), definition.type(), "bench", Optional.empty(), "job", start, "bench", content);
        try {
            engine.make(new Newcomer(resource, Request.now(definition.name(), resource.id(), "bench")))
                    .orElseThrow();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Durable when it returns.
    void schedule(UUID resource) {
        schedule(List.of(resource));
    }

    /// Durable when it returns: all in one transaction.
    void schedule(List<UUID> resources) {
        database.inTransaction(tx -> {
            resources.forEach(resource -> schedule(tx, resource));
            return true;
        });
    }

    private void schedule(Tx tx, UUID resource) {
        engine.processes()
                .schedule(tx, Request.now(definition.name(), resource, "bench"))
                .orThrow();
    }

    /// Resources in the state from which the process starts.
    List<UUID> resources(int count) {
        return database.inTransaction(tx -> new ArrayList<>(tx.sql()
                .fetch(
                        """
                        insert into resource (id, type, actor, name, state, project, data, created, updated)
                        select uuidv7(), ?, 'bench', 'job', ?, 'bench', ?::jsonb, now(), now() from generate_series(1, ?)
                        returning id""",
                        definition.type(), start, Json.text(content), count)
                .getValues(0, UUID.class)));
    }

    /// How many the database has as done: what was counted must be there.
    int stored() {
        return database.inTransaction(tx -> tx.sql()
                .fetchCount(tx.sql()
                        .selectFrom("process p join resource r on r.id = p.resource where p.result = 'done' and p.name = '"
                                + definition.name() + "' and r.state = '" + end() + "'")));
    }

    private String end() {
        return definition.move().orElseThrow().done().values().iterator().next();
    }

    /// Makes room for the next round.
    void clear() {
        database.inTransaction(tx -> tx.sql().execute("truncate process_log, process, journal, resource cascade"));
    }

    /// Whose resources they are.
    private record Nobody() implements Actor {
        @Override
        public String name() {
            return "bench";
        }

        @Override
        public void on(Tx tx, String sender, Message message) {
            throw new IllegalArgumentException("nobody writes to us");
        }
    }
}
