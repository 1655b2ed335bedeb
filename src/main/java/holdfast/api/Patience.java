package holdfast.api;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import holdfast.core.Caller;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Database;
import holdfast.platform.HttpRequest;
import holdfast.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// How long an answer may wait until others have agreed (promise.md 5.3). After a change one of those who wait looks
/// for all of them.
public final class Patience {
    private static final Duration STANDARD = Duration.ofSeconds(10);
    private static final int MOST_SECONDS = 60;
    private static final Pattern WAIT = Pattern.compile("wait=(\\d{1,4})");

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final int mostEach;
    private final Map<UUID, Integer> waiting = new ConcurrentHashMap<>();
    private final Map<String, Integer> users = new ConcurrentHashMap<>();
    private final ReentrantLock looking = new ReentrantLock();
    private Look last = new Look(-1, Map.of());

    /// What was seen of all that was waited for.
    ///
    /// @param changes how many changes were known when it was read
    private record Look(long changes, Map<UUID, Resource> resources) {}

    /// Of a user's requests 100 wait at once; more are answered as things are.
    public Patience(Platform platform, Database database, Engine engine) {
        this(platform, database, engine, 100);
    }

    Patience(Platform platform, Database database, Engine engine, int mostEach) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.mostEach = mostEach;
    }

    /// What `Prefer: wait=<seconds>` says, at most a minute; else ten seconds.
    public static Duration of(HttpRequest request) {
        return request.header("Prefer")
                .map(WAIT::matcher)
                .filter(matcher -> matcher.find())
                .map(matcher -> Duration.ofSeconds(Math.min(Integer.parseInt(matcher.group(1)), MOST_SECONDS)))
                .orElse(STANDARD);
    }

    /// A resource that is there, as soon as it is settled, or as it is when the time is over.
    public Resource await(Caller caller, UUID id, Duration longest, Predicate<Resource> settled) {
        boolean crowded = users.merge(caller.user(), 1, Integer::sum) > mostEach;
        waiting.merge(id, 1, Integer::sum);
        try {
            return await(id, platform.now().plus(crowded ? Duration.ZERO : longest), settled);
        } finally {
            waiting.computeIfPresent(id, (_, count) -> count == 1 ? null : count - 1);
            users.computeIfPresent(caller.user(), (_, count) -> count == 1 ? null : count - 1);
        }
    }

    private Resource await(UUID id, Instant deadline, Predicate<Resource> settled) {
        long seen = engine.changed().count();
        var found = database.inTransaction(tx -> engine.resources().find(tx, id).orElseThrow());
        while (!settled.test(found) && platform.now().isBefore(deadline) && changes(seen, deadline)) {
            seen = engine.changed().count();
            found = look(id, seen);
        }
        return found;
    }

    /// What a resource is after so many changes, read by whoever comes first.
    private Resource look(UUID id, long changes) {
        looking.lock();
        try {
            if (last.changes < changes || !last.resources.containsKey(id)) {
                last = new Look(changes, read());
            }
            return requireNonNull(last.resources.get(id));
        } finally {
            looking.unlock();
        }
    }

    private Map<UUID, Resource> read() {
        var ids = List.copyOf(waiting.keySet());
        var found = database.inTransaction(tx -> engine.resources().list(tx, Resources.withIds(ids), ids.size()));
        return found.stream().collect(toMap(Resource::id, resource -> resource));
    }

    /// How many requests wait.
    int waiting() {
        return waiting.values().stream().mapToInt(count -> count).sum();
    }

    private boolean changes(long seen, Instant deadline) {
        try {
            engine.changed().await(seen, Duration.between(platform.now(), deadline));
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
