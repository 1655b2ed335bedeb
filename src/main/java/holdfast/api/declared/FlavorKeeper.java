package holdfast.api.declared;

import holdfast.broker.market.Market;
import holdfast.broker.market.Offer;
import holdfast.core.Caller;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.federation.wire.CustomResources;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorIds;
import holdfast.protocol.rear.NodeIdentity;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// What is for sale here (fluidos.md 2.5): what is left of each thing that is offered.
record FlavorKeeper(NodeIdentity self, Platform platform, Engine engine, Market market) implements Stored {
    /// What only administrators may do.
    private static final String MAY = "say what is for sale";

    @Override
    public Sort sort() {
        return Sort.FLAVOR;
    }

    @Override
    public String type() {
        return Offer.TYPE;
    }

    @Override
    public List<Shown> shown(Tx tx, List<Resource> roots) {
        var listed = market.listed(tx, roots.stream().map(Resource::id).toList());
        return roots.stream()
                .map(root -> {
                    var left = Optional.ofNullable(listed.get(root.id()));
                    var flavor = left.orElse(root.as(Offer.class).whole());
                    var spec = CustomResources.flavor(flavor).put("availability", left.isPresent());
                    var status = Json.object()
                            .put("creationTime", Shown.time(root.created()))
                            .put("lastUpdateTime", Shown.time(root.updated()))
                            .put("expirationTime", "");
                    return Shown.of(sort(), root, Shown.named("", flavor.id()).substring(1), spec, status);
                })
                .toList();
    }

    @Override
    public Optional<UUID> make(Tx tx, Caller caller, String name, JsonNode spec) {
        Wishes.mayOperate(caller, MAY);
        if (!FlavorIds.valid(name)) {
            throw Wishes.wrong("flavorType", "is of a flavor whose name is none that others can use");
        }
        var flavor = Wishes.orRefuse(CustomResources.flavor(name, spec, platform.now()));
        if (!flavor.owner().id().equals(self.id())) {
            throw Wishes.wrong("owner.nodeID", "must be this node, " + self.id());
        }
        var own = new Flavor(
                flavor.id(),
                self.id(),
                self,
                flavor.kind(),
                flavor.price(),
                true,
                flavor.network(),
                flavor.place(),
                flavor.since(),
                flavor.extra());
        var offer = new Offer(own, platform.now(), Optional.empty());
        return Optional.of(market.offer(tx, platform.newId(), offer, caller.project(), caller.user())
                .id());
    }

    @Override
    public void end(Tx tx, Caller caller, Shown shown) {
        Wishes.mayOperate(caller, MAY);
        market.withdraw(tx, shown.made().orElseThrow(), caller.user()).orThrow();
    }
}
