package holdfast.api.resources;

import holdfast.broker.Reservation;
import holdfast.broker.Reservations;
import holdfast.core.Caller;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import holdfast.pools.Access;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Those who hold capacity, as one may see them who asks.
final class Hurt {
    private Hurt() {}

    /// Of those of others there is no more to see than that they are there.
    static ArrayNode list(Caller caller, List<Resource> holders) {
        return list(caller, holders, Map.of());
    }

    /// @param ways where they would go, by id
    static ArrayNode list(Caller caller, List<Resource> holders, Map<UUID, List<String>> ways) {
        var list = Json.array();
        holders.forEach(holder -> {
            var node = list.addObject().put("type", holder.type());
            if (Access.maySee(caller, holder.project())) {
                identify(node, holder);
                Optional.ofNullable(ways.get(holder.id())).ifPresent(to -> node.set("to", Json.toTree(to)));
            }
        });
        return list;
    }

    /// Which one it is.
    static ObjectNode identify(ObjectNode node, Resource holder) {
        node.put("id", Ids.wire(holder.type(), holder.number()))
                .put("name", holder.name())
                .put("project", holder.project())
                .put("state", holder.state());
        if (holder.type().equals(Reservations.TYPE)) {
            var reservation = holder.as(Reservation.class);
            node.put("owner", reservation.user()).put("priority", reservation.priority());
        }
        return node;
    }
}
