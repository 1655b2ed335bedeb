package holdfast.drivers.kubernetes;

import holdfast.core.Answer;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Other clusters, kept open while they are used: one for each kubeconfig, the one that was not used for longest is
/// closed first.
final class Clusters implements AutoCloseable {
    private static final int MOST = 64;

    private final SequencedMap<Kubeconfig, Cluster> open = new LinkedHashMap<>(16, 0.75f, true);

    /// @throws ClusterException if that is no kubeconfig that is taken
    synchronized Cluster of(String kubeconfig) {
        return switch (Kubeconfig.of(kubeconfig)) {
            case Answer.Yes<Kubeconfig>(var config) -> {
                var cluster = open.computeIfAbsent(config, Cluster::new);
                if (open.size() > MOST) {
                    var eldest = open.pollFirstEntry();
                    eldest.getValue().close();
                }
                yield cluster;
            }
            case Answer.No<Kubeconfig>(var why) -> throw ClusterException.never(why.message());
        };
    }

    @Override
    public synchronized void close() {
        open.values().forEach(Cluster::close);
        open.clear();
    }
}
