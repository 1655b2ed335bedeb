package holdfast.api.resources;

import holdfast.broker.Broker;
import holdfast.broker.market.Agreement;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.federation.buying.Buying;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.util.List;
import java.util.Optional;

/// Contracts with other domains, of both sides (fluidos.md 3.6).
final class ContractsApi {
    private final Database database;
    private final Broker broker;
    private final Optional<Buying> buying;
    private final Finder finder;
    private final Representation representation;

    /// @param buying empty if this domain deals with no other
    ContractsApi(
            Database database, Broker broker, Optional<Buying> buying, Finder finder, Representation representation) {
        this.database = database;
        this.broker = broker;
        this.buying = buying;
        this.finder = finder;
        this.representation = representation;
    }

    List<Route> routes() {
        return List.of(Route.post("/v1/contracts/{id}", this::act, "action"));
    }

    /// `POST /v1/contracts/{id}?action=release`: the other side is not asked. `?action=readmit`: what lets us into
    /// its seller's cluster is made anew.
    private HttpReply act(Ask ask) {
        boolean ends = ask.action("a contract", ContractPart.RELEASE, ContractPart.READMIT)
                .equals(ContractPart.RELEASE);
        return database.inTransaction(tx -> {
            var found = finder.find(tx, ask, Agreement.TYPE, ask.id());
            if (ContractPart.isResold(found)) {
                throw Problem.of(Refusal.clash("contract " + found.name()
                        + " rests on one with another: whoever has bought it here releases it"));
            }
            boolean bought = ContractPart.isBought(found);
            Access.mayRelease(ask.caller(), bought, found.project()).ifPresent(why -> {
                throw Problem.of(why);
            });
            if (!ends) {
                return HttpReply.json(202, representation.one(tx, ask, readmitted(tx, found, bought)));
            }
            var user = ask.caller().user();
            var why = "released by " + user;
            var released = bought
                    ? buying().release(tx, found.id(), user, why)
                    : broker.market().contracts().release(tx, found.id(), user, why);
            return HttpReply.json(202, representation.one(tx, ask, CapacityApi.orRefuse(released)));
        });
    }

    private Resource readmitted(Tx tx, Resource contract, boolean bought) {
        return CapacityApi.orRefuse(
                bought
                        ? buying().readmit(tx, contract.id())
                        : broker.market().contracts().readmit(tx, contract.id()));
    }

    /// There may be contracts of a time when it dealt with others.
    private Buying buying() {
        return buying.orElseThrow(() -> Problem.of(Refusal.clash("this server deals with no other any more, so the"
                + " seller cannot be told: put the section federation into its settings file again")));
    }
}
