package holdfast.protocol.rear;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/// What a node has a catalog tell of one of its offers (fluidos.md 4.4 steps 2 and 3). The publisher signs it, see
/// [Signatures#text(Publication)].
///
/// @param publisher id of the node that publishes it, with which it is reserved
/// @param epoch grows when the publisher begins to count anew
/// @param sequence grows each time the same offer is published, within an epoch
/// @param asOf when the publisher saw that it is there: whole milliseconds
/// @param ttlSeconds so long after that it counts, 30 to 3600
/// @param visibility the domains that may hear of it; empty: all
public record Publication(
        String publisher,
        Flavor flavor,
        long epoch,
        long sequence,
        Instant asOf,
        int ttlSeconds,
        Set<String> visibility) {
    public static final int SHORTEST = 30;
    public static final int LONGEST = 3_600;
    public static final int USUAL = 300;

    public Publication {
        asOf = asOf.truncatedTo(ChronoUnit.MILLIS);
        visibility = Set.copyOf(visibility);
        if (ttlSeconds < SHORTEST || ttlSeconds > LONGEST) {
            throw new IllegalArgumentException("a ttl of " + ttlSeconds + " s");
        }
    }

    public Duration ttl() {
        return Duration.ofSeconds(ttlSeconds);
    }
}
