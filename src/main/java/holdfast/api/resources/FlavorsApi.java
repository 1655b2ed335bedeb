package holdfast.api.resources;

import holdfast.broker.Broker;
import holdfast.broker.Sellable;
import holdfast.broker.market.Offer;
import holdfast.core.Refusal;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Platform;
import holdfast.pools.Access;
import holdfast.protocol.rear.NodeIdentity;
import java.util.List;
import java.util.Optional;

/// What is for sale to other domains: administrators offer it and take it back (fluidos.md 6.4).
final class FlavorsApi {
    private final Platform platform;
    private final Database database;
    private final Optional<NodeIdentity> node;
    private final Broker broker;
    private final Finder finder;
    private final Representation representation;

    /// @param node who sells; empty if the settings say nothing of it
    FlavorsApi(
            Platform platform,
            Database database,
            Optional<NodeIdentity> node,
            Broker broker,
            Finder finder,
            Representation representation) {
        this.platform = platform;
        this.database = database;
        this.node = node;
        this.broker = broker;
        this.finder = finder;
        this.representation = representation;
    }

    List<Route> routes() {
        return List.of(
                Route.post("/v1/flavors", this::offer), Route.post("/v1/flavors/{id}", this::withdraw, "action"));
    }

    /// `POST /v1/flavors`
    private HttpReply offer(Ask ask) {
        mayWrite(ask);
        var seller = node.orElseThrow(() -> Problem.of(Refusal.clash(
                "this server sells nothing: its settings file has no section federation, which says who it is")));
        var wish = FlavorIntake.read(Bodies.object(ask));
        return database.inTransaction(tx -> {
            var part =
                    wish.host().map(id -> CapacityApi.orRefuse(broker.sellable().find(tx, id)));
            var whole = wish.flavor(seller, part, platform.now());
            var offered = broker.market()
                    .offer(
                            tx,
                            platform.newId(),
                            new Offer(whole, platform.now(), part.map(Sellable.Part::host)),
                            ask.caller().project(),
                            ask.caller().user());
            return Writes.created(representation.one(tx, ask, offered));
        });
    }

    /// `POST /v1/flavors/{id}?action=withdraw`: what is held may still be bought.
    private HttpReply withdraw(Ask ask) {
        mayWrite(ask);
        ask.action("a flavor", MarketPart.WITHDRAW);
        return database.inTransaction(tx -> {
            var found = finder.find(tx, ask, Offer.TYPE, ask.id());
            var withdrawn = CapacityApi.orRefuse(
                    broker.market().withdraw(tx, found.id(), ask.caller().user()));
            return HttpReply.json(200, representation.one(tx, ask, withdrawn));
        });
    }

    private static void mayWrite(Ask ask) {
        Access.mayOperate(ask.caller(), "say what is for sale").ifPresent(why -> {
            throw Problem.of(why);
        });
    }
}
