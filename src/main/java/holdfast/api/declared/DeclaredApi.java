package holdfast.api.declared;

import holdfast.api.CannotTellException;
import holdfast.api.Gate;
import holdfast.api.Identity;
import holdfast.core.Caller;
import holdfast.core.RefusedException;
import holdfast.engine.Engine;
import holdfast.engine.handlers.Agents;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.HttpServer;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// `/apis`: the objects of FLUIDOS as `kubectl` speaks of them, and `/api`: the same as its dashboard reads them
/// (fluidos.md 5.12). For those who show a token or a pair of keys.
public final class DeclaredApi {
    private static final Logger LOG = LoggerFactory.getLogger(DeclaredApi.class);
    private static final String APIS = "apis";
    private static final String API = "api";
    private static final String DISCOVERY = "apidiscovery.k8s.io";
    private static final String NAMESPACES = "namespaces";
    private static final String YAML = "application/yaml";
    /// Of none of them a browser sends a body for a page of another site without asking.
    private static final Set<String> BODIES = Set.of("application/json", YAML, "application/x-yaml", "text/yaml");

    private static final Set<String> PATCHES =
            Set.of("application/merge-patch+json", "application/json", "application/strategic-merge-patch+json", YAML);
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern NAMED = Pattern.compile("metadata\\.name=([a-z0-9.-]{1,253})");
    private static final Duration WATCHED = Duration.ofMinutes(30);

    private final Gate gate;
    private final Objects objects;
    private final Watch watch;

    public DeclaredApi(Platform platform, Engine engine, Gate gate, Parts parts) {
        this.gate = gate;
        this.objects = parts.objects(platform, engine);
        this.watch = new Watch(platform, engine);
    }

    /// Whether a request to `/api` is for these objects: it names a sort of them, or comes from a client of
    /// Kubernetes that asks what there is. What else is below that word belongs to others.
    public static boolean isMeant(HttpRequest request) {
        var path = request.path();
        return path.size() > 1
                ? path.get(1).equals("v1") || Sort.called(path.get(1)).isPresent()
                : request.header("Accept")
                                .filter(words -> words.contains(DISCOVERY))
                                .isPresent()
                        || request.header("User-Agent")
                                .filter(name -> name.startsWith("kubectl"))
                                .isPresent();
    }

    /// Not for pages: it stands beside the console, not in it.
    public List<HttpServer.Mount> mounts() {
        return List.of(new HttpServer.Mount(APIS, this::handle), new HttpServer.Mount(API, this::handle));
    }

    private HttpReply handle(HttpRequest request) {
        try {
            return answer(request, caller(request));
        } catch (KubeProblem e) {
            return e.reply();
        } catch (RefusedException e) {
            return KubeProblem.of(e.refusal()).reply();
        } catch (CannotTellException e) {
            return KubeProblem.unavailable(e.why()).reply();
        } catch (DatabaseUnavailableException e) {
            LOG.warn("{} {}: {}", request.method(), request.rawPath(), e.getMessage());
            return KubeProblem.unavailable(e.advice()).reply();
        } catch (HttpServer.ClientGone e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", request.method(), request.rawPath(), e);
            return KubeProblem.internal().reply();
        }
    }

    private Caller caller(HttpRequest request) {
        var caller = gate.identity(request).map(Identity::caller).orElseThrow(KubeProblem::unauthorized);
        if (Agents.isAgent(caller)) {
            throw KubeProblem.forbidden("the key of an agent is not for objects");
        }
        if (caller.readOnly() && !isRead(request)) {
            throw KubeProblem.forbidden(caller.user() + " may look and change nothing");
        }
        return caller;
    }

    private static boolean isRead(HttpRequest request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }

    private HttpReply answer(HttpRequest request, Caller caller) {
        var path = request.path();
        if (path.getFirst().equals(API)) {
            return dashboard(request, path.subList(1, path.size()), caller);
        }
        if (!isRead(request)) {
            refuse(request, "dryRun", "send it without, or not at all");
        }
        if (path.size() <= 3) {
            return told(request, 200, Menu.of(path.subList(1, path.size())));
        }
        if (!path.get(2).equals(Sort.VERSION)) {
            throw nothing(request);
        }
        var rest = path.subList(3, path.size());
        if (rest.size() == 1) {
            return many(request, sort(path.get(1), rest.getFirst(), request), Optional.empty(), caller);
        }
        if (rest.size() < 3 || rest.size() > 5 || !rest.getFirst().equals(NAMESPACES)) {
            throw nothing(request);
        }
        var sort = sort(path.get(1), rest.get(2), request);
        var namespace = rest.get(1);
        if (!NAMESPACE.matcher(namespace).matches()) {
            throw KubeProblem.badRequest("the namespace must be 1 to 63 lower-case letters, digits and -");
        }
        return switch (rest.size()) {
            case 3 -> many(request, sort, Optional.of(namespace), caller);
            case 4 -> one(request, sort, namespace, rest.get(3), caller);
            default -> status(request, sort, namespace, rest, caller);
        };
    }

    private static Sort sort(String group, String plural, HttpRequest request) {
        return Sort.of(group, plural).orElseThrow(() -> nothing(request));
    }

    private static KubeProblem nothing(HttpRequest request) {
        var path = request.rawPath();
        return KubeProblem.notFound(
                "the server could not find the requested resource " + path.substring(0, Math.min(path.length(), 200)));
    }

    private HttpReply many(HttpRequest request, Sort sort, Optional<String> namespace, Caller caller) {
        if (isRead(request)) {
            refuse(request, "labelSelector", "choose among what is listed");
            var named = parameter(request, "fieldSelector").map(DeclaredApi::named);
            if (parameter(request, "watch")
                    .filter(text -> text.equals("1") || text.equals("true"))
                    .isPresent()) {
                return watch.open(
                        () -> list(sort, namespace, named, caller),
                        () -> gate.identity(request).map(Identity::caller).equals(Optional.of(caller)),
                        longest(request));
            }
            return told(request, 200, Objects.list(sort, list(sort, namespace, named, caller)));
        }
        if (!request.method().equals("POST") || namespace.isEmpty()) {
            throw wrongMethod(request, "GET, POST");
        }
        var made = objects.create(sort, namespace.get(), body(request, BODIES), caller);
        return told(request, 201, made.tree());
    }

    private List<Shown> list(Sort sort, Optional<String> namespace, Optional<String> named, Caller caller) {
        var all = objects.list(sort, namespace, caller);
        return named.map(name ->
                        all.stream().filter(one -> one.name().equals(name)).toList())
                .orElse(all);
    }

    private static String named(String selector) {
        var named = NAMED.matcher(selector);
        if (!named.matches()) {
            throw KubeProblem.badRequest("fieldSelector is served as metadata.name=NAME only");
        }
        return named.group(1);
    }

    private static void refuse(HttpRequest request, String parameter, String wayOut) {
        if (parameter(request, parameter).filter(text -> !text.isEmpty()).isPresent()) {
            throw KubeProblem.badRequest(parameter + " is not served: " + wayOut);
        }
    }

    private static Duration longest(HttpRequest request) {
        try {
            return parameter(request, "timeoutSeconds")
                    .map(text -> Duration.ofSeconds(Math.clamp(Long.parseLong(text), 1, 3_600)))
                    .orElse(WATCHED);
        } catch (NumberFormatException _) {
            throw KubeProblem.badRequest("timeoutSeconds must be a number of seconds");
        }
    }

    private HttpReply one(HttpRequest request, Sort sort, String namespace, String name, Caller caller) {
        return switch (request.method()) {
            case "GET", "HEAD" ->
                told(request, 200, objects.one(sort, namespace, name, caller).tree());
            case "PATCH" ->
                told(
                        request,
                        200,
                        objects.patch(sort, namespace, name, body(request, PATCHES), caller)
                                .tree());
            case "DELETE" ->
                told(request, 200, objects.delete(sort, namespace, name, caller).tree());
            default -> throw wrongMethod(request, "GET, PATCH, DELETE");
        };
    }

    private HttpReply status(HttpRequest request, Sort sort, String namespace, List<String> rest, Caller caller) {
        if (!rest.get(4).equals("status")) {
            throw nothing(request);
        }
        if (!isRead(request)) {
            throw wrongMethod(request, "GET");
        }
        return told(
                request, 200, objects.one(sort, namespace, rest.get(3), caller).tree());
    }

    private HttpReply dashboard(HttpRequest request, List<String> rest, Caller caller) {
        if (!isRead(request)) {
            throw wrongMethod(request, "GET");
        }
        if (rest.isEmpty() || rest.equals(List.of("v1"))) {
            return told(request, 200, Menu.core(rest));
        }
        var sort = Sort.called(rest.getFirst()).orElseThrow(() -> nothing(request));
        if (rest.size() > 2) {
            throw nothing(request);
        }
        var all = objects.list(sort, Optional.empty(), caller);
        if (rest.size() == 1) {
            var items = Json.array();
            all.forEach(one -> items.add(one.tree()));
            return told(request, 200, items);
        }
        return told(
                request,
                200,
                all.stream()
                        .filter(one -> one.name().equals(rest.get(1)))
                        .findFirst()
                        .orElseThrow(() -> nothing(request))
                        .tree());
    }

    private static Optional<String> parameter(HttpRequest request, String name) {
        return request.query().getOrDefault(name, List.of()).stream().findFirst();
    }

    private static Manifest body(HttpRequest request, Set<String> types) {
        if (!types.contains(request.mediaType())) {
            throw KubeProblem.wrongType("Content-Type must be one of "
                    + String.join(", ", types.stream().sorted().toList()));
        }
        return Manifest.read(
                switch (request.body(Manifest.LARGEST)) {
                    case HttpRequest.Body.Whole whole ->
                        whole.utf8().orElseThrow(() -> KubeProblem.badRequest("the body is not in UTF-8"));
                    case HttpRequest.Body.TooLarge _ ->
                        throw KubeProblem.tooLarge("the body is larger than " + Manifest.LARGEST + " bytes");
                    case HttpRequest.Body.TooSlow _ -> throw KubeProblem.badRequest("the body did not arrive in time");
                    case HttpRequest.Body.Crowded _ ->
                        throw KubeProblem.unavailable("too many large requests at the same time");
                });
    }

    private static KubeProblem wrongMethod(HttpRequest request, String allowed) {
        return KubeProblem.wrongMethod(request.method() + " is not served here; " + allowed + " are");
    }

    private static HttpReply told(HttpRequest request, int status, JsonNode tree) {
        return request.header("Accept").filter(types -> types.contains("yaml")).isPresent()
                ? HttpReply.of(status, YAML, Manifest.yaml(tree))
                : HttpReply.json(status, tree);
    }
}
