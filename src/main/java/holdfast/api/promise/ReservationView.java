package holdfast.api.promise;

import static java.util.stream.Collectors.toMap;

import holdfast.broker.Pool;
import holdfast.broker.Reservation;
import holdfast.broker.choice.Step;
import holdfast.core.Capacities;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// What reservations show (promise.md 5.1).
///
/// @param pools ids of pools by the name of the account's place
record ReservationView(Map<String, UUID> pools, Instant now) {
    private static final Set<String> RUNNING = Set.of("active", "starting");
    private static final String POOL = "pool";
    private static final int MOST_POOLS = 1_000;

    static ReservationView read(Tx tx, Parts parts) {
        var places = parts.resources().ofType(tx, POOL, MOST_POOLS).stream()
                .collect(toMap(pool -> pool.as(Pool.class).place(), Resource::id));
        return new ReservationView(places, parts.now());
    }

    /// @param allocations those under it that are not over
    ObjectNode show(Resource resource, List<Resource> allocations) {
        var reservation = resource.as(Reservation.class);
        var shape = Shape.of(reservation);
        var most = Shape.most(shape);
        var when = reservation.when();
        var node = Json.object()
                .put("id", resource.id().toString())
                .put("name", resource.name())
                .put("start", when.from().toString())
                .put("end", when.isBounded() ? when.until().toString() : null)
                .put("active", RUNNING.contains(resource.state()) && when.contains(now));
        node.set("capacity", Keys.shown(most));
        node.set("remaining", Keys.shown(remaining(resource, shape, allocations)));
        var drawn = node.putArray("pools");
        pools(reservation).forEach(id -> drawn.add(id.toString()));
        var used = node.putArray("allocations");
        allocations.forEach(one -> used.add(one.id().toString()));
        node.put("created-on", resource.created().toString())
                .put("modified-on", resource.updated().toString());
        var elements = node.putArray("elements");
        Elements.of(reservation).forEach(elements::add);
        return node.put("status", status(resource))
                .put("expiry", reservation.expiry().map(Instant::toString).orElse(null))
                .put("priority", reservation.priority());
    }

    /// What is left of it now, or of what it begins with.
    private Capacities remaining(Resource resource, List<Step> shape, List<Resource> allocations) {
        if (resource.removed().isPresent()) {
            return Capacities.NONE;
        }
        var start = resource.as(Reservation.class).when().from();
        var used = allocations.stream().map(AllocationIntents::size).reduce(Capacities.NONE, Capacities::plus);
        return Shape.less(Shape.at(shape, start.isAfter(now) ? start : now), used);
    }

    /// Its state; what is at risk says so instead.
    static String status(Resource resource) {
        return resource.removed().isEmpty() && resource.as(Reservation.class).atRisk() ? "at-risk" : resource.state();
    }

    private Set<UUID> pools(Reservation reservation) {
        var found = new TreeSet<UUID>();
        reservation
                .items()
                .forEach(part -> part.placement()
                        .forEach(placed -> pools.entrySet().stream()
                                .filter(pool -> placed.place().equals(pool.getKey())
                                        || placed.place().startsWith(pool.getKey() + "/"))
                                .map(Map.Entry::getValue)
                                .forEach(found::add)));
        return found;
    }
}
