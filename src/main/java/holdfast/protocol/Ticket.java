package holdfast.protocol;

import holdfast.core.Demand;
import holdfast.core.Interval;
import holdfast.core.SliverId;
import java.util.UUID;

/// A broker's promise of named resources for a term, redeemable at one authority.
///
/// @param delegation which delegation of that authority pays for it
/// @param broker who promises
/// @param authority who must keep the promise
public record Ticket(
        SliverId sliver,
        UUID delegation,
        String broker,
        String authority,
        Interval term,
        Demand demand,
        Placement placement) {}
