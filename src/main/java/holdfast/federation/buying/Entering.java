package holdfast.federation.buying;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Step;
import holdfast.federation.peers.Peers;
import holdfast.federation.wire.RearClient;
import holdfast.federation.wire.Told;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Contract;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// How a buyer gets into a seller's cluster when the contract came without a way in, or another one is wanted.
final class Entering {
    static final String PROCESS = "contract.access";
    /// Has the way in made anew.
    static final String ANEW = "contract.readmit";

    /// How long a seller's cluster may take to let ours in (fluidos.md 3.7).
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Step.Retry BACK_OFF =
            new Step.Retry(Integer.MAX_VALUE, Duration.ZERO, Duration.ofSeconds(1), Duration.ofMinutes(1));

    private final Platform platform;
    private final Database database;
    private final Peers peers;
    private final RearClient rear;
    private final Peerings peerings;
    private final Deals deals;
    private final Processes processes;

    Entering(
            Platform platform,
            Database database,
            Engine engine,
            Peers peers,
            RearClient rear,
            Peerings peerings,
            Deals deals) {
        this.platform = platform;
        this.database = database;
        this.peers = peers;
        this.rear = rear;
        this.peerings = peerings;
        this.deals = deals;
        this.processes = engine.processes();
        engine.definitions()
                .add(Asking.process(
                        PROCESS,
                        this::access,
                        PATIENCE,
                        BACK_OFF,
                        (tx, resource, refusal) -> refusal.ifPresent(why ->
                                peerings.failed(tx, resource.id(), "the seller has let nobody in: " + why.message()))));
        engine.definitions().add(Asking.process(ANEW, this::anew, PATIENCE, BACK_OFF, (_, _, _) -> {}));
    }

    /// Has its seller let us in anew: what it has told may be known to others, or end before the contract.
    ///
    /// @return [Refusal.Kind#NOT_THERE] if there is no such contract here, [Refusal.Kind#CLASH] if there is nothing
    ///     to be let into
    Answer<Resource> readmit(Tx tx, UUID id) {
        var found = deals.locked(tx, id);
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no contract " + id + " that was bought here"));
        }
        var deal = found.get().as(Deal.class);
        if (!deal.isOfCluster()
                || deal.credentials().isEmpty()
                || !Words.contract(found.get()).isLive()) {
            return Answer.no(Refusal.clash("contract " + found.get().name() + " is "
                    + found.get().state() + (deal.isOfCluster() ? "" : ", and about no part of a cluster")));
        }
        processes.schedule(tx, Request.now(ANEW, id, Peers.ACTOR)).orThrow();
        return Answer.yes(found.get());
    }

    /// Asks for another way in, and for the contract until it tells that one. Asked twice is once.
    private Outcome anew(Step.Context context) throws IOException {
        var deal = context.resource().as(Deal.class);
        var peer = database.inTransaction(tx -> peers.find(tx, deal.peer()));
        if (peer.isEmpty() || !Words.contract(context.resource()).isLive()) {
            return new Outcome.Failed(Refusal.clash("the contract is over"));
        }
        var told = rear.readmit(peer.get().endpoint(), deal.contract().id(), context.process(), deal.trace());
        return switch (told) {
            case Told.Yes<Boolean> _ -> access(context);
            case Told.No<Boolean>(var status, var why, var after)
            when status == 429 || status >= 500 -> Asking.later(after, why.message());
            case Told.No<Boolean>(var _, var why, var _) -> new Outcome.Failed(why);
            case Told.Silent<Boolean>(var _, var why) -> throw new IOException(why);
        };
    }

    /// Asks the seller for the way into its cluster, which it may have to make first. Whoever purchases once more
    /// is told the same contract; each time is another request, or the first answer would be told again.
    private Outcome access(Step.Context context) throws IOException {
        var id = context.resource().id();
        var deal = context.resource().as(Deal.class);
        var peer = database.inTransaction(tx -> peers.find(tx, deal.peer()));
        if (peer.isEmpty() || !Words.contract(context.resource()).isLive()) {
            return Outcome.done(tx -> peerings.failed(tx, id, "the contract is over"));
        }
        var told = rear.purchase(
                peer.get().endpoint(),
                peer.get().dialect(),
                deal.contract().transaction(),
                new Contract.Ask(Optional.empty(), Optional.empty()),
                platform.newId(),
                deal.trace());
        return switch (told) {
            case Told.Yes<Contract>(var contract) ->
                contract.credentials()
                        .filter(Deals::opens)
                        .filter(way -> !deals.knows(context.resource(), way))
                        .map(way -> Outcome.done(tx -> deals.admitted(tx, id, way)))
                        .orElseGet(() -> new Outcome.Later(PAUSE, "waiting for the seller's cluster to let us in"));
            case Told.No<Contract>(var _, var why, var after) -> Asking.later(after, why.message());
            case Told.Silent<Contract>(var _, var why) -> throw new IOException(why);
        };
    }
}
