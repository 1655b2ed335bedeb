package holdfast.api.declared;

import holdfast.broker.market.Sale;
import holdfast.core.Caller;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.buying.Purchase;
import holdfast.federation.wire.CustomResources;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import holdfast.protocol.rear.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// What is held, here for others and by others for us (fluidos.md 3.5).
record TransactionKeeper(Engine engine) implements Keeper {
    @Override
    public Sort sort() {
        return Sort.TRANSACTION;
    }

    @Override
    public List<Shown> list(Tx tx, Caller caller) {
        return Stream.of(Purchase.TYPE, Sale.TYPE)
                .flatMap(type -> engine
                        .resources()
                        .list(tx, Resources.typed(type).and(Resources.present()).and(Access.seenBy(caller, type)), MOST)
                        .stream())
                .flatMap(one -> held(one).map(held -> shown(one, held)).stream())
                .limit(MOST)
                .toList();
    }

    @Override
    public Optional<Shown> made(Tx tx, UUID made) {
        return Optional.empty();
    }

    private static Optional<Transaction> held(Resource resource) {
        if (resource.type().equals(Purchase.TYPE)) {
            return resource.as(Purchase.class).held();
        }
        return resource.content().has("root")
                ? Optional.of(resource.as(Sale.class).transaction())
                : Optional.empty();
    }

    private Shown shown(Resource resource, Transaction held) {
        var status = Json.object();
        status.set("phase", SolverKeeper.phase(resource, resource.state(), false));
        return Shown.of(sort(), resource, Shown.named("transaction", held.id()), spec(held), status);
    }

    private static ObjectNode spec(Transaction held) {
        var spec = Json.object()
                .put("flavorID", held.flavor())
                .put("clusterID", held.cluster())
                .put("expirationTime", Shown.time(held.expires()));
        spec.set("buyer", CustomResources.identity(held.buyer()));
        held.configuration().ifPresent(piece -> spec.set("configuration", CustomResources.configuration(piece)));
        return spec;
    }
}
