package holdfast.api.resources;

import holdfast.api.CannotTellException;
import holdfast.api.Connections;
import holdfast.api.Gate;
import holdfast.api.Identity;
import holdfast.api.Patience;
import holdfast.authority.Authorities;
import holdfast.authority.Providers;
import holdfast.broker.Broker;
import holdfast.broker.Desk;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Engine;
import holdfast.engine.handlers.Agents;
import holdfast.engine.handlers.Replies;
import holdfast.engine.handlers.Subscriptions;
import holdfast.inventory.Catalog;
import holdfast.notifications.Notifications;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.intents.Intents;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.HttpServer;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Stopwatch;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The native interface: says who may ask what, and who answers.
public final class ResourcesApi {
    private static final Logger LOG = LoggerFactory.getLogger(ResourcesApi.class);

    /// What a client reads to find its way.
    private static final Set<String> OPEN_TO_AGENTS = Set.of("/", "/v1", "/v1/schemas", "/v1/schemas/{id}");

    private final Platform platform;
    private final Gate gate;
    private final Kinds.Source kinds;
    private final Metrics metrics;
    private final EventsApi events;
    private final List<Route> routes;
    private final Call.Surroundings surroundings;

    /// @param trading empty if the settings do not say who this node is for other domains
    public ResourcesApi(
            About about,
            Platform platform,
            Database database,
            Engine engine,
            Orchestrator orchestrator,
            Intents intents,
            Broker broker,
            Desk desk,
            Authorities authorities,
            Providers providers,
            Optional<Trading> trading,
            Subscriptions subscriptions,
            Replies replies,
            Notifications notifications,
            Connections connections,
            Gate gate,
            Secrets secrets) {
        this.platform = platform;
        this.gate = gate;
        kinds = new Kinds.Source(engine.types());
        var accounts = new Accounts(platform, database, engine.resources());
        var parts = new Parts(engine, broker);
        var actions = new Actions(parts);
        var representation = new Representation(parts, actions);
        var finder = new Finder(engine);
        var collections = new Collections(database, engine, finder, representation);
        var writes = new Writes(
                new Births(platform, secrets, gate.keys()),
                new AgentKeys(platform, engine.resources(), gate.keys()),
                accounts,
                database,
                engine,
                finder,
                representation,
                actions);
        var slices = new Slices(
                accounts,
                database,
                orchestrator,
                broker,
                new Intake(Catalog.standard(), platform),
                finder,
                representation,
                collections);
        var manifest = new Manifest(database, engine, orchestrator, finder);
        var watching = new Watching(platform, database, engine, finder, slices);
        var capacity = new CapacityView(platform, database, broker);
        var history = new History(database, engine);
        var processes = new ProcessInstances(database, engine);
        var definitions = new Definitions(database, engine, this::fixed);
        events = new EventsApi(
                database, engine, subscriptions, replies, history, new OutsideView(engine, broker, () -> ""));
        var schemas = new Schemas(Map.of(ProcessInstances.TYPE, ProcessInstances.filters()));
        var operations = new Operations(
                about, platform, database, engine, orchestrator, broker, authorities, finder, representation);
        var settings = new SettingsApi(database, engine.settings(), secrets, finder, representation);
        var tasks = new TasksApi(database, engine.tasks(), finder, representation);
        var notices = new NoticesApi(platform, database, notifications);
        var heard = new SubscriptionsApi(database, engine, notifications.subscribers(), finder, representation);
        var description = new Description(about);
        var index = new Index();
        metrics = new Metrics(database, engine);
        var own = List.of(
                Route.get("/", index::versions),
                Route.get("/v1", index::show),
                Route.get("/v1/health", operations::health).forAnybody(),
                Route.get("/v1/openapi.json", description::show).forAnybody(),
                Route.get("/v1/status", operations::status),
                Route.get("/v1/schemas", schemas::list),
                Route.get("/v1/schemas/{id}", schemas::one),
                Route.get("/v1/capacity", capacity::show, "level", "start", "end", "format"),
                Route.get("/v1/processes", processes::newest).anyParameters(),
                Route.get("/v1/processes/{id}", processes::one),
                Route.get("/v1/processinstances", processes::list).anyParameters(),
                Route.get("/v1/processinstances/{id}", processes::one),
                Route.post("/v1/processinstances/{id}", processes::act, "action"),
                Route.get("/v1/processinstances/{id}/processexecutions", processes::executions),
                Route.get("/v1/processsummary", processes::summary),
                Route.get("/v1/processdefinitions", definitions::processes, "name", "resourceType"),
                Route.post("/v1/processdefinitions", definitions::addProcess),
                Route.get("/v1/processdefinitions/{id}", definitions::process),
                Route.get("/v1/processdefinitions/{id}/processdot", definitions::processPicture),
                Route.get("/v1/processdefinitions/{id}/resourcedot", definitions::processPicture),
                Route.get("/v1/processdefinitions/{id}/processsvg", definitions::processPicture),
                Route.get("/v1/processdefinitions/{id}/resourcesvg", definitions::processPicture),
                Route.get("/v1/resourcedefinitions", definitions::resources),
                Route.post("/v1/resourcedefinitions", definitions::addType),
                Route.get("/v1/resourcedefinitions/{id}", definitions::one),
                Route.get("/v1/resourcedefinitions/{id}/resourcedot", definitions::resourcePicture),
                Route.get("/v1/resourcedefinitions/{id}/resourcesvg", definitions::resourcePicture),
                Route.get("/v1/resourcedefinitions/{id}/processes", definitions::processesOf),
                Route.post(
                        "/v1/slices", slices::create, "dryRun", "name", "start", "end", "hours", "sshKey", "elsewhere"),
                Route.delete("/v1/slices/{id}", slices::delete),
                Route.post("/v1/slices/{id}", slices::act, "action"),
                Route.get("/v1/slices/{id}/graph", manifest::show, "format"),
                Route.get("/v1/slices/{id}/events", watching::watch),
                Route.post("/v1/delegations", operations::claim),
                Route.post("/v1/delegations/{id}", operations::act, "action"),
                Route.post("/v1/tasks/{id}", tasks::act, "action"),
                Route.get("/v1/tasks/{id}/taskinstances", tasks::instances),
                Route.post("/v1/settings", settings::create),
                Route.put("/v1/settings/{id}", settings::update),
                Route.delete("/v1/settings/{id}", settings::reset),
                Route.get("/v1/{type}", collections::list).anyParameters(),
                Route.post("/v1/{type}", writes::create).anyParameters(),
                Route.get("/v1/{type}/{id}", collections::one, "include"),
                Route.put("/v1/{type}/{id}", writes::update).anyParameters(),
                Route.delete("/v1/{type}/{id}", writes::remove),
                Route.post("/v1/{type}/{id}", writes::act).anyParameters(),
                Route.get("/v1/{type}/{id}/{link}", collections::link).anyParameters(),
                Route.post("/v1/{type}/{id}/{link}", writes::createChild).anyParameters(),
                Route.get("/metrics", metrics::show));
        var clouds = new ProvidersApi(database, providers, finder, representation);
        var patience = new Patience(platform, database, engine);
        var reservations = new ReservationsApi(
                platform, database, engine, broker.reservations(), desk, accounts, finder, representation, patience);
        var allocations = new AllocationsApi(
                platform, database, engine, broker.allocations(), accounts, finder, representation, patience);
        var amounts = new CapacityApi(platform, database, engine, broker.capacity());
        var calendar = new CalendarApi(platform, database, engine, broker);
        var entries = new EntriesApi(platform, database, broker.entries(), finder);
        var addresses = new AddressesApi(database, engine, broker.addresses());
        var flavors = new FlavorsApi(platform, database, about.node(), broker, finder, representation);
        var blueprints = new BlueprintsApi(platform, database, about.node(), broker, finder, representation);
        var trade = new PeersApi(database, trading.map(Trading::peers), finder, representation);
        var contracts = new ContractsApi(database, broker, trading.map(Trading::buying), finder, representation);
        var connect = new ConnectApi(database, engine, authorities, trading.map(Trading::passage), connections, finder);
        var candidates = new CandidatesApi(platform, database, trading.map(Trading::candidates), finder);
        var solvers = new SolversApi(platform, database, trading.map(Trading::buying), finder, representation);
        var wanted = new IntentsApi(accounts, database, intents, broker, finder, representation);
        var decisions = new DecisionsApi(database, engine.resources(), broker.decisions());
        routes = Stream.of(
                        events.routes(),
                        notices.routes(),
                        heard.routes(),
                        clouds.routes(),
                        reservations.routes(),
                        allocations.routes(),
                        amounts.routes(),
                        calendar.routes(),
                        entries.routes(),
                        addresses.routes(),
                        decisions.routes(),
                        flavors.routes(),
                        blueprints.routes(),
                        trade.routes(),
                        contracts.routes(),
                        connect.routes(),
                        candidates.routes(),
                        solvers.routes(),
                        wanted.routes(),
                        own)
                .flatMap(List::stream)
                .toList();
        surroundings = new Call.Surroundings(platform, accounts, routes, this::caller);
    }

    /// The paths that this interface serves.
    public List<HttpServer.Mount> mounts() {
        return List.of(
                new HttpServer.Mount("v1", this::handle),
                new HttpServer.Mount("metrics", this::handle),
                new HttpServer.Mount("", this::handle));
    }

    /// Whoever wants a WebSocket.
    public Optional<HttpReply> open(HttpRequest request) {
        try {
            var call = new Call(request, kinds.now(), surroundings);
            if (call.found().filter(one -> ConnectApi.opens(one.route())).isPresent()) {
                return Optional.of(handle(request));
            }
            return call.found()
                    .filter(one -> EventsApi.opens(one.route()))
                    .flatMap(_ -> caller(request))
                    .flatMap(caller -> events.open(call.ask(call.acting(caller), Map.of())));
        } catch (Problem _) {
            return Optional.empty(); // which is told in the answer
        } catch (RuntimeException e) {
            LOG.error("GET {} as a WebSocket failed", request.rawPath(), e);
            return Optional.empty();
        }
    }

    /// What stands behind `/v1/` and is no type.
    private Set<String> fixed() {
        return routes.stream()
                .map(route -> route.path().split("/"))
                .filter(path -> path.length > 2 && !path[2].startsWith("{"))
                .map(path -> path[2].toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    List<Route> routes() {
        return routes;
    }

    private HttpReply handle(HttpRequest request) {
        var watch = Stopwatch.start();
        var call = new Call(request, kinds.now(), surroundings);
        var found = call.found();
        var reply = answer(call, found);
        int status = switch (reply) {
            case HttpReply.Content content -> content.status();
            case HttpReply.Events _, HttpReply.Lines _, HttpReply.Flow _, HttpReply.Written _ -> 200;
            case HttpReply.Tunnel _ -> 101;
        };
        metrics.answered(
                known(call.method), found.map(one -> one.route().path()).orElse("none"), status, watch.elapsed());
        return switch (reply) {
            case HttpReply.Content content -> call.told(content);
            default -> reply;
        };
    }

    private static String known(String method) {
        return switch (method) {
            case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" -> method;
            default -> "other";
        };
    }

    private HttpReply answer(Call call, Optional<Call.Found> found) {
        var request = call.request;
        try {
            var caller =
                    found.filter(one -> one.route().open()).isPresent() ? Optional.of(Call.NOBODY) : caller(request);
            if (caller.isEmpty()) {
                throw Problem.unauthorized(request.header("X-API-No-Challenge")
                        .filter("true"::equalsIgnoreCase)
                        .isEmpty());
            }
            boolean open = caller.get() == Call.NOBODY;
            var acting = open ? Call.NOBODY : call.acting(caller.get());
            if (!open) {
                call.actsAs(acting);
            }
            if (acting.readOnly() && !call.isReading()) {
                throw Problem.of(Refusal.notYours(
                        acting.user() + " may look at things here, not change them; use a key with another role"));
            }
            if (found.isEmpty()) {
                throw call.nothing(acting);
            }
            if (Agents.isAgent(acting) && !isForAgents(call, found.get())) {
                throw Problem.of(
                        Refusal.notYours(
                                "an agent subscribes and publishes here, reads what is of its own project, and changes nothing"));
            }
            found.get().route().check(request);
            return found.get()
                    .route()
                    .action()
                    .answer(call.ask(acting, found.get().named()));
        } catch (CannotTellException e) {
            return Problem.unavailable(e.why()).reply(platform.newId());
        } catch (Problem e) {
            return e.reply(platform.newId());
        } catch (RefusedException e) {
            return Problem.of(e.refusal()).reply(platform.newId());
        } catch (DatabaseUnavailableException e) {
            LOG.warn("{} {}: {}", request.method(), request.rawPath(), e.getMessage());
            return Problem.unavailable(e.advice()).reply(platform.newId());
        } catch (OutOfMemoryError e) {
            LOG.error("{} {} needs more memory than there is", request.method(), request.rawPath(), e);
            return Problem.unavailable("the server has not enough memory for this at the moment; nothing was kept")
                    .reply(platform.newId());
        } catch (HttpServer.ClientGone e) {
            throw e;
        } catch (RuntimeException e) {
            var id = platform.newId();
            LOG.error("{} {} failed, error {}", request.method(), request.rawPath(), id, e);
            return Problem.unexpected(id).reply(id);
        }
    }

    /// What belongs to projects is data; the parts tell of the installation.
    private static boolean isForAgents(Call call, Call.Found found) {
        boolean own = Optional.ofNullable(found.named().get("type"))
                .flatMap(call.known::named)
                .filter(Kinds::isData)
                .isPresent();
        return EventsApi.serves(found.route())
                || call.isReading()
                        && (own || OPEN_TO_AGENTS.contains(found.route().path()));
    }

    private Optional<Caller> caller(HttpRequest request) {
        return gate.identity(request).map(Identity::caller);
    }
}
