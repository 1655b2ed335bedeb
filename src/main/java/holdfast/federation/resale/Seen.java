package holdfast.federation.resale;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Which questions were passed on within the last minute, and which are being passed on now (fluidos.md 6.7). In memory
/// alone: a question that is passed on twice is only asked twice.
final class Seen {
    private static final Duration REMEMBERED = Duration.ofSeconds(60);
    private static final int MOST = 10_000;

    private final Map<UUID, Instant> passed = new LinkedHashMap<>();
    private final Map<String, Integer> underWay = new HashMap<>();

    /// Whether a question is new here. One without a name is, unless the same is being asked for somebody else: it
    /// may be ours, come back.
    ///
    /// @param selector what is asked for
    synchronized boolean first(Optional<UUID> request, String selector, Instant now) {
        var oldest = passed.entrySet().iterator();
        while (oldest.hasNext()) {
            var eldest = oldest.next();
            if (passed.size() <= MOST && eldest.getValue().plus(REMEMBERED).isAfter(now)) {
                break;
            }
            oldest.remove();
        }
        return request.map(id -> passed.putIfAbsent(id, now) == null).orElseGet(() -> !underWay.containsKey(selector));
    }

    synchronized void begins(String selector) {
        underWay.merge(selector, 1, Integer::sum);
    }

    synchronized void ends(String selector) {
        underWay.computeIfPresent(selector, (_, count) -> count == 1 ? null : count - 1);
    }
}
