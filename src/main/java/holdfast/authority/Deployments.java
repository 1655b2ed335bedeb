package holdfast.authority;

import holdfast.authority.Driver.Key;
import holdfast.authority.Fabric.Bond;
import holdfast.core.Copies;
import holdfast.core.Quantity;
import holdfast.core.Refusal;
import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.Post;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.engine.types.Move;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.ServiceOrder;
import holdfast.protocol.rear.HostingPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Makes services that were sold in a cluster, each in a namespace that is called as its contract (fluidos.md 4.5), and
/// leaves nothing of them when it is over. Where a service is hosted by its buyer, a part of the buyer's cluster
/// becomes a node of ours first.
public final class Deployments implements Actor {
    public static final String NAME = "services";
    private static final String DEPLOY = "deployment.deploy";
    private static final String REMOVE = "deployment.remove";
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofMinutes(5);
    private static final Duration FAREWELL = Duration.ofMinutes(10);
    /// The usual class of parts of clusters, which every buyer has.
    private static final String CLASS = "default";

    /// What is asked of the buyer's cluster (fluidos.md 4.5).
    private static final Map<String, Quantity> PART = Map.of(
            "cpu", Quantity.of("800m").orThrow(),
            "memory", Quantity.of("800M").orThrow(),
            "pods", Quantity.of(10));

    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Post post;
    private final Secrets secrets;
    private final Fabric fabric;

    public Deployments(Platform platform, Engine engine, Secrets secrets, Fabric fabric) {
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.post = engine.post();
        this.secrets = secrets;
        this.fabric = fabric;
        engine.definitions()
                .add(ProcessDefinition.of(
                        DEPLOY,
                        Move.of(Set.of("requested"), "deploying", "active", "failed"),
                        this::making,
                        this::ended));
        engine.definitions()
                .add(ProcessDefinition.of(
                        REMOVE,
                        Move.of(
                                Set.of("requested", "deploying", "active", "remove_failed"),
                                "removing",
                                "removed",
                                "remove_failed"),
                        this::taking,
                        this::ended));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void on(Tx tx, String sender, Message message) {
        if (!(message instanceof Message.ToServices own)) {
            throw new IllegalArgumentException(
                    "who makes services does not take " + message.getClass().getSimpleName() + " from " + sender);
        }
        switch (own) {
            case Message.Deploy deploy -> deploy(tx, sender, deploy);
            case Message.Undeploy(var contract) -> remove(tx, sender, contract);
        }
    }

    private static UUID id(UUID contract) {
        return Copies.id(NAME, contract);
    }

    private void deploy(Tx tx, String sender, Message.Deploy deploy) {
        if (resources.find(tx, id(deploy.contract())).isPresent()) {
            return;
        }
        var order = opened(deploy.contract(), deploy.order());
        var deployment = new Deployment(
                deploy.contract(),
                deploy.title(),
                Optional.of(deploy.order()),
                sender,
                order.map(ServiceOrder::hosting).orElse(HostingPolicy.PROVIDER),
                order.flatMap(ServiceOrder::peer).map(ServiceOrder.Peer::cluster));
        var resource = resources.fresh(
                id(deploy.contract()),
                Deployment.TYPE,
                NAME,
                Optional.of(deploy.contract()),
                deploy.title(),
                "requested",
                "-",
                deployment);
        resources.insert(tx, resource, sender, "sold");
        processes.schedule(tx, Request.now(DEPLOY, resource.id(), NAME)).orThrow();
    }

    private Optional<ServiceOrder> opened(UUID contract, String sealed) {
        return secrets.unseal(contract, Message.Deploy.ORDER, sealed)
                .map(plain -> Json.read(plain, ServiceOrder.class));
    }

    private void remove(Tx tx, String sender, UUID contract) {
        resources
                .lock(tx, id(contract))
                .filter(resource -> resource.removed().isEmpty())
                .filter(resource -> resource.as(Deployment.class).broker().equals(sender))
                .filter(resource -> !resource.state().equals("removing"))
                .ifPresent(resource -> processes
                        .schedule(tx, Request.now(REMOVE, resource.id(), sender))
                        .orThrow());
    }

    /// What has been made of it is taken down after a failure, the last first.
    private List<Step> making(Resource resource) {
        var steps = new ArrayList<Step>();
        if (resource.as(Deployment.class).peer().isPresent()) {
            steps.add(Step.of("join-buyer", this::join).within(GRACE));
            steps.add(Step.of("take-part", this::part, this::leave).within(GRACE));
        }
        steps.add(Step.of("make-objects", this::objects, this::clear).within(GRACE));
        return steps;
    }

    private List<Step> taking(Resource resource) {
        var steps = new ArrayList<Step>();
        steps.add(Step.of("remove-objects", this::clear).within(FAREWELL));
        if (resource.as(Deployment.class).peer().isPresent()) {
            steps.add(Step.of("leave-buyer", this::leave).within(FAREWELL));
        }
        return steps;
    }

    private static Key slice(Deployment deployment) {
        return new Key(deployment.title(), Fabric.SLICE);
    }

    private static Key workload(Deployment deployment) {
        return new Key(deployment.contract().toString(), Fabric.WORKLOAD);
    }

    private Outcome with(Step.Context context, Made made) {
        var deployment = context.resource().as(Deployment.class);
        return deployment
                .order()
                .flatMap(text -> opened(deployment.contract(), text))
                .map(order -> made.of(deployment, order))
                .orElseGet(() -> new Outcome.Failed(
                        Refusal.broken("what is to be made cannot be read: it was sealed with another key")));
    }

    private interface Made {
        Outcome of(Deployment deployment, ServiceOrder order);
    }

    private Outcome join(Step.Context context) {
        return with(context, (_, order) -> {
            var peer = order.peer().orElseThrow();
            var pair = new Bond.Pair(peer.cluster(), peer.kubeconfig());
            return told(fabric.ensure(new Key(peer.cluster(), Fabric.PAIR), pair));
        });
    }

    private Outcome part(Step.Context context) {
        return with(context, (deployment, order) -> {
            var peer = order.peer().orElseThrow();
            var slice = new Bond.Slice(peer.cluster(), deployment.title(), PART, CLASS);
            return told(fabric.ensure(slice(deployment), slice));
        });
    }

    private Outcome objects(Step.Context context) {
        return with(context, (deployment, order) -> {
            var node = Optional.of(deployment.title()).filter(_ -> order.hosting() == HostingPolicy.CONSUMER);
            var workload = new Bond.Workload(order.namespace(), order.manifest(), node);
            return told(fabric.ensure(workload(deployment), workload));
        });
    }

    private Outcome clear(Step.Context context) {
        return told(fabric.remove(workload(context.resource().as(Deployment.class))));
    }

    /// The last part takes the bond between the clusters along.
    private Outcome leave(Step.Context context) {
        return told(fabric.remove(slice(context.resource().as(Deployment.class))));
    }

    private static Outcome told(Driver.Result result) {
        return Provisioning.outcome("service", result, PAUSE);
    }

    private void ended(Tx tx, Resource resource, Optional<Refusal> refusal) {
        var deployment = resource.as(Deployment.class);
        switch (resource.state()) {
            case "active", "remove_failed" -> {}
            default -> {
                resources.update(
                        tx,
                        resource.state(),
                        resource.withData(deployment.over()).removedAt(platform.now()),
                        NAME,
                        "nothing is left of it");
                refusal.ifPresent(why -> post.send(
                        tx,
                        NAME,
                        deployment.broker(),
                        new Message.Lending(deployment.contract(), Message.Lending.Phase.ENDED, Optional.of(why))));
            }
        }
    }
}
