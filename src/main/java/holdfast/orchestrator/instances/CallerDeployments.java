package holdfast.orchestrator.instances;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Tx;
import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.FrontendRealm;
import holdfast.pools.clouds.Held;
import holdfast.pools.clouds.Quotas.Owner;
import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.choice.Explanation;
import holdfast.pools.clouds.choice.Facts.Images;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// Deployments over the store: names are resolved and rights checked here; what follows is their life.
final class CallerDeployments implements Deployments {
    private static final int LONGEST_NAME = 50;
    private static final int MOST_ASSEMBLIES = 100;

    private final PoolClouds all;
    private final Caller caller;

    CallerDeployments(PoolClouds all, Caller caller) {
        this.all = all;
        this.caller = caller;
    }

    private <T> T look(Function<Tx, T> question) {
        return all.database().inTransaction(question);
    }

    /// A change that is rolled back if the answer is no.
    private <T> Answer<T> change(Function<Tx, Answer<T>> work) {
        try {
            return Answer.yes(look(tx -> work.apply(tx).orThrow()));
        } catch (RefusedException e) {
            return Answer.no(e.refusal());
        }
    }

    // --------------------------------------------------------------------------------------------------------------
    // what there is

    private static Condition there() {
        return DSL.condition("type = 'cloudDeployment'").and(Resources.present());
    }

    private Held held(Tx tx) {
        return all.configuration().grants().held(tx, caller);
    }

    /// One's own, and what one may view by itself, by its pool or by the family of that.
    static Condition seen(Caller caller, Held held) {
        var where = held.where(Action.VIEW, Target.DEPLOYMENT);
        if (where.isEmpty()) {
            return DSL.noCondition();
        }
        var ids = DSL.val(where.get().toArray(UUID[]::new));
        return DSL.condition("data ->> 'owner' = {0}", DSL.val(caller.user()))
                .or(RESOURCE.ID.eq(DSL.any(ids)))
                .or(DSL.condition("(data ->> 'pool')::uuid = any({0})", ids))
                .or(DSL.condition(
                        "(data ->> 'pool')::uuid in (select p.id from resource p where p.parent = any({0}) and p.type = 'cloudPool')",
                        ids));
    }

    @Override
    public Page list(Which which) {
        var condition = there();
        if (which.pool().isPresent()) {
            condition = condition.and(DSL.condition(
                    "(data ->> 'pool')::uuid = {0}", DSL.val(which.pool().get())));
        }
        if (which.state().isPresent()) {
            condition = condition.and(Resources.inState(which.state().get().word()));
        }
        if (which.name().isPresent()) {
            condition = condition.and(Resources.named(which.name().get()));
        }
        var asked = condition;
        return look(tx -> {
            var selected = asked.and(seen(caller, held(tx)));
            var ids = tx.sql()
                    .select(RESOURCE.ID)
                    .from(RESOURCE)
                    .where(selected)
                    .orderBy(RESOURCE.CREATED, RESOURCE.ID)
                    .offset(which.offset())
                    .limit(which.limit())
                    .fetch(RESOURCE.ID);
            var some = all.resources().list(tx, Resources.withIds(ids), which.limit());
            return new Page(view(tx, some), tx.sql().fetchCount(RESOURCE, selected));
        });
    }

    private Optional<Resource> visible(Tx tx, UUID id) {
        return all.resources().list(tx, there().and(Resources.withId(id)).and(seen(caller, held(tx))), 1).stream()
                .findFirst();
    }

    @Override
    public Optional<DeploymentView> find(UUID id) {
        return look(tx -> visible(tx, id).map(one -> view(tx, List.of(one)).getFirst()));
    }

    @Override
    public List<InstanceView> instances(UUID id) {
        return look(tx -> visible(tx, id)
                .map(one -> {
                    var content = one.as(Deployment.class);
                    var parts = all.instances().parts().look(tx, content.parts());
                    return all.views(tx, parts);
                })
                .orElse(List.of()));
    }

    @Override
    public List<EventView> events(UUID id, int limit) {
        return look(tx -> visible(tx, id)
                .map(_ -> CloudEvents.latest(tx, id, limit).stream()
                        .map(CloudEvent::ofSource)
                        .toList())
                .orElse(List.of()));
    }

    private List<DeploymentView> view(Tx tx, List<Resource> found) {
        var parts = found.stream()
                .flatMap(one -> one.as(Deployment.class).parts().stream())
                .toList();
        var there = all.resources().ids(tx, Resources.withIds(parts).and(Resources.present()));
        return found.stream()
                .map(one -> Views.of(one, there, all.platform().now()))
                .toList();
    }

    private PoolCloud cloud(Tx tx, UUID pool) {
        return all.around(tx, caller, held(tx), pool).orThrow();
    }

    // --------------------------------------------------------------------------------------------------------------
    // launching

    /// An assembly whose image is known.
    private record Draft(Launch launch, BrokerImage image, Images known) {}

    /// What a plan comes to in its pool.
    private record Resolved(String name, List<PoolLaunches.Plan> plans, Explanation explanation) {}

    @Override
    public Answer<DeploymentView> launch(DeploymentPlan plan) {
        return named(plan)
                .flatMap(cloud -> drafts(plan, cloud)
                        .flatMap(drafts -> change(tx -> all.tokens()
                                .once(
                                        tx,
                                        plan.pool(),
                                        caller.user(),
                                        plan.token(),
                                        plan,
                                        () -> resolved(tx, plan, cloud, drafts, List.of())
                                                .flatMap(resolved -> launch(tx, plan, cloud, resolved))
                                                .map(List::of))
                                .map(made -> view(tx, made).getFirst()))));
    }

    @Override
    public Answer<Explanation> explain(DeploymentPlan plan) {
        return named(plan)
                .flatMap(cloud -> drafts(plan, cloud)
                        .flatMap(drafts -> look(tx ->
                                        resolved(tx, plan, cloud, drafts, cloud.owners(tx, caller.user())))
                                .map(Resolved::explanation)));
    }

    /// The pool of a plan, for those who may launch there.
    private Answer<PoolCloud> named(DeploymentPlan plan) {
        var fault = fault(plan);
        if (fault.isPresent()) {
            return Answer.no(fault.get());
        }
        return all.pool(caller, Optional.of(plan.pool().toString()))
                .flatMap(cloud -> cloud.mayDeploy()
                        ? Answer.yes(cloud)
                        : Answer.no(Refusal.notYours("you may not launch deployments in the pool "
                                + cloud.pool().name())));
    }

    private static Answer<List<Draft>> drafts(DeploymentPlan plan, PoolCloud cloud) {
        var drafts = new ArrayList<Draft>();
        for (var launch : plan.assemblies()) {
            var image = cloud.image(launch.image());
            if (image.isEmpty()) {
                return Answer.no(Refusal.notThere("image", "there is no image " + launch.image()));
            }
            drafts.add(new Draft(launch, image.get(), cloud.launches().known(image.get(), launch.build())));
        }
        return Answer.yes(drafts);
    }

    private static Optional<Refusal> fault(DeploymentPlan plan) {
        if (plan.name()
                .filter(name -> name.isBlank() || name.length() > LONGEST_NAME)
                .isPresent()) {
            return malformed("name", "name has 1 to " + LONGEST_NAME + " characters");
        }
        if (plan.assemblies().isEmpty() || plan.assemblies().size() > MOST_ASSEMBLIES) {
            return malformed("assemblies", "a deployment has 1 to " + MOST_ASSEMBLIES + " assemblies");
        }
        var names = new HashSet<String>();
        for (var one : plan.assemblies()) {
            var name = one.name().filter(word -> !word.isBlank() && word.length() <= 100);
            if (name.isEmpty() || !names.add(name.get())) {
                return malformed("assemblies", "each assembly has a name of its own of 1 to 100 characters");
            }
        }
        var drivers = plan.assemblies().stream().map(Launch::driver).distinct().count();
        return drivers > 1
                ? malformed("driver", "all assemblies of a deployment go to one account, so to one driver")
                : Optional.empty();
    }

    private static Optional<Refusal> malformed(String field, String why) {
        return Optional.of(Refusal.malformed(field, why));
    }

    private Answer<Resolved> resolved(
            Tx tx, DeploymentPlan plan, PoolCloud cloud, List<Draft> drafts, List<Owner> owners) {
        var launches = cloud.launches();
        var realm = launches.realm(tx, plan.realm());
        if (realm instanceof Answer.No<Optional<FrontendRealm>>(var why)) {
            return Answer.no(why);
        }
        var seed = launches.seed();
        var plans = new ArrayList<PoolLaunches.Plan>();
        for (var draft : drafts) {
            var one = launches.plan(tx, draft.launch(), draft.image(), realm.orThrow(), seed);
            if (one instanceof Answer.No<PoolLaunches.Plan>(var why)) {
                return Answer.no(why);
            }
            plans.add(one.orThrow());
        }
        var known = drafts.stream().map(Draft::known).toList();
        var explanation = launches.explain(tx, launches.together(plans), known, owners, seed);
        var name = plan.name().orElseGet(() -> launches.freshName("deployment"));
        return Answer.yes(new Resolved(name.replaceAll("[^\\p{L}\\p{M}\\p{Nd}]", "-"), plans, explanation));
    }

    private Answer<Resource> launch(Tx tx, DeploymentPlan plan, PoolCloud cloud, Resolved resolved) {
        var explanation = resolved.explanation();
        var why = explanation.refusal().filter(_ -> !explanation.waitsForImages());
        if (why.isPresent()) {
            return Answer.no(why.get());
        }
        var parts = resolved.plans().stream()
                .map(one -> new Parts.Draft(all.platform().newId(), resolved.name() + "/" + one.name(), one.order()))
                .toList();
        var realm = resolved.plans().getFirst().order().realm().map(Instance.Realm::name);
        var order =
                new Deployment.Order(plan.description(), realm, plan.partial(), plan.properties(), plan.deployable());
        return all.deploying()
                .create(tx, caller, cloud.pool().id(), resolved.name(), order, parts, cloud.owners(tx, caller.user()));
    }

    // --------------------------------------------------------------------------------------------------------------
    // what is done with them

    /// One that the caller may do that with, locked.
    private Answer<Resource> mine(Tx tx, UUID id, Action action) {
        if (visible(tx, id).isEmpty()) {
            return Answer.no(Refusal.notThere("there is no deployment " + id));
        }
        var found = all.deploying().lock(tx, id);
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no deployment " + id));
        }
        var one = found.get();
        var content = one.as(Deployment.class);
        var path = new ArrayList<>(List.of(id, content.pool()));
        all.resources().find(tx, content.pool()).flatMap(Resource::parent).ifPresent(path::add);
        return content.owner().equals(caller.user()) || held(tx).may(action, Target.DEPLOYMENT, path)
                ? Answer.yes(one)
                : Answer.no(Refusal.notYours("you may look at " + one.name() + ", not change it"));
    }

    private Answer<DeploymentView> change(UUID id, Action action, BiFunction<Tx, Resource, Answer<Resource>> work) {
        return change(tx -> mine(tx, id, action)
                .flatMap(one -> work.apply(tx, one))
                .map(after -> view(tx, List.of(after)).getFirst()));
    }

    @Override
    public Answer<DeploymentView> stop(UUID id) {
        return change(id, Action.USE, (tx, one) -> all.deploying().stop(tx, one, caller.user()));
    }

    @Override
    public Answer<DeploymentView> start(UUID id) {
        return change(id, Action.USE, (tx, one) -> {
            var cloud = cloud(tx, one.as(Deployment.class).pool());
            return all.deploying().start(tx, one, caller.user(), part -> cloud.starting(tx, part));
        });
    }

    @Override
    public Answer<DeploymentView> reboot(UUID id) {
        return change(id, Action.USE, (tx, one) -> all.deploying().reboot(tx, one, caller.user()));
    }

    @Override
    public Answer<Optional<DeploymentView>> delete(UUID id) {
        return change(tx -> mine(tx, id, Action.MODIFY)
                .map(one -> all.deploying()
                        .delete(tx, one, caller.user())
                        .map(after -> view(tx, List.of(after)).getFirst())));
    }

    @Override
    public Answer<DeploymentView> edit(UUID id, VirtualCloud.Edit edit, Optional<Long> version) {
        return change(id, Action.MODIFY, (tx, one) -> {
            if (version.filter(read -> read != one.version()).isPresent()) {
                return Answer.no(Refusal.clash("the deployment was changed since it was read; read it again"));
            }
            if (edit.name().filter(name -> !name.equals(one.name())).isPresent()) {
                return Answer.no(Refusal.malformed("name", "the name of a deployment stays: its instances bear it"));
            }
            var order = one.as(Deployment.class).order();
            var described = order.described(
                    edit.description().orElse(order.description()),
                    edit.properties().orElse(order.properties()));
            return Answer.yes(all.deploying().edit(tx, one, described, caller.user()));
        });
    }
}
