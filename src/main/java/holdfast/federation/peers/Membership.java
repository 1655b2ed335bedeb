package holdfast.federation.peers;

import java.time.Duration;
import java.time.Instant;

/// That a peer is a node of our own domain, which has joined us and says again and again that it is there (fluidos.md
/// 4.2).
///
/// @param node its id in the domain
/// @param ttlSeconds so long after it was heard it counts as there, 10 to 600
/// @param joined when it came
/// @param kept when it was heard last
public record Membership(String node, int ttlSeconds, Instant joined, Instant kept) {
    /// Whether it has said of late that it is there.
    public boolean isLive(Instant now) {
        return kept.plus(Duration.ofSeconds(ttlSeconds)).isAfter(now);
    }

    Membership again(int ttl, Instant now) {
        return new Membership(node, ttl, joined, now);
    }
}
