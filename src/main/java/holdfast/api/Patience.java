package holdfast.api;

import holdfast.engine.Engine;
import holdfast.platform.Database;
import holdfast.platform.HttpRequest;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// How long an answer may wait until others have agreed (promise.md 5.3).
public final class Patience {
    private static final Duration STANDARD = Duration.ofSeconds(10);
    private static final int MOST_SECONDS = 60;
    private static final Pattern WAIT = Pattern.compile("wait=(\\d{1,4})");

    private final Platform platform;
    private final Database database;
    private final Engine engine;

    public Patience(Platform platform, Database database, Engine engine) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
    }

    /// What `Prefer: wait=<seconds>` says, at most a minute; else ten seconds.
    public static Duration of(HttpRequest request) {
        return request.header("Prefer")
                .map(WAIT::matcher)
                .filter(matcher -> matcher.find())
                .map(matcher -> Duration.ofSeconds(Math.min(Integer.parseInt(matcher.group(1)), MOST_SECONDS)))
                .orElse(STANDARD);
    }

    /// What is seen as soon as it is settled, or when the time is over. It is looked at again when something
    /// changed.
    public <T> T await(Duration longest, Function<Tx, T> look, Predicate<T> settled) {
        var deadline = platform.now().plus(longest);
        while (true) {
            long seen = engine.changed().count();
            var found = database.inTransaction(look);
            if (settled.test(found) || !platform.now().isBefore(deadline) || !changes(seen, deadline)) {
                return found;
            }
        }
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
