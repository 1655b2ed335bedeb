package holdfast.api.config;

import holdfast.platform.Tx;
import holdfast.pools.clouds.Configuration;
import holdfast.pools.clouds.Limits;
import holdfast.pools.clouds.Usage.Counts;
import holdfast.pools.clouds.Usage.Kind;
import holdfast.pools.clouds.Usage.Owner;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// How quotas are shown.
final class Shown {
    private Shown() {}

    /// The quota of something, as attributes.
    static Element quota(Limits limits) {
        return Element.of("quota")
                .attribute("maximum_running_instances", maximum(limits.running()))
                .attribute("maximum_total_instances", maximum(limits.total()));
    }

    static Object maximum(Optional<Integer> limit) {
        return limit.<Object>map(number -> number).orElse("unlimited");
    }

    /// How much of each is used, in one question.
    static Map<Owner, Counts> counts(Tx tx, Configuration configuration, Kind kind, List<UUID> ids) {
        return configuration
                .usage()
                .counts(tx, ids.stream().map(id -> new Owner(kind, id)).toList());
    }

    /// How many percent of the running instances that are allowed there are (aeolus.md 2.2).
    static long percentage(Limits limits, Counts counts) {
        if (limits.running().isEmpty()) {
            return 0;
        }
        int most = limits.running().get();
        return most == 0 ? 100 : counts.running() * 100L / most;
    }
}
