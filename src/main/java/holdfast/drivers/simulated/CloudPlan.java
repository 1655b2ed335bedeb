package holdfast.drivers.simulated;

import holdfast.core.CloudSupply;
import holdfast.core.CloudSupply.Flavor;
import holdfast.core.CloudSupply.Host;
import holdfast.core.CloudSupply.Image;
import holdfast.core.CloudSupply.Network;
import holdfast.core.CloudSupply.Range;
import holdfast.core.CloudSupply.Subnet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What a simulated cloud is like.
///
/// @param supply what it has
/// @param boot how long a server takes until it runs
/// @param farewell how long a server takes until it is gone
/// @param password that it lets in; empty = any
public record CloudPlan(CloudSupply supply, Duration boot, Duration farewell, String password) {
    /// Of which the cloud itself lends the upper half.
    private static final Subnet OUTSIDE =
            new Subnet("subnet-2", "198.51.100.0/24", List.of(new Range("198.51.100.128", "198.51.100.254")));

    private static final List<Image> IMAGES = List.of(new Image("image-1", "cirros"));

    /// Two zones with two hosts each of 16 virtual processors and 64 GiB.
    public static final CloudPlan SMALL = new CloudPlan(
            new CloudSupply(
                            hosts(2, 2),
                            Map.of("instance", 40L, "vcpu", 64L, "memory_mb", 262_144L, "address", 8L),
                            List.of("north", "south"),
                            List.of(
                                    new Flavor("1", "tiny", 1, 512, 1, Map.of()),
                                    new Flavor("2", "small", 2, 2_048, 20, Map.of()),
                                    new Flavor("3", "large", 8, 16_384, 80, Map.of())),
                            IMAGES,
                            List.of(
                                    new Network("net-1", "inside", false),
                                    new Network("net-2", "outside", true, List.of(OUTSIDE))),
                            true)
                    .offering(IMAGES, SimulatedThings.COLLECTIONS),
            Duration.ZERO,
            Duration.ZERO,
            "");

    private static List<Host> hosts(int zones, int each) {
        var names = List.of("north", "south");
        return IntStream.range(0, zones * each)
                .mapToObj(n -> new Host(
                        "host-" + (n + 1),
                        "hypervisor-" + (n + 1),
                        names.get(n / each),
                        true,
                        Map.of("vcpu", 16L, "memory_mb", 65_536L, "disk_gb", 500L, "instance", 1_000L),
                        Map.of("hypervisor_type", "simulated", "vcpus", "16", "memory_mb", "65536")))
                .toList();
    }

    public CloudPlan withTimes(Duration toBoot, Duration toGo) {
        return new CloudPlan(supply, toBoot, toGo, password);
    }

    public CloudPlan with(CloudSupply other) {
        return new CloudPlan(other, boot, farewell, password);
    }

    public CloudPlan lettingIn(String secret) {
        return new CloudPlan(supply, boot, farewell, secret);
    }
}
