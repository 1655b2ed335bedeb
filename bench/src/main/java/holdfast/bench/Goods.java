package holdfast.bench;

import holdfast.core.Quantity;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Location;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Policy;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Properties;
import holdfast.protocol.rear.Vector;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is for sale in the benchmark of the market.
final class Goods {
    private static final List<String> COUNTRIES = List.of("Austria", "France", "Italy", "Norway", "Spain");

    private Goods() {}

    /// One of many: 1 to 64 CPUs, 1 to 97 GB, a price of 0.001 to 1.000 an hour, one of five countries.
    static Flavor varied(NodeIdentity owner, int n) {
        var amounts = amounts(1 + n % 64, 1 + n % 97, 10 + n % 100)
                .with(Dimension.STORAGE, Quantity.of(1 + n % 31).times(1L << 30));
        var price = BigDecimal.valueOf(1 + n * 7919L % 1000, 3).toPlainString();
        return flavor(owner, "root-" + n, amounts, price, n % 4 == 0 ? "arm64" : "amd64", COUNTRIES.get(n % 5));
    }

    /// One of which there is so much that it never ends.
    static Flavor plenty(NodeIdentity owner, String name) {
        return flavor(owner, name, amounts(500_000, 500_000, 500_000), "1000000", "amd64", "Italy");
    }

    /// A piece of that.
    static Configuration piece() {
        return new Configuration.Slice(amounts(2, 4, 10));
    }

    private static Vector amounts(int cpu, int gigabytes, int pods) {
        return Vector.of(Quantity.of(cpu), Quantity.of(gigabytes).times(1L << 30), Quantity.of(pods));
    }

    private static Flavor flavor(
            NodeIdentity owner, String id, Vector amounts, String price, String architecture, String country) {
        return new Flavor(
                id,
                owner.id(),
                owner,
                new K8Slice(architecture, amounts, Optional.empty(), Properties.NONE, Policy.FREE),
                Optional.of(new Price(price, "EUR", "hour")),
                true,
                Optional.of("5G"),
                new Location("45.07", "7.69", country, "Turin", ""),
                Instant.now().minusSeconds(1),
                Map.of());
    }
}
