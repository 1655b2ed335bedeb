package holdfast.federation.buying;

import holdfast.core.Interval;
import holdfast.federation.contracts.Renewal;
import holdfast.federation.mail.Abroad;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Signatures;
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
/// @param renewal until when its seller is asked to let it last
public record Deal(
        String side,
        UUID peer,
        UUID solver,
        Contract contract,
        Vector amounts,
        Interval term,
        Trace trace,
        Optional<String> credentials,
        Optional<Renewal> renewal) {
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

    private Deal but(Contract now, Interval lasting, Optional<String> access, Optional<Renewal> wish) {
        return new Deal(side, peer, solver, now, amounts, lasting, trace, access, wish);
    }

    /// The same, with what gives access.
    Deal admittedBy(String sealed) {
        return but(contract, term, Optional.of(sealed), renewal);
    }

    /// The same, ending at another time.
    ///
    /// @param told as its seller has signed that: nothing else of it counts
    Deal until(Instant end, Contract told) {
        return but(
                Signatures.signedAs(contract.until(end), told), new Interval(term.from(), end), credentials, renewal);
    }

    Deal with(Optional<Renewal> wish) {
        return but(contract, term, credentials, wish);
    }
}
