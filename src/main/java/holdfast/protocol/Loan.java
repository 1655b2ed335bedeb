package holdfast.protocol;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.util.UUID;

/// A part of a host that is lent to somebody else for a time: what a contract comes to where the host is.
///
/// @param delegation the one that the lender has of the host
/// @param hostId NodeID of the host in it
/// @param amounts what is lent; more is never granted
/// @param borrower the actor that may claim it
public record Loan(UUID delegation, String hostId, Capacities amounts, Interval term, String borrower) {}
