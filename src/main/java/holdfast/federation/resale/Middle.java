package holdfast.federation.resale;

import holdfast.core.Interval;
import holdfast.federation.contracts.Renewal;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Trace;
import java.util.Optional;
import java.util.UUID;

/// A supernode's record of a contract with a customer that rests on one with another, of type `contract`. States: those
/// of [holdfast.protocol.rear.ContractCourse].
///
/// @param side `middle`, which tells it from what is bought or sold here
/// @param key of the customer
/// @param contract as it is told, without credentials
/// @param peer with whom the contract below is
/// @param below its name there
/// @param credentials as they came from below, sealed: only to tell them once more
/// @param renewal until when who sold it is asked to let it last
public record Middle(
        String side,
        String key,
        Contract contract,
        Interval term,
        UUID peer,
        String below,
        Trace trace,
        Optional<String> credentials,
        Optional<Renewal> renewal) {
    public static final String TYPE = "contract";
    public static final String MIDDLE = "middle";

    private Middle but(Contract now, Interval lasting, Optional<Renewal> wish) {
        return new Middle(side, key, now, lasting, peer, below, trace, credentials, wish);
    }

    Middle with(Contract other) {
        return but(other, term, renewal);
    }

    Middle with(Optional<Renewal> wish) {
        return but(contract, term, wish);
    }

    /// The same for longer, under a contract that says so.
    Middle until(Interval longer, Contract said) {
        return but(said, longer, renewal);
    }
}
