package holdfast.broker.market;

import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Transaction;
import java.util.Optional;
import java.util.UUID;

/// The seller's record of a hold (fluidos.md 3.5). States of the resource: those of
/// [holdfast.protocol.rear.TransactionCourse].
///
/// @param root what it is a piece of
/// @param transaction as it was answered last
/// @param key of the buyer
/// @param contract what it was bought by
/// @param trace of what it was reserved for, if the buyer said that
public record Sale(UUID root, Transaction transaction, String key, Optional<UUID> contract, Optional<Trace> trace) {
    public static final String TYPE = "transaction";

    Sale boughtBy(UUID id) {
        return new Sale(root, transaction, key, Optional.of(id), trace);
    }
}
