package holdfast.federation.discovery;

import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Step;
import holdfast.federation.peers.Known;
import holdfast.federation.peers.Peers;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Provenance;
import holdfast.protocol.rear.Trace;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// Tells the catalog in which something was found how it was to use it (fluidos.md 4.4 step 39): when it has been used
/// for five minutes, and at the end. Nothing if no catalog found it, or none that is a peer.
public final class Usages {
    private static final String PROCESS = "contract.used";
    private static final Duration SOME_TIME = Duration.ofMinutes(5);

    private final Platform platform;
    private final Engine engine;
    private final Peers peers;
    private final Referrals referrals;

    Usages(Platform platform, Engine engine, Peers peers, Referrals referrals) {
        this.platform = platform;
        this.engine = engine;
        this.peers = peers;
        this.referrals = referrals;
        engine.definitions().add(ProcessDefinition.timer(PROCESS, this::used));
    }

    /// What all contracts have that rest on one with another node.
    ///
    /// @param peer who sold it
    private record Used(UUID peer, Contract contract, Trace trace) {}

    /// Something was bought.
    ///
    /// @param contract of type `contract`
    public void begun(Tx tx, Resource contract) {
        if (catalog(tx, contract.as(Used.class)).isPresent()) {
            var due = platform.now().plus(SOME_TIME);
            engine.processes()
                    .schedule(tx, Request.at(due, PROCESS, contract.id(), Peers.ACTOR))
                    .orThrow();
        }
    }

    private Outcome used(Step.Context context) {
        return Outcome.done(tx -> tell(tx, context.resource(), false));
    }

    /// It is over.
    ///
    /// @param broken whether less was there than was promised
    public void over(Tx tx, Resource contract, boolean broken) {
        tell(tx, contract, broken);
    }

    private void tell(Tx tx, Resource contract, boolean broken) {
        var used = contract.as(Used.class);
        var seller = peers.find(tx, used.peer).flatMap(Known::node);
        catalog(tx, used)
                .filter(_ -> seller.isPresent())
                .ifPresent(catalog -> referrals.used(
                        tx,
                        catalog.id(),
                        seller.orElseThrow(),
                        Duration.between(contract.created(), platform.now()),
                        broken,
                        used.trace));
    }

    private Optional<Known> catalog(Tx tx, Used used) {
        return Provenance.of(used.contract.flavor())
                .catalog()
                .flatMap(found -> peers.known(tx).stream()
                        .filter(peer -> peer.isCatalog() && peer.node().equals(Optional.of(found)))
                        .findFirst());
    }
}
