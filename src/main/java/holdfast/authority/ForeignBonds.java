package holdfast.authority;

import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.authority.Fabric.Bond;
import holdfast.core.Refusal;
import holdfast.engine.Outcome;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// What [ForeignNodes] are in the cluster, and how they come and go there: a pair for each seller's cluster, a slice
/// for each contract or, in the old way, for each seller (fluidos.md 4.6, 4.7).
final class ForeignBonds {
    /// How long pair and slice may take together to come up (fluidos.md 3.7), by the clock.
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /// How long what runs there may take to stop, and then the other side to answer (fluidos.md 4.7).
    static final Duration GRACE = Duration.ofMinutes(5);

    private final ClusterAuthority.Plan plan;
    private final Fabric fabric;
    private final Platform platform;
    private final Database database;
    private final Resources resources;
    private final Secrets secrets;

    ForeignBonds(
            ClusterAuthority.Plan plan,
            Fabric fabric,
            Platform platform,
            Database database,
            Resources resources,
            Secrets secrets) {
        this.plan = plan;
        this.fabric = fabric;
        this.platform = platform;
        this.database = database;
        this.resources = resources;
        this.secrets = secrets;
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
    Key key(ForeignNode record) {
        return new Key(plan.summing() ? record.cluster() : record.bought().name(), Fabric.SLICE);
    }

    private Result join(ForeignNode record) {
        return record.kubeconfig(secrets)
                .map(kubeconfig -> fabric.ensure(pairKey(record), new Bond.Pair(record.cluster(), kubeconfig)))
                .orElseGet(() -> new Result.Failed("the seller has told no kubeconfig"));
    }

    Outcome pair(Step.Context context) {
        var joined = join(context.resource().as(ForeignNode.class));
        return inTime(context.resource(), Provisioning.outcome("pair", joined, Fabric.POLL));
    }

    /// Nothing is taken away if it fails: what is joined stays so, as long as it can.
    Outcome rejoin(Step.Context context) {
        return context.resource().state().equals(ForeignNodes.ACTIVE)
                ? Provisioning.outcome("pair", join(context.resource().as(ForeignNode.class)), Fabric.POLL)
                : Outcome.done();
    }

    Outcome slice(Step.Context context) {
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
        var here = Resources.typed(ForeignNode.TYPE)
                .and(Resources.keptBy(plan.authority()))
                .and(Resources.present());
        return database.inTransaction(tx -> resources.list(tx, here, ForeignNodes.MOST)).stream()
                .filter(other -> !other.id().equals(node.id()))
                .filter(other -> other.state().equals(ForeignNodes.ACTIVE)
                        || other.state().equals("opening"))
                .filter(other -> other.as(ForeignNode.class).cluster().equals(peer))
                .toList();
    }

    Outcome take(Step.Context context) {
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
    Outcome handOver(Step.Context context) {
        var others = others(context.resource());
        if (others.isEmpty()) {
            var key = pairKey(context.resource().as(ForeignNode.class));
            return Provisioning.outcome("pair", patiently(context.resource(), key, fabric.remove(key)), Fabric.POLL);
        }
        return others.stream()
                .filter(other -> other.state().equals(ForeignNodes.ACTIVE))
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

    boolean isLeftAlone(Resource node) {
        return node.as(ForeignNode.class)
                .over()
                .filter(since -> platform.now().isAfter(since.plus(GRACE.multipliedBy(2))))
                .isPresent();
    }

    /// Takes away what was left at a seller that was away, as long as it lets us in: no longer than the contract
    /// would have lasted. If another contract needs the pair, it goes with that one.
    Outcome clear(Step.Context context) throws IOException {
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
}
