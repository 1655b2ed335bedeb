package holdfast.broker.choice;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/// A yes to a whole request.
///
/// @param placements where each item is
/// @param claims what is to be booked after the moves, item by item
/// @param moves pending items of others that go elsewhere in the same transaction
public record Grant(Map<UUID, List<Placement>> placements, List<Claim> claims, List<Move> moves) {
    public Grant {
        placements = Map.copyOf(placements);
        claims = List.copyOf(claims);
        moves = List.copyOf(moves);
    }
}
