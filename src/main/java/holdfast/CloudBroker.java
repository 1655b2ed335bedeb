package holdfast;

import holdfast.api.Gate;
import holdfast.api.cimi.CimiApi;
import holdfast.api.config.ConfigApi;
import holdfast.api.config.ImagesApi;
import holdfast.api.deltacloud.DeltacloudApi;
import holdfast.authority.CloudAuthority;
import holdfast.authority.Providers;
import holdfast.broker.placing.Placing;
import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.orchestrator.instances.AccountThingFinder;
import holdfast.orchestrator.instances.AccountThings;
import holdfast.orchestrator.instances.Captures;
import holdfast.orchestrator.instances.CloudTemplates;
import holdfast.orchestrator.instances.Deploying;
import holdfast.orchestrator.instances.Fleet;
import holdfast.orchestrator.instances.InstanceUsage;
import holdfast.orchestrator.instances.Instances;
import holdfast.orchestrator.instances.PoolClouds;
import holdfast.orchestrator.instances.UsageRecords;
import holdfast.platform.Database;
import holdfast.platform.HttpServer.Mount;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.platform.WebhookClient;
import holdfast.pools.clouds.Configuration;
import holdfast.pools.clouds.Failures;
import holdfast.pools.clouds.ImageMapper.Mapped;
import holdfast.pools.clouds.Landscape;
import holdfast.pools.clouds.Occasion;
import holdfast.pools.clouds.Quotas;
import holdfast.pools.clouds.images.BrokerImages;
import holdfast.pools.clouds.images.ConfiguredPlaces;
import holdfast.pools.clouds.images.ImageMappers;
import holdfast.pools.clouds.images.ImageMappings;
import holdfast.pools.clouds.images.SameIdMapper;
import holdfast.pools.clouds.images.TableMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// Many clouds as one, wired by hand (aeolus.md 1): what administrators set up, the choice of accounts, instances, and
/// the interfaces of clouds.
final class CloudBroker {
    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final Configuration configuration;
    private final ImageMappers images;
    private final ImagesApi imagesApi;
    private final Instances instances;
    private final Deploying deploying;
    private final Placing placing;
    private final PoolClouds pools;
    private final UsageRecords usage;
    private final Fleet fleet;
    private final AccountThings.Finder things;

    /// @param client calls mappers of images elsewhere
    CloudBroker(
            Platform platform,
            Database database,
            Engine engine,
            Secrets secrets,
            Providers providers,
            WebhookClient client) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        var quotas = new Quotas();
        var live = new AccountImages(database, providers);
        var brokerImages = new BrokerImages(platform, engine);
        var mappings = new ImageMappings(platform, engine, brokerImages);
        this.images = new ImageMappers(
                ImageMappers.installed(CloudBroker.class.getClassLoader()),
                new TableMapper(database, brokerImages, mappings),
                new SameIdMapper(live),
                client,
                platform);
        this.instances = new Instances(Placing.NAME, CloudAuthority.NAME, platform, engine, quotas, this::usable);
        this.deploying = new Deploying(Placing.NAME, platform, database, engine, instances);
        var used = new InstanceUsage(database, engine, quotas, instances, brokerImages, mappings);
        this.configuration = new Configuration(platform, database, engine, secrets, new AccountSites(providers), used);
        this.imagesApi =
                new ImagesApi(database, brokerImages, mappings, new ConfiguredPlaces(configuration), used, live);
        providers.tell(this::looked);
        var occasion = new Occasion(configuration, quotas, new Failures());
        this.placing = new Placing(platform, engine.post(), configuration, quotas, occasion);
        this.usage = new UsageRecords(engine.resources(), configuration);
        instances.tell(usage);
        deploying.tell(usage);
        this.pools = new PoolClouds(platform, database, engine, configuration, occasion, images, instances, deploying);
        var sides = new CloudSides(platform, database, providers);
        this.fleet = new Fleet(pools, sides);
        this.things = new AccountThingFinder(pools, sides, new Captures(platform, brokerImages, mappings));
    }

    /// What an image is at each account of a pool where it can be booted.
    private Map<UUID, String> usable(UUID pool, String image, Optional<String> build) {
        var known = database.inTransaction(tx -> new Landscape(configuration).pool(tx, pool))
                .orThrow();
        return Mapped.usable(images.of(known).map(image, build, known.family().accounts()));
    }

    /// What was seen at an account's cloud counts for the next choice.
    private void looked(Tx tx, Resource provider) {
        var account = configuration.accounts().find(tx, provider.id());
        if (account.isEmpty()) {
            return; // not one of those
        }
        var seen = AccountSites.seen(provider);
        if (seen.isPresent()) {
            configuration.accounts().saw(tx, provider.id(), seen.get(), CloudAuthority.NAME);
        } else {
            configuration
                    .providers()
                    .answers(tx, account.get().parent().orElseThrow(), false, CloudAuthority.NAME)
                    .orThrow();
        }
    }

    /// Those who take messages.
    List<Actor> actors() {
        return List.of(instances, deploying, placing);
    }

    /// Adds what is there from the start.
    void start() {
        configuration.seed();
    }

    List<Mount> mounts(Gate gate) {
        var kept = new CloudTemplates(platform, database, engine);
        var faces = Stream.of(
                        new DeltacloudApi(platform, gate, pools, things, DeltacloudApi.PATIENCE).mounts(),
                        new CimiApi(platform, gate, pools, pools, things, kept, CimiApi.PATIENCE).mounts())
                .flatMap(List::stream)
                .toList();
        var config = new ConfigApi(database, configuration, imagesApi, gate)
                .with(fleet, usage)
                .with(pools);
        return Stream.of(config.mounts(), faces, List.of(PoolPaths.of(faces)))
                .flatMap(List::stream)
                .toList();
    }
}
