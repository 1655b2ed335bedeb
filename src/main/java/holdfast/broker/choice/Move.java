package holdfast.broker.choice;

import java.util.List;
import java.util.UUID;

/// A pending item of somebody else that goes to other hosts, so that all fit (promise.md 6.1). Its time and its amounts
/// stay.
///
/// @param item the one that moves
/// @param placement where it is then
/// @param before its claims until now, all of which are replaced
/// @param after its claims from now on
public record Move(UUID item, List<Placement> placement, List<Claim> before, List<Claim> after) {
    public Move {
        placement = List.copyOf(placement);
        before = List.copyOf(before);
        after = List.copyOf(after);
    }
}
