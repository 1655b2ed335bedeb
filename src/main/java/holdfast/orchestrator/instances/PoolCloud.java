package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.HardwareProfile;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Resource;
import holdfast.platform.Tx;
import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.FrontendRealm;
import holdfast.pools.clouds.Held;
import holdfast.pools.clouds.Limits;
import holdfast.pools.clouds.Quotas.Kind;
import holdfast.pools.clouds.Quotas.Owner;
import holdfast.pools.clouds.Right;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Setup;
import holdfast.pools.clouds.Users;
import holdfast.pools.clouds.choice.Explanation;
import holdfast.pools.clouds.choice.Facts.Images;
import holdfast.pools.clouds.choice.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jooq.impl.DSL;

/// A pool over the store (aeolus.md 4.2, 4.4): names are resolved and rights checked here; what follows is the life of
/// instances.
final class PoolCloud implements VirtualCloud {
    private final PoolClouds all;
    private final Caller caller;
    private final CloudPool pool;
    private final Held held;
    private final boolean open;
    private final PoolRows rows;
    private final Setup setup;
    private final List<HardwareProfile> profiles;
    private final ImagesAround images;
    private final PoolLaunches launches;
    /// To which something is being done since it was asked for here: see [Settling#woken].
    private final Map<UUID, Long> begun = new ConcurrentHashMap<>();

    /// @param open whether everybody may launch in it
    /// @param setup of which the pool is
    /// @param profiles that the caller may look at
    PoolCloud(
            PoolClouds all,
            Caller caller,
            CloudPool pool,
            Held held,
            boolean open,
            Setup setup,
            List<HardwareProfile> profiles) {
        this.all = all;
        this.caller = caller;
        this.pool = pool;
        this.held = held;
        this.open = open;
        // everything in the pool for those who may see that, else one's own and what one has a role on
        this.rows = new PoolRows(
                all, pool.id(), setup, may(Right.Action.VIEW) ? DSL.noCondition() : Fleet.seen(caller, held));
        this.setup = setup;
        this.profiles = profiles;
        this.images = new ImagesAround(all.images().of(pool), pool, setup);
        this.launches =
                new PoolLaunches(all, caller, pool, held, new ThingAccess(all, caller, pool, held), profiles, images);
    }

    PoolLaunches launches() {
        return launches;
    }

    @Override
    public CloudPool pool() {
        return pool;
    }

    private <T> T look(Function<Tx, T> question) {
        return all.database().inTransaction(question);
    }

    /// A change that is rolled back if the answer is no.
    private Answer<InstanceView> change(Function<Tx, Answer<Resource>> work) {
        try {
            return Answer.yes(look(
                    tx -> all.views(tx, () -> setup, List.of(work.apply(tx).orThrow()))
                            .getFirst()));
        } catch (RefusedException e) {
            return Answer.no(e.refusal());
        }
    }

    // --------------------------------------------------------------------------------------------------------------
    // what there is

    @Override
    public List<Realm> realms() {
        return look(all::realms).stream()
                .map(realm -> new Realm(realm, isAvailable(realm)))
                .toList();
    }

    private boolean isAvailable(FrontendRealm realm) {
        return pool.family().accounts().stream()
                .map(CloudAccount::provider)
                .filter(provider -> provider.enabled() && provider.available())
                .anyMatch(provider -> realm.providers().contains(provider.id())
                        || provider.realms().stream()
                                .anyMatch(
                                        one -> one.available() && realm.realms().contains(one.id())));
    }

    @Override
    public List<HardwareProfile> profiles() {
        return profiles;
    }

    @Override
    public ProfileDesk profileDesk() {
        return new CallerProfiles(all, caller, held);
    }

    @Override
    public List<BrokerImage> images() {
        return all.images().of(pool).list(pool);
    }

    @Override
    public Optional<BrokerImage> image(String id) {
        return images.describe(id);
    }

    @Override
    public Stream<InstanceView> instances(InstanceFilter which, int offset, int limit) {
        return rows.some(which, offset, limit);
    }

    @Override
    public Stream<InstanceView> sorted(InstanceFilter which, InstanceOrder order, int offset, int limit) {
        return rows.sorted(which, order, offset, limit);
    }

    @Override
    public int count(InstanceFilter which) {
        return rows.count(which);
    }

    @Override
    public Optional<InstanceView> instance(UUID id) {
        return look(tx -> rows.find(tx, id)
                .map(one -> all.views(tx, () -> setup, List.of(one)).getFirst()));
    }

    private boolean may(Right.Action action) {
        return held.may(action, Target.INSTANCE, path());
    }

    boolean mayDeploy() {
        return open || held.may(Right.Action.CREATE, Target.DEPLOYMENT, path());
    }

    private List<UUID> path() {
        return List.of(pool.id(), pool.family().id());
    }

    @Override
    public List<TaskView> tasks(Optional<UUID> instance, int limit) {
        var user = Optional.of(caller.user()).filter(_ -> !may(Right.Action.VIEW));
        return look(tx -> all.instances().tasks().list(tx, pool.id(), instance, user, limit));
    }

    @Override
    public Optional<TaskView> task(UUID id) {
        return look(tx -> all.instances().tasks().find(tx, pool.id(), id))
                .filter(task -> may(Right.Action.VIEW) || task.user().equals(caller.user()));
    }

    @Override
    public List<EventView> events(UUID instance, int limit) {
        return look(tx -> CloudEvents.latest(tx, instance, limit)).stream()
                .map(CloudEvent::ofSource)
                .toList();
    }

    // --------------------------------------------------------------------------------------------------------------
    // launching

    /// What a token stands for if more than one is launched.
    private record Several(Launch launch, int count) {}

    @Override
    public Answer<List<InstanceView>> launch(Launch launch, int count) {
        return named(launch).flatMap(image -> {
            var known = launches.known(image, launch.build());
            var request = count == 1 ? launch : new Several(launch, count);
            return all.launch(tx -> all.tokens()
                    .once(
                            tx,
                            pool.id(),
                            caller.user(),
                            launch.token(),
                            request,
                            () -> launch(tx, launch, count, image, known)));
        });
    }

    private Answer<List<Resource>> launch(Tx tx, Launch launch, int count, BrokerImage image, Images known) {
        return launches.plan(tx, launch, image)
                .flatMap(plan -> plan.names(count).flatMap(names -> {
                    var explanation = launches.explain(tx, plan, count, known, List.of());
                    var why = explanation.refusal().filter(_ -> !explanation.waitsForImages());
                    if (why.isPresent()) {
                        return Answer.no(why.get());
                    }
                    var made = all.instances()
                            .create(
                                    tx,
                                    caller,
                                    pool.id(),
                                    names,
                                    plan.order(),
                                    known.usable(),
                                    owners(tx, caller.user()));
                    return Answer.yes(made.orThrow().stream().map(this::noted).toList());
                }));
    }

    /// Whoever waits for it is woken from now on.
    private Resource noted(Resource busy) {
        begun.put(busy.id(), all.settling().woken(busy.id()));
        return busy;
    }

    /// Where a launch could be made now, in which order that would be tried, and where not, and why; nothing is
    /// launched, and nothing kept.
    ///
    /// @return as for [#launch] if it cannot be looked for at all
    Answer<Explanation> explain(Launch launch) {
        return named(launch).flatMap(image -> {
            var known = launches.known(image, launch.build());
            return look(tx -> launches.plan(tx, launch, image)
                    .map(plan -> launches.explain(tx, plan, 1, known, owners(tx, caller.user()))));
        });
    }

    /// The image of a launch, for those who may launch here.
    private Answer<BrokerImage> named(Launch launch) {
        if (!open && !may(Right.Action.CREATE)) {
            return Answer.no(Refusal.notYours("you may not launch instances in the pool " + pool.name()));
        }
        return image(launch.image())
                .<Answer<BrokerImage>>map(Answer::yes)
                .orElseGet(() -> Answer.no(Refusal.notThere("image", "there is no image " + launch.image())));
    }

    private record LimitsOf(String user) implements Setup.Key<Limits> {}

    /// All that have a quota, but the account.
    ///
    /// @param user whose instance it is
    List<Owner> owners(Tx tx, String user) {
        return List.of(
                new Owner(Kind.FAMILY, pool.family().id(), pool.family().limits()),
                new Owner(Kind.POOL, pool.id(), pool.limits()),
                new Owner(
                        Kind.USER,
                        Users.id(user),
                        setup.get(
                                new LimitsOf(user),
                                () -> all.configuration().users().limits(tx, user))));
    }

    /// All in whose quota an instance counts that is to be started.
    ///
    /// @return CLASH if nothing is started where it is
    Answer<List<Owner>> starting(Tx tx, Resource instance) {
        var content = instance.as(Instance.class);
        if (content.attempt()
                .match()
                .filter(match ->
                        all.landscape().off(tx, all.configuration().setup(tx)).contains(match.account()))
                .isPresent()) {
            return Answer.no(Refusal.clash(Reason.MUST_BE_ENABLED.code() + ": start is not possible for "
                    + instance.name() + ": " + Reason.MUST_BE_ENABLED.text()));
        }
        var owners = new ArrayList<>(owners(tx, content.owner()));
        content.attempt()
                .match()
                .ifPresent(match -> pool.family().accounts().stream()
                        .filter(account -> account.id().equals(match.account()))
                        .forEach(account -> owners.add(new Owner(Kind.ACCOUNT, account.id(), account.limits()))));
        return Answer.yes(owners);
    }

    // --------------------------------------------------------------------------------------------------------------
    // what is done with them

    @Override
    public Answer<InstanceView> act(UUID id, Action action) {
        var wanted = action == Action.DESTROY ? Right.Action.MODIFY : Right.Action.USE;
        return change(tx -> mine(tx, id, wanted)
                .flatMap(one -> all.isBeingDeployed(tx, one)
                        ? Answer.no(Refusal.clash(
                                "the deployment of " + one.name() + " is still being made; wait, or stop it"))
                        : (action == Action.START ? starting(tx, one) : Answer.yes(List.<Owner>of()))
                                .flatMap(owners -> all.instances().act(tx, id, action, caller.user(), owners))
                                .map(this::noted)));
    }

    @Override
    public Answer<InstanceView> edit(UUID id, Edit edit, Optional<Long> version) {
        return change(tx -> mine(tx, id, Right.Action.MODIFY)
                .flatMap(_ -> all.instances()
                        .lock(tx, id)
                        .<Answer<Resource>>map(Answer::yes)
                        .orElseGet(() -> nothing(id)))
                .flatMap(one -> {
                    if (version.filter(read -> read != one.version()).isPresent()) {
                        return Answer.no(Refusal.clash("the instance was changed since it was read; read it again"));
                    }
                    var order = one.as(Instance.class).order();
                    var described = order.described(
                            edit.description().orElse(order.description()),
                            edit.properties().orElse(order.properties()));
                    return Answer.yes(
                            all.instances().edit(tx, one, edit.name().orElse(one.name()), described, caller.user()));
                }));
    }

    private static <T> Answer<T> nothing(UUID id) {
        return Answer.no(Refusal.notThere("there is no instance " + id));
    }

    /// One that the caller may start, stop and get into.
    Answer<Resource> usable(Tx tx, UUID id) {
        return mine(tx, id, Right.Action.USE);
    }

    /// One that the caller may see, and do that with.
    private Answer<Resource> mine(Tx tx, UUID id, Right.Action action) {
        var found = rows.find(tx, id);
        if (found.isEmpty()) {
            return nothing(id);
        }
        var one = found.get();
        var whole = new ArrayList<>(path());
        whole.add(id);
        one.as(Instance.class).deployment().ifPresent(whole::add);
        return one.as(Instance.class).owner().equals(caller.user()) || held.may(action, Target.INSTANCE, whole)
                ? Answer.yes(one)
                : Answer.no(Refusal.notYours("you may look at " + one.name() + ", not change it"));
    }

    @Override
    public Optional<InstanceView> settled(UUID id, Duration most) {
        return all.settling().await(id, most, Optional.ofNullable(begun.get(id)), () -> instance(id));
    }
}
