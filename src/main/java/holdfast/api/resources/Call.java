package holdfast.api.resources;

import holdfast.api.CannotTellException;
import holdfast.core.Caller;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.Platform;
import holdfast.pools.Projects;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/// A request whose options are known: another method, and the project to act in. A path may have that before
/// what it names, `/v1/projects/1a7/hosts`; what a project is linked with comes first,
/// `/v1/projects/1a7/projectmembers`.
final class Call {
    /// Who asks for what is open to anybody.
    static final Caller NOBODY = new Caller("nobody", "", false);

    final HttpRequest request;
    final Kinds known;
    final String method;
    private final Surroundings here;
    private final List<String> path;
    private final Optional<String> project;
    private final boolean linked;
    private Optional<Caller> acting = Optional.empty();

    /// What calls of one interface share.
    ///
    /// @param who whose token a request shows
    record Surroundings(
            Platform platform, Accounts accounts, List<Route> routes, Function<HttpRequest, Optional<Caller>> who) {}

    /// A route, and what its named parts are in a path.
    record Found(Route route, Map<String, String> named) {}

    Call(HttpRequest request, Kinds known, Surroundings here) {
        this.request = request;
        this.known = known;
        this.here = here;
        method = query("_method").map(word -> word.toUpperCase(Locale.ROOT)).orElse(request.method());
        var segments = request.path();
        boolean within = segments.size() > 3 && segments.get(1).equalsIgnoreCase("projects");
        linked = within
                && known.find(Projects.KIND)
                        .flatMap(type -> Links.find(known, type, segments.get(3)))
                        .isPresent();
        path = within && !linked
                ? Stream.concat(
                                Stream.of(segments.getFirst()),
                                segments.stream().skip(3))
                        .toList()
                : segments;
        project = request.header("X-API-Project-Id")
                .or(() -> query("projectId"))
                .or(() -> within ? Optional.of(segments.get(2)) : Optional.empty());
    }

    private Optional<String> query(String name) {
        return request.query().getOrDefault(name, List.of()).stream().findFirst();
    }

    boolean isReading() {
        return method.equals("GET") || method.equals("HEAD");
    }

    /// The answer with what every answer tells of the one who asked (cattle.md 5.1).
    HttpReply told(HttpReply.Content content) {
        var told =
                content.with("X-API-Schemas", request.base() + "/v1/schemas").with("X-API-Client-IP", request.client());
        return acting.filter(caller -> !caller.equals(NOBODY))
                .map(caller -> here.accounts.told(told, caller))
                .orElse(told);
    }

    List<Found> atPath() {
        return here.routes.stream()
                .flatMap(
                        route -> route
                                .match(path, name -> known.named(name).isPresent())
                                .map(named -> new Found(route, named))
                                .stream())
                .toList();
    }

    Optional<Found> found() {
        return atPath().stream().filter(one -> one.route.takes(method)).findFirst();
    }

    Ask ask(Caller caller, Map<String, String> named) {
        return new Ask(caller, request, method, byId(caller, named), known, here.platform.now(), () -> isStill(caller));
    }

    /// The named parts; the id of a project in place of its name.
    private Map<String, String> byId(Caller caller, Map<String, String> named) {
        if (!linked || !caller.project().equals(named.get("id"))) {
            return named;
        }
        var all = new HashMap<>(named);
        all.put("id", Projects.id(caller.project()).toString());
        return all;
    }

    /// Whether the one who asked may still act in the same way; also while nobody can tell.
    private boolean isStill(Caller caller) {
        try {
            return here.who
                    .apply(request)
                    .map(this::acting)
                    .filter(caller::equals)
                    .isPresent();
        } catch (Problem _) {
            return false;
        } catch (CannotTellException | DatabaseUnavailableException _) {
            return true;
        }
    }

    /// The caller in the project that it wants to act in.
    ///
    /// @throws Problem 403 if it is no member
    Caller acting(Caller caller) {
        return project.map(wanted -> here.accounts.in(caller, wanted, known)).orElse(caller);
    }

    /// From now on it is told of, and where it acts.
    void actsAs(Caller caller) {
        acting = Optional.of(caller);
        here.accounts.look(caller);
    }

    /// Why there is nothing at its path.
    Problem nothing(Caller caller) {
        var others = atPath();
        if (!others.isEmpty()) {
            return wrongMethod(caller, others);
        }
        var hint = path.size() > 1 && path.getFirst().equalsIgnoreCase("v1")
                ? Nearest.to(path.get(1), known.plurals(caller))
                        .map(near -> "; did you mean /v1/" + near + "?")
                        .orElse("")
                : "";
        return Problem.notThere("there is nothing at " + Form.shorten("/" + String.join("/", path))
                + (hint.isEmpty() ? "; GET /v1 lists what there is" : hint));
    }

    private Problem wrongMethod(Caller caller, List<Found> others) {
        var named = others.getLast().named;
        var type = Optional.ofNullable(named.get("type")).flatMap(known::named);
        if (type.filter(one -> Methods.of(caller, one, true).isEmpty()).isPresent()) {
            return Problem.notThere("there is nothing at " + Form.shorten("/" + String.join("/", path)));
        }
        if (type.isPresent()
                && others.size()
                        == others.stream()
                                .filter(one -> one.named.containsKey("type"))
                                .count()) {
            return Methods.wrong(ask(caller, named), type.get(), named.containsKey("id"));
        }
        var methods = new TreeSet<String>();
        others.forEach(one -> methods.add(one.route.method()));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return Problem.wrongMethod(method, Form.shorten("/" + String.join("/", path)), String.join(", ", methods));
    }
}
