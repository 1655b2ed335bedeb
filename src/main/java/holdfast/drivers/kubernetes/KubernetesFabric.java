package holdfast.drivers.kubernetes;

import holdfast.authority.Cloud;
import holdfast.authority.Cloud.Look;
import holdfast.authority.Fabric;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.Platform;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A cluster of Kubernetes with Liqo 1.0. It remembers nothing: what is there is in the cluster.
public final class KubernetesFabric implements Fabric {
    public static final String LIQO = "liqo";
    public static final String HARD = "Hard";

    private final Cluster home;
    private final String liqo;
    private final Clusters clusters;
    private final Pairs pairs;
    private final Slices slices;
    private final Accesses accesses;
    private final Workloads workloads;
    private final Admitting admitting;

    private KubernetesFabric(Cluster home, String liqo, String enforcement, CallbackPolicy policy, Platform platform) {
        this.clusters = new Clusters(policy);
        this.home = home;
        this.liqo = liqo;
        this.pairs = new Pairs(home, liqo, clusters);
        this.slices = new Slices(home, pairs);
        this.accesses = new Accesses(home, liqo, platform);
        this.workloads = new Workloads(home);
        this.admitting = new Admitting(home, liqo, enforcement, platform);
    }

    /// @param kubeconfig of an administrator
    /// @param liqo the namespace of Liqo; almost always [#LIQO]
    /// @param policy where clusters of others may be
    /// @return the driver, or why the kubeconfig is not taken; nothing is asked of the cluster yet
    public static Answer<KubernetesFabric> of(
            String kubeconfig, String liqo, CallbackPolicy policy, Platform platform) {
        return of(kubeconfig, liqo, HARD, policy, platform);
    }

    /// @param enforcement how strictly pods of others must be kept within what was admitted, as Liqo calls it:
    ///     [#HARD],
    ///     `Soft` or `None`
    public static Answer<KubernetesFabric> of(
            String kubeconfig, String liqo, String enforcement, CallbackPolicy policy, Platform platform) {
        return Kubeconfig.of(kubeconfig).flatMap(config -> {
            try {
                return Answer.yes(new KubernetesFabric(new Cluster(config), liqo, enforcement, policy, platform));
            } catch (ClusterException e) {
                return Answer.no(Refusal.malformed("kubeconfig", String.valueOf(e.getMessage())));
            }
        });
    }

    @Override
    public Look<String> identity() {
        return look(() -> ClusterFacts.id(home, liqo));
    }

    @Override
    public Look<List<Node>> nodes() {
        return look(
                () -> home.all(Kind.NODE, "", Map.of()).stream().map(Nodes::of).toList());
    }

    @Override
    public Look<Credentials> credentials(Key access) {
        return look(() -> accesses.credentials(access.lease()));
    }

    @Override
    public Result revoke(Key access, String but) {
        return told(() -> accesses.revoke(access.lease(), but));
    }

    @Override
    public Look<List<Answered>> admit(List<Agreed> live) {
        return look(() -> admitting.admit(live));
    }

    @Override
    public Observed observe(Key key) {
        return switch (key.part()) {
            case PAIR -> pairs.observe(key.lease());
            case SLICE -> slices.observe(key.lease());
            case ACCESS -> accesses.observe(key.lease());
            case WORKLOAD -> workloads.observe(key.lease());
            default -> new Observed.Absent();
        };
    }

    @Override
    public Result ensure(Key key, Spec spec) {
        return told(() -> switch (spec) {
            case Bond.Pair pair -> pairs.ensure(pair);
            case Bond.Slice slice -> slices.ensure(slice);
            case Bond.Access access -> accesses.ensure(access);
            case Bond.Workload workload -> workloads.ensure(key.lease(), workload);
            case Spec.OnHost _, Cloud.Order _ -> new Result.Failed("a cluster makes no machines");
        });
    }

    @Override
    public Result remove(Key key) {
        return remove(key, true);
    }

    @Override
    public Result abandon(Key key) {
        return remove(key, false);
    }

    @Override
    public Result clear(Bond.Pair pair) {
        return told(() -> pairs.clear(pair));
    }

    private Result remove(Key key, boolean both) {
        return told(() -> switch (key.part()) {
            case PAIR -> pairs.remove(key.lease(), both);
            case SLICE -> slices.remove(key.lease(), both);
            case ACCESS -> accesses.remove(key.lease());
            case WORKLOAD -> workloads.remove(key.lease());
            default -> new Result.Done(Map.of());
        });
    }

    @Override
    public List<Key> list() {
        return Stream.<Stream<Key>>of(
                        keys(PAIR, pairs.all()),
                        keys(SLICE, slices.all()),
                        keys(ACCESS, accesses.all()),
                        keys(WORKLOAD, workloads.all()))
                .flatMap(Function.identity())
                .toList();
    }

    private static Stream<Key> keys(String part, List<String> names) {
        return names.stream().map(name -> new Key(name, part));
    }

    @Override
    public String describe() {
        return "Kubernetes with Liqo 1.0 at " + home;
    }

    /// What fails outside of any step concerns this cluster.
    private Result told(Supplier<Result> work) {
        try {
            return work.get();
        } catch (ClusterException e) {
            var words = "this cluster at " + home + ": " + e.getMessage();
            return e.sort() == ClusterException.Sort.LATER
                    ? new Result.Later(words, Optional.of(POLL))
                    : new Result.Failed(words);
        }
    }

    private <T> Look<T> look(Supplier<T> work) {
        try {
            return new Look.Seen<>(work.get());
        } catch (ClusterException e) {
            return e.sort() == ClusterException.Sort.DENIED
                    ? new Look.Denied<>(home + ": " + e.getMessage())
                    : new Look.Away<>(home + ": " + e.getMessage(), Optional.empty());
        }
    }

    @Override
    public String toString() {
        return describe();
    }

    @Override
    public void close() {
        clusters.close();
        home.close();
    }
}
