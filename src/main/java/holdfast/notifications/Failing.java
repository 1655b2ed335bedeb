package holdfast.notifications;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How often in a row a receiver did not take what was brought to it, and since when (promise.md 5.3).
///
/// @param attempt failures since the last success, 1 or more
record Failing(int attempt, Instant since) {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(300);
    private static final Duration PATIENCE = Duration.ofHours(24);
    private static final int MOST_DOUBLINGS = 9;

    /// After one more failure.
    static Failing again(int before, Optional<Instant> since, Instant now) {
        return new Failing(before + 1, since.orElse(now));
    }

    /// 1, 2, 4 .. 300 s.
    Duration pause() {
        var pause = Duration.ofSeconds(1L << Math.min(attempt - 1, MOST_DOUBLINGS));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    /// Whether to give up.
    boolean isHopeless(Instant now) {
        return !now.isBefore(since.plus(PATIENCE));
    }
}
