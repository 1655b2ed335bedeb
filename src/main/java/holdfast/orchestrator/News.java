package holdfast.orchestrator;

import holdfast.core.Refusal;
import holdfast.protocol.LeaseInfo;
import holdfast.protocol.Ticket;
import java.util.Optional;

/// What a sliver can hear.
sealed interface News {
    record TicketArrived(Ticket ticket) implements News {}

    /// @param attempt which request was refused
    record TicketRefused(int attempt, Refusal why) implements News {}

    /// There is room elsewhere, which our broker may promise as a site of its own.
    ///
    /// @param attempt the request that had been refused
    record SiteAcquired(int attempt, String site) implements News {}

    record NothingAcquired(int attempt, Refusal why) implements News {}

    /// Every sliver of the slice has its ticket and the term has begun.
    record RedeemDue() implements News {}

    /// What only the authority that has the lease can know.
    sealed interface OfLease extends News {}

    /// @param sequence counts the authority's updates
    /// @param trouble what is wrong with it just now, if something is
    record LeaseArrived(LeaseInfo lease, long sequence, Optional<Refusal> trouble) implements OfLease {}

    record LeaseFailed(Refusal why) implements OfLease {}

    /// The authority has taken it down, or found that it never had it.
    ///
    /// @param why something of it is still there
    record LeaseClosed(Optional<Refusal> why) implements OfLease {}

    /// @param why empty if the user asked
    record CloseAsked(Optional<Refusal> why) implements News {}
}
