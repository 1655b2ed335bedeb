package holdfast.notifications;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How often in a row a receiver did not take what was brought to it, and since when (promise.md 5.3).
///
/// @param attempt failures since the last success, 1 or more
record Failing(int attempt, Instant since) {
    private static final int MOST_DOUBLINGS = 9;

    /// After one more failure.
    static Failing again(int before, Optional<Instant> since, Instant now) {
        return new Failing(before + 1, since.orElse(now));
    }

    /// 1, 2, 4 s .. as long as patience says.
    Duration pause(Face.Patience patience) {
        var pause = Duration.ofSeconds(1L << Math.min(attempt - 1, MOST_DOUBLINGS));
        return pause.compareTo(patience.longestPause()) < 0 ? pause : patience.longestPause();
    }

    /// Whether to give up.
    boolean isHopeless(Face.Patience patience, Instant now) {
        return !now.isBefore(since.plus(patience.whole()));
    }
}
