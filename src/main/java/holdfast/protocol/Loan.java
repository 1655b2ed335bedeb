package holdfast.protocol;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.util.Optional;
import java.util.UUID;

/// A part of a host that is lent to somebody else for a time: what a contract comes to where the host is.
///
/// @param delegation the one that the lender has of the host
/// @param hostId NodeID of the host in it
/// @param amounts what is lent; more is never granted
/// @param borrower the actor that may claim it
/// @param tenant whose cluster comes for it, if the host is one of a cluster
public record Loan(
        UUID delegation, String hostId, Capacities amounts, Interval term, String borrower, Optional<Tenant> tenant) {
    /// On a host that is no cluster's.
    public Loan(UUID delegation, String hostId, Capacities amounts, Interval term, String borrower) {
        this(delegation, hostId, amounts, term, borrower, Optional.empty());
    }

    /// @param contract what both sides call it, and what the borrower's slice is called
    /// @param cluster the id of the borrower's cluster
    public record Tenant(String contract, String cluster) {}
}
