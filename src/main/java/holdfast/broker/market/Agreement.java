package holdfast.broker.market;

import holdfast.core.Interval;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Trace;
import java.util.Optional;
import java.util.UUID;

/// The seller's record of a contract (fluidos.md 3.6). States of the resource: those of
/// [holdfast.protocol.rear.ContractCourse].
///
/// @param root what was sold a piece of
/// @param transaction the claim
/// @param key of the buyer
/// @param contract as it is told, without credentials
/// @param lent whether a part of a host was lent for it, of which something may be left when it is over
/// @param trace of what it was bought for, if the buyer said that
/// @param kept what of the purchase [Delivery] needs, sealed
public record Agreement(
        UUID root,
        UUID transaction,
        String key,
        Contract contract,
        Interval term,
        boolean lent,
        Optional<Trace> trace,
        Optional<String> kept) {
    public static final String TYPE = "contract";

    Agreement with(Contract other) {
        return new Agreement(root, transaction, key, other, term, lent, trace, kept);
    }

    /// The same, for longer.
    Agreement until(Interval longer) {
        return new Agreement(root, transaction, key, contract.until(longer.until()), longer, lent, trace, kept);
    }
}
