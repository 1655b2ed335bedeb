package holdfast.broker.choice;

import holdfast.core.Answer;
import java.util.Set;

/// One item in a room.
final class Placing {
    private Placing() {}

    /// Places the item and takes it, or says why not and takes nothing.
    ///
    /// @param liked hosts that come first
    static Answer<Placed> place(Room room, Ask ask, Item item, Set<String> liked) {
        return switch (item.need()) {
            case Need.Quantity(var steps) -> new Quantities(room, ask, item, steps).place();
            case Need.Instances need -> Packing.of(room, ask, item, need).place(liked);
            case Need.Hosts need -> Packing.of(room, ask, item, need).place(liked);
            case Need.Addresses need -> new Named(room, ask, item).addresses(need);
            case Need.Elements(var elements) -> new Named(room, ask, item).elements(elements);
        };
    }
}
