package holdfast.broker.services;

import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Location;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Price;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// What an administrator wants to sell.
///
/// @param name of the blueprint, unique here
public record Ware(String name, Blueprint blueprint, Optional<Price> price) {
    /// What is listed of it.
    public Flavor flavor(NodeIdentity seller, Instant now) {
        return new Flavor(
                name,
                seller.id(),
                seller,
                blueprint.offer(),
                price,
                true,
                Optional.empty(),
                Location.UNKNOWN,
                now,
                Map.of());
    }
}
