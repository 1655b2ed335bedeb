package holdfast.federation.buying;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.federation.contracts.Countersigning;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.discovery.Discovery;
import holdfast.federation.following.Ears;
import holdfast.federation.mail.Routes;
import holdfast.federation.peers.Arrivals;
import holdfast.federation.peers.Known;
import holdfast.federation.peers.Peers;
import holdfast.federation.wire.RearClient;
import holdfast.platform.Database;
import holdfast.platform.Fanout;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.rear.Notary;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// All of buying, wired.
public final class Buying implements Ears {
    private final Solvers solvers;
    private final Deals deals;
    private final Entering entering;
    private final Peerings peerings;
    private final Purchases purchases;
    private final Reconciling reconciling;
    private final Staged staged;

    /// Of a domain without a cluster.
    ///
    /// @param broker who promises what was bought
    /// @param fanout how many sellers are asked at once
    /// @param secrets seal what gives access to sellers
    /// @param notary looks who has signed what is bought, and signs it for us; empty: nobody does
    public Buying(
            String broker,
            Platform platform,
            Database database,
            Engine engine,
            Secrets secrets,
            RearClient rear,
            Peers peers,
            Candidates candidates,
            Discovery discovery,
            Fanout fanout,
            Optional<Notary> notary) {
        this(
                broker,
                Optional.empty(),
                platform,
                database,
                engine,
                secrets,
                rear,
                peers,
                candidates,
                discovery,
                fanout,
                notary);
    }

    /// @param broker who promises what was bought
    /// @param cluster the authority of the cluster of ours to which parts of others are added; empty if there is
    ///     none
    /// @param fanout how many sellers are asked at once
    /// @param secrets seal what gives access to sellers
    /// @param notary looks who has signed what is bought, and signs it for us; empty: nobody does
    public Buying(
            String broker,
            Optional<String> cluster,
            Platform platform,
            Database database,
            Engine engine,
            Secrets secrets,
            RearClient rear,
            Peers peers,
            Candidates candidates,
            Discovery discovery,
            Fanout fanout,
            Optional<Notary> notary) {
        this.peerings = new Peerings(broker, cluster, platform, engine, peers.ratings(), this::turn);
        var arrivals = notary.map(known -> new Arrivals(peers, known));
        var signing = notary.map(ours -> new Countersigning(platform, ours));
        var serving = new Serving(engine, secrets);
        this.deals = new Deals(
                platform,
                database,
                engine,
                secrets,
                peers,
                rear,
                arrivals,
                signing,
                peerings,
                serving,
                discovery.usages(),
                this::turn);
        this.entering = new Entering(platform, database, engine, peers, rear, peerings, deals);
        this.reconciling = new Reconciling(database, engine, peers, rear, fanout, deals);
        this.purchases = new Purchases(platform, engine, candidates, peers.ratings(), deals, this::turn);
        new Bargaining(platform, database, engine, peers, candidates, rear, arrivals, signing, purchases, serving);
        var former = new Former(engine.resources());
        var shopping = new Shopping(platform, rear.self().domain(), peers, candidates, former);
        this.solvers = new Solvers(platform, engine, discovery, shopping, purchases, peerings, former, serving);
        this.staged = new Staged(platform, engine, solvers);
    }

    /// Searches that people lead themselves.
    public Staged staged() {
        return staged;
    }

    private void turn(Tx tx, UUID solver) {
        solvers.turn(tx, solver);
    }

    /// Finds room elsewhere.
    public void acquire(Tx tx, String sender, Message.Acquire acquire) {
        solvers.acquire(tx, sender, acquire);
    }

    /// Buys a service elsewhere.
    public void procure(Tx tx, String sender, Message.Procure service) {
        solvers.procure(tx, sender, service);
    }

    /// Our broker tells what came of a claim.
    public void borrowed(Tx tx, Message.Borrowed borrowed) {
        peerings.borrowed(tx, borrowed);
    }

    /// A cluster of ours tells how it stands with what was bought for it.
    public void peered(Tx tx, Message.Peered peered) {
        peerings.peered(tx, peered);
    }

    /// What was acquired for a sliver is not needed any more.
    ///
    /// @param broken what its seller did not keep, if that is why
    public void giveUp(Tx tx, SliverId sliver, Optional<Refusal> broken) {
        broken.ifPresent(why -> solvers.broken(tx, sliver, why.message()));
        solvers.giveUp(tx, sliver, "not needed any more");
    }

    /// Ends a contract before its time; its seller is told. Told twice is once.
    public Answer<Resource> release(Tx tx, UUID contract, String who, String why) {
        return deals.release(tx, contract, who, why);
    }

    /// Asks the seller of a contract to let it last longer. What came of it stands in the contract.
    ///
    /// @return [Refusal.Kind#MALFORMED] if that is no later end; [Refusal.Kind#CLASH] if it is over, its seller
    ///     renews
    ///     none, or is asked for another end just now
    public Answer<Resource> renew(Tx tx, UUID contract, Instant until, String who) {
        return deals.renew(tx, contract, until, who);
    }

    /// Has the seller of a part of a cluster let us in anew; what was told before opens nothing after ten minutes.
    ///
    /// @return [Refusal.Kind#NOT_THERE] if there is no such contract here, [Refusal.Kind#CLASH] if there is nothing
    ///     to be let into
    public Answer<Resource> readmit(Tx tx, UUID contract) {
        return entering.readmit(tx, contract);
    }

    /// Somebody has looked whether a purchase in doubt was sold, and sees to what there is: it is done with.
    ///
    /// @return [Refusal.Kind#NOT_THERE] if there is no such purchase; [Refusal.Kind#CLASH] if it is not in doubt
    public Answer<Resource> settle(Tx tx, UUID purchase, String who) {
        return purchases.settle(tx, purchase, who);
    }

    /// Asks sellers how the contracts with them are. Not within a transaction.
    ///
    /// @return what came of it, for people
    public String reconcile() {
        return reconciling.reconcile();
    }

    @Override
    public void contract(Known seller, String contract) {
        reconciling.look(seller.id(), contract);
    }

    /// Whether a contract with a peer lives.
    public boolean dealsWith(Tx tx, UUID peer) {
        return deals.living(tx).stream()
                .anyMatch(contract -> contract.as(Deal.class).peer().equals(peer));
    }

    /// The contracts under which mail goes to sellers.
    public Routes routes() {
        return deals;
    }
}
