package holdfast.broker;

import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Tx;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Whose bookings are: the reservation of an item, or what holds them itself. Two queries for any number of them.
final class Owners {
    private final Resources resources;
    private final Items items;

    Owners(Resources resources, Items items) {
        this.resources = resources;
        this.items = items;
    }

    /// By holder; those of whom nothing is known are left out.
    Map<UUID, Resource> of(Tx tx, Collection<UUID> holders) {
        var reservations = items.reservations(tx, holders);
        var ids = holders.stream()
                .map(holder -> reservations.getOrDefault(holder, holder))
                .collect(Collectors.toSet());
        var known = resources.list(tx, Resources.withIds(ids), ids.size()).stream()
                .collect(Collectors.toMap(Resource::id, Function.identity()));
        var owners = new HashMap<UUID, Resource>();
        holders.forEach(holder -> Optional.ofNullable(known.get(reservations.getOrDefault(holder, holder)))
                .ifPresent(owner -> owners.put(holder, owner)));
        return owners;
    }
}
