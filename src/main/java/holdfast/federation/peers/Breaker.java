package holdfast.federation.peers;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Leaves a peer alone that fails (fluidos.md 6.6): after three failures in a row for 30 s, after each further one for
/// twice as long, at most 10 min.
///
/// @param failures in a row
/// @param until when it is left alone
public record Breaker(int failures, Optional<Instant> until) {
    /// Of a peer that has not failed.
    public static final Breaker CLOSED = new Breaker(0, Optional.empty());

    private static final int ENOUGH = 3;
    private static final Duration FIRST = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /// Beyond that the pause is the longest anyway.
    private static final int MOST = ENOUGH + 10;

    /// After one more failure.
    Breaker failed(Instant now) {
        int more = Math.min(failures + 1, MOST);
        return more < ENOUGH
                ? new Breaker(more, Optional.empty())
                : new Breaker(more, Optional.of(now.plus(pause(more - ENOUGH))));
    }

    private static Duration pause(int doublings) {
        var pause = FIRST.multipliedBy(1L << doublings);
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }

    /// Whether it is left alone.
    boolean isOpen(Instant now) {
        return until.filter(now::isBefore).isPresent();
    }
}
