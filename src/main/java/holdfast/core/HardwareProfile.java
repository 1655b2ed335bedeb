package holdfast.core;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A size of instances: a front-end profile, which users ask for, or a back-end profile, which a provider has, with
/// what it fixes and what it leaves to be chosen (aeolus.md 2.4).
///
/// @param id of a front-end profile that of its resource; of a back-end profile the provider's own word for it
/// @param memory in MB
/// @param cpu number of processors
/// @param storage in GB
/// @param architectures words such as `x86_64`; none = nothing is said; more than one = any of them may be asked for
/// @param rootType `persistent` or `transient`
/// @param others what else it has, and what is measured otherwise, in the provider's words: `4 GB` by `memory`
public record HardwareProfile(
        String id,
        String name,
        Property memory,
        Property cpu,
        Property storage,
        List<String> architectures,
        Optional<String> rootType,
        Map<String, String> others) {
    public HardwareProfile {
        architectures = List.copyOf(architectures);
        others = Map.copyOf(others);
    }

    /// One of which nothing else is known.
    public HardwareProfile(
            String id,
            String name,
            Property memory,
            Property cpu,
            Property storage,
            List<String> architectures,
            Optional<String> rootType) {
        this(id, name, memory, cpu, storage, architectures, rootType, Map.of());
    }

    /// One that leaves no choice.
    static HardwareProfile of(CloudSupply.Flavor flavor) {
        return new HardwareProfile(
                flavor.id(),
                flavor.name(),
                fixed(flavor.memoryMb()),
                fixed(flavor.vcpus()),
                flavor.diskGb() == 0 ? new Property.Any() : fixed(flavor.diskGb()),
                List.of(),
                Optional.empty(),
                Map.of());
    }

    private static Property fixed(int amount) {
        return new Property.Fixed(BigDecimal.valueOf(amount));
    }
}
