package holdfast.protocol.rear;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.BooleanNode;

/// A piece of a Kubernetes cluster.
///
/// @param vector CPU, memory and pods; storage and GPU if there are
/// @param gpuModel empty if not named
public record K8Slice(
        String architecture, Vector vector, Optional<String> gpuModel, Properties properties, Policy policy)
        implements Kind {
    /// Of parts of clusters, on which nothing runs but what a manifest says. Nodes that say nothing of it may be
    /// any.
    public static final Properties OF_CLUSTER = new Properties(
            0, List.of(), Optional.empty(), List.of(), List.of(), Map.of(Contract.CLUSTER, BooleanNode.TRUE));

    /// Whether its seller says that it is a part of a cluster.
    public boolean isOfCluster() {
        return properties.additional().containsKey(Contract.CLUSTER);
    }

    @Override
    public FlavorType type() {
        return FlavorType.K8SLICE;
    }

    @Override
    public K8Slice with(Vector amounts) {
        return new K8Slice(architecture, amounts, gpuModel, properties, policy);
    }
}
