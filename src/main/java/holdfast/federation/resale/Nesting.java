package holdfast.federation.resale;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// How long a supernode holds for its customer what another holds for it (fluidos.md 4.2 step 20, 6.7), so that it can
/// still buy it in the customer's last second.
public final class Nesting {
    /// What each node on the way keeps for itself, and the least that it gives.
    static final Duration GAP = Duration.ofSeconds(30);

    private Nesting() {}

    /// Until when: whole seconds, at least 30 s before `below`.
    ///
    /// @param life of our own holds
    /// @param below until when it is held for us
    /// @return empty if that would be less than 30 s
    public static Optional<Instant> expiry(Instant now, Duration life, Instant below) {
        var own = now.plus(life);
        var safe = below.minus(GAP);
        var until = (own.isBefore(safe) ? own : safe).truncatedTo(ChronoUnit.SECONDS);
        return Optional.of(until).filter(end -> !end.isBefore(now.plus(GAP)));
    }
}
