package holdfast.broker.choice;

import java.util.List;

/// Where an item goes and what is booked for it.
record Placed(List<Placement> placement, List<Claim> claims) {
    Placed {
        placement = List.copyOf(placement);
        claims = List.copyOf(claims);
    }
}
