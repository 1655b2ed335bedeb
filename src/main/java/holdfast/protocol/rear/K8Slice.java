package holdfast.protocol.rear;

import java.util.Optional;

/// A piece of a Kubernetes cluster.
///
/// @param vector CPU, memory and pods; storage and GPU if there are
/// @param gpuModel empty if not named
public record K8Slice(
        String architecture, Vector vector, Optional<String> gpuModel, Properties properties, Policy policy)
        implements Kind {
    @Override
    public FlavorType type() {
        return FlavorType.K8SLICE;
    }

    @Override
    public K8Slice with(Vector amounts) {
        return new K8Slice(architecture, amounts, gpuModel, properties, policy);
    }
}
