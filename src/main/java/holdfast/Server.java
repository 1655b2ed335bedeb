package holdfast;

import static java.util.stream.Collectors.toMap;

import holdfast.api.Connections;
import holdfast.api.Credentials;
import holdfast.api.Entrances;
import holdfast.api.Gate;
import holdfast.api.Hearing;
import holdfast.api.Keys;
import holdfast.api.Keystone;
import holdfast.api.KeystoneAccount;
import holdfast.api.Sessions;
import holdfast.api.Tokens;
import holdfast.api.blazar.BlazarApi;
import holdfast.api.declared.DeclaredApi;
import holdfast.api.declared.Parts;
import holdfast.api.keystone.KeystoneApi;
import holdfast.api.promise.Promise;
import holdfast.api.rear.Gateway;
import holdfast.api.rear.RearFace;
import holdfast.api.rear.RearMounts;
import holdfast.api.resources.About;
import holdfast.api.resources.BlueprintIntake;
import holdfast.api.resources.OutsideView;
import holdfast.api.resources.ResourcesApi;
import holdfast.authority.CloudAuthority;
import holdfast.authority.ClusterAuthority.Plan;
import holdfast.authority.Deployments;
import holdfast.authority.Providers;
import holdfast.broker.Broker;
import holdfast.broker.Desk;
import holdfast.broker.Selling;
import holdfast.broker.Supply;
import holdfast.broker.market.HoldPolicy;
import holdfast.broker.market.Signing;
import holdfast.broker.services.Services;
import holdfast.cli.ServerLauncher;
import holdfast.console.Console;
import holdfast.drivers.simulated.SimulatedFabric;
import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.types.TypeFile;
import holdfast.federation.peers.Peers;
import holdfast.federation.resale.Resale;
import holdfast.notifications.Callbacks;
import holdfast.notifications.Face;
import holdfast.notifications.Notifications;
import holdfast.notifications.Thresholds;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.intents.Home;
import holdfast.orchestrator.intents.Intents;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.CannotStartException;
import holdfast.platform.Database;
import holdfast.platform.DirectoryLock;
import holdfast.platform.EmbeddedPostgres;
import holdfast.platform.HttpServer;
import holdfast.platform.Logging;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.WebClient;
import holdfast.platform.WebhookClient;
import holdfast.pools.PolicyService;
import holdfast.pools.Projects;
import holdfast.protocol.rear.NodeIdentity;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One server process, wired by hand: database, engine, orchestrator, broker, the authorities of its sites, and the
/// API.
public final class Server implements ServerLauncher.Running {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final String ORCHESTRATOR = "orchestrator";
    private static final String BROKER = "broker";
    private static final Duration DELEGATION_LIMIT = Duration.ofSeconds(10);

    private final ServerLauncher.Options options;
    private final Started started;
    private final List<String> description = new ArrayList<>();
    private volatile Optional<HttpServer> http = Optional.empty();

    private final Platform platform = Platform.real();
    private final Settings settings;
    private final Set<InetAddress> proxies;
    private final CallbackPolicy callbacks;
    private final List<ClusterSettings.Known> fabrics;
    private final Optional<Plan> borrowing;
    private final Optional<NodeIdentity> seller;
    private final Optional<HttpServer.Options> forOthers;
    private final Optional<KeystoneAccount> trusted;

    private final Ground ground;
    private final Database database;
    private final Engine engine;
    private final Secrets secrets;
    private final Optional<Trust> trust;

    private final Broker broker;
    private final Orchestrator orchestrator;
    private final Intents intents;
    private final Providers providers;
    private final CloudAuthority clouds;
    private final CloudBroker many;
    private final OwnSites own;
    private final Handling handling;
    private final Optional<Trade> trade;

    private final Tokens tokens;
    private final Projects projects;
    private final Optional<Gateway.Standing> standing;
    private final Optional<RearFace> face;
    private final Notifications notifications;
    private final Connections connections;

    /// Starts all parts; returns when requests are taken.
    ///
    /// @throws CannotStartException with what to do about it
    public static Server start(ServerLauncher.Options options) {
        Logging.bridge();
        Thread.ofVirtual().start(TypeFile::standard); // takes a while when cold; the database does, too
        var started = new Started();
        try {
            var server = new Server(options, started);
            server.sell();
            server.run();
            server.watch();
            server.serve();
            return server;
        } catch (RuntimeException | Error e) {
            started.close();
            throw e;
        }
    }

    /// All that is there before the engine starts.
    private Server(ServerLauncher.Options options, Started started) {
        this.options = options;
        this.started = started;
        settings = Settings.read(options.config());
        proxies = settings.proxies();
        callbacks = settings.callbackPolicy();
        fabrics = ClusterSettings.open(
                settings.clusters().orElse(List.of()), System.getenv(), settings.peersPolicy(), platform);
        fabrics.forEach(known -> started.add(known.fabric()));
        borrowing = fabrics.stream().findFirst().map(ClusterSettings.Known::plan);
        seller = settings.federation().map(federation -> federation.node(borrowing.map(Plan::id)));
        forOthers = settings.federation().flatMap(FederationSettings::address);
        trusted = settings.identity().map(identity -> identity.account(System.getenv()));

        started.add(DirectoryLock.take(options.data()));
        ground = Ground.on(platform, started.add(database()), options.data());
        database = ground.database();
        engine = ground.engine();
        secrets = ground.secrets();
        trust = settings.federation()
                .map(known -> new Trust(known, seller.orElseThrow(), options.data(), System.getenv(), platform));
        trust.ifPresent(
                known -> description.add("key of this node: " + known.keys().fingerprint()));

        broker = broker();
        orchestrator = new Orchestrator(
                ORCHESTRATOR,
                BROKER,
                seller.map(_ -> Peers.ACTOR),
                settings.orchestrator(),
                platform,
                database,
                engine);
        intents = new Intents(Home.UNKNOWN, platform, database, engine, orchestrator);
        var guests = new GuestHost(options.data());
        var accounts = new CloudDrivers(options.data(), settings, guests);
        providers = started.add(new Providers(platform, database, engine, secrets, accounts::open, BROKER));
        clouds = new CloudAuthority(platform, engine, providers);
        many = new CloudBroker(
                platform, database, engine, secrets, providers, started.add(new WebhookClient(callbacks)));
        var drivers = new SiteDrivers(options.data(), settings, guests);
        own = new OwnSites(ground, broker.supply(), BROKER, sites(), drivers, fabrics, clouds);
        description.addAll(own.describe());
        own.open();
        handling = new Handling(ground, new OutsideView(engine, broker, this::base));
        trade = trust.map(known -> started.add(trade(known)));

        tokens = Tokens.open(options.data(), platform);
        projects = new Projects(engine.resources());
        standing = trust.map(known -> known.standing(
                () -> database.inTransaction(trade.orElseThrow().shown().peers()::pins)));
        face = standing.map(known -> new RearFace(
                platform, known.door(), trade.flatMap(Trade::resale).map(Resale::supernode)));
        notifications = notifications();
        connections = started.add(new Connections(database, engine));
        connections.start();
    }

    private Broker broker() {
        return new Broker(
                BROKER,
                platform,
                engine,
                ground.calendar(),
                new Supply(BROKER, platform, engine, ground.calendar(), ground.models()),
                policy(),
                settings.federation().map(FederationSettings::holds).orElse(HoldPolicy.USUAL),
                trust.map(Trust::signing).orElse(Signing.NONE));
    }

    /// The service that has a say in reservations, if administrators say where one is.
    private PolicyService policy() {
        var client = started.add(new WebClient(PolicyService.LIMIT, PolicyService.ANSWER));
        return new PolicyService(
                engine.settings(),
                secrets,
                client,
                PolicyService.LIMIT,
                () -> trusted.map(account -> account.credentials().identity().toString())
                        .orElseGet(() -> base() + "/" + Entrances.IDENTITY + "/v3"),
                Entrances.REGION);
    }

    private Trade trade(Trust known) {
        return new Trade(
                settings.federation().orElseThrow(),
                known,
                seller.orElseThrow(),
                BROKER,
                borrowing.map(Plan::authority),
                broker.market(),
                settings.peersPolicy(),
                platform,
                database,
                engine,
                secrets);
    }

    private Notifications notifications() {
        return new Notifications(
                platform,
                database,
                engine,
                secrets,
                new Callbacks(started.add(new WebhookClient(callbacks))),
                new Hearing(tokens, projects),
                face.<Map<String, Face>>map(known -> Map.of(RearFace.NAME, known))
                        .orElse(Map.of()));
    }

    /// Opens the port for other domains; on it nothing is answered before all parts have started.
    private void sell() {
        if (forOthers.isEmpty()) {
            return;
        }
        var node = seller.orElseThrow();
        new Selling(node, platform, database, engine, broker);
        var gateway = new Gateway(
                new Gateway.Seller(node, platform, database, engine, broker.market(), secrets),
                new Gateway.Roles(
                        standing.orElseThrow(),
                        trade.flatMap(Trade::resale),
                        Optional.of(new Gateway.Telling(notifications, face.orElseThrow())),
                        trade.flatMap(Trade::shop),
                        Optional.of(new Gateway.Machines(connections, own.all()::connect))),
                () -> http.isPresent());
        var port = started.add(new RearMounts(gateway).start(trust.orElseThrow().listening(forOthers.get())));
        description.add("federation: " + node.id() + " of " + node.domain() + " at " + port.address());
    }

    /// Has the engine run all that is to be done, and bring all who act here their mail.
    private void run() {
        var actors = new ArrayList<Actor>(List.of(orchestrator, broker, clouds));
        actors.addAll(many.actors());
        actors.addAll(services());
        actors.addAll(own.actors());
        trade.map(Trade::federation).ifPresent(actors::add);
        many.start();
        engine.start(actors, options.database().isPresent());
        started.add(engine::stop);
        trade.ifPresent(Trade::start);
        providers.start();
        awaitDelegations();
    }

    /// Who makes services for what is sold without a host, if there is a cluster for that.
    private List<Actor> services() {
        var cluster = settings.federation()
                .flatMap(known -> known.serving(
                        fabrics.stream().collect(toMap(one -> one.plan().site(), ClusterSettings.Known::fabric)),
                        () -> new SimulatedFabric(Deployments.NAME, List.of(), platform)));
        new Services(BROKER, cluster.map(_ -> Deployments.NAME), engine, secrets, broker.market(), broker.blueprints());
        cluster.ifPresent(fabric -> description.add("services: " + fabric.describe()));
        return cluster.<Actor>map(fabric -> new Deployments(platform, engine, secrets, fabric)).stream()
                .toList();
    }

    /// Until the broker has what our sites delegate: who asks as soon as we are ready finds them.
    private void awaitDelegations() {
        var limit = platform.now().plus(DELEGATION_LIMIT);
        while (isClaiming()) {
            long seen = engine.changed().count();
            if (platform.now().isAfter(limit)) {
                LOG.warn("the broker has not got all delegations yet, and goes on claiming them");
                return;
            }
            try {
                engine.changed().await(seen, Duration.ofMillis(50));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CannotStartException("interrupted while the broker claimed its delegations", e);
            }
        }
    }

    private boolean isClaiming() {
        return database.inTransaction(tx -> engine.resources().ofType(tx, Supply.DELEGATION, 10_000).stream()
                .anyMatch(delegation -> delegation.state().equals("claiming")));
    }

    /// Tells others what happens here.
    private void watch() {
        handling.start(started, callbacks);
        notifications.start();
        started.add(notifications::stop);
        var gauge = new CapacityGauge(platform, broker.capacity());
        var thresholds = new Thresholds(platform, database, engine, gauge);
        thresholds.start();
        started.add(thresholds::stop);
    }

    /// Takes requests.
    private void serve() {
        var desk = started.add(broker.desk(database, ground.hot()));
        var credentials = new Credentials(tokens, new Keys(platform, database, engine.resources(), secrets));
        var sessions = new Sessions(platform, database, projects, secrets, credentials);
        var keystone = trusted.map(account -> started.add(new Keystone(platform, account, Keystone.PATIENCE)));
        var gate = new Gate(credentials, sessions, keystone);
        var api = api(desk, gate);
        var identity = new KeystoneApi(platform, credentials, sessions, gate);
        var promise = new Promise(platform, database, engine, broker, desk, providers, notifications, gate);
        var blazar = new BlazarApi(platform, database, engine, broker, desk, gate);
        var declared = trade.map(known -> new DeclaredApi(platform, engine, gate, parts(known)))
                .map(DeclaredApi::mounts)
                .orElse(List.of());
        var mounts = Stream.of(
                        Console.around(api.mounts()),
                        identity.mounts(),
                        promise.mounts(),
                        blazar.mounts(),
                        SharedPaths.together(many.mounts(gate), declared))
                .flatMap(List::stream);
        var address = HttpServer.Options.standard().withPort(options.port()).withProxies(proxies);
        http = Optional.of(started.add(
                HttpServer.start(settings.bind().map(address::withHost).orElse(address), mounts.toList(), api::open)));
        trade.ifPresent(Trade::greet);
    }

    private ResourcesApi api(Desk desk, Gate gate) {
        var about = new About(version(), options.database().isPresent() ? "PostgreSQL" : "embedded PostgreSQL", seller);
        return new ResourcesApi(
                about,
                platform,
                database,
                engine,
                orchestrator,
                intents,
                broker,
                desk,
                own.all(),
                providers,
                trade.map(Trade::shown),
                handling.subscriptions(),
                handling.replies(),
                notifications,
                connections,
                gate,
                secrets);
    }

    private Parts parts(Trade known) {
        var shown = known.shown();
        return new Parts(
                seller.orElseThrow(),
                database,
                broker.market(),
                broker.blueprints(),
                BlueprintIntake::understand,
                shown.peers(),
                shown.candidates(),
                shown.buying());
    }

    private String base() {
        return http.map(server -> server.address().toString()).orElse("");
    }

    static String version() {
        return Optional.ofNullable(Server.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    private Database database() {
        if (options.database().isPresent()) {
            description.add("database: " + options.database().get());
            return Ground.external(options.database().get());
        }
        var directory = options.data().resolve("postgres");
        var postgres = started.add(EmbeddedPostgres.start(directory, EmbeddedPostgres.Options.standard()));
        description.add("database: PostgreSQL in " + directory);
        return Database.open(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    private List<Sites.Known> sites() {
        var sites = new Sites(options.data().resolve("sites"));
        options.sites().forEach(site -> sites.remember(site.advertisement(), site.driver()));
        if (options.sites().isEmpty() && sites.all().isEmpty()) {
            options.firstSites().forEach(site -> sites.remember(site.advertisement(), site.driver()));
        }
        return sites.all();
    }

    @Override
    public URI url() {
        return http.orElseThrow().address();
    }

    @Override
    public Path tokenFile() {
        return Tokens.file(options.data());
    }

    @Override
    public List<String> describe() {
        return List.copyOf(description);
    }

    /// Stops all parts, the last started first. Twice is once.
    @Override
    public void close() {
        started.close();
    }
}
