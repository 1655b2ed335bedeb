package holdfast.federation.resale;

import holdfast.core.Interval;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Transaction;
import java.util.Optional;
import java.util.UUID;

/// A supernode's record of what it holds for a customer, of type `transaction`.
///
/// @param transaction as it is answered; while it is asked for below, `expires` says how long the customer waits
/// @param key of the customer
/// @param term when it is to be used; empty: from now on, for as long as is usual there
/// @param peer who holds it for us
/// @param heard the offer there
/// @param shown the offer here
/// @param margin what is added to the price
/// @param course how it stands
/// @param below the transaction there
/// @param no why it cannot be had
/// @param sent whether below was asked to sell it
/// @param contract what it was bought by
public record Resold(
        Transaction transaction,
        String key,
        Optional<Interval> term,
        UUID peer,
        Flavor heard,
        Flavor shown,
        Margin margin,
        Trace trace,
        ResaleCourse course,
        Optional<Transaction> below,
        Optional<No> no,
        boolean sent,
        Optional<UUID> contract) {
    public static final String TYPE = "transaction";

    /// Why it cannot be had, with the status that was answered below.
    public record No(int status, String why) {}

    private Resold but(
            Transaction here,
            ResaleCourse state,
            Optional<Transaction> there,
            Optional<No> refusal,
            boolean asked,
            Optional<UUID> by) {
        return new Resold(here, key, term, peer, heard, shown, margin, trace, state, there, refusal, asked, by);
    }

    Resold in(ResaleCourse next) {
        return but(transaction, next, below, no, sent, contract);
    }

    Resold held(Transaction here, Transaction there) {
        return but(here, course, Optional.of(there), no, sent, contract);
    }

    Resold refused(int status, String why) {
        return but(transaction, course, below, Optional.of(new No(status, why)), sent, contract);
    }

    Resold boughtBy(UUID id) {
        return but(transaction, course, below, no, sent, Optional.of(id));
    }

    Resold sent(boolean now) {
        return but(transaction, course, below, no, now, contract);
    }
}
