package holdfast.drivers.kubernetes;

import holdfast.core.Answer;
import holdfast.platform.CallbackPolicy;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Other clusters, kept open while they are used: one for each kubeconfig, the one that was not used for longest is
/// closed first.
final class Clusters implements AutoCloseable {
    private static final int MOST = 64;

    private final CallbackPolicy policy;
    private final SequencedMap<Kubeconfig, Cluster> open = new LinkedHashMap<>(16, 0.75f, true);

    /// @param policy where they may be: whoever sells or buys a part of a cluster says where that is
    Clusters(CallbackPolicy policy) {
        this.policy = policy;
    }

    /// @throws ClusterException if that is no kubeconfig that is taken, or its cluster may not be called
    synchronized Cluster of(String kubeconfig) {
        return switch (Kubeconfig.of(kubeconfig)) {
            case Answer.Yes<Kubeconfig>(var config) -> {
                check(config.server());
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

    private void check(URI server) {
        try {
            if (!policy.allows(server)) {
                throw ClusterException.never("the cluster is said to be at " + server.getHost()
                        + ", which may not be called: open that by callbacks.allow in the settings file");
            }
        } catch (UnknownHostException _) {
            throw new ClusterException(ClusterException.Sort.LATER, "nobody knows the host " + server.getHost());
        }
    }

    @Override
    public synchronized void close() {
        open.values().forEach(Cluster::close);
        open.clear();
    }
}
