package holdfast.orchestrator.intents;

import java.time.Duration;
import java.time.Instant;

/// How often in a row something was measured that a condition does not allow (fluidos.md 6.9). A measurement counts
/// once in half a minute; after two minutes without one it begins anew.
///
/// @param condition as it is written
/// @param times from 1
/// @param last when it was counted last
public record Streak(String condition, int times, Instant last) {
    /// So many are no accident.
    private static final int ENOUGH = 3;

    private static final Duration EVERY = Duration.ofSeconds(30);
    private static final Duration FORGOTTEN = Duration.ofMinutes(2);

    /// The first of them.
    static Streak first(String condition, Instant now) {
        return new Streak(condition, 1, now);
    }

    /// One more.
    Streak and(Instant now) {
        var since = Duration.between(last, now);
        if (since.compareTo(FORGOTTEN) > 0) {
            return first(condition, now);
        }
        return since.compareTo(EVERY) < 0 ? this : new Streak(condition, times + 1, now);
    }

    boolean isEnough() {
        return times >= ENOUGH;
    }
}
