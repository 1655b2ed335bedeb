package holdfast.federation.discovery;

import holdfast.protocol.rear.Flavor;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/// What a peer offers. Known by peer and id of the flavor: two peers may use the same id.
///
/// @param peer who listed it
/// @param asOf when it was heard of
public record Candidate(UUID peer, Flavor flavor, CandidateCourse.State state, Instant asOf) {
    /// So long after it was heard of an offer is fresh (fluidos.md 3.3).
    public static final Duration FRESHNESS = Duration.ofSeconds(60);
}
