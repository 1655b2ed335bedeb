package holdfast.federation.buying;

import holdfast.core.Interval;
import holdfast.federation.buying.PurchaseCourse.Terms;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Transaction;
import holdfast.protocol.rear.Vector;
import java.util.Optional;
import java.util.UUID;

/// The record of a purchase at one seller (fluidos.md 3.4), part of its solver. States of the resource: those of
/// [PurchaseCourse]. Its name is the flavor's.
///
/// @param peer the seller
/// @param piece what of the flavor; empty: all of it
/// @param amounts that this is
/// @param term for which it is bought
/// @param rank among those that were held with it, the best is 0
/// @param terms where it stands with the seller
/// @param asked whether the seller was told to sell it
/// @param held what the seller said that it holds
public record Purchase(
        UUID solver,
        UUID peer,
        Flavor flavor,
        Optional<Configuration> piece,
        Vector amounts,
        Interval term,
        Trace trace,
        int rank,
        Terms terms,
        boolean asked,
        Optional<Transaction> held) {
    public static final String TYPE = "purchase";

    private Purchase but(Terms now, boolean told, Optional<Transaction> hold) {
        return new Purchase(solver, peer, flavor, piece, amounts, term, trace, rank, now, told, hold);
    }

    Purchase holding(Transaction transaction) {
        return but(
                terms,
                false,
                Optional.of(transaction.with(transaction.configuration().map(Configuration::bare))));
    }

    Purchase asking(boolean now) {
        return but(terms, now, held);
    }

    /// Reserved once more: the next time that it is lost is the last.
    Purchase again() {
        return but(new Terms(terms.weak(), false), false, Optional.empty());
    }
}
