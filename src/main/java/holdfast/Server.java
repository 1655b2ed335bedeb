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
import holdfast.authority.Advertising;
import holdfast.authority.Authorities;
import holdfast.authority.Authority;
import holdfast.authority.CloudAuthority;
import holdfast.authority.ClusterAuthorities;
import holdfast.authority.ClusterAuthority;
import holdfast.authority.ClusterAuthority.Plan;
import holdfast.authority.Deployments;
import holdfast.authority.Providers;
import holdfast.broker.Broker;
import holdfast.broker.Selling;
import holdfast.broker.Supply;
import holdfast.broker.market.HoldPolicy;
import holdfast.broker.market.Signing;
import holdfast.broker.services.Services;
import holdfast.calendar.Auditor;
import holdfast.calendar.Calendar;
import holdfast.calendar.Hot;
import holdfast.cli.ServerLauncher;
import holdfast.console.Console;
import holdfast.drivers.simulated.SimulatedFabric;
import holdfast.engine.Actor;
import holdfast.engine.Engine;
import holdfast.engine.handlers.Agents;
import holdfast.engine.handlers.Calls;
import holdfast.engine.handlers.Handlers;
import holdfast.engine.handlers.Merging;
import holdfast.engine.handlers.Replies;
import holdfast.engine.handlers.SimulatedAgents;
import holdfast.engine.handlers.Subscriptions;
import holdfast.engine.handlers.Webhooks;
import holdfast.engine.types.TypeFile;
import holdfast.federation.peers.Peers;
import holdfast.federation.resale.Resale;
import holdfast.inventory.Models;
import holdfast.notifications.Callbacks;
import holdfast.notifications.Face;
import holdfast.notifications.Notifications;
import holdfast.notifications.Thresholds;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.intents.Home;
import holdfast.orchestrator.intents.Intents;
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
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One server process, wired by hand: database, engine, orchestrator, broker, the authorities of its sites, and the
/// API.
public final class Server implements ServerLauncher.Running {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final String ORCHESTRATOR = "orchestrator";
    private static final String BROKER = "broker";
    private static final String DELEGATION = "primary";
    private static final Duration DELEGATION_LIMIT = Duration.ofSeconds(10);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final List<String> description = new ArrayList<>();
    private final Platform platform = Platform.real();
    private final Path data;
    private volatile Optional<HttpServer> http = Optional.empty();

    private Server(Path data) {
        this.data = data;
    }

    /// Starts all parts; returns when requests are taken.
    ///
    /// @throws CannotStartException with what to do about it
    public static Server start(ServerLauncher.Options options) {
        Logging.bridge();
        var server = new Server(options.data());
        try {
            server.open(options);
            return server;
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    private void open(ServerLauncher.Options options) {
        Thread.ofVirtual().start(TypeFile::standard); // takes a while when cold; the database does, too
        var settings = Settings.read(options.config());
        var proxies = settings.proxies();
        var callbacks = settings.callbackPolicy();
        var fabrics = ClusterSettings.open(settings.clusters().orElse(List.of()), System.getenv(), platform);
        fabrics.forEach(known -> part(known.fabric()));
        var borrowing = fabrics.stream().findFirst().map(ClusterSettings.Known::plan);
        var seller = settings.federation().map(federation -> federation.node(borrowing.map(Plan::id)));
        var forOthers = settings.federation().flatMap(FederationSettings::address);
        var trusted = settings.identity().map(identity -> identity.account(System.getenv()));
        part(DirectoryLock.take(data));
        var database = part(database(options));
        var engine = new Engine(platform, database);
        var hot = new Hot(engine.id(), database);
        var calendar = new Calendar(hot);
        new Auditor(platform, database, engine, calendar);
        var models = new Models(platform);

        var secrets = Secrets.open(data, System.getenv());
        var supply = new Supply(BROKER, platform, engine, calendar, models);
        var trust = settings.federation()
                .map(federation -> new Trust(federation, seller.orElseThrow(), data, System.getenv(), platform));
        trust.ifPresent(
                known -> description.add("key of this node: " + known.keys().fingerprint()));
        var broker = new Broker(
                BROKER,
                platform,
                engine,
                calendar,
                supply,
                policy(engine, secrets, trusted),
                settings.federation().map(FederationSettings::holds).orElse(HoldPolicy.USUAL),
                trust.map(Trust::signing).orElse(Signing.NONE));
        var orchestrator = new Orchestrator(
                ORCHESTRATOR,
                BROKER,
                seller.map(_ -> Peers.ACTOR),
                settings.orchestrator(),
                platform,
                database,
                engine);
        var intents = new Intents(Home.UNKNOWN, platform, database, engine, orchestrator);
        var guests = new GuestHost(data);
        var accounts = new CloudDrivers(data, settings, guests);
        var providers = part(new Providers(platform, database, engine, secrets, accounts::open, BROKER));
        var clouds = new CloudAuthority(platform, engine, providers);
        var many = new CloudBroker(platform, database, engine, secrets, providers, part(new WebhookClient(callbacks)));
        var sites = sites(options).all();
        var drivers = new SiteDrivers(data, settings, guests);
        var authorities = new ArrayList<Authority>();
        for (var site : sites) {
            var advertising = new Advertising(site.authority(), platform, engine, calendar, models);
            var driver = drivers.driver(site);
            authorities.add(new Authority(site.authority(), driver, platform, engine, calendar, models, advertising));
            description.add("site " + site.authority() + ": " + driver.describe());
        }
        var clusters = clusters(fabrics, database, engine, calendar, models, secrets, broker);
        var all = new Authorities(platform, database, engine, authorities, Optional.of(clouds), Optional.of(clusters));
        for (int i = 0; i < sites.size(); i++) {
            var authority = authorities.get(i);
            var graph = sites.get(i).graphMl();
            database.inTransaction(tx -> all.open(tx, authority, graph)).orThrow();
            database.inTransaction(tx -> {
                broker.supply().claim(tx, authority.name(), DELEGATION, BROKER);
                return true;
            });
        }

        var view = new OutsideView(engine, broker, this::base);
        var replies = new Replies(platform, database, engine);
        var subscriptions = new Subscriptions(platform, database, engine, Subscriptions.Options.standard());
        var calls = new Calls(platform, engine.processes(), view);
        new Agents(platform, database, engine, view, calls).define();
        var handlers = new Handlers(platform, database, engine, calls, new Merging(engine.types()));
        handlers.attach(engine);

        var trade = trust.map(known -> part(new Trade(
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
                secrets)));
        var tokens = Tokens.open(data, platform);
        var projects = new Projects(engine.resources());
        var hearing = new Hearing(tokens, projects);
        var receivers = new Callbacks(part(new WebhookClient(callbacks)));
        var standing = trust.map(known -> known.standing(
                () -> database.inTransaction(trade.orElseThrow().shown().peers()::pins)));
        var resale = trade.flatMap(Trade::resale);
        var face = standing.map(known -> new RearFace(platform, known.door(), resale.map(Resale::supernode)));
        var notifications = new Notifications(
                platform,
                database,
                engine,
                secrets,
                receivers,
                hearing,
                face.<Map<String, Face>>map(known -> Map.of(RearFace.NAME, known))
                        .orElse(Map.of()));
        var connections = part(new Connections(database, engine));
        connections.start();
        forOthers.ifPresent(where -> sell(
                seller.orElseThrow(),
                trust.orElseThrow().listening(where),
                standing.orElseThrow(),
                trade,
                new Gateway.Telling(notifications, face.orElseThrow()),
                new Gateway.Machines(connections, all::connect),
                database,
                engine,
                broker,
                secrets));
        var actors = new ArrayList<Actor>(List.of(orchestrator, broker, clouds));
        actors.addAll(many.actors());
        var services = settings.federation()
                .flatMap(known -> known.serving(
                        fabrics.stream().collect(toMap(one -> one.plan().site(), ClusterSettings.Known::fabric)),
                        () -> new SimulatedFabric(Deployments.NAME, List.of(), platform)));
        new Services(
                BROKER, services.map(_ -> Deployments.NAME), engine, secrets, broker.market(), broker.blueprints());
        services.ifPresent(cluster -> {
            actors.add(new Deployments(platform, engine, secrets, cluster));
            description.add("services: " + cluster.describe());
        });
        actors.addAll(authorities);
        actors.addAll(clusters.all());
        trade.map(Trade::federation).ifPresent(actors::add);
        many.start();
        engine.start(actors, options.database().isPresent());
        parts.push(engine::stop);
        trade.ifPresent(Trade::start);
        providers.start();
        awaitDelegations(database, engine);
        subscriptions.start();
        parts.push(subscriptions::stop);
        // handlers are registered by administrators, and often run beside the server
        var client = part(new WebhookClient(callbacks.and("127.0.0.0/8", "::1")));
        var webhooks = new Webhooks(platform, handlers, subscriptions, replies, secrets, client);
        webhooks.start();
        parts.push(webhooks::stop);
        var simulated = new SimulatedAgents(database, engine, subscriptions, replies);
        simulated.start();
        parts.push(simulated::stop);
        notifications.start();
        parts.push(notifications::stop);
        var gauge = new CapacityGauge(platform, broker.capacity());
        var thresholds = new Thresholds(platform, database, engine, gauge);
        thresholds.start();
        parts.push(thresholds::stop);

        var desk = part(broker.desk(database, hot));
        var credentials = new Credentials(tokens, new Keys(platform, database, engine.resources(), secrets));
        var sessions = new Sessions(platform, database, projects, secrets, credentials);
        var keystone = trusted.map(account -> part(new Keystone(platform, account, Keystone.PATIENCE)));
        var gate = new Gate(credentials, sessions, keystone);
        var about = new About(version(), options.database().isPresent() ? "PostgreSQL" : "embedded PostgreSQL", seller);
        var api = new ResourcesApi(
                about,
                platform,
                database,
                engine,
                orchestrator,
                intents,
                broker,
                desk,
                all,
                providers,
                trade.map(Trade::shown),
                subscriptions,
                replies,
                notifications,
                connections,
                gate,
                secrets);
        var identity = new KeystoneApi(platform, credentials, sessions, gate);
        var promise = new Promise(platform, database, engine, broker, desk, providers, notifications, gate);
        var blazar = new BlazarApi(platform, database, engine, broker, desk, gate);
        var declared = trade.map(
                        known -> new DeclaredApi(platform, engine, gate, parts(known, seller, database, broker)))
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
        http = Optional.of(part(
                HttpServer.start(settings.bind().map(address::withHost).orElse(address), mounts.toList(), api::open)));
        trade.ifPresent(Trade::greet);
    }

    private static Parts parts(Trade trade, Optional<NodeIdentity> self, Database database, Broker broker) {
        var shown = trade.shown();
        return new Parts(
                self.orElseThrow(),
                database,
                broker.market(),
                broker.blueprints(),
                BlueprintIntake::understand,
                shown.peers(),
                shown.candidates(),
                shown.buying());
    }

    /// The authorities of clusters. What they sell, our broker claims.
    private ClusterAuthorities clusters(
            List<ClusterSettings.Known> fabrics,
            Database database,
            Engine engine,
            Calendar calendar,
            Models models,
            Secrets secrets,
            Broker broker) {
        var all = new ArrayList<ClusterAuthority>();
        for (var known : fabrics) {
            var advertising = new Advertising(known.plan().authority(), platform, engine, calendar, models);
            all.add(new ClusterAuthority(
                    known.plan(), known.fabric(), platform, database, engine, secrets, advertising));
            description.add(
                    "cluster " + known.plan().site() + ": " + known.fabric().describe());
        }
        return new ClusterAuthorities(
                engine, all, (tx, authority, delegation) -> broker.supply().claim(tx, authority, delegation, BROKER));
    }

    /// Opens the port for other domains; on it nothing is answered before all parts have started.
    private void sell(
            NodeIdentity seller,
            HttpServer.Options where,
            Gateway.Standing standing,
            Optional<Trade> trade,
            Gateway.Telling telling,
            Gateway.Machines machines,
            Database database,
            Engine engine,
            Broker broker,
            Secrets secrets) {
        new Selling(seller, platform, database, engine, broker);
        var gateway = new Gateway(
                seller,
                platform,
                database,
                engine,
                broker.market(),
                secrets,
                () -> http.isPresent(),
                standing,
                trade.flatMap(Trade::resale),
                Optional.of(telling),
                trade.flatMap(Trade::shop),
                Optional.of(machines));
        var port = part(new RearMounts(gateway).start(where));
        description.add("federation: " + seller.id() + " of " + seller.domain() + " at " + port.address());
    }

    /// The service that has a say in reservations, if administrators say where one is.
    private PolicyService policy(Engine engine, Secrets secrets, Optional<KeystoneAccount> trusted) {
        var client = part(new WebClient(PolicyService.LIMIT, PolicyService.ANSWER));
        return new PolicyService(
                engine.settings(),
                secrets,
                client,
                PolicyService.LIMIT,
                () -> trusted.map(account -> account.credentials().identity().toString())
                        .orElseGet(() -> base() + "/" + Entrances.IDENTITY + "/v3"),
                Entrances.REGION);
    }

    /// Until the broker has what our sites delegate: who asks as soon as we are ready finds them.
    private void awaitDelegations(Database database, Engine engine) {
        var limit = platform.now().plus(DELEGATION_LIMIT);
        while (isClaiming(database, engine)) {
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

    private static boolean isClaiming(Database database, Engine engine) {
        return database.inTransaction(tx -> engine.resources().ofType(tx, Supply.DELEGATION, 10_000).stream()
                .anyMatch(delegation -> delegation.state().equals("claiming")));
    }

    private String base() {
        return http.map(server -> server.address().toString()).orElse("");
    }

    static String version() {
        return Optional.ofNullable(Server.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    private Database database(ServerLauncher.Options options) {
        if (options.database().isPresent()) {
            description.add("database: " + options.database().get());
            return external(options.database().get());
        }
        var postgres = part(EmbeddedPostgres.start(data.resolve("postgres"), EmbeddedPostgres.Options.standard()));
        description.add("database: PostgreSQL in " + data.resolve("postgres"));
        return Database.open(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    /// A database that somebody else runs. User and password come from the environment, so that no process list
    /// shows them.
    static Database external(String url) {
        var environment = System.getenv();
        return Database.open(
                url,
                environment.getOrDefault("HOLDFAST_DATABASE_USER", "holdfast"),
                environment.getOrDefault("HOLDFAST_DATABASE_PASSWORD", ""));
    }

    private Sites sites(ServerLauncher.Options options) {
        var sites = new Sites(data.resolve("sites"));
        options.sites().forEach(site -> sites.remember(site.advertisement(), site.driver()));
        if (options.sites().isEmpty() && sites.all().isEmpty()) {
            options.firstSites().forEach(site -> sites.remember(site.advertisement(), site.driver()));
        }
        return sites;
    }

    private <P extends AutoCloseable> P part(P part) {
        parts.push(part);
        return part;
    }

    @Override
    public URI url() {
        return http.orElseThrow().address();
    }

    @Override
    public Path tokenFile() {
        return Tokens.file(data);
    }

    @Override
    public List<String> describe() {
        return List.copyOf(description);
    }

    /// Stops all parts, the last started first. Twice is once.
    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.warn("a part of the server did not stop cleanly", e);
            }
        }
    }
}
