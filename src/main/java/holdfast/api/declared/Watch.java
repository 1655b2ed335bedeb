package holdfast.api.declared;

import holdfast.engine.Engine;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Tells what becomes of objects, one line of JSON for each change, as those who watch in Kubernetes read it. What
/// changes again before it was told is told once.
final class Watch {
    private static final int MOST = 128;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final long SHORTEST_PAUSE_MILLIS = 40;

    private final Platform platform;
    private final Engine engine;
    private final Semaphore room = new Semaphore(MOST);

    Watch(Platform platform, Engine engine) {
        this.platform = platform;
        this.engine = engine;
    }

    /// @param look what is there now
    /// @param still whether the caller may still look
    /// @param longest after which it ends, at most an hour
    HttpReply open(Supplier<List<Shown>> look, BooleanSupplier still, Duration longest) {
        if (room.availablePermits() == 0) {
            return KubeProblem.unavailable("there are " + MOST + " who watch; come again later")
                    .reply();
        }
        var limit = longest.compareTo(LONGEST) < 0 ? longest : LONGEST;
        return new HttpReply.Lines(sink -> {
            if (room.tryAcquire()) {
                try {
                    tell(sink, look, still, platform.now().plus(limit));
                } finally {
                    room.release();
                }
            }
        });
    }

    private void tell(HttpReply.LineSink sink, Supplier<List<Shown>> look, BooleanSupplier still, Instant end)
            throws InterruptedException {
        var known = new HashMap<UUID, Shown>();
        var told = platform.now();
        while (platform.now().isBefore(end)) {
            long seen = engine.changed().count();
            if (!still.getAsBoolean()) {
                return;
            }
            if (news(sink, known, look.get())) {
                told = platform.now();
            }
            Thread.sleep(SHORTEST_PAUSE_MILLIS);
            engine.changed().await(seen, HEARTBEAT);
            if (!platform.now().isBefore(told.plus(HEARTBEAT))) {
                sink.heartbeat();
                told = platform.now();
            }
        }
    }

    /// @return whether there were some
    private static boolean news(HttpReply.LineSink sink, Map<UUID, Shown> known, List<Shown> now) {
        boolean any = false;
        var gone = new HashSet<>(known.keySet());
        for (var one : now) {
            gone.remove(one.uid());
            var before = known.put(one.uid(), one);
            if (before == null || before.version() != one.version()) {
                say(sink, before == null ? "ADDED" : "MODIFIED", one);
                any = true;
            }
        }
        for (var uid : gone) {
            Optional.ofNullable(known.remove(uid)).ifPresent(one -> say(sink, "DELETED", one));
            any = true;
        }
        return any;
    }

    private static void say(HttpReply.LineSink sink, String type, Shown one) {
        var line = Json.object().put("type", type);
        line.set("object", one.tree());
        sink.line(Json.text(line));
    }
}
