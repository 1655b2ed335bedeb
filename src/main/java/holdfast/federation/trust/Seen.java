package holdfast.federation.trust;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;

/// Which tokens were here, until they would not count anyway. In memory: each server of a node remembers its own.
/// Bounded by how often pinned peers may ask.
final class Seen {
    private final Set<String> ids = new HashSet<>();
    private final TreeMap<Instant, Set<String>> ending = new TreeMap<>();

    /// @return whether it was not here before
    synchronized boolean first(String id, Instant until, Instant now) {
        var over = ending.headMap(now, true);
        over.values().forEach(ids::removeAll);
        over.clear();
        if (!ids.add(id)) {
            return false;
        }
        ending.computeIfAbsent(until, _ -> new HashSet<>()).add(id);
        return true;
    }
}
