package holdfast.api.resources;

import static java.util.stream.Collectors.toMap;

import holdfast.broker.Allocation;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// What allocations show.
final class AllocationPart implements Part {
    @Override
    public Map<UUID, ObjectNode> fields(Tx tx, List<Resource> page) {
        return page.stream().collect(toMap(Resource::id, AllocationPart::fields));
    }

    private static ObjectNode fields(Resource resource) {
        var allocation = resource.as(Allocation.class);
        var server = allocation.server();
        var when = allocation.when();
        var node = Json.object()
                .put("owner", allocation.user())
                .put("reservationId", resource.parent().map(UUID::toString).orElse(null))
                .put("itemId", allocation.item().map(UUID::toString).orElse(null))
                .put("providerId", allocation.provider().toString())
                .put("flavor", server.flavor())
                .put("image", server.image())
                .put("serverId", allocation.serverId().orElse(null))
                .put("host", allocation.host().orElse(null))
                .put("priority", allocation.priority(resource.state()).name().toLowerCase(Locale.ROOT))
                .put("preemptible", !allocation.firm())
                .put("start", Values.shown(when.from()))
                .put("end", when.isBounded() ? Values.shown(when.until()) : null)
                .put("leaves", text(allocation.leaves()));
        node.set("networks", Json.toTree(server.networks()));
        node.set("facts", Json.toTree(allocation.facts()));
        node.set("error", allocation.refusal().map(Problem::what).orElse(null));
        return node;
    }

    private static @org.jspecify.annotations.Nullable String text(Optional<Instant> time) {
        return time.map(Values::shown).orElse(null);
    }
}
