package holdfast.cli.setup;

import java.util.List;
import java.util.Set;

/// What there is at a server.
///
/// @param staying what is never pruned: it is there from the start, or is who asks and what that one may do
public record There(List<Item> items, Set<Item.Ref> staying) {
    public There {
        items = List.copyOf(items);
        staying = Set.copyOf(staying);
    }
}
