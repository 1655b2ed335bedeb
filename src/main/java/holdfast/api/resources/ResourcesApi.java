package holdfast.api.resources;

import holdfast.api.Tokens;
import holdfast.authority.Authorities;
import holdfast.broker.Broker;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.engine.Engine;
import holdfast.engine.handlers.Replies;
import holdfast.engine.handlers.Subscriptions;
import holdfast.inventory.Catalog;
import holdfast.orchestrator.Orchestrator;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.HttpServer;
import holdfast.platform.Platform;
import holdfast.platform.Stopwatch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The native interface: says who may ask what, and who answers.
public final class ResourcesApi {
    private static final Logger LOG = LoggerFactory.getLogger(ResourcesApi.class);
    private static final Caller NOBODY = new Caller("nobody", "", false);
    private static final String BEARER = "bearer ";

    private final Platform platform;
    private final Tokens tokens;
    private final Listings listings;
    private final Metrics metrics;
    private final EventsApi events;
    private final List<Route> routes;

    public ResourcesApi(
            About about,
            Platform platform,
            Database database,
            Engine engine,
            Orchestrator orchestrator,
            Broker broker,
            Authorities authorities,
            Subscriptions subscriptions,
            Replies replies,
            Tokens tokens) {
        this.platform = platform;
        this.tokens = tokens;
        var shapes = new Shapes(engine, broker.name());
        listings = new Listings(database, engine, shapes);
        metrics = new Metrics(database, engine);
        var slices =
                new Slices(database, orchestrator, broker, new Intake(Catalog.standard(), platform), listings, shapes);
        var manifest = new Manifest(database, engine, orchestrator, listings);
        var watching = new Watching(platform, database, engine, listings, slices);
        var capacity = new CapacityView(platform, database, broker);
        var history = new History(database, engine);
        var operations =
                new Operations(about, platform, database, engine, orchestrator, broker, authorities, listings, shapes);
        var description = new Description(about);
        events = new EventsApi(database, engine, subscriptions, replies, history);
        var own = List.of(
                Route.get("/v1", listings::index),
                Route.get("/v1/health", operations::health).forAnybody(),
                Route.get("/v1/openapi.json", description::show).forAnybody(),
                Route.get("/v1/status", operations::status),
                Route.get("/v1/capacity", capacity::show, "level", "start", "end", "format"),
                Route.get("/v1/processes", history::processes, "resource", "state", "name", "limit", "marker"),
                Route.get("/v1/processes/{id}", history::process),
                Route.get("/v1/processdefinitions", history::definitions),
                Route.post("/v1/slices", slices::create, "dryRun", "name", "start", "end", "hours", "sshKey"),
                Route.delete("/v1/slices/{id}", slices::delete),
                Route.post("/v1/slices/{id}", slices::act, "action"),
                Route.get("/v1/slices/{id}/slivers", listings::slivers, "limit", "marker"),
                Route.get("/v1/slices/{id}/graph", manifest::show, "format"),
                Route.get("/v1/slices/{id}/events", watching::watch),
                Route.post("/v1/delegations", operations::claim),
                Route.post("/v1/delegations/{id}", operations::act, "action"),
                Route.get(
                        "/v1/{type}",
                        listings::list,
                        "state",
                        "name",
                        "project",
                        "actor",
                        "removed",
                        "include",
                        "limit",
                        "marker"),
                Route.get("/v1/{type}/{id}", listings::one, "include"),
                Route.get("/metrics", metrics::show));
        routes = Stream.concat(events.routes().stream(), own.stream()).toList();
    }

    /// The paths that this interface serves.
    public List<HttpServer.Mount> mounts() {
        return List.of(
                new HttpServer.Mount("v1", this::handle),
                new HttpServer.Mount("metrics", this::handle),
                new HttpServer.Mount("", this::handle));
    }

    /// Whoever wants a WebSocket.
    public Optional<HttpReply.LineSource> open(HttpRequest request) {
        try {
            return caller(request).flatMap(caller -> events.open(caller, request));
        } catch (RuntimeException e) {
            LOG.error("GET {} as a WebSocket failed", request.target(), e);
            return Optional.empty();
        }
    }

    List<Route> routes() {
        return routes;
    }

    private HttpReply handle(HttpRequest request) {
        var watch = Stopwatch.start();
        var found = found(request);
        var reply = answer(request, found);
        int status = switch (reply) {
            case HttpReply.Content content -> content.status();
            case HttpReply.Events _, HttpReply.Lines _ -> 200;
        };
        metrics.answered(
                known(request.method()), found.map(one -> one.route.path()).orElse("none"), status, watch.elapsed());
        return reply;
    }

    private static String known(String method) {
        return switch (method) {
            case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" -> method;
            default -> "other";
        };
    }

    private record Found(Route route, Map<String, String> named) {}

    private List<Found> atPath(HttpRequest request) {
        var plurals = listings.types().keySet();
        return routes.stream()
                .flatMap(route -> route.match(request.path(), plurals).map(named -> new Found(route, named)).stream())
                .toList();
    }

    private Optional<Found> found(HttpRequest request) {
        return atPath(request).stream()
                .filter(one -> one.route.takes(request.method()))
                .findFirst();
    }

    private HttpReply answer(HttpRequest request, Optional<Found> found) {
        try {
            var caller = found.filter(one -> one.route.open()).isPresent() ? Optional.of(NOBODY) : caller(request);
            if (caller.isEmpty()) {
                return Errors.unauthorized();
            }
            if (found.isEmpty()) {
                return nothing(request);
            }
            check(request, found.get().route);
            return found.get().route.action().answer(new Ask(caller.get(), request, found.get().named));
        } catch (RefusedException e) {
            return Errors.refused(e.refusal());
        } catch (DatabaseUnavailableException e) {
            LOG.warn("{} {}: the database is away: {}", request.method(), request.target(), e.getMessage());
            return Errors.unavailable(
                    e.isDiskFull()
                            ? "the database's disk is full: nothing can be changed until there is room again"
                            : "the database is away; what was asked for may or may not be done; ask again in some seconds");
        } catch (OutOfMemoryError e) {
            LOG.error("{} {} needs more memory than there is", request.method(), request.target(), e);
            return Errors.unavailable("the server has not enough memory for this at the moment; nothing was kept");
        } catch (HttpServer.ClientGone e) {
            throw e;
        } catch (RuntimeException e) {
            var id = platform.newId();
            LOG.error("{} {} failed, error {}", request.method(), request.target(), id, e);
            return Errors.unexpected(id);
        }
    }

    private Optional<Caller> caller(HttpRequest request) {
        return request.header("Authorization")
                .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .flatMap(header ->
                        tokens.caller(header.substring(BEARER.length()).strip()));
    }

    private HttpReply nothing(HttpRequest request) {
        var path = "/" + String.join("/", request.path());
        var methods = new TreeSet<String>();
        atPath(request).forEach(one -> methods.add(one.route.method()));
        if (!methods.isEmpty()) {
            if (methods.contains("GET")) {
                methods.add("HEAD");
            }
            return Errors.wrongMethod(request.method(), Form.shorten(path), String.join(", ", methods));
        }
        var hint = request.path().size() > 1 && request.path().getFirst().equals("v1")
                ? Nearest.to(request.path().get(1), listings.types().keySet())
                        .map(near -> "; did you mean /v1/" + near + "?")
                        .orElse("")
                : "";
        return Errors.refused(Refusal.notThere("there is nothing at " + Form.shorten(path)
                + (hint.isEmpty() ? "; GET /v1 lists what there is" : hint)));
    }

    private static void check(HttpRequest request, Route route) {
        for (var parameter : request.query().entrySet()) {
            if (!route.parameters().contains(parameter.getKey())) {
                var name = Form.shorten(parameter.getKey());
                throw Ask.malformed(
                        name,
                        "parameter " + name + " is not known here"
                                + Nearest.hint(parameter.getKey(), route.parameters()));
            }
            if (parameter.getValue().stream().anyMatch(value -> value.indexOf('\0') >= 0)) {
                throw Ask.malformed(
                        parameter.getKey(), parameter.getKey() + " holds a character that no text may hold");
            }
        }
        if (request.path().stream().anyMatch(segment -> segment.indexOf('\0') >= 0)) {
            throw Ask.malformed("path", "the path holds a character that no text may hold");
        }
    }
}
