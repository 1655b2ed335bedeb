package holdfast;

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
import holdfast.api.keystone.KeystoneApi;
import holdfast.api.promise.Promise;
import holdfast.api.rear.Gateway;
import holdfast.api.rear.RearMounts;
import holdfast.api.resources.About;
import holdfast.api.resources.OutsideView;
import holdfast.api.resources.ResourcesApi;
import holdfast.authority.Advertising;
import holdfast.authority.Authorities;
import holdfast.authority.Authority;
import holdfast.authority.Cloud;
import holdfast.authority.CloudAuthority;
import holdfast.authority.Driver;
import holdfast.authority.Provider;
import holdfast.authority.Providers;
import holdfast.broker.Broker;
import holdfast.broker.Selling;
import holdfast.broker.Supply;
import holdfast.broker.market.HoldPolicy;
import holdfast.broker.market.Signing;
import holdfast.calendar.Auditor;
import holdfast.calendar.Calendar;
import holdfast.calendar.Hot;
import holdfast.cli.ServerLauncher;
import holdfast.console.Console;
import holdfast.drivers.holdfast.HoldfastPeer;
import holdfast.drivers.openstack.Limits;
import holdfast.drivers.openstack.OpenStack;
import holdfast.drivers.qemu.QemuDriver;
import holdfast.drivers.qemu.Substrate;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.drivers.simulated.SimulatedCloud;
import holdfast.drivers.simulated.SimulatedDriver;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.drivers.simulated.SimulatedSettings.Latency;
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
import holdfast.inventory.Models;
import holdfast.notifications.Callbacks;
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
import holdfast.platform.KeystoneCredentials;
import holdfast.platform.Logging;
import holdfast.platform.Platform;
import holdfast.platform.PrivateFiles;
import holdfast.platform.Secrets;
import holdfast.platform.WebClient;
import holdfast.platform.WebhookClient;
import holdfast.pools.PolicyService;
import holdfast.pools.Projects;
import holdfast.protocol.rear.NodeIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
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
        var seller = settings.federation().map(FederationSettings::node);
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
                .map(federation -> new Trust(federation, federation.node(), data, System.getenv(), platform));
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
        var providers = part(new Providers(
                platform,
                database,
                engine,
                secrets,
                (id, account, password) -> cloud(clouds(settings), id, account, password),
                BROKER));
        var clouds = new CloudAuthority(platform, engine, providers);
        var sites = sites(options).all();
        var drivers = new Drivers(settings);
        var authorities = new ArrayList<Authority>();
        for (var site : sites) {
            var advertising = new Advertising(site.authority(), platform, engine, calendar, models);
            var driver = drivers.driver(site);
            authorities.add(new Authority(site.authority(), driver, platform, engine, calendar, models, advertising));
            description.add("site " + site.authority() + ": " + driver.describe());
        }
        var all = new Authorities(platform, database, engine, authorities, Optional.of(clouds));
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
                BROKER,
                broker.market(),
                settings.peersPolicy(),
                platform,
                database,
                engine,
                secrets)));
        forOthers.ifPresent(where -> {
            var known = trust.orElseThrow();
            var standing = known.standing(
                    () -> database.inTransaction(trade.orElseThrow().shown().peers()::pins));
            sell(seller.orElseThrow(), known.listening(where), standing, trade, database, engine, broker, secrets);
        });
        var actors = new ArrayList<Actor>(List.of(orchestrator, broker, clouds));
        actors.addAll(authorities);
        trade.map(Trade::federation).ifPresent(actors::add);
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
        var tokens = Tokens.open(data, platform);
        var projects = new Projects(engine.resources());
        var hearing = new Hearing(tokens, projects);
        var receivers = new Callbacks(part(new WebhookClient(callbacks)));
        var notifications = new Notifications(platform, database, engine, secrets, receivers, hearing);
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
                gate,
                secrets);
        var identity = new KeystoneApi(platform, credentials, sessions, gate);
        var promise = new Promise(platform, database, engine, broker, desk, providers, notifications, gate);
        var blazar = new BlazarApi(platform, database, engine, broker, desk, gate);
        var mounts = Stream.of(Console.around(api.mounts()), identity.mounts(), promise.mounts(), blazar.mounts())
                .flatMap(List::stream);
        var address = HttpServer.Options.standard().withPort(options.port()).withProxies(proxies);
        http = Optional.of(part(
                HttpServer.start(settings.bind().map(address::withHost).orElse(address), mounts.toList(), api::open)));
    }

    /// Opens the port for other domains; on it nothing is answered before all parts have started.
    private void sell(
            NodeIdentity seller,
            HttpServer.Options where,
            Gateway.Standing standing,
            Optional<Trade> trade,
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
                trade.flatMap(Trade::shop));
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

    /// Where simulated clouds are kept, in the data directory unless it is an absolute path.
    private static String clouds(Settings settings) {
        return settings.simulated().flatMap(Settings.Simulated::directory).orElse("clouds");
    }

    private Cloud cloud(String simulated, UUID provider, Provider.Account account, Optional<String> password) {
        return switch (account.driver()) {
            case "simulated" -> {
                var file = directory(simulated).resolve(provider + ".json");
                yield new SimulatedCloud(CloudPlan.SMALL, InstantSource.system(), password, Optional.of(file));
            }
            case "openstack" ->
                new OpenStack(
                        provider,
                        new holdfast.drivers.openstack.Account(
                                new KeystoneCredentials(
                                        URI.create(account.endpoint()),
                                        account.username(),
                                        account.userDomain(),
                                        password.orElse(""),
                                        account.project(),
                                        account.projectDomain()),
                                account.region()),
                        Limits.STANDARD,
                        InstantSource.system());
            case "holdfast" ->
                new HoldfastPeer(
                        provider,
                        new holdfast.drivers.holdfast.Account(
                                URI.create(account.endpoint()), account.username(), password.orElse("")),
                        HoldfastPeer.LAPSE,
                        InstantSource.system());
            default -> throw new IllegalStateException("no driver is called " + account.driver());
        };
    }

    private Path directory(String name) {
        var directory = data.resolve(name);
        try {
            PrivateFiles.makeDirectory(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("no directory " + directory + ": " + e.getMessage(), e);
        }
        return directory;
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

    /// Which driver serves a site; the host is looked at once, and only if some site wants real machines.
    private final class Drivers {
        private final Settings settings;
        private Optional<Substrate> found = Optional.empty();

        Drivers(Settings settings) {
            this.settings = settings;
        }

        Driver driver(Sites.Known site) {
            return switch (site.driver()) {
                case "simulated" -> simulated(site);
                case "qemu" ->
                    switch (substrate()) {
                        case Substrate.Ready ready -> qemu(site, ready);
                        case Substrate.Unusable(var missing, var wayOut) ->
                            throw new CannotStartException(site.authority() + " wants QEMU, but "
                                    + String.join(", ", missing) + "; " + wayOut);
                    };
                case "auto" ->
                    switch (substrate()) {
                        case Substrate.Ready ready -> qemu(site, ready);
                        case Substrate.Unusable _ -> simulated(site);
                    };
                default ->
                    throw new CannotStartException("the driver of " + site.authority() + " is " + site.driver()
                            + "; there are: qemu, simulated, auto");
            };
        }

        private Substrate substrate() {
            if (found.isEmpty()) {
                found = Optional.of(Substrate.find(data.resolve("guest"), InstantSource.system(), LOG::info));
            }
            return found.get();
        }

        private Driver qemu(Sites.Known site, Substrate.Ready ready) {
            try {
                return new QemuDriver(
                        data.resolve("hosts").resolve(site.authority()),
                        ready,
                        settings.qemuSettings(),
                        InstantSource.system());
            } catch (IOException e) {
                throw new CannotStartException(
                        "no directory for the machines of " + site.authority() + ": " + e.getMessage(), e);
            }
        }

        private Driver simulated(Sites.Known site) {
            var latencies = settings.simulated();
            var machine = Duration.ofMillis(
                    latencies.flatMap(Settings.Simulated::machineMillis).orElse(0));
            var hosts = latencies
                    .flatMap(Settings.Simulated::directory)
                    .map(Path::of)
                    .orElse(data.resolve("hosts"));
            try {
                PrivateFiles.makeDirectory(hosts);
            } catch (IOException e) {
                throw new CannotStartException(
                        "no directory for the machines of " + site.authority() + ": " + e.getMessage(), e);
            }
            var device = Duration.ofMillis(
                    latencies.flatMap(Settings.Simulated::deviceMillis).orElse(0));
            return new SimulatedDriver(
                    SimulatedSettings.PERFECT
                            .withLatency(Latency.of(machine), Latency.of(device), Latency.NONE)
                            .in(hosts.resolve(site.authority() + ".json")),
                    InstantSource.system(),
                    new SplittableRandom());
        }
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
