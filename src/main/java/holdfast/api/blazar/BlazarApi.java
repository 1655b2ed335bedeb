package holdfast.api.blazar;

import holdfast.api.CannotTellException;
import holdfast.api.Entrances;
import holdfast.api.Gate;
import holdfast.broker.Broker;
import holdfast.broker.Desk;
import holdfast.core.Caller;
import holdfast.core.RefusedException;
import holdfast.engine.Engine;
import holdfast.engine.handlers.Agents;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpReply.Content;
import holdfast.platform.HttpRequest;
import holdfast.platform.HttpServer;
import holdfast.platform.HttpServer.Mount;
import holdfast.platform.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/blazar`: the versions for everybody, and leases, hosts and addresses for those who show a token in `X-Auth-Token`.
/// No cookie and no `Authorization` counts here, so no page of another site can use what a browser remembers.
public final class BlazarApi {
    private static final Logger LOG = LoggerFactory.getLogger(BlazarApi.class);
    private static final String REQUEST_ID = "X-OpenStack-Request-ID";
    private static final String SUFFIX = ".json";
    private static final List<String> ROOT = List.of(Entrances.BLAZAR);
    private static final List<String> VERSIONS = List.of(Entrances.BLAZAR, "versions");
    private static final String V1 = "v1";

    private final Platform platform;
    private final Gate gate;
    private final List<Route> routes;

    public BlazarApi(Platform platform, Database database, Engine engine, Broker broker, Desk desk, Gate gate) {
        this.platform = platform;
        this.gate = gate;
        var leases = new Leases(platform, database, engine, broker.reservations(), desk, broker.hosts());
        var hosts = new Hosts(database, broker.hosts());
        var allocations = new Allocations(database, broker.hosts());
        var properties = new Properties(database, broker.hosts(), broker.properties());
        var addresses = new FloatingIps(database, engine, broker.addresses());
        this.routes = List.of(
                Route.of("GET", "leases", Right.READ, leases::list),
                Route.of("POST", "leases", Right.WRITE, leases::create),
                Route.of("GET", "leases/*", Right.READ, leases::show),
                Route.of("PUT", "leases/*", Right.WRITE, leases::update),
                Route.of("DELETE", "leases/*", Right.WRITE, leases::delete),
                Route.of("GET", "os-hosts", Right.OPERATE, hosts::list),
                Route.of("POST", "os-hosts", Right.OPERATE, hosts::create),
                Route.of("GET", "os-hosts/allocations", Right.READ, allocations::list),
                Route.of("GET", "os-hosts/properties", Right.READ, properties::list),
                Route.of("PATCH", "os-hosts/properties/*", Right.OPERATE, properties::update),
                Route.of("GET", "os-hosts/*", Right.OPERATE, hosts::show),
                Route.of("PUT", "os-hosts/*", Right.OPERATE, hosts::update),
                Route.of("DELETE", "os-hosts/*", Right.OPERATE, hosts::delete),
                Route.of("GET", "os-hosts/*/allocation", Right.READ, allocations::show),
                Route.of("GET", "floatingips", Right.READ, addresses::list),
                Route.of("POST", "floatingips", Right.OPERATE, addresses::create),
                Route.of("GET", "floatingips/*", Right.READ, addresses::show),
                Route.of("DELETE", "floatingips/*", Right.OPERATE, addresses::delete));
    }

    /// Not for pages: it stands beside the console, not in it.
    public List<Mount> mounts() {
        return List.of(new Mount(Entrances.BLAZAR, this::handle));
    }

    private HttpReply handle(HttpRequest request) {
        return answered(request)
                .with(Versions.HEADER, Versions.SPOKEN)
                .with("Vary", Versions.HEADER)
                .with(REQUEST_ID, "req-" + platform.newId());
    }

    private Content answered(HttpRequest request) {
        try {
            return answer(request);
        } catch (BlazarProblem e) {
            return e.reply();
        } catch (RefusedException e) {
            return BlazarProblem.of(e.refusal()).reply();
        } catch (CannotTellException e) {
            return BlazarProblem.unavailable(e.why()).reply();
        } catch (DatabaseUnavailableException e) {
            LOG.warn("{} {}: {}", request.method(), request.rawPath(), e.getMessage());
            return BlazarProblem.unavailable(e.advice()).reply();
        } catch (HttpServer.ClientGone e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", request.method(), request.rawPath(), e);
            return BlazarProblem.internal().reply();
        }
    }

    private Content answer(HttpRequest request) {
        Versions.check(request.header(Versions.HEADER));
        var method = request.method().equals("HEAD") ? "GET" : request.method();
        var path = withoutSuffix(request.path());
        if (path.equals(ROOT) || path.equals(VERSIONS)) {
            return Versions.list(request.base());
        }
        var caller = caller(request);
        if (path.size() < 3 || !path.get(1).equals(V1)) {
            throw BlazarProblem.noPath();
        }
        var rest = path.subList(2, path.size());
        var here = routes.stream().filter(route -> route.isAt(rest)).toList();
        if (here.isEmpty()) {
            throw BlazarProblem.noPath();
        }
        var exact = here.getFirst().path();
        var route = here.stream()
                .filter(one -> one.path().equals(exact) && one.method().equals(method))
                .findFirst()
                .orElseThrow(() -> wrongMethod(request.method(), here));
        route.right().check(caller);
        return route.action().answer(new Call(request, caller, route.named(rest)));
    }

    private static BlazarProblem wrongMethod(String method, List<Route> here) {
        return BlazarProblem.wrongMethod(
                method, here.stream().map(Route::method).distinct().collect(Collectors.joining(", ")));
    }

    /// Each path may also end in `.json`.
    private static List<String> withoutSuffix(List<String> path) {
        var last = path.getLast();
        if (!last.endsWith(SUFFIX)) {
            return path;
        }
        var plain = new ArrayList<>(path);
        plain.set(path.size() - 1, last.substring(0, last.length() - SUFFIX.length()));
        return plain;
    }

    private Caller caller(HttpRequest request) {
        var caller = request.header("X-Auth-Token")
                .flatMap(token -> gate.token(token, request.client()))
                .orElseThrow(() -> BlazarProblem.unauthorized(request.base() + "/" + Entrances.IDENTITY))
                .caller();
        if (Agents.isAgent(caller)) {
            throw BlazarProblem.forbidden("the key of an agent is not for reservations");
        }
        return caller;
    }
}
