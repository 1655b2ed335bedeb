package holdfast.protocol.rear;

import holdfast.core.Quantity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// Flavors to try rules on.
public final class Samples {
    public static final NodeIdentity OWNER =
            new NodeIdentity("n4tor1no00", "10.20.0.7:30001", "alps.example", Optional.of("torino-dc"));
    public static final NodeIdentity BUYER =
            new NodeIdentity("c7m1lano00", "10.20.0.9:30000", "alps.example", Optional.of("milano-edge"));
    public static final Instant BEGINNING = Instant.parse("2025-06-01T08:00:00Z");

    private Samples() {}

    public static Quantity quantity(String text) {
        return Quantity.of(text).orThrow();
    }

    public static Vector vector(String cpu, String memory, String pods) {
        return Vector.of(quantity(cpu), quantity(memory), quantity(pods));
    }

    /// Minimum 1, 2Gi, 5; steps of 500m, 1Gi, 5 (the example of fluidos.md 6.4).
    public static Policy policy() {
        return new Policy(vector("1", "2Gi", "5"), vector("500m", "1Gi", "5"));
    }

    /// A slice of 8 CPUs, 32Gi, 110 pods, and 40Gi of storage (the example of fluidos.md 6.4).
    public static K8Slice slice() {
        var properties = new Properties(
                12,
                List.of("GDPR"),
                Optional.of(new Carbon(210_000, List.of(310L, 280L, 240L))),
                List.of(new NetworkRule(
                        "no-telnet",
                        new NetworkRule.End(true, Optional.empty(), Map.of("app", "*"), Map.of("env", "production")),
                        new NetworkRule.End(false, Optional.of("10.0.0.0/16"), Map.of(), Map.of()),
                        "23",
                        "TCP")),
                List.of(),
                Map.of("TEE", JsonNodeFactory.instance.booleanNode(true)));
        return new K8Slice(
                "arm64",
                vector("8", "32Gi", "110").with(Dimension.STORAGE, quantity("40Gi")),
                Optional.empty(),
                properties,
                policy());
    }

    /// Two to ten machines of 4 CPUs.
    public static Vm vm() {
        return new Vm(
                "x86_64",
                Optional.of("Ubuntu 24.04"),
                new Vector(Map.of(
                        Dimension.CPU, quantity("4"),
                        Dimension.MEMORY, quantity("8Gi"),
                        Dimension.STORAGE, quantity("100Gi"),
                        Dimension.GPU_CORES, quantity("10"))),
                Optional.of("RTX"),
                Properties.NONE,
                2,
                10);
    }

    public static ServiceOffer service() {
        return new ServiceOffer(
                "pg-small",
                "Small relational store",
                "database",
                List.of("database", "postgres"),
                List.of(HostingPolicy.PROVIDER, HostingPolicy.SHARED),
                JsonMapper.shared().readTree("{\"type\": \"object\", \"required\": [\"username\"]}"));
    }

    public static Sensor sensor() {
        return new Sensor(
                "temperature",
                "DHT22",
                "Aosong",
                "EU",
                OptionalLong.of(2000),
                OptionalLong.of(98),
                OptionalLong.empty(),
                "GPIO",
                Optional.of(List.of("GET")),
                Optional.of("1"),
                Properties.NONE);
    }

    public static Flavor flavor(String id, Kind kind) {
        return new Flavor(
                id,
                OWNER.id(),
                OWNER,
                kind,
                Optional.of(new Price("0.40", "EUR", "hour")),
                true,
                Optional.of("5G"),
                new Location("45.07", "7.69", "Italy", "Turin", ""),
                BEGINNING,
                Map.of());
    }
}
