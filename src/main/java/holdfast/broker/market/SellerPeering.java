package holdfast.broker.market;

import holdfast.protocol.rear.Vector;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// The seller's record of a peering (fluidos.md 3.7), part of its contract. States of the resource: those of
/// [holdfast.protocol.rear.PeeringCourse]. Its name is the contract's.
///
/// @param side `seller`, which tells it from what was bought
/// @param amounts that are lent
/// @param activeAt since when its buyer uses it
public record SellerPeering(String side, UUID contract, Vector amounts, Optional<Instant> activeAt) {
    public static final String TYPE = "peering";
    public static final String SELLER = "seller";

    SellerPeering activeSince(Instant when) {
        return new SellerPeering(side, contract, amounts, Optional.of(when));
    }
}
