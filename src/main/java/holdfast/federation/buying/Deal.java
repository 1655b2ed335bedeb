package holdfast.federation.buying;

import holdfast.core.Interval;
import holdfast.federation.mail.Abroad;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Vector;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// The buyer's record of a contract (fluidos.md 3.6), part of its purchase. States of the resource: those of
/// [holdfast.protocol.rear.ContractCourse]. Its name is that which the seller gave it.
///
/// @param side `buyer`, which tells it from what is sold here
/// @param peer the seller
/// @param contract as it was told, without credentials
/// @param amounts that were bought
/// @param credentials sealed
public record Deal(
        String side,
        UUID peer,
        UUID solver,
        Contract contract,
        Vector amounts,
        Interval term,
        Trace trace,
        Optional<String> credentials) {
    public static final String TYPE = "contract";
    static final String BUYER = "buyer";

    /// What we call the authority that lends under it.
    ///
    /// @param id of this record
    /// @return empty if the contract does not name it
    Optional<String> lender(UUID id) {
        return Optional.ofNullable(contract.extra().get(Contract.AUTHORITY)).map(bare -> Abroad.name(bare, id));
    }

    /// The type of flavor that was bought.
    FlavorType kind() {
        return contract.flavor().kind().type();
    }

    /// Whether it is a part of a cluster, which a cluster of ours must join: so says the seller, or it tells how to
    /// get into a cluster and names nobody who lends.
    boolean isOfCluster() {
        var extra = contract.extra();
        return kind() != FlavorType.SERVICE
                && (extra.containsKey(Contract.CLUSTER)
                        || !extra.containsKey(Contract.AUTHORITY) && credentials.isPresent());
    }

    /// The same, with what gives access.
    Deal admittedBy(String sealed) {
        return new Deal(side, peer, solver, contract, amounts, term, trace, Optional.of(sealed));
    }

    /// The same, ending at another time.
    Deal until(Instant end) {
        return new Deal(
                side, peer, solver, contract.until(end), amounts, new Interval(term.from(), end), trace, credentials);
    }
}
