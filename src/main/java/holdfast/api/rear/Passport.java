package holdfast.api.rear;

import holdfast.broker.market.Buyer;
import holdfast.protocol.rear.NodeIdentity;
import java.util.Optional;

/// Who calls. The one place that decides whom a buyer is taken for.
///
/// @param proved the key that the caller has proved to be; empty if it need not prove anything: then it is taken for
///     whom it says it is, and who knows the name of a hold or a contract may act on it
public record Passport(Optional<String> proved) {
    /// Of everybody where nothing is proved (`auth: none`).
    public static final Passport UNPROVED = new Passport(Optional.empty());

    /// As whom it buys.
    ///
    /// @param said what it says of itself
    /// @param cluster the id of its fabric
    Buyer buyer(NodeIdentity said, String cluster) {
        return new Buyer(said, proved.orElseGet(() -> said.id() + "@" + said.domain()), cluster);
    }

    /// Whether it may act on what belongs to the buyer with that key.
    boolean mayActFor(String key) {
        return proved.isEmpty() || proved.get().equals(key);
    }
}
