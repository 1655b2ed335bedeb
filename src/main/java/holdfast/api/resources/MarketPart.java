package holdfast.api.resources;

import static java.util.stream.Collectors.toMap;

import holdfast.broker.market.Market;
import holdfast.broker.market.Offer;
import holdfast.broker.market.Sale;
import holdfast.core.Caller;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Vector;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What this domain sells, as its own people see it: roots and holds.
record MarketPart(Market market) implements Part {
    static final String WITHDRAW = "withdraw";

    @Override
    public List<String> actions(Caller caller, Resource resource) {
        return caller.admin() && !resource.state().equals("unlisted") ? List.of(WITHDRAW) : List.of();
    }

    @Override
    public Map<UUID, ObjectNode> fields(Tx tx, List<Resource> page) {
        var listed = market.listed(tx, page.stream().map(Resource::id).toList());
        return page.stream().collect(toMap(Resource::id, resource -> {
            var node = Json.object();
            node.set("offered", shown(resource.as(Offer.class).whole()));
            Optional.ofNullable(listed.get(resource.id())).ifPresent(flavor -> {
                node.put("listing", flavor.id());
                node.set("left", amounts(flavor.kind().vector()));
            });
            return node;
        }));
    }

    static Map<UUID, ObjectNode> sales(Tx tx, List<Resource> page) {
        return page.stream().collect(toMap(Resource::id, resource -> {
            var held = resource.as(Sale.class).transaction();
            var node = Json.object()
                    .put("flavor", held.flavor())
                    .put("buyer", who(held.buyer()))
                    .put("expires", held.expires().toString());
            held.configuration().ifPresent(piece -> node.set("configuration", piece(piece)));
            return node;
        }));
    }

    private static JsonNode shown(Flavor flavor) {
        var node = Json.object().put("type", flavor.kind().type().word());
        node.set("amounts", amounts(flavor.kind().vector()));
        node.set("minimum", amounts(flavor.kind().policy().minimum()));
        node.set("step", amounts(flavor.kind().policy().step()));
        flavor.price().ifPresent(price -> node.set("price", Json.toTree(price)));
        return node;
    }

    /// Settings of a service may hold passwords, so only amounts are shown.
    static JsonNode piece(Configuration piece) {
        return Json.object().put("type", piece.type().word()).set("amounts", amounts(piece.amounts()));
    }

    static JsonNode amounts(Vector vector) {
        var node = Json.object();
        vector.amounts().forEach((dimension, amount) -> node.put(dimension.word(), amount.text()));
        return node;
    }

    static String who(NodeIdentity node) {
        return node.id() + "@" + node.domain();
    }
}
