package holdfast.api.resources;

import holdfast.broker.Broker;
import holdfast.broker.Sellable;
import holdfast.broker.market.Agreement;
import holdfast.broker.market.Offer;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import holdfast.protocol.rear.NodeIdentity;
import java.util.List;
import java.util.Optional;

/// What is for sale to other domains: administrators offer it and take it back, and end contracts (fluidos.md 6.4).
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
                Route.post("/v1/flavors", this::offer),
                Route.post("/v1/flavors/{id}", this::withdraw, "action"),
                Route.post("/v1/contracts/{id}", this::release, "action"));
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
            var whole = wish.flavor(seller, wish.offered(part), platform.now());
            var offered = broker.market()
                    .offer(
                            tx,
                            new Offer(whole, platform.now(), part.map(Sellable.Part::host)),
                            ask.caller().project(),
                            ask.caller().user());
            return Writes.created(representation.one(tx, ask, offered));
        });
    }

    /// `POST /v1/flavors/{id}?action=withdraw`: what is held may still be bought.
    private HttpReply withdraw(Ask ask) {
        mayWrite(ask);
        only(ask, "a flavor", MarketPart.WITHDRAW);
        return database.inTransaction(tx -> {
            var found = finder.find(tx, ask, Offer.TYPE, ask.id());
            return shown(
                    tx,
                    ask,
                    200,
                    broker.market().withdraw(tx, found.id(), ask.caller().user()));
        });
    }

    /// `POST /v1/contracts/{id}?action=release`: its buyer is not asked.
    private HttpReply release(Ask ask) {
        mayWrite(ask);
        only(ask, "a contract", MarketPart.RELEASE);
        return database.inTransaction(tx -> {
            var found = finder.find(tx, ask, Agreement.TYPE, ask.id());
            var user = ask.caller().user();
            return shown(
                    tx, ask, 202, broker.market().contracts().release(tx, found.id(), user, "released by " + user));
        });
    }

    private static void only(Ask ask, String what, String known) {
        var action = ask.one("action").orElse("");
        if (!action.equals(known)) {
            throw Problem.invalid(
                    "InvalidAction",
                    "action",
                    "action is '" + Form.shorten(action) + "'; " + what + " has the action " + known);
        }
    }

    private HttpReply shown(Tx tx, Ask ask, int status, Answer<Resource> outcome) {
        return HttpReply.json(status, representation.one(tx, ask, CapacityApi.orRefuse(outcome)));
    }

    private static void mayWrite(Ask ask) {
        Access.mayOperate(ask.caller(), "say what is for sale").ifPresent(why -> {
            throw Problem.of(why);
        });
    }
}
