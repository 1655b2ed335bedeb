package holdfast.federation.choice;

import holdfast.core.Quantity;
import holdfast.protocol.rear.Carbon;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Location;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Policy;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Properties;
import holdfast.protocol.rear.Vector;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/// Offers of eight CPUs, of which four are asked for.
final class Offers {
    private Offers() {}

    static Offer offer(String id, String price, String currency, int latency, double rating, Long... grams) {
        return offer(id, price, currency, latency, rating, "Italy", List.of(grams));
    }

    static Offer offer(
            String id, String price, String currency, int latency, double rating, String country, List<Long> grams) {
        var properties = new Properties(
                0,
                List.of("GDPR"),
                grams.isEmpty() ? Optional.empty() : Optional.of(new Carbon(0, grams)),
                List.of(),
                List.of(),
                Map.of());
        var whole = Vector.of(Quantity.of(8), Quantity.of(32L << 30), Quantity.of(80));
        var flavor = new Flavor(
                id,
                "node",
                new NodeIdentity("node", "127.0.0.1:1", "north.example", Optional.empty()),
                new K8Slice("x86_64", whole, Optional.empty(), properties, Policy.USUAL),
                Optional.of(new Price(price, currency, "hour")),
                true,
                Optional.empty(),
                new Location("", "", country, "", ""),
                Instant.EPOCH,
                Map.of());
        return new Offer(
                UUID.nameUUIDFromBytes(id.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                flavor,
                Vector.of(Quantity.of(4), Quantity.of(16L << 30), Quantity.of(40)),
                latency > 0 ? OptionalInt.of(latency) : OptionalInt.empty(),
                rating);
    }
}
