package holdfast.core;

import java.util.List;
import java.util.Optional;

/// A size of instances: a front-end profile, which users ask for, or a back-end profile, which a provider has
/// (aeolus.md 2.4).
///
/// @param id of a front-end profile that of its resource; of a back-end profile the provider's own word for it, its
///     external key
/// @param memory in MB
/// @param cpu number of processors
/// @param storage in GB
/// @param architectures words such as `x86_64`; none = nothing is said; more than one = any of them may be asked for
/// @param rootType `persistent` or `transient`
public record HardwareProfile(
        String id,
        String name,
        Property memory,
        Property cpu,
        Property storage,
        List<String> architectures,
        Optional<String> rootType) {
    public HardwareProfile {
        architectures = List.copyOf(architectures);
    }
}
