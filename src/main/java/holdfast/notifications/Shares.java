package holdfast.notifications;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// How many deliveries are under way for each project: one whose receivers are slow must not hold up the others.
final class Shares {
    static final int MOST = 8;

    private final Map<String, Integer> taken = new ConcurrentHashMap<>();

    int of(String project) {
        return taken.getOrDefault(project, 0);
    }

    /// Projects that have all that one may have.
    Set<String> full() {
        return taken.entrySet().stream()
                .filter(share -> share.getValue() >= MOST)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    void take(String project) {
        taken.merge(project, 1, Integer::sum);
    }

    void giveBack(String project) {
        taken.merge(project, -1, Integer::sum);
        taken.remove(project, 0);
    }
}
