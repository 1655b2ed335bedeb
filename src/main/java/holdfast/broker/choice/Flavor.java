package holdfast.broker.choice;

import holdfast.core.Capacities;
import java.util.Map;

/// The size of an instance.
///
/// @param vcpus virtual processors, 1 to 1,000,000
/// @param memoryMb memory in MiB, 1 to 10^12
/// @param diskGb disk in GB, 0 to 10^12
public record Flavor(long vcpus, long memoryMb, long diskGb) {
    private static final long MOST = 1_000_000_000_000L;

    /// @throws holdfast.core.RefusedException if a number is out of its range
    public Flavor {
        Limits.within("vcpus", vcpus, 1, Dimensions.ALL);
        Limits.within("memoryMb", memoryMb, 1, MOST);
        Limits.within("diskGb", diskGb, 0, MOST);
    }

    /// What one instance takes of its host.
    Capacities ofHost() {
        return new Capacities(
                Map.of(Dimensions.VCPU, vcpus, Dimensions.MEMORY_MB, memoryMb, Dimensions.DISK_GB, diskGb));
    }
}
