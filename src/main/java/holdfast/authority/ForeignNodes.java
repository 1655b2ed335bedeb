package holdfast.authority;

import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.authority.Fabric.Bond;
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
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// Parts of other clusters that were bought, each a node of ours for the term of its contract (fluidos.md 4.6, 4.7).
/// Two clusters are joined once, by whichever contract comes first; in the old way all contracts with one seller are
/// one node.
final class ForeignNodes {
    static final String OPEN = "foreignnode.open";
    static final String REJOIN = "foreignnode.rejoin";
    static final String CLOSE = "foreignnode.close";
    static final String CLEAR = "foreignnode.clear";
    private static final String ACTIVE = "active";
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
    private static final int MOST = 10_000;
    /// How long pair and slice may take together to come up (fluidos.md 3.7), by the clock.
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /// How long what runs there may take to stop, and then the other side to answer (fluidos.md 4.7).
    private static final Duration GRACE = Duration.ofMinutes(5);
    /// How long this cluster may take, beside that, to let go what is its own.
    private static final Duration OURS = Duration.ofMinutes(30);

    private static final Step.Retry BACK_OFF = new Step.Retry(Integer.MAX_VALUE, Duration.ZERO, Fabric.POLL, GRACE);

    private final String name;
    private final ClusterAuthority.Plan plan;
    private final Fabric fabric;
    private final Platform platform;
    private final Database database;
    private final Resources resources;
    private final Processes processes;
    private final Post post;
    private final Secrets secrets;
    private final Leases leases;

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
        this.fabric = fabric;
        this.platform = platform;
        this.database = database;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.post = engine.post();
        this.secrets = secrets;
        this.leases = leases;
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

    /// The name of the node that pays for a ticket, if it takes work.
    Optional<String> node(Tx tx, UUID id) {
        return resources
                .lock(tx, id)
                .filter(found -> found.type().equals(ForeignNode.TYPE))
                .filter(found -> found.actor().equals(name) && found.state().equals(ACTIVE))
                .map(found -> key(found.as(ForeignNode.class)).lease());
    }

    /// What fails is told at once, so that another is bought; taken away is what was begun of it afterwards, by
    /// [#close], for the other side may be away.
    List<Step> open() {
        return List.of(Step.of("pair", this::pair), Step.of("slice", this::slice));
    }

    /// What its contract pays for is wanted in time, whoever it is that is slow.
    private Outcome inTime(Resource node, Outcome outcome) {
        boolean late = !platform.now().isBefore(node.created().plus(PATIENCE));
        return late && outcome instanceof Outcome.Later(var _, var waitingFor, var _)
                ? new Outcome.Failed(
                        Refusal.silent("gave up " + waitingFor + " after " + PATIENCE.toMinutes() + " minutes"))
                : outcome;
    }

    private static Key pairKey(ForeignNode record) {
        return new Key(record.cluster(), Fabric.PAIR);
    }

    /// Of several sellers each has a node of its own, so in the old way it is called as the seller's cluster.
    private Key key(ForeignNode record) {
        return new Key(plan.summing() ? record.cluster() : record.bought().name(), Fabric.SLICE);
    }

    private Result join(ForeignNode record) {
        return record.kubeconfig(secrets)
                .map(kubeconfig -> fabric.ensure(pairKey(record), new Bond.Pair(record.cluster(), kubeconfig)))
                .orElseGet(() -> new Result.Failed("the seller has told no kubeconfig"));
    }

    private Outcome pair(Step.Context context) {
        var joined = join(context.resource().as(ForeignNode.class));
        return inTime(context.resource(), Provisioning.outcome("pair", joined, Fabric.POLL));
    }

    /// Nothing is taken away if it fails: what is joined stays so, as long as it can.
    Outcome rejoin(Step.Context context) {
        return context.resource().state().equals(ACTIVE)
                ? Provisioning.outcome("pair", join(context.resource().as(ForeignNode.class)), Fabric.POLL)
                : Outcome.done();
    }

    private Outcome slice(Step.Context context) {
        return inTime(context.resource(), sliced(context));
    }

    /// The last slice of another contract may just have taken the pair along.
    private Outcome sliced(Step.Context context) {
        var record = context.resource().as(ForeignNode.class);
        if (fabric.observe(pairKey(record)) instanceof Observed.Absent) {
            return join(record) instanceof Result.Failed(var why)
                    ? new Outcome.Failed(Refusal.broken(why))
                    : new Outcome.Later(Fabric.POLL, "joining " + record.cluster() + " again");
        }
        var result = fabric.ensure(
                key(record), wanted(record, Stream.concat(sharing(context.resource()), Stream.of(record))));
        return result instanceof Result.Done(var facts) && facts.containsKey("short")
                ? new Outcome.Failed(Refusal.broken("less was granted than was bought: " + facts.get("short")))
                : Provisioning.outcome("slice", result, Fabric.POLL);
    }

    private Bond.Slice wanted(ForeignNode record, Stream<ForeignNode> contracts) {
        var amounts = Fabric.sum(contracts
                .map(contract -> ClusterSite.asked(contract.bought().amounts()))
                .toList());
        return new Bond.Slice(record.cluster(), key(record).lease(), amounts, Bond.Slice.OURS);
    }

    /// Those of other contracts that are the same node.
    private Stream<ForeignNode> sharing(Resource node) {
        return plan.summing() ? others(node).stream().map(other -> other.as(ForeignNode.class)) : Stream.empty();
    }

    /// Those of other contracts with the same seller that need the pair.
    private List<Resource> others(Resource node) {
        var peer = node.as(ForeignNode.class).cluster();
        var here = Resources.typed(ForeignNode.TYPE).and(Resources.keptBy(name)).and(Resources.present());
        return database.inTransaction(tx -> resources.list(tx, here, MOST)).stream()
                .filter(other -> !other.id().equals(node.id()))
                .filter(other -> other.state().equals(ACTIVE) || other.state().equals("opening"))
                .filter(other -> other.as(ForeignNode.class).cluster().equals(peer))
                .toList();
    }

    List<Step> close() {
        return List.of(
                Step.of("drain", this::drain),
                Step.of("slice", this::take).within(OURS),
                Step.of("pair", this::handOver).within(OURS));
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
                .filter(since -> platform.now().isAfter(since.plus(GRACE)))
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

    private Outcome take(Step.Context context) {
        var record = context.resource().as(ForeignNode.class);
        var key = key(record);
        if (record.cluster().isEmpty()) {
            return Outcome.done(); // nobody was told whose it is, so nothing was made
        }
        var sharing = sharing(context.resource()).toList();
        return Provisioning.outcome(
                "slice",
                sharing.isEmpty()
                        ? patiently(context.resource(), key, fabric.remove(key))
                        : fabric.ensure(key, wanted(record, sharing.stream())),
                Fabric.POLL);
    }

    /// What is over lets nobody in any more: the pair goes on by what another contract gave, or goes.
    private Outcome handOver(Step.Context context) {
        var others = others(context.resource());
        if (others.isEmpty()) {
            var key = pairKey(context.resource().as(ForeignNode.class));
            return Provisioning.outcome("pair", patiently(context.resource(), key, fabric.remove(key)), Fabric.POLL);
        }
        return others.stream()
                .filter(other -> other.state().equals(ACTIVE))
                .findFirst()
                .map(heir -> Provisioning.outcome("pair", join(heir.as(ForeignNode.class)), Fabric.POLL))
                .orElseGet(Outcome::done);
    }

    /// A seller that lets us in no more, or does not answer for too long, is left alone: this side is taken away,
    /// and the other by [#clear] if it comes back.
    private Result patiently(Resource node, Key key, Result result) {
        boolean silent = result instanceof Result.Later && isLeftAlone(node);
        return silent || result instanceof Result.Failed ? fabric.abandon(key) : result;
    }

    private boolean isLeftAlone(Resource node) {
        return node.as(ForeignNode.class)
                .over()
                .filter(since -> platform.now().isAfter(since.plus(GRACE.multipliedBy(2))))
                .isPresent();
    }

    List<Step> clear(Resource node) {
        var term = node.as(ForeignNode.class).bought().term();
        return List.of(Step.of("other-side", this::clear)
                .within(term.length().plus(GRACE))
                .retrying(BACK_OFF));
    }

    /// Takes away what was left at a seller that was away, as long as it lets us in: no longer than the contract
    /// would have lasted. If another contract needs the pair, it goes with that one.
    private Outcome clear(Step.Context context) throws IOException {
        var record = context.resource().as(ForeignNode.class);
        boolean over = !platform.now().isBefore(record.bought().term().until());
        var access = record.kubeconfig(secrets);
        if (over || access.isEmpty() || !others(context.resource()).isEmpty()) {
            return Outcome.done();
        }
        if (fabric.clear(new Bond.Pair(record.cluster(), access.get())) instanceof Result.Later(var what, var _)) {
            throw new IOException(what);
        }
        return Outcome.done(); // or we are let in no more: then the seller takes away what is its own
    }

    void ended(Tx tx, Resource resource, Optional<Refusal> refusal) {
        tell(tx, resource, refusal);
        if (resource.state().equals(FAILED)) {
            close(tx, resource, name, "what was begun of it is taken away");
        } else if (resource.state().equals(CLOSED)) {
            if (isLeftAlone(resource)) {
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
