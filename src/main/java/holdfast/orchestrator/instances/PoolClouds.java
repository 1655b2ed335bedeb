package holdfast.orchestrator.instances;

import static java.util.Objects.requireNonNull;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.HardwareProfile;
import holdfast.core.Property;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Convoy;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Configuration;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.FrontendRealm;
import holdfast.pools.clouds.Held;
import holdfast.pools.clouds.Landscape;
import holdfast.pools.clouds.Occasion;
import holdfast.pools.clouds.Realms;
import holdfast.pools.clouds.Right;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Setup;
import holdfast.pools.clouds.Stored;
import holdfast.pools.clouds.images.ImageMappers;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jooq.impl.DSL;

/// Leads callers to the pools that they may use (aeolus.md 5.3.3). The default pool is open to everybody.
public final class PoolClouds implements VirtualCloud.Finder, Deployments.Finder {
    /// The driver of those who do not care which clouds there are.
    public static final String BROKER = "broker";

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final Configuration configuration;
    private final Landscape landscape;
    private final Occasion occasion;
    private final ImageMappers images;
    private final Instances instances;
    private final LaunchTokens tokens;
    private final ThingStore things;
    private final Deploying deploying;
    private final Settling settling;

    private final Convoy<Sought, Answer<PoolCloud>> finding = new Convoy<>(this::found);

    /// Launches that come while others are accepted are accepted together: they want the same locks, and would each
    /// keep a connection while they wait for them.
    private final Convoy<Function<Tx, Answer<List<Resource>>>, Answer<List<InstanceView>>> launching =
            new Convoy<>(this::launched);

    public PoolClouds(
            Platform platform,
            Database database,
            Engine engine,
            Configuration configuration,
            Occasion occasion,
            ImageMappers images,
            Instances instances,
            Deploying deploying) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.configuration = configuration;
        this.landscape = new Landscape(configuration);
        this.occasion = occasion;
        this.images = images;
        this.instances = instances;
        this.deploying = deploying;
        this.tokens = new LaunchTokens(platform, engine.resources());
        this.things = new ThingStore(platform);
        engine.forgetting(ThingStore::prune);
        this.settling = new Settling(
                platform, some -> database.inTransaction(tx -> instances.tasks().busy(tx, some)));
        instances.tasks().tell(settling::over);
    }

    /// Has a launch accepted.
    ///
    /// @param launch says no only if it has written nothing; else it throws a [RefusedException]
    Answer<List<InstanceView>> launch(Function<Tx, Answer<List<Resource>>> launch) {
        try {
            return launching.ask(launch);
        } catch (RefusedException e) {
            return Answer.no(e.refusal());
        }
    }

    private List<Answer<List<InstanceView>>> launched(List<Function<Tx, Answer<List<Resource>>>> some) {
        return database.inTransaction(tx -> {
            var answers = some.stream().map(one -> one.apply(tx)).toList();
            var made = answers.stream()
                    .filter(Answer.Yes.class::isInstance)
                    .flatMap(answer -> answer.orThrow().stream())
                    .toList();
            Map<UUID, InstanceView> views =
                    views(tx, made).stream().collect(Collectors.toMap(InstanceView::id, view -> view, (one, _) -> one));
            return answers.stream()
                    .map(answer -> answer.map(all -> all.stream()
                            .map(one -> requireNonNull(views.get(one.id())))
                            .toList()))
                    .toList();
        });
    }

    Platform platform() {
        return platform;
    }

    Database database() {
        return database;
    }

    Resources resources() {
        return engine.resources();
    }

    Settling settling() {
        return settling;
    }

    Configuration configuration() {
        return configuration;
    }

    Occasion occasion() {
        return occasion;
    }

    ImageMappers images() {
        return images;
    }

    Instances instances() {
        return instances;
    }

    LaunchTokens tokens() {
        return tokens;
    }

    ThingStore things() {
        return things;
    }

    Deploying deploying() {
        return deploying;
    }

    Landscape landscape() {
        return landscape;
    }

    @Override
    public Deployments deployments(Caller caller) {
        return new CallerDeployments(this, caller);
    }

    /// Whether all of the deployment that an instance is a part of is still being made, so that nobody does
    /// anything to a part of it.
    boolean isBeingDeployed(Tx tx, Resource instance) {
        return instance.as(Instance.class)
                .deployment()
                .flatMap(id -> resources().find(tx, id))
                .filter(whole -> DeploymentRecords.state(whole).seeking())
                .isPresent();
    }

    private enum Profiles implements Setup.Key<List<HardwareProfile>> {
        ALL
    }

    /// Front-end profiles, the smallest first.
    List<HardwareProfile> profiles(Tx tx, Setup setup) {
        return setup.get(Profiles.ALL, () -> sorted(configuration.profiles().all(tx)));
    }

    private List<HardwareProfile> profiles(Tx tx, Setup setup, Held held) {
        return profiles(tx, setup).stream()
                .filter(one -> may(held, Right.Action.VIEW, one))
                .toList();
    }

    static boolean may(Held held, Right.Action action, HardwareProfile profile) {
        return held.may(action, Target.HARDWARE_PROFILE, List.of(UUID.fromString(profile.id())));
    }

    /// The smallest first (aeolus.md 5.3.5).
    static List<HardwareProfile> sorted(List<HardwareProfile> profiles) {
        return profiles.stream()
                .sorted(Comparator.comparing((HardwareProfile one) -> size(one.cpu()))
                        .thenComparing(one -> size(one.memory()))
                        .thenComparing(HardwareProfile::name))
                .toList();
    }

    /// As they are shown, each with its last task and its volumes.
    List<InstanceView> views(Tx tx, List<Resource> found) {
        return views(tx, () -> configuration.setup(tx), found);
    }

    /// @param setup of which it is asked where instances can be started; only if any is stopped
    List<InstanceView> views(Tx tx, Supplier<Setup> setup, List<Resource> found) {
        var tasks = instances.tasks().last(tx, found.stream().map(Resource::id).toList());
        var volumes = Mounts.of(tx, found);
        var now = platform.now();
        boolean some = found.stream().anyMatch(one -> InstanceRecords.state(one) == InstanceState.STOPPED);
        var off = some ? landscape.off(tx, setup.get()) : Set.<UUID>of();
        return found.stream()
                .map(one -> Views.of(
                        one,
                        Optional.ofNullable(tasks.get(one.id())),
                        volumes.getOrDefault(one.id(), List.of()),
                        off,
                        now))
                .toList();
    }

    /// By name.
    List<FrontendRealm> realms(Tx tx) {
        return configuration.realms().list(tx, DSL.noCondition()).stream()
                .map(Realms::realm)
                .sorted(Comparator.comparing(FrontendRealm::name))
                .toList();
    }

    /// The pool of something that the caller may see, whether or not the pool itself is shown to the caller.
    Answer<PoolCloud> around(Tx tx, Caller caller, Held held, UUID pool) {
        return configuration
                .pools()
                .get(tx, pool)
                .map(entry -> around(tx, configuration.setup(tx), caller, held, entry));
    }

    private PoolCloud around(Tx tx, Setup setup, Caller caller, Held held, Entry<Stored.Pool> entry) {
        return new PoolCloud(
                this,
                caller,
                landscape.pool(tx, setup, entry),
                held,
                entry.value().standard(),
                setup,
                profiles(tx, setup, held));
    }

    private static BigDecimal size(Property property) {
        return switch (property) {
            case Property.Any _ -> BigDecimal.ZERO;
            case Property.Fixed(var value) -> value;
            case Property.Range(var _, var _, var last) -> last;
            case Property.OneOf(var _, var entries) -> entries.getLast();
        };
    }

    @Override
    public Answer<VirtualCloud> find(Caller caller, Optional<String> pool, String driver) {
        return pool(caller, pool).map(cloud -> cloud);
    }

    /// @param pool as in [#find]
    Answer<PoolCloud> pool(Caller caller, Optional<String> pool) {
        return finding.ask(new Sought(caller, pool));
    }

    private record Sought(Caller caller, Optional<String> pool) {}

    private List<Answer<PoolCloud>> found(List<Sought> some) {
        return database.inTransaction(tx -> {
            var setup = configuration.setup(tx);
            var pools = landscape.pools(tx, setup);
            return some.stream()
                    .map(one -> {
                        var held = configuration.grants().held(tx, one.caller());
                        return PoolWords.meant(mine(pools, held), one.pool())
                                .map(pool -> around(tx, setup, one.caller(), held, pool));
                    })
                    .toList();
        });
    }

    private static List<Entry<Stored.Pool>> mine(List<Entry<Stored.Pool>> pools, Held held) {
        return pools.stream()
                .filter(one -> one.value().standard()
                        || held.may(
                                Right.Action.VIEW,
                                Target.POOL,
                                List.of(one.id(), one.parent().orElseThrow())))
                .toList();
    }

    @Override
    public List<String> pools(Caller caller) {
        return database.inTransaction(tx ->
                mine(
                                configuration.pools().list(tx, DSL.noCondition()),
                                configuration.grants().held(tx, caller))
                        .stream()
                        .map(Entry::name)
                        .toList());
    }

    @Override
    public List<HardwareProfile> profiles() {
        return database.inTransaction(tx ->
                profiles(tx, configuration.setup(tx), configuration.grants().open(tx)));
    }

    @Override
    public List<String> drivers() {
        return database.inTransaction(tx -> configuration.types().list(tx, DSL.noCondition())).stream()
                .map(type -> type.value().driver())
                .filter(driver -> !driver.equals(BROKER))
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public Optional<Refusal> unknown(String driver) {
        return driver.equals(BROKER) || drivers().contains(driver)
                ? Optional.empty()
                : Optional.of(Refusal.malformed("driver", "there is no driver " + PoolWords.shortened(driver)));
    }
}
