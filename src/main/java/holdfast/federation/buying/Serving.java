package holdfast.federation.buying;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.core.Demand;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Post;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.peers.Peers;
import holdfast.platform.Json;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Configuration.Settings;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.HostingPolicy;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.ServiceAccess;
import holdfast.protocol.rear.ServiceOffer;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is particular to buying services (fluidos.md 4.5): they run at their sellers, their credentials are made up
/// here where a seller leaves that to its buyers, and how they are reached is told to whoever needs them.
///
/// What is made up follows from the purchase and the key of the server, so it is kept nowhere.
final class Serving {
    private static final String NAME = Peers.ACTOR;

    /// A way into a cluster that leads nowhere: what runs at its seller needs none, and gets none.
    private static final String NO_WAY = Base64.getEncoder()
            .encodeToString("{\"apiVersion\":\"v1\",\"kind\":\"Config\",\"clusters\":[],\"users\":[],\"contexts\":[]}"
                    .getBytes(UTF_8));

    private final Resources resources;
    private final Post post;
    private final Secrets secrets;

    Serving(Engine engine, Secrets secrets) {
        this.resources = engine.resources();
        this.post = engine.post();
        this.secrets = secrets;
    }

    /// What is asked for of a service, without credentials; empty if it does not run at its seller.
    static Optional<Configuration> piece(ServiceOffer offer) {
        var hosted = offer.hosted();
        boolean usual = hosted.getFirst() == HostingPolicy.PROVIDER;
        return Optional.of(HostingPolicy.PROVIDER)
                .filter(hosted::contains)
                .map(policy -> new Settings(Optional.of(policy).filter(_ -> !usual), Json.object()));
    }

    /// What its seller is asked for: with each credential that it wants to be told, but nobody has set.
    ///
    /// @param id of the purchase
    Optional<Configuration> asked(UUID id, Purchase purchase) {
        return purchase.piece()
                .map(piece -> piece instanceof Settings(var hosting, ObjectNode set)
                                && purchase.flavor().kind() instanceof ServiceOffer offer
                        ? new Settings(hosting, filled(id, set, offer))
                        : piece);
    }

    private JsonNode filled(UUID id, ObjectNode set, ServiceOffer offer) {
        var all = set.deepCopy();
        for (var required : offer.template().path("required")) {
            var name = required.asString("");
            if (!name.isEmpty() && !all.has(name)) {
                all.put(name, ServiceAccess.madeUp(name, secrets.derived("service " + name, id.toString())));
            }
        }
        return all;
    }

    /// Sellers of services want to be told of a cluster.
    static Contract.Ask ask(NodeIdentity self, Purchase purchase) {
        return new Contract.Ask(
                Optional.of(purchase.flavor().kind())
                        .filter(ServiceOffer.class::isInstance)
                        .map(_ -> new Contract.Credentials(self.fabric().orElse(self.id()), NO_WAY)),
                Optional.empty());
    }

    /// Why a contract is of no use, if it is about a service that nobody could reach.
    static Optional<String> fault(Contract contract) {
        return Optional.of("the contract does not say how the service is reached")
                .filter(_ -> contract.flavor().kind() instanceof ServiceOffer)
                .filter(_ -> contract.credentials().flatMap(ServiceAccess::of).isEmpty());
    }

    /// Tells who needs it how a service is reached that was bought.
    void bought(Tx tx, Solver solver, UUID contract) {
        var access = resources
                .find(tx, contract)
                .flatMap(deal -> deal.as(Deal.class).credentials())
                .flatMap(hidden -> secrets.unseal(contract, Deals.CREDENTIALS, hidden))
                .flatMap(plain -> ServiceAccess.of(Json.read(plain, Contract.Credentials.class)))
                .map(open -> secrets.seal(contract, ServiceAccess.FIELD, Json.text(open)));
        solver.service()
                .ifPresent(part -> tell(
                        tx,
                        solver,
                        access.map(hidden -> new Demand.Service(part, contract, hidden)),
                        access.isPresent()
                                ? Optional.empty()
                                : Optional.of(Refusal.broken("nobody knows how the service is reached"))));
    }

    /// There is none.
    void refused(Tx tx, Solver solver, Refusal why) {
        tell(tx, solver, Optional.empty(), Optional.of(why));
    }

    private void tell(Tx tx, Solver solver, Optional<Demand.Service> service, Optional<Refusal> why) {
        solver.service()
                .ifPresent(part -> post.send(
                        tx,
                        NAME,
                        solver.asker(),
                        new Message.Procured(solver.sliver().value(), part, service, why)));
    }

    /// A contract is over: whoever needed its service hears of it.
    void over(Tx tx, Resource contract, String why) {
        resources
                .find(tx, contract.as(Deal.class).solver())
                .filter(solver -> solver.removed().isEmpty())
                .map(solver -> solver.as(Solver.class))
                .filter(solver -> solver.contract().equals(Optional.of(contract.id())))
                .ifPresent(solver -> refused(tx, solver, Refusal.broken("its contract is over: " + why)));
    }
}
