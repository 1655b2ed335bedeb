package holdfast.federation.catalog;

import holdfast.federation.choice.Rating;
import holdfast.protocol.rear.Publication;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// What was published, with all that a catalog knows of it.
///
/// @param peer of the publisher here
/// @param key the fingerprint of the publisher's key; empty if it has none
/// @param ttl for how long it counts: no longer than its publisher says
/// @param visibility the domains that may hear of it; empty: all
/// @param doubted whether somebody said that it is not there, or its publisher does not answer
public record Shown(
        Publication published,
        UUID peer,
        Optional<String> key,
        Duration ttl,
        Rating rating,
        Set<String> visibility,
        boolean doubted) {
    public Freshness freshness(Instant now) {
        return Freshness.of(Duration.between(published.asOf(), now), ttl, doubted);
    }

    /// Until when it may be taken at its word.
    public Instant expires() {
        return published.asOf().plus(ttl);
    }

    /// Whether a domain may hear of it.
    ///
    /// @param domain empty if it is not known
    public boolean isFor(String domain) {
        return visibility.isEmpty() || visibility.contains(domain);
    }

    /// Those of the best publishers first, then what was seen last (fluidos.md 4.4 step 14).
    public static List<Shown> ranked(List<Shown> all, Instant now) {
        return all.stream()
                .sorted(Comparator.comparingDouble((Shown one) -> -one.rating().score(now))
                        .thenComparing(one -> one.published().asOf(), Comparator.reverseOrder())
                        .thenComparing(one -> one.published().flavor().id()))
                .toList();
    }
}
