package holdfast.broker.choice;

import holdfast.core.Interval;
import java.util.List;

/// An item of somebody that has not started and is not pinned, so that it may go to other hosts.
///
/// @param item what it asked for: query, affinity and zones hold wherever it goes
/// @param placement where it is
/// @param claims what it has booked
public record Pending(String project, Item item, Interval when, List<Placement> placement, List<Claim> claims) {
    public Pending {
        placement = List.copyOf(placement);
        claims = List.copyOf(claims);
    }
}
