package holdfast.protocol.rear;

import holdfast.core.Interval;
import java.time.Instant;
import java.util.Optional;

/// A hold on a piece of a flavor, as the seller answers it (fluidos.md 5.5).
///
/// @param id see [FlavorIds#transaction]
/// @param flavor the id that was asked for
/// @param configuration empty: the whole flavor
/// @param cluster the id of the buyer's fabric
/// @param expires whole seconds; a purchase in that very second is still good (fluidos.md 3.5)
public record Transaction(
        String id,
        String flavor,
        NodeIdentity buyer,
        String cluster,
        Optional<Configuration> configuration,
        Instant expires) {
    /// The same with its configuration said in another way.
    public Transaction with(Optional<Configuration> same) {
        return new Transaction(id, flavor, buyer, cluster, same, expires);
    }

    /// What a buyer sends to get one, RESERVE_FLAVOR.
    ///
    /// @param term for which it shall be bought, where the seller has that extension; empty: what is usual there
    public record Ask(
            String flavor, NodeIdentity buyer, Optional<Configuration> configuration, Optional<Interval> term) {
        /// For the usual term.
        public Ask(String flavor, NodeIdentity buyer, Optional<Configuration> configuration) {
            this(flavor, buyer, configuration, Optional.empty());
        }
    }
}
