package holdfast.api.resources;

import holdfast.engine.Engine;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.SliceState;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpReply.EventSink;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.node.ObjectNode;

/// Tells clients of every change of a slice, as long as they listen.
final class Watching {
    private static final int MOST = 512;
    private static final int MOST_OF_ONE = 64;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final Duration AWAY = Duration.ofSeconds(1);
    /// The server looks at most so often for each stream, and so often for all of them together.
    private static final long SHORTEST_PAUSE_MILLIS = 40;
    private static final long PAUSE_PER_STREAM_MILLIS = 4;

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final Finder finder;
    private final Slices slices;
    private final Semaphore room = new Semaphore(MOST);
    private final Map<String, Integer> byUser = new ConcurrentHashMap<>();

    Watching(Platform platform, Database database, Engine engine, Finder finder, Slices slices) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.finder = finder;
        this.slices = slices;
    }

    /// `GET /v1/slices/{id}/events`
    HttpReply watch(Ask ask) {
        var slice = database.inTransaction(tx -> finder.find(tx, ask, Orchestrator.SLICE, ask.id()));
        if (byUser.getOrDefault(ask.caller().user(), 0) >= MOST_OF_ONE || room.availablePermits() == 0) {
            throw Problem.unavailable(
                    "too many streams of events are open; close some, or ask for the slice itself from time to time");
        }
        return new HttpReply.Events(sink -> {
            if (!room.tryAcquire()) {
                return;
            }
            byUser.merge(ask.caller().user(), 1, Integer::sum);
            try {
                follow(ask, slice.id(), sink);
            } finally {
                byUser.computeIfPresent(ask.caller().user(), (_, count) -> count == 1 ? null : count - 1);
                room.release();
            }
        });
    }

    private void follow(Ask ask, UUID id, EventSink sink) throws InterruptedException {
        var last = "";
        var told = platform.now();
        var checked = told;
        while (true) {
            long seen = engine.changed().count();
            try {
                var now = look(ask, id);
                var text = Json.text(now);
                if (!text.equals(last)) {
                    sink.send("slice", text);
                    last = text;
                    told = platform.now();
                }
                if (now.get("state").stringValue().equals(SliceState.DEAD.word())) {
                    return;
                }
            } catch (DatabaseUnavailableException _) {
                sink.heartbeat();
                Thread.sleep(AWAY);
                continue;
            } catch (Problem _) {
                return; // no longer for the caller to see
            }
            Thread.sleep(Math.max(SHORTEST_PAUSE_MILLIS, PAUSE_PER_STREAM_MILLIS * (MOST - room.availablePermits())));
            engine.changed().await(seen, HEARTBEAT);
            if (!platform.now().isBefore(checked.plus(HEARTBEAT))) {
                if (!ask.still().getAsBoolean()) {
                    return;
                }
                checked = platform.now();
            }
            if (!platform.now().isBefore(told.plus(HEARTBEAT))) {
                sink.heartbeat();
                told = platform.now();
            }
        }
    }

    private ObjectNode look(Ask ask, UUID id) {
        return database.inTransaction(
                tx -> slices.show(tx, ask, finder.find(tx, ask, Orchestrator.SLICE, id.toString())));
    }
}
