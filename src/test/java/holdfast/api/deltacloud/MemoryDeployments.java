package holdfast.api.deltacloud;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.orchestrator.instances.Action;
import holdfast.orchestrator.instances.DeploymentPlan;
import holdfast.orchestrator.instances.DeploymentState;
import holdfast.orchestrator.instances.DeploymentView;
import holdfast.orchestrator.instances.Deployments;
import holdfast.orchestrator.instances.EventView;
import holdfast.orchestrator.instances.InstanceState;
import holdfast.orchestrator.instances.InstanceView;
import holdfast.orchestrator.instances.Launch;
import holdfast.orchestrator.instances.VirtualCloud.Edit;
import holdfast.pools.clouds.choice.Explanation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Deployments of the pool in memory. What is begun is done by [#settle].
public final class MemoryDeployments implements Deployments, Deployments.Finder {
    private final MemoryCloud cloud;
    private final Map<UUID, DeploymentPlan> plans = new LinkedHashMap<>();
    private final Map<UUID, DeploymentView> views = new LinkedHashMap<>();

    MemoryDeployments(MemoryCloud cloud) {
        this.cloud = cloud;
    }

    @Override
    public Deployments deployments(Caller caller) {
        return this;
    }

    /// What was asked for.
    public DeploymentPlan plan(String id) {
        return plans.get(UUID.fromString(id));
    }

    public void settle(String id) {
        views.get(UUID.fromString(id)).instances().forEach(cloud::settle);
    }

    @Override
    public Page list(Which which) {
        var all = views.keySet().stream().flatMap(id -> find(id).stream()).toList();
        return new Page(all, all.size());
    }

    @Override
    public Optional<DeploymentView> find(UUID id) {
        return Optional.ofNullable(views.get(id)).map(old -> put(old, old.description(), old.properties()));
    }

    @Override
    public List<InstanceView> instances(UUID id) {
        return views.get(id).instances().stream()
                .flatMap(one -> cloud.instance(one).stream())
                .toList();
    }

    @Override
    public List<EventView> events(UUID id, int limit) {
        return List.of(new EventView(1, id, cloud.platform.now(), Optional.of("failed"), "no account will do"));
    }

    @Override
    public Answer<DeploymentView> launch(DeploymentPlan plan) {
        var earlier = plans.entrySet().stream()
                .filter(one ->
                        plan.token().isPresent() && one.getValue().token().equals(plan.token()))
                .findFirst();
        if (earlier.isPresent())
            return earlier.get().getValue().equals(plan)
                    ? Answer.yes(find(earlier.get().getKey()).orElseThrow())
                    : Answer.no(Refusal.clash("the client token was used for another request"));
        var name = plan.name().orElse("deployment-" + plans.size());
        if (views.values().stream().anyMatch(one -> one.name().equals(name)))
            return Answer.no(Refusal.clash("the pool has a deployment " + name));
        var id = cloud.platform.newId();
        var instances = plan.assemblies().stream()
                .map(one -> cloud.launch(named(one, name)).orThrow().id())
                .toList();
        plans.put(id, plan);
        return Answer.yes(put(
                new DeploymentView(
                        id,
                        name,
                        plan.pool(),
                        "ann",
                        plan.description(),
                        DeploymentState.NEW,
                        plan.realm(),
                        false,
                        false,
                        "",
                        instances,
                        plan.properties(),
                        Duration.ZERO,
                        Duration.ZERO,
                        Optional.empty(),
                        cloud.platform.now(),
                        cloud.platform.now(),
                        0),
                plan.description(),
                plan.properties()));
    }

    private static Launch named(Launch one, String deployment) {
        return new Launch(
                one.name().map(name -> deployment + "/" + name),
                one.description(),
                one.image(),
                one.profile(),
                one.sizes(),
                one.realm(),
                one.key(),
                one.userData(),
                one.properties(),
                one.stopped(),
                one.tied(),
                one.driver(),
                one.token());
    }

    private DeploymentView put(DeploymentView old, Optional<String> description, Map<String, String> properties) {
        var states = old.instances().stream()
                .flatMap(one -> cloud.instance(one).stream())
                .map(InstanceView::state)
                .toList();
        var state = states.contains(InstanceState.NEW)
                ? DeploymentState.PENDING
                : states.contains(InstanceState.SHUTTING_DOWN)
                        ? DeploymentState.SHUTTING_DOWN
                        : states.stream().allMatch(InstanceState.RUNNING::equals)
                                ? DeploymentState.RUNNING
                                : states.contains(InstanceState.RUNNING)
                                        ? DeploymentState.INCOMPLETE
                                        : DeploymentState.STOPPED;
        var view = new DeploymentView(
                old.id(),
                old.name(),
                old.pool(),
                old.owner(),
                description,
                state,
                old.realm(),
                false,
                false,
                "",
                old.instances(),
                properties,
                Duration.ZERO,
                Duration.ZERO,
                Optional.empty(),
                old.created(),
                old.updated(),
                0);
        views.put(old.id(), view);
        return view;
    }

    @Override
    public Answer<Explanation> explain(DeploymentPlan plan) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Answer<DeploymentView> stop(UUID id) {
        return act(id, Action.STOP);
    }

    @Override
    public Answer<DeploymentView> start(UUID id) {
        return act(id, Action.START);
    }

    @Override
    public Answer<DeploymentView> reboot(UUID id) {
        return act(id, Action.REBOOT);
    }

    private Answer<DeploymentView> act(UUID id, Action action) {
        instances(id).stream()
                .filter(one -> one.actions().contains(action))
                .forEach(one -> cloud.act(one.id(), action));
        return Answer.yes(find(id).orElseThrow());
    }

    @Override
    public Answer<Optional<DeploymentView>> delete(UUID id) {
        views.remove(id).instances().forEach(one -> cloud.act(one, Action.DESTROY));
        return Answer.yes(Optional.empty());
    }

    @Override
    public Answer<DeploymentView> edit(UUID id, Edit edit, Optional<Long> version) {
        var old = views.get(id);
        return Answer.yes(put(
                old,
                edit.description().orElse(old.description()),
                edit.properties().orElse(old.properties())));
    }
}
