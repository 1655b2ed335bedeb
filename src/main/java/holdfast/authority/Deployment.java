package holdfast.authority;

import holdfast.protocol.rear.HostingPolicy;
import java.util.Optional;
import java.util.UUID;

/// A service that is made in a cluster for a contract. States of the resource: `requested`, `deploying`, `active`,
/// `failed`, `removing`, `removed`, `remove_failed`.
///
/// @param order a [holdfast.protocol.ServiceOrder], as it came sealed; nothing once it is over
/// @param broker who asked for it
/// @param hosting where it runs
/// @param peer the id of the buyer's cluster, if something of it runs there
public record Deployment(
        UUID contract,
        String title,
        Optional<String> order,
        String broker,
        HostingPolicy hosting,
        Optional<String> peer) {
    public static final String TYPE = "deployment";

    /// The same when nothing of it is there.
    Deployment over() {
        return new Deployment(contract, title, Optional.empty(), broker, hosting, peer);
    }
}
