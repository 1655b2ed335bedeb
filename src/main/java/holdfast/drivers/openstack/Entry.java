package holdfast.drivers.openstack;

import holdfast.drivers.openstack.Aggregates.Aggregate;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// What a server has to say to be let in where something is held for it.
///
/// @param flavor instead of its own; empty = its own
/// @param hints for the scheduler
/// @param anyZone it must name no zone, since the hosts are in none but that of the item
record Entry(Optional<String> flavor, Map<String, String> hints, boolean anyZone) {
    static final Entry FREE = new Entry(Optional.empty(), Map.of(), false);

    /// @param found the aggregate of the item, if we may see it
    static Entry of(UUID item, Optional<Aggregate> found) {
        if (found.isEmpty() || Blazar.isZone(found.get().zone())) {
            var hints = Map.of(Blazar.RESERVATION, item.toString());
            return new Entry(Optional.empty(), hints, found.isPresent());
        }
        var group = Optional.ofNullable(found.get().metadata().get(SlotHolds.GROUP));
        Map<String, String> hints = group.map(id -> Map.of("group", id)).orElse(Map.of());
        return new Entry(Optional.of(item.toString()), hints, false);
    }
}
