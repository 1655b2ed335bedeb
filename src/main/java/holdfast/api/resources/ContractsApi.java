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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Contracts with other domains, of both sides (fluidos.md 3.6).
final class ContractsApi {
    private static final int LONGEST_TIME = 64;

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

    private HttpReply act(Ask ask) {
        var action = ask.action("a contract", ContractPart.RELEASE, ContractPart.RENEW, ContractPart.READMIT);
        return switch (action) {
            case ContractPart.RENEW -> renew(ask);
            case ContractPart.READMIT -> readmit(ask);
            default -> release(ask);
        };
    }

    /// `POST /v1/contracts/{id}?action=release`: the other side is not asked.
    private HttpReply release(Ask ask) {
        return database.inTransaction(tx -> {
            var found = found(tx, ask, "releases");
            boolean bought = ContractPart.isBought(found);
            var user = ask.caller().user();
            var why = "released by " + user;
            var released = bought
                    ? buying().release(tx, found.id(), user, why)
                    : broker.market().contracts().release(tx, found.id(), user, why);
            return HttpReply.json(202, representation.one(tx, ask, CapacityApi.orRefuse(released)));
        });
    }

    /// `POST /v1/contracts/{id}?action=renew`: whoever bought it asks the seller for it.
    private HttpReply renew(Ask ask) {
        var faults = new ArrayList<Refusal>();
        var form = new Form(Bodies.object(ask), "", faults);
        var until = form.requiredText("until", LONGEST_TIME);
        form.end();
        SolversApi.refuse(faults);
        var end = Ask.time("until", until);
        return database.inTransaction(tx -> {
            var found = found(tx, ask, "renews");
            if (!ContractPart.isBought(found)) {
                throw Problem.of(Refusal.clash("contract " + found.name() + " was sold here: its buyer renews it"));
            }
            var asked = buying().renew(tx, found.id(), end, ask.caller().user());
            return HttpReply.json(202, representation.one(tx, ask, CapacityApi.orRefuse(asked)));
        });
    }

    /// `POST /v1/contracts/{id}?action=readmit`: what lets a buyer into its seller's cluster is made anew.
    private HttpReply readmit(Ask ask) {
        return database.inTransaction(tx -> {
            var found = found(tx, ask, "readmits");
            var asked = ContractPart.isBought(found)
                    ? buying().readmit(tx, found.id())
                    : broker.market().contracts().readmit(tx, found.id());
            return HttpReply.json(202, representation.one(tx, ask, CapacityApi.orRefuse(asked)));
        });
    }

    /// One that the caller may end, have last longer, or be let into anew.
    private Resource found(Tx tx, Ask ask, String does) {
        var found = finder.find(tx, ask, Agreement.TYPE, ask.id());
        if (ContractPart.isResold(found)) {
            throw Problem.of(Refusal.clash("contract " + found.name()
                    + " rests on one with another: whoever has bought it here " + does + " it"));
        }
        Access.mayRelease(ask.caller(), ContractPart.isBought(found), found.project())
                .ifPresent(why -> {
                    throw Problem.of(why);
                });
        return found;
    }

    /// There may be contracts of a time when it dealt with others.
    private Buying buying() {
        return buying.orElseThrow(() -> Problem.of(Refusal.clash("this server deals with no other any more, so the"
                + " seller cannot be told: put the section federation into its settings file again")));
    }
}
