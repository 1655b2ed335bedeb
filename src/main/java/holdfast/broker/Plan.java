package holdfast.broker;

import static java.util.stream.Collectors.groupingBy;

import holdfast.broker.choice.Claim;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Placement;
import holdfast.calendar.Booking.Kind;
import holdfast.engine.Resource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// A change of a reservation that was decided.
///
/// @param resource the reservation as it is
/// @param next what it becomes
/// @param name its name then
/// @param before claims of all items now
/// @param after claims of all items then
record Plan(Resource resource, Reservation next, String name, List<Claim> before, List<Claim> after) {
    Reservation old() {
        return resource.as(Reservation.class);
    }

    Plan with(List<Reservation.Part> parts, List<Claim> claims) {
        return new Plan(resource, next.with(parts), name, before, claims);
    }

    /// What is told of it when it was done.
    String event() {
        if (!next.released().equals(old().released())) {
            return "reduced";
        }
        return isOnlyElsewhere() ? "relocated" : "updated";
    }

    /// Whether it is the same at another place.
    boolean isOnlyElsewhere() {
        var now = old();
        return now.when().equals(next.when())
                && items(now).equals(items(next))
                && !placements(now).equals(placements(next));
    }

    private static List<Item> items(Reservation reservation) {
        return reservation.items().stream().map(Reservation.Part::item).toList();
    }

    private static List<List<Placement>> placements(Reservation reservation) {
        return reservation.items().stream().map(Reservation.Part::placement).toList();
    }

    /// Of what kind its bookings are.
    Kind kind() {
        return Course.of(resource.state()) == Course.HELD ? Kind.HOLD : Kind.RESERVATION;
    }

    /// These claims by item; one that has none of them has nothing.
    Map<UUID, List<Claim>> byItem(List<Claim> claims) {
        var ids = new TreeSet<UUID>();
        next.items().forEach(part -> ids.add(part.item().id()));
        return byItem(ids, claims);
    }

    static Map<UUID, List<Claim>> byItem(Set<UUID> ids, List<Claim> claims) {
        var byItem = new LinkedHashMap<UUID, List<Claim>>();
        ids.forEach(id -> byItem.put(id, List.of()));
        claims.stream()
                .collect(groupingBy(Claim::item))
                .forEach((item, all) -> byItem.computeIfPresent(item, (_, _) -> all));
        return byItem;
    }
}
