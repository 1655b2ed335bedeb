package holdfast.federation.buying;

import holdfast.core.Capacities;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// The buyer's record of a peering (fluidos.md 3.7), part of its contract. States of the resource: those of
/// [holdfast.protocol.rear.PeeringCourse]. Its name is the site that it is here.
///
/// @param contract what was bought
/// @param wanted how much of it machines can have
/// @param granted how much was really lent
/// @param activeAt since when it may be used
/// @param cluster the authority of the cluster of ours that it is a node of; empty if another domain runs what is there
/// @param gone since when nothing of that node is left
public record Peering(
        UUID contract,
        UUID solver,
        Capacities wanted,
        Optional<Capacities> granted,
        Optional<Instant> activeAt,
        Optional<String> cluster,
        Optional<Instant> gone) {
    public static final String TYPE = "peering";

    Peering with(Optional<Capacities> lent, Optional<Instant> since) {
        return new Peering(contract, solver, wanted, lent, since, cluster, gone);
    }

    Peering goneAt(Instant when) {
        return new Peering(contract, solver, wanted, granted, activeAt, cluster, Optional.of(when));
    }

    /// Whether something of a node is still there.
    boolean stands() {
        return cluster.isPresent() && gone.isEmpty();
    }
}
