package holdfast.engine;

import holdfast.TestDatabase;
import holdfast.core.Answer;
import holdfast.engine.Creation.Newcomer;
import holdfast.engine.Processes.Request;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An engine in one thread on simulated time, over a real database. It can be killed and started again.
public final class Lab {
    private final Database database;
    private final Clock clock = new Clock();
    private final Platform platform = Platform.seeded(7, clock);
    private Engine engine;

    private static final class Clock implements InstantSource {
        Instant now = Instant.parse("2030-01-07T08:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }
    }

    public Lab(TestDatabase test) {
        test.empty();
        database = test.database();
        engine = new Engine(platform, database);
    }

    /// A new server process on what the last one left.
    public void boot() {
        engine = new Engine(platform, database);
    }

    public Engine engine() {
        return engine;
    }

    public Database database() {
        return database;
    }

    public Platform platform() {
        return platform;
    }

    public <T> T look(Function<Tx, T> question) {
        return database.inTransaction(question);
    }

    /// Makes a resource of a type that is data and begins its life.
    public UUID create(String type, String json) {
        var content = ((ObjectNode) Json.tree(json)).put("kind", type);
        var fresh = engine.resources()
                .fresh(
                        platform.newId(),
                        type,
                        Resources.ACTOR,
                        Optional.empty(),
                        type,
                        "requested",
                        "physics",
                        content);
        try {
            return engine.make(new Newcomer(fresh, Request.now(process(type, "create"), fresh.id(), "alice")))
                    .orElseThrow()
                    .id();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String process(String type, String verb) {
        return type.toLowerCase(java.util.Locale.ROOT) + "." + verb;
    }

    public Answer<UUID> act(UUID resource, String process) {
        return act(resource, process, Json.object());
    }

    public Answer<UUID> act(UUID resource, String process, JsonNode arguments) {
        return look(tx -> engine.processes()
                .schedule(tx, Request.now(process, resource, "alice").with(arguments)));
    }

    public Resource resource(UUID id) {
        return look(tx -> engine.resources().find(tx, id).orElseThrow());
    }

    public String state(UUID id) {
        return resource(id).state();
    }

    /// Processes of a resource, oldest first.
    public List<ProcessInstance> processes(UUID resource) {
        return look(tx -> engine.processes().list(tx, Processes.about(resource), 100))
                .reversed();
    }

    public boolean step() {
        try {
            return engine.runDue(Set.of(Resources.ACTOR));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Lets everything happen that happens without a change of time.
    public void settle() {
        for (int turn = 0; turn < 2_000; turn++) {
            if (!step()) {
                return;
            }
        }
        throw new AssertionError("still busy after 2000 turns");
    }

    public Instant now() {
        return clock.now;
    }

    public void advance(Duration time) {
        clock.now = clock.now.plus(time);
    }

    /// Lets time pass in steps, and everything happen meanwhile.
    public void settleFor(Duration time, Duration step) {
        var end = clock.now.plus(time);
        settle();
        while (clock.now.isBefore(end)) {
            advance(step);
            settle();
        }
    }
}
