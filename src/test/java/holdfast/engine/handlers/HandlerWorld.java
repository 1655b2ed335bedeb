package holdfast.engine.handlers;

import static holdfast.db.Tables.HANDLER_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Caller;
import holdfast.engine.Engine;
import holdfast.engine.Hooks;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.ProcessDefinition.Ending;
import holdfast.engine.ProcessInstance;
import holdfast.engine.Processes;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.engine.handlers.Replies.Verdict;
import holdfast.engine.types.Field;
import holdfast.engine.types.FieldType;
import holdfast.engine.types.Move;
import holdfast.engine.types.ProcessType;
import holdfast.engine.types.ResourceType;
import holdfast.engine.types.Types;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// Things that are started and removed with handlers outside taking part, in one thread on simulated time.
final class HandlerWorld implements AutoCloseable {
    static final Caller ADMIN = new Caller("admin", "default", true);
    static final Caller MEMBER = new Caller("ann", "default", false);
    static final Caller STRANGER = new Caller("bob", "biology", false);
    static final String ACTOR = "engine";

    private final TestDatabase test = TestDatabase.fresh();
    private Instant now = Instant.parse("2031-04-05T06:07:08Z");
    final Database database = test.database();
    final Platform platform = Platform.seeded(1, () -> now);
    final Engine engine = new Engine(platform, database);
    final Types types = new Types();
    final Calls calls = new Calls(platform, engine.processes(), View.PLAIN);
    final Handlers handlers = new Handlers(platform, database, engine, calls, new Merging(types));
    final Replies replies = new Replies(platform, database, engine);
    /// What the thing's own steps did.
    final List<String> own = new ArrayList<>();

    HandlerWorld() {
        handlers.attach(engine);
        var start = Move.of(Set.of("stopped"), "starting", "running", "failed");
        var remove = Move.of(Set.of("stopped", "starting", "running"), "removing", "removed", "failed");
        types.replace(List.of(new ResourceType(
                "thing",
                "things",
                List.of(),
                Optional.empty(),
                "",
                List.of(
                        Field.shown("uri", FieldType.parse("string"), ""),
                        Field.shown("lun", FieldType.parse("json"), ""),
                        Field.shown("state", FieldType.parse("string"), "")),
                List.of(
                        new ProcessType("thing.start", "thing", Optional.of(start), Optional.empty(), List.of(), ""),
                        new ProcessType("thing.remove", "thing", Optional.of(remove), Optional.empty(), List.of(), "")),
                false,
                Optional.empty(),
                ResourceType.Rights.ALL,
                ResourceType.Origin.FILE)));
        engine.definitions().add(ProcessDefinition.of("thing.start", start, _ -> steps("thing.start"), Ending.NONE));
        engine.definitions().add(ProcessDefinition.of("thing.remove", remove, _ -> steps("thing.remove"), Ending.NONE));
    }

    private List<Step> steps(String process) {
        return List.of(Step.of("own", _ -> {
            own.add(process);
            return Outcome.done();
        }));
    }

    /// Who takes part now, looked up as the engine does.
    Hooks.Plan plan(String process) {
        return database.inTransaction(tx -> {
            engine.registry().refresh(tx);
            return handlers.plan(process);
        });
    }

    UUID handler(String name, String data) {
        var handler = insert("externalHandler", name, "inactive", data);
        act(handler, "externalhandler.activate");
        return handler;
    }

    /// What was made beside the handlers, in the order in which it was made.
    List<Resource> rows(String type) {
        return database.inTransaction(tx -> engine.resources().list(tx, Resources.typed(type), 100)).stream()
                .sorted(Comparator.comparingLong(Resource::number))
                .toList();
    }

    UUID thing() {
        return insert("thing", "thing", "stopped", "{\"lun\": {\"a\": 1}}");
    }

    UUID insert(String type, String name, String state, String data) {
        return database.inTransaction(tx -> {
            var fresh = engine.resources()
                    .fresh(platform.newId(), type, ACTOR, Optional.empty(), name, state, "default", Json.tree(data));
            engine.resources().insert(tx, fresh, "test", "");
            return fresh.id();
        });
    }

    void set(UUID resource, String field, String value) {
        database.inTransaction(tx -> {
            var was = engine.resources().lock(tx, resource).orElseThrow();
            return engine.resources()
                    .update(tx, was.state(), was.withData(was.content().put(field, value)), "test", "");
        });
    }

    void change(UUID resource, String state) {
        database.inTransaction(tx -> {
            var was = engine.resources().lock(tx, resource).orElseThrow();
            return engine.resources().update(tx, was.state(), was.withState(state, Optional.empty()), "test", "");
        });
    }

    UUID start(UUID thing) {
        return act(thing, "thing.start");
    }

    UUID act(UUID resource, String process) {
        var id = database.inTransaction(
                        tx -> engine.processes().schedule(tx, Processes.Request.now(process, resource, "test")))
                .orThrow();
        run();
        return id;
    }

    /// Runs what is due, until nothing is.
    void run() {
        try {
            for (int n = 0; n < 1_000; n++) {
                if (!engine.runDue(Set.of(ACTOR, Resources.ACTOR))) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        throw new AssertionError("there is no end of work");
    }

    /// Lets time pass and runs what is due then.
    void pass(Duration time) {
        now = now.plus(time);
        run();
    }

    /// Every call there was, oldest first.
    List<Call> calls() {
        return database.inTransaction(tx ->
                tx.sql().selectFrom(HANDLER_CALL).orderBy(HANDLER_CALL.SEQ).fetch(Calls::read));
    }

    List<Call> open() {
        return calls().stream().filter(call -> call.state() == Call.State.OPEN).toList();
    }

    Call onlyOpen() {
        assertThat(open()).hasSize(1);
        return open().getFirst();
    }

    /// A reply to a call, with more fields.
    static ObjectNode reply(Call call, String more) {
        var body = (ObjectNode) Json.tree(more);
        body.put("name", call.replyTo());
        if (!body.has("previousIds")) {
            body.putArray("previousIds").add(call.id().toString());
        }
        return body;
    }

    Verdict say(Caller caller, Call call, String more) {
        var verdict = replies.take(caller, reply(call, more));
        run();
        return verdict;
    }

    Verdict say(Call call, String more) {
        return say(MEMBER, call, more);
    }

    Resource look(UUID resource) {
        return database.inTransaction(tx -> engine.resources().find(tx, resource))
                .orElseThrow();
    }

    ProcessInstance.WithLog process(UUID id) {
        return database.inTransaction(tx -> engine.processes().show(tx, id)).orElseThrow();
    }

    @Override
    public void close() {
        test.close();
    }
}
