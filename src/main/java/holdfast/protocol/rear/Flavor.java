package holdfast.protocol.rear;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// An offer of a node (fluidos.md 2.5).
///
/// @param id a name as in DNS, see [FlavorIds]; unique only together with the peer that it was heard from
/// @param provider node id of the owner, or of a supernode that speaks for it
/// @param owner with whom to reserve it
/// @param price empty if nothing is said about it
/// @param network such as `5G`
/// @param since when it was made; in the near future if it is announced
/// @param extra what only one dialect has, by name, such as the optional `name` of a slice
public record Flavor(
        String id,
        String provider,
        NodeIdentity owner,
        Kind kind,
        Optional<Price> price,
        boolean available,
        Optional<String> network,
        Location place,
        Instant since,
        Map<String, String> extra) {
    public Flavor {
        extra = Map.copyOf(extra);
    }

    /// The same with other amounts for another price.
    public Flavor with(Vector amounts, Optional<Price> other) {
        return new Flavor(id, provider, owner, kind.with(amounts), other, available, network, place, since, extra);
    }

    /// The same of another kind.
    public Flavor of(Kind other) {
        return new Flavor(id, provider, owner, other, price, available, network, place, since, extra);
    }

    /// The same that is not to be had now.
    public Flavor unavailable() {
        return new Flavor(id, provider, owner, kind, price, false, network, place, since, extra);
    }
}
