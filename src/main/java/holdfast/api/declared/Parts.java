package holdfast.api.declared;

import holdfast.broker.market.Market;
import holdfast.broker.services.Blueprints;
import holdfast.broker.services.Ware;
import holdfast.core.Answer;
import holdfast.engine.Engine;
import holdfast.federation.buying.Buying;
import holdfast.federation.declared.Declarations;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.peers.Peers;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.protocol.rear.NodeIdentity;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// Whose the objects are that are shown and declared.
///
/// @param self this node
/// @param reading understands blueprints
public record Parts(
        NodeIdentity self,
        Database database,
        Market market,
        Blueprints blueprints,
        Function<JsonNode, Answer<Ware>> reading,
        Peers peers,
        Candidates candidates,
        Buying buying) {
    Objects objects(Platform platform, Engine engine) {
        var staged = buying.staged();
        return new Objects(
                database,
                new Declarations(platform, engine),
                List.of(
                        new AllocationKeeper(engine, buying),
                        new BlueprintKeeper(self, platform, engine, market, blueprints, reading),
                        new BrokerKeeper(),
                        new ContractKeeper(engine, buying, market.contracts()),
                        new SolverKeeper(Sort.DISCOVERY, engine, staged),
                        new FlavorKeeper(self, platform, engine, market),
                        new ClusterKeeper(engine, peers),
                        new CandidateKeeper(platform, candidates),
                        new ReservationKeeper(self, platform, engine, candidates, staged),
                        new SolverKeeper(Sort.SOLVER, engine, staged),
                        new TransactionKeeper(engine)));
    }
}
