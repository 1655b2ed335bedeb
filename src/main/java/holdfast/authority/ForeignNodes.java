package holdfast.authority;

import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.Post;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.engine.types.Move;
import holdfast.inventory.Delegations;
import holdfast.inventory.GraphMl;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.Message.Peered.Standing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Parts of other clusters that were bought, each a node of ours for the term of its contract (fluidos.md 4.6, 4.7).
/// Two clusters are joined once, by whichever contract comes first; in the old way all contracts with one seller are
/// one node.
final class ForeignNodes {
    static final String OPEN = "foreignnode.open";
    static final String REJOIN = "foreignnode.rejoin";
    static final String CLOSE = "foreignnode.close";
    static final String CLEAR = "foreignnode.clear";
    static final String ACTIVE = "active";
    private static final String FAILED = "failed";
    private static final String CLOSED = "closed";
    private static final String LEFT = "left_behind";
    static final Move OPENING = Move.of(Set.of("requested"), "opening", ACTIVE, FAILED);
    static final Move CLOSING = Move.of(
            Set.of("requested", "opening", ACTIVE, FAILED, ClusterAuthority.STUCK),
            "closing",
            CLOSED,
            ClusterAuthority.STUCK);
    static final Move CLEARING = new Move(Move.STATE, Map.of(CLOSED, LEFT), Map.of(LEFT, CLOSED), Optional.empty());
    static final int MOST = 10_000;
    /// How long letting go may take: the other side's grace, and then this cluster's own time.
    private static final Duration OURS = Duration.ofMinutes(30);

    private static final Step.Retry BACK_OFF =
            new Step.Retry(Integer.MAX_VALUE, Duration.ZERO, Fabric.POLL, ForeignBonds.GRACE);

    private final String name;
    private final ClusterAuthority.Plan plan;
    private final Platform platform;
    private final Database database;
    private final Resources resources;
    private final Processes processes;
    private final Post post;
    private final Secrets secrets;
    private final Leases leases;
    private final ForeignBonds bonds;

    ForeignNodes(
            ClusterAuthority.Plan plan,
            Fabric fabric,
            Platform platform,
            Database database,
            Engine engine,
            Secrets secrets,
            Leases leases) {
        this.name = plan.authority();
        this.plan = plan;
        this.platform = platform;
        this.database = database;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.post = engine.post();
        this.secrets = secrets;
        this.leases = leases;
        this.bonds = new ForeignBonds(plan, fabric, platform, database, resources, secrets);
    }

    /// Told twice, it tells again how that stands; told with another way in, the node takes that from now on.
    void peer(Tx tx, String sender, Message.Peer peer) {
        var id = ForeignNode.id(name, peer.contract());
        var known = resources.lock(tx, id);
        if (known.isPresent()) {
            var record = known.get().as(ForeignNode.class);
            boolean anew = !record.bought().credentials().equals(peer.credentials());
            if (anew && known.get().state().equals(ACTIVE)) {
                var admitted = known.get().withData(record.admittedBy(peer));
                resources.update(tx, ACTIVE, admitted, sender, "let in anew");
                processes.schedule(tx, Request.now(REJOIN, id, name)).orThrow();
            } else {
                tell(tx, known.get(), known.get().message().map(Refusal::broken));
            }
            return;
        }
        var record = ForeignNode.of(peer, sender, secrets);
        resources.insert(
                tx,
                resources.fresh(id, ForeignNode.TYPE, name, Optional.empty(), peer.name(), "requested", "-", record),
                sender,
                "bought");
        processes.schedule(tx, Request.now(OPEN, id, name)).orThrow();
    }

    /// Its contract is over. Told twice is once.
    void unpeer(Tx tx, String sender, UUID contract) {
        var known = resources.lock(tx, ForeignNode.id(name, contract));
        if (known.filter(node -> node.removed().isEmpty()).isEmpty()) {
            post.send(tx, name, sender, new Message.Peered(contract, Standing.GONE, Optional.empty()));
        } else if (CLOSING.startsFrom(known.get().state())) {
            close(tx, known.get(), sender, "its contract is over");
        } else {
            tell(tx, known.get(), Optional.empty());
        }
    }

    private void close(Tx tx, Resource node, String who, String why) {
        var over = node.withData(node.as(ForeignNode.class).overAt(platform.now()));
        resources.update(tx, node.state(), over, who, why);
        processes.schedule(tx, Request.now(CLOSE, over.id(), name)).orThrow();
    }

    /// A broker of ours claims what was bought, as a host on which machines' amounts are counted.
    void claimed(Tx tx, String sender, Message.ClaimDelegation claim, UUID contract) {
        var node = resources
                .find(tx, ForeignNode.id(name, contract))
                .filter(found -> found.state().equals(ACTIVE));
        var id = ForeignNode.id(name, contract);
        var graph = node.map(found -> found.as(ForeignNode.class))
                .map(record -> ClusterSite.machines(
                        plan.summing() ? ClusterSite.asked(record.bought().amounts()) : record.granted()))
                .map(amounts -> GraphMl.write(Delegations.ofServer(id.toString(), id.toString(), amounts)));
        post.send(
                tx,
                name,
                sender,
                new Message.UpdateDelegation(
                        claim.claim(),
                        id,
                        claim.delegation(),
                        node.map(found -> found.as(ForeignNode.class).bought().term()),
                        graph,
                        graph.isPresent()
                                ? Optional.empty()
                                : Optional.of(Refusal.clash("no node stands here for contract " + contract))));
    }

    /// What it is in the cluster.
    ForeignBonds bonds() {
        return bonds;
    }

    /// The name of the node that pays for a ticket, if it takes work.
    Optional<String> node(Tx tx, UUID id) {
        return resources
                .lock(tx, id)
                .filter(found -> found.type().equals(ForeignNode.TYPE))
                .filter(found -> found.actor().equals(name) && found.state().equals(ACTIVE))
                .map(found -> bonds.key(found.as(ForeignNode.class)).lease());
    }

    /// What fails is told at once, so that another is bought; taken away is what was begun of it afterwards, by
    /// [#close], for the other side may be away.
    List<Step> open() {
        return List.of(Step.of("pair", bonds::pair), Step.of("slice", bonds::slice));
    }

    List<Step> close() {
        return List.of(
                Step.of("drain", this::drain),
                Step.of("slice", bonds::take).within(OURS),
                Step.of("pair", bonds::handOver).within(OURS));
    }

    /// What runs there is taken down first, unless it takes too long.
    private Outcome drain(Step.Context context) {
        var left = database.inTransaction(tx -> under(tx, context.resource().id()));
        return left.isEmpty() || isLate(context.resource())
                ? Outcome.done()
                : new Outcome.Later(
                        Fabric.POLL,
                        "waiting for " + left.size() + " workloads to end",
                        tx -> under(tx, context.resource().id()).forEach(lease -> leases.remove(tx, lease, name)));
    }

    private boolean isLate(Resource node) {
        return node.as(ForeignNode.class)
                .over()
                .filter(since -> platform.now().isAfter(since.plus(ForeignBonds.GRACE)))
                .isPresent();
    }

    private List<Resource> under(Tx tx, UUID node) {
        var here = Resources.typed(Authority.LEASE).and(Resources.keptBy(name)).and(Resources.present());
        return resources.list(tx, here, MOST).stream()
                .filter(lease -> lease.as(Lease.class)
                        .ticket()
                        .filter(ticket -> ticket.delegation().equals(node))
                        .isPresent())
                .toList();
    }

    List<Step> clear(Resource node) {
        var term = node.as(ForeignNode.class).bought().term();
        return List.of(Step.of("other-side", bonds::clear)
                .within(term.length().plus(ForeignBonds.GRACE))
                .retrying(BACK_OFF));
    }

    void ended(Tx tx, Resource resource, Optional<Refusal> refusal) {
        tell(tx, resource, refusal);
        if (resource.state().equals(FAILED)) {
            close(tx, resource, name, "what was begun of it is taken away");
        } else if (resource.state().equals(CLOSED)) {
            if (bonds.isLeftAlone(resource)) {
                processes.schedule(tx, Request.now(CLEAR, resource.id(), name)).orThrow();
            } else {
                cleared(tx, resource);
            }
        }
    }

    /// Nothing is left of it anywhere, as far as we can see.
    void cleared(Tx tx, Resource resource) {
        resources.update(tx, resource.state(), resource.removedAt(platform.now()), name, "over");
    }

    private void tell(Tx tx, Resource resource, Optional<Refusal> why) {
        var record = resource.as(ForeignNode.class);
        var phase = switch (resource.state()) {
            case ACTIVE -> Optional.of(Standing.UP);
            case FAILED -> Optional.of(Standing.FAILED);
            case CLOSED, LEFT, ClusterAuthority.STUCK -> Optional.of(Standing.GONE);
            default -> Optional.<Standing>empty(); // an update follows when it is there
        };
        var cause = phase.filter(word -> word == Standing.FAILED).isPresent() && why.isEmpty()
                ? Optional.of(Refusal.broken("it failed"))
                : why;
        phase.ifPresent(word -> post.send(
                tx, name, record.asker(), new Message.Peered(record.bought().contract(), word, cause)));
    }
}
