package holdfast.federation.catalog;

import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes.Request;
import holdfast.engine.Step;
import holdfast.federation.choice.Rating.Seen;
import holdfast.federation.peers.Peers;
import holdfast.federation.wire.CatalogClient;
import holdfast.federation.wire.CatalogText;
import holdfast.federation.wire.Told;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import holdfast.protocol.rear.Workflow.Role;
import java.util.UUID;

/// What somebody could not have that a catalog told: it is doubted until its owner was asked (fluidos.md 4.4 step 24).
final class Doubts {
    private static final String PROBE = "peer.probe";
    private static final String FLAVOR = "flavor";

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final Peers peers;
    private final CatalogClient client;
    private final Shelf shelf;

    Doubts(Platform platform, Database database, Engine engine, Peers peers, CatalogClient client, Shelf shelf) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.peers = peers;
        this.client = client;
        this.shelf = shelf;
        engine.definitions().add(ProcessDefinition.timer(PROBE, this::probe));
    }

    /// Somebody could not have it.
    void doubt(Tx tx, UUID peer, String flavor, CatalogText.Outcome outcome, Trace trace) {
        shelf.doubt(tx, flavor, platform.now());
        note(tx, peer, trace, StepNumber.OFFER_REPORTED, flavor + " is " + outcome.word());
        engine.processes()
                .schedule(
                        tx,
                        Request.now(PROBE, peer, Peers.ACTOR).with(Json.object().put(FLAVOR, flavor)))
                .orThrow();
    }

    /// Looks at its owner whether an offer is there. Only what its owner does not offer counts against it.
    private Outcome probe(Step.Context context) {
        var flavor = context.arguments().path(FLAVOR).asString("");
        var peer =
                database.inTransaction(tx -> peers.find(tx, context.resource().id()));
        if (peer.isEmpty()) {
            return Outcome.done();
        }
        var told = client.flavor(peer.get().endpoint(), peer.get().dialect(), flavor, trace());
        return switch (told) {
            case Told.Yes<Flavor>(var found)
            when found.available() -> Outcome.done(tx -> shelf.doubt(tx, flavor, null));
            case Told.Yes<Flavor> _ -> Outcome.done(tx -> missing(tx, flavor));
            case Told.No<Flavor>(var status, var _, var _)
            when status == 404 || status == 410 -> Outcome.done(tx -> missing(tx, flavor));
            case Told.No<Flavor> _, Told.Silent<Flavor> _ -> Outcome.done(); // it stays in doubt
        };
    }

    private void missing(Tx tx, String flavor) {
        shelf.one(tx, flavor).map(one -> one.published().publisher()).ifPresent(node -> {
            shelf.withdraw(tx, node, flavor);
            seen(tx, node, false, Seen.REFUSED);
        });
    }

    /// What was seen of a publisher.
    ///
    /// @param found whether what it published was there
    void seen(Tx tx, String node, boolean found, Seen what) {
        shelf.lock(tx, node)
                .ifPresent(publisher -> shelf.keep(
                        tx,
                        publisher.with(
                                publisher.honesty().tried(found),
                                publisher.rating().seen(what, platform.now()))));
    }

    /// In the journal of the peer that it is about.
    void note(Tx tx, UUID peer, Trace trace, StepNumber step, String what) {
        engine.resources()
                .find(tx, peer)
                .ifPresent(resource -> engine.journal().step(tx, resource, trace, Role.K, step, what));
    }

    private Trace trace() {
        return new Trace(platform.newId().toString(), Workflow.W4);
    }
}
