package holdfast.authority;

import holdfast.authority.Driver.Key;
import holdfast.authority.Fabric.Bond;
import holdfast.core.Refusal;
import holdfast.engine.Outcome;
import holdfast.engine.Resource;
import holdfast.engine.Step;
import holdfast.platform.Secrets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The recipes of leases in a cluster: the manifest of a workload, tied to the node on which it was promised room.
final class ClusterProvisioning implements Recipes {
    private static final String NAMESPACE = "holdfast-";
    /// Images may have to be fetched.
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final Fabric fabric;
    private final Secrets secrets;

    ClusterProvisioning(Fabric fabric, Secrets secrets) {
        this.fabric = fabric;
        this.secrets = secrets;
    }

    @Override
    public List<Step> prepare(Resource lease) {
        return List.of();
    }

    @Override
    public List<Step> create(Resource lease) {
        return List.of(Step.of("run", this::run, this::stop).within(PATIENCE));
    }

    @Override
    public List<Step> amend(Resource lease) {
        return List.of();
    }

    @Override
    public List<Step> remove(Resource lease) {
        return List.of(Step.of("stop", this::stop));
    }

    private static Key key(Resource lease) {
        return new Key(lease.id().toString(), Fabric.WORKLOAD);
    }

    private Outcome run(Step.Context context) {
        var id = context.resource().id();
        var lease = context.resource().as(Lease.class);
        var demand = lease.ticket().orElseThrow().demand();
        var manifest = Bindings.bound(demand.manifest().orElseThrow(), demand.services(), secrets);
        if (manifest.isEmpty()) {
            return new Outcome.Failed(Refusal.broken("how its services are reached cannot be opened with this key"));
        }
        var workload = new Bond.Workload(NAMESPACE + id, manifest.get(), Optional.of(lease.machineHost()));
        return Provisioning.outcome(Fabric.WORKLOAD, fabric.ensure(key(context.resource()), workload), Fabric.POLL);
    }

    private Outcome stop(Step.Context context) {
        return Provisioning.outcome(Fabric.WORKLOAD, fabric.remove(key(context.resource())), Fabric.POLL);
    }
}
