package holdfast.orchestrator.instances;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.HardwareProfile;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Journal;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Tx;
import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.FrontendRealm;
import holdfast.pools.clouds.Held;
import holdfast.pools.clouds.ImageMapper.UnavailableException;
import holdfast.pools.clouds.LaunchRequest;
import holdfast.pools.clouds.LaunchRequest.Assembly;
import holdfast.pools.clouds.Limits;
import holdfast.pools.clouds.Quotas.Kind;
import holdfast.pools.clouds.Quotas.Owner;
import holdfast.pools.clouds.Realms;
import holdfast.pools.clouds.Right;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Users;
import holdfast.pools.clouds.choice.Facts.Images;
import holdfast.pools.clouds.choice.Narrowing;
import holdfast.pools.clouds.choice.Selection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// A pool over the store (aeolus.md 4.2, 4.4): names are resolved and rights checked here; what follows is the life of
/// instances.
final class PoolCloud implements VirtualCloud {
    /// The realm of what was launched without one (aeolus.md 10, row 19).
    private static final String ANYWHERE = "any";

    private static final int MOST_NAME = 1_024;

    private final PoolClouds all;
    private final Caller caller;
    private final CloudPool pool;
    private final Held held;
    private final boolean open;

    /// @param open whether everybody may launch in it
    PoolCloud(PoolClouds all, Caller caller, CloudPool pool, Held held, boolean open) {
        this.all = all;
        this.caller = caller;
        this.pool = pool;
        this.held = held;
        this.open = open;
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
                    tx -> view(tx, List.of(work.apply(tx).orThrow())).getFirst()));
        } catch (RefusedException e) {
            return Answer.no(e.refusal());
        }
    }

    // --------------------------------------------------------------------------------------------------------------
    // what there is

    @Override
    public List<Realm> realms() {
        return look(this::realms);
    }

    private List<Realm> realms(Tx tx) {
        return all.configuration().realms().list(tx, DSL.noCondition()).stream()
                .map(Realms::realm)
                .sorted(Comparator.comparing(FrontendRealm::name))
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
        return look(tx -> PoolClouds.sorted(all.configuration().profiles().all(tx)));
    }

    @Override
    public List<BrokerImage> images() {
        return all.images().of(pool).list(pool);
    }

    @Override
    public Optional<BrokerImage> image(String id) {
        return all.images().of(pool).describe(pool, id);
    }

    @Override
    public List<InstanceView> instances(Which which) {
        var condition = ofPool();
        if (which.state().isPresent()) {
            condition = condition.and(Resources.inState(which.state().get().word()));
        }
        if (which.name().isPresent()) {
            condition = condition.and(Resources.named(which.name().get()));
        }
        if (which.realm().isPresent()) {
            condition = condition.and(DSL.condition(
                    "data -> 'order' -> 'realm' ->> 'name' = {0}",
                    DSL.val(which.realm().get())));
        }
        var selected = condition.and(seen());
        return look(tx -> view(tx, all.resources().list(tx, selected, which.limit())));
    }

    private Condition ofPool() {
        return DSL.condition("type = 'cloudInstance' and (data ->> 'pool')::uuid = {0}", DSL.val(pool.id()))
                .and(Resources.present());
    }

    /// Everything in the pool for those who may see that, else one's own and what one has a role on.
    private Condition seen() {
        if (may(Right.Action.VIEW)) {
            return DSL.noCondition();
        }
        var own = DSL.condition("data ->> 'owner' = {0}", DSL.val(caller.user()));
        return own.or(
                Resources.withIds(held.where(Right.Action.VIEW, Target.INSTANCE).orElse(Set.of())));
    }

    @Override
    public Optional<InstanceView> instance(UUID id) {
        return look(tx -> all
                .resources()
                .list(tx, ofPool().and(Resources.withId(id)).and(seen()), 1)
                .stream()
                .findFirst()
                .map(one -> view(tx, List.of(one)).getFirst()));
    }

    private boolean may(Right.Action action) {
        return held.may(action, Target.INSTANCE, path());
    }

    private List<UUID> path() {
        return List.of(pool.id(), pool.family().id());
    }

    private List<InstanceView> view(Tx tx, List<Resource> found) {
        var tasks = all.instances()
                .tasks()
                .last(tx, found.stream().map(Resource::id).toList());
        return found.stream()
                .map(one -> Views.of(one, Optional.ofNullable(tasks.get(one.id()))))
                .toList();
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
        return look(tx -> all.journal().latest(tx, Journal.about(instance), limit)).stream()
                .map(Views::event)
                .toList();
    }

    // --------------------------------------------------------------------------------------------------------------
    // launching

    @Override
    public Answer<InstanceView> launch(Launch launch) {
        if (!open && !may(Right.Action.CREATE)) {
            return Answer.no(Refusal.notYours("you may not launch instances in the pool " + pool.name()));
        }
        var image = image(launch.image());
        if (image.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no image " + launch.image()));
        }
        var known = known(launch.image());
        return change(tx -> all.tokens()
                .earlier(tx, pool.id(), caller.user(), launch)
                .flatMap(before ->
                        before.isPresent() ? Answer.yes(before.get()) : launch(tx, launch, image.get(), known)));
    }

    /// What the image is at each account; asked outside of any transaction, since it may take a while.
    private Images known(String image) {
        try {
            return new Images.Known(all.images()
                    .of(pool)
                    .map(image, Optional.empty(), pool.family().accounts()));
        } catch (UnavailableException e) {
            return new Images.Silent(String.valueOf(e.getMessage()));
        }
    }

    private Answer<Resource> launch(Tx tx, Launch launch, BrokerImage image, Images known) {
        return profile(tx, launch, image)
                .flatMap(profile -> Narrowing.narrow(profile, launch.sizes())
                        .flatMap(narrowed -> realm(tx, launch)
                                .flatMap(realm -> launch(tx, launch, image, known, profile, narrowed, realm))));
    }

    private Answer<Resource> launch(
            Tx tx,
            Launch launch,
            BrokerImage image,
            Images known,
            HardwareProfile profile,
            HardwareProfile narrowed,
            Optional<FrontendRealm> realm) {
        var name = launch.name().orElseGet(this::freshName);
        if (name.isBlank() || name.length() > MOST_NAME) {
            return Answer.no(Refusal.malformed("name", "name has 1 to " + MOST_NAME + " characters"));
        }
        var seed = all.platform().newId().getLeastSignificantBits();
        var request = new LaunchRequest(
                pool,
                caller.user(),
                realm,
                launch.driver(),
                launch.tied(),
                List.of(new Assembly(name, narrowed, image, Optional.empty())));
        var facts = all.occasion().facts(tx, pool, all.platform().now(), List.of(known), Set.of());
        var explanation = Selection.choose(request, facts, seed);
        var why = explanation.refusal().filter(_ -> !explanation.waitsForImages());
        if (why.isPresent()) {
            return Answer.no(why.get());
        }
        var order = new Instance.Order(
                launch.description(),
                image.id(),
                Optional.empty(),
                profile,
                narrowed,
                realm.map(one -> new Instance.Realm(one.id(), one.name())),
                launch.key(),
                launch.userData(),
                launch.properties(),
                launch.stopped(),
                launch.tied(),
                launch.driver(),
                launch.extras(),
                seed);
        return all.instances()
                .create(tx, caller, pool.id(), name, order, owners())
                .map(made -> all.tokens().keep(tx, pool.id(), caller.user(), launch, made));
    }

    /// Ids begin with the time; their ends are random.
    private String freshName() {
        var id = all.platform().newId().toString();
        return "instance-" + id.substring(id.length() - 12);
    }

    private Answer<HardwareProfile> profile(Tx tx, Launch launch, BrokerImage image) {
        var profiles = PoolClouds.sorted(all.configuration().profiles().all(tx));
        if (launch.profile().isEmpty()) {
            return profiles.stream()
                    .filter(one -> one.architectures().isEmpty()
                            || image.architecture()
                                    .map(one.architectures()::contains)
                                    .orElse(true))
                    .findFirst()
                    .map(Answer::yes)
                    .orElseGet(() -> Answer.no(
                            Refusal.clash("there is no hardware profile that the image " + image.id() + " allows")));
        }
        var wanted = launch.profile().get();
        return profiles.stream()
                .filter(one -> one.id().equals(wanted) || one.name().equals(wanted))
                .findFirst()
                .map(Answer::yes)
                .orElseGet(() ->
                        Answer.no(Refusal.malformed("hwp_id", "Hardware profile '" + wanted + "' does not exists.")));
    }

    private Answer<Optional<FrontendRealm>> realm(Tx tx, Launch launch) {
        var wanted = launch.realm().filter(name -> !name.equals(ANYWHERE));
        if (wanted.isEmpty()) {
            return Answer.yes(Optional.empty());
        }
        return realms(tx).stream()
                .map(Realm::realm)
                .filter(one ->
                        one.name().equals(wanted.get()) || one.id().toString().equals(wanted.get()))
                .findFirst()
                .<Answer<Optional<FrontendRealm>>>map(one -> Answer.yes(Optional.of(one)))
                .orElseGet(() -> Answer.no(Refusal.notThere("there is no realm " + wanted.get())));
    }

    /// All that have a quota, but the account.
    private List<Owner> owners() {
        return List.of(
                new Owner(Kind.FAMILY, pool.family().id(), pool.family().limits()),
                new Owner(Kind.POOL, pool.id(), pool.limits()),
                new Owner(Kind.USER, Users.id(caller.user()), Limits.NONE));
    }

    // --------------------------------------------------------------------------------------------------------------
    // what is done with them

    @Override
    public Answer<InstanceView> act(UUID id, Action action) {
        var wanted = action == Action.DESTROY ? Right.Action.MODIFY : Right.Action.USE;
        return change(tx -> mine(tx, id, wanted).flatMap(one -> {
            var owners = new ArrayList<>(owners());
            one.as(Instance.class)
                    .attempt()
                    .match()
                    .ifPresent(match -> pool.family().accounts().stream()
                            .filter(account -> account.id().equals(match.account()))
                            .forEach(account -> owners.add(new Owner(Kind.ACCOUNT, account.id(), account.limits()))));
            return all.instances().act(tx, id, action, caller.user(), owners);
        }));
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

    /// One that the caller may see, and do that with.
    private Answer<Resource> mine(Tx tx, UUID id, Right.Action action) {
        var found = all.resources().list(tx, ofPool().and(Resources.withId(id)).and(seen()), 1);
        if (found.isEmpty()) {
            return nothing(id);
        }
        var one = found.getFirst();
        var whole = new ArrayList<>(path());
        whole.add(id);
        return one.as(Instance.class).owner().equals(caller.user()) || held.may(action, Target.INSTANCE, whole)
                ? Answer.yes(one)
                : Answer.no(Refusal.notYours("you may look at " + one.name() + ", not change it"));
    }

    @Override
    public Optional<InstanceView> settled(UUID id, Duration most) {
        return all.settling().await(most, () -> instance(id));
    }
}
