package holdfast.authority;

import holdfast.authority.Cloud.Look;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resources;
import holdfast.inventory.Delegations;
import holdfast.inventory.GraphMl;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Owns a cluster (fluidos.md 4.6): sells parts of its nodes, and makes parts of other clusters nodes of it, on which
/// workloads run.
public final class ClusterAuthority implements Actor {
    /// What of it brokers may promise.
    public static final String DELEGATION = "primary";

    /// What could not be closed.
    static final String STUCK = "close_failed";

    /// After which that is tried again.
    private static final Duration A_WHILE = Duration.ofMinutes(5);

    private static final int MOST = 10_000;

    private final String name;
    private final Plan plan;
    private final Fabric fabric;
    private final Secrets secrets;
    private final Platform platform;
    private final Database database;
    private final Resources resources;
    private final Processes processes;
    private final Advertising advertising;
    private final Leases leases;
    private final Tenancies tenancies;
    private final ForeignNodes nodes;
    private volatile boolean isKnown;
    private volatile boolean told;

    /// How a cluster of ours is used.
    ///
    /// @param site what it is called among our sites
    /// @param id its own name among clusters
    /// @param summing the old way: all contracts between two clusters are one node
    public record Plan(String site, String id, boolean summing) {
        /// The actor that owns it.
        public String authority() {
            return site + "-cluster";
        }
    }

    public ClusterAuthority(
            Plan plan,
            Fabric fabric,
            Platform platform,
            Database database,
            Engine engine,
            Secrets secrets,
            Advertising advertising) {
        this.name = plan.authority();
        this.plan = plan;
        this.fabric = fabric;
        this.secrets = secrets;
        this.platform = platform;
        this.database = database;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.advertising = advertising;
        this.leases = new Leases(name, platform, engine, Leases.Booked.NOTHING);
        this.tenancies = new Tenancies(plan, fabric, platform, database, engine, secrets);
        this.nodes = new ForeignNodes(plan, fabric, platform, database, engine, secrets, leases);
    }

    @Override
    public String name() {
        return name;
    }

    Tenancies tenancies() {
        return tenancies;
    }

    ForeignNodes nodes() {
        return nodes;
    }

    Authorities.Keeper keeper() {
        return new Authorities.Keeper(new ClusterProvisioning(fabric, secrets), leases::ended);
    }

    /// In words, for people.
    public String describe() {
        return fabric.describe();
    }

    @Override
    public void on(Tx tx, String sender, Message message) {
        switch (message) {
            case Message.Redeem redeem -> redeem(tx, sender, redeem);
            case Message.Close(var sliver) -> leases.close(tx, sender, sliver);
            case Message.ClaimDelegation claim ->
                bought(claim.delegation())
                        .ifPresentOrElse(
                                contract -> nodes.claimed(tx, sender, claim, contract),
                                () -> advertising.claimed(tx, sender, claim));
            case Message.ReclaimDelegation reclaim -> advertising.reclaimed(tx, sender, reclaim);
            case Message.Lend lend -> tenancies.lend(tx, sender, lend);
            case Message.Unlend(var contract) -> tenancies.unlend(tx, sender, contract);
            case Message.Readmit(var contract) -> tenancies.readmit(tx, sender, contract);
            case Message.Peer peer -> nodes.peer(tx, sender, peer);
            case Message.Unpeer(var contract) -> nodes.unpeer(tx, sender, contract);
            default ->
                throw new IllegalArgumentException("the authority of a cluster does not take "
                        + message.getClass().getSimpleName() + " from " + sender);
        }
    }

    /// A delegation that is called after a contract.
    private static Optional<UUID> bought(String delegation) {
        try {
            return Optional.of(UUID.fromString(delegation));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private void redeem(Tx tx, String sender, Message.Redeem redeem) {
        var known = leases.find(tx, redeem.sliver());
        if (known.isPresent()) {
            leases.tellAgain(tx, known.get());
            return;
        }
        var id = leases.id(redeem.sliver());
        var ticket = redeem.ticket();
        var assigned = assign(tx, redeem);
        var host = assigned instanceof Answer.Yes<String>(var node) ? Optional.of(node) : Optional.<String>empty();
        var lease = Lease.of(redeem.sliver(), redeem.slice(), sender, ticket, host, List.of());
        if (assigned instanceof Answer.No<String>(var why)) {
            leases.refuse(tx, lease, why, sender);
            return;
        }
        leases.begin(tx, lease, sender);
        processes
                .schedule(tx, Request.at(ticket.term().from(), LeaseProcesses.CREATE, id, name))
                .orThrow();
        processes
                .schedule(tx, Request.at(ticket.term().until(), LeaseProcesses.REMOVE, id, name))
                .orThrow();
    }

    /// The node that a ticket comes to. How much of it is taken is counted by the broker that alone may promise it.
    private Answer<String> assign(Tx tx, Message.Redeem redeem) {
        var ticket = redeem.ticket();
        if (!ticket.authority().equals(name) || !ticket.sliver().equals(redeem.sliver())) {
            return Answer.no(Refusal.malformed("ticket", "the ticket is not for " + redeem.sliver() + " at " + name));
        }
        if (!ticket.term().until().isAfter(platform.now())) {
            return Answer.no(Refusal.malformed(
                    "ticket.term", "the ticket ended at " + ticket.term().until()));
        }
        if (ticket.demand().manifest().isEmpty()) {
            return Answer.no(Refusal.malformed(
                    "ticket.demand", "a cluster runs what a manifest says, and no machine: write an intent with one"));
        }
        return nodes.node(tx, ticket.delegation())
                .map(Answer::yes)
                .orElseGet(() -> Answer.no(
                        Refusal.malformed("ticket.delegation", "no node of " + name + " stands for that contract")));
    }

    /// Looks at the cluster: what of it may be sold now, and what other clusters ask of it. Not within a
    /// transaction.
    ///
    /// @param offered hears when there is something to claim for the first time
    /// @return what came of it, in a few words
    String watch(Offered offered) {
        if (!isKnown && fabric.identity() instanceof Look.Seen<String>(var id)) {
            isKnown = id.equals(plan.id());
            if (!isKnown) {
                return "the cluster calls itself " + id + ", and the settings call it " + plan.id()
                        + ": nothing is done with it; correct clusters.clusterId";
            }
        }
        return switch (fabric.nodes()) {
            case Look.Seen<List<Fabric.Node>>(var seen) ->
                publish(seen, offered) + ", " + tenancies.admit() + closeAgain();
            case Look.Away<List<Fabric.Node>>(var why, var _) -> why;
            case Look.Denied<List<Fabric.Node>>(var why) -> why;
        };
    }

    /// The cluster answers: what could not be closed while it did not is closed now.
    private String closeAgain() {
        long count = database.inTransaction(tx ->
                closeAgain(tx, ForeignNode.TYPE, ForeignNodes.CLOSE) + closeAgain(tx, Tenancy.TYPE, Tenancies.CLOSE));
        return count == 0 ? "" : ", " + count + " closed again";
    }

    private long closeAgain(Tx tx, String type, String process) {
        var stuck = Resources.typed(type)
                .and(Resources.keptBy(name))
                .and(Resources.inState(STUCK))
                .and(Resources.present());
        return resources.list(tx, stuck, MOST).stream()
                .filter(one -> one.updated().plus(A_WHILE).isBefore(platform.now()))
                .filter(one -> processes.schedule(tx, Request.now(process, one.id(), name)) instanceof Answer.Yes<?>)
                .count();
    }

    /// Hears of a site of which something may be claimed.
    public interface Offered {
        void by(Tx tx, String authority, String delegation);
    }

    private String publish(List<Fabric.Node> seen, Offered offered) {
        var servers = ClusterSite.forSale(seen);
        if (!servers.isEmpty()) {
            var graph = GraphMl.write(Delegations.ofSite(plan.site(), DELEGATION, servers));
            database.inTransaction(tx -> {
                advertising.publish(tx, graph, describe()).orThrow();
                if (!told) { // what an operator has taken back since is not claimed again
                    offered.by(tx, name, DELEGATION);
                }
                return true;
            });
            told = true;
        }
        return servers.size() + " of " + seen.size() + " nodes for sale";
    }
}
