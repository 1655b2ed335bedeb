package holdfast.api.cimi;

import holdfast.api.CannotTellException;
import holdfast.api.Gate;
import holdfast.api.Identity;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Once;
import holdfast.core.RefusedException;
import holdfast.orchestrator.instances.AccountThing;
import holdfast.orchestrator.instances.AccountThings;
import holdfast.orchestrator.instances.CloudTemplates;
import holdfast.orchestrator.instances.Deployments;
import holdfast.orchestrator.instances.VirtualCloud;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.HttpServer;
import holdfast.platform.HttpServer.Mount;
import holdfast.platform.Platform;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// CIMI 1.0 (aeolus.md 5.4), for clients that know nothing of a broker: each pool is a provider.
public final class CimiApi {
    private static final Logger LOG = LoggerFactory.getLogger(CimiApi.class);
    private static final String ROOT = "cimi";
    private static final String ENTRY = "cloudEntryPoint";
    private static final String BROKER = "broker";
    private static final String VERSION = "CIMI-Specification-Version";
    /// How long an answer waits for what it has begun (aeolus.md 4.4).
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Platform platform;
    private final Gate gate;
    private final VirtualCloud.Finder pools;
    private final AccountThings.Finder accounts;
    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private final Shown shown = new Shown(kinds);

    /// @param accounts [AccountThings.Finder#NOTHING] if there are only machines
    /// @param patience how long answers wait for what they have begun
    public CimiApi(
            Platform platform,
            Gate gate,
            VirtualCloud.Finder pools,
            Deployments.Finder deployments,
            AccountThings.Finder accounts,
            CloudTemplates kept,
            Duration patience) {
        this.platform = platform;
        this.gate = gate;
        this.pools = pools;
        this.accounts = accounts;
        kinds(deployments, kept, patience).forEach(kind -> kinds.put(kind.path(), kind));
    }

    /// In the order of the entry point (aeolus.md 5.4.2).
    private Stream<Kind> kinds(Deployments.Finder deployments, CloudTemplates kept, Duration patience) {
        var machines = new Kept(Shape.MACHINE, kept);
        var systemTemplates = new Kept(Shape.SYSTEM, kept);
        var systems = new Systems(systemTemplates, machines, deployments);
        var credentials = new Kept(Shape.CREDENTIAL, kept);
        var volumes = new Kept(Shape.VOLUME, kept);
        var volumeConfigurations = new Kept(Shape.VOLUME_CONFIGURATION, kept);
        var networks = new Kept(Shape.NETWORK, kept);
        var networkConfigurations = new Kept(Shape.NETWORK_CONFIGURATION, kept);
        var ports = new Kept(Shape.PORT, kept);
        var addresses = new Kept(Shape.ADDRESS, kept);
        var groups = new Kept(Shape.FORWARDING_GROUP, kept);
        return Stream.of(
                new Metadata(() -> List.copyOf(kinds.values())),
                systems,
                systemTemplates,
                new Machines(machines, patience),
                machines,
                new MachineConfigurations(),
                new MachineImages(),
                new Credentials(credentials),
                credentials,
                new Volumes(volumes, volumeConfigurations),
                volumes,
                volumeConfigurations,
                new VolumeImages(),
                new Networks(networks, networkConfigurations),
                networks,
                networkConfigurations,
                new NetworkPorts(ports),
                ports,
                new Kept(Shape.PORT_CONFIGURATION, kept),
                new Addresses(addresses),
                addresses,
                new ForwardingGroups(groups),
                groups,
                new Jobs(),
                new EventLogs(systems));
    }

    /// All of it is below `/cimi`.
    public List<Mount> mounts() {
        return List.of(new Mount(ROOT, this::handle));
    }

    private HttpReply handle(HttpRequest request) {
        var form = Form.wanted(request);
        try {
            return dressed(served(request, form));
        } catch (Problem e) {
            return dressed(form.reply(e, request.knownPath()));
        } catch (RefusedException e) {
            return dressed(form.reply(Problem.of(e.refusal()), request.knownPath()));
        } catch (CannotTellException e) {
            return dressed(form.reply(unavailable(e.why()), request.knownPath()));
        } catch (DatabaseUnavailableException e) {
            LOG.warn("{} {}: {}", request.method(), request.rawPath(), e.getMessage());
            return dressed(form.reply(unavailable(e.advice()), request.knownPath()));
        } catch (HttpServer.ClientGone e) {
            throw e;
        } catch (RuntimeException e) {
            var id = platform.newId();
            LOG.error("{} {} failed, error {}", request.method(), request.rawPath(), id, e);
            var problem = new Problem(500, "the server failed to answer; its log tells more under " + id);
            return dressed(form.reply(problem, request.knownPath()));
        }
    }

    private static Problem unavailable(String why) {
        return new Problem(503, why, Map.of("Retry-After", "10"));
    }

    private static HttpReply dressed(HttpReply reply) {
        return switch (reply) {
            case HttpReply.Content content -> content.with(VERSION, "1.0.0");
            case HttpReply.Written(var type, var _, var writing) ->
                new HttpReply.Written(type, Map.of(VERSION, "1.0.0"), writing);
            case HttpReply.Flow _, HttpReply.Events _, HttpReply.Lines _, HttpReply.Tunnel _ -> reply; // there are none
        };
    }

    private HttpReply served(HttpRequest request, Form form) {
        var path = request.path().subList(1, request.path().size());
        var base = request.base() + "/" + ROOT;
        if (path.isEmpty()) {
            return HttpReply.of(301, "text/plain", "").with("Location", base + "/" + ENTRY);
        }
        var query = orThrow(Query.read(request.query()));
        var driver = request.header("X-Deltacloud-Driver").orElse(BROKER);
        pools.unknown(driver).ifPresent(why -> {
            throw Problem.malformed(why.message());
        });
        var provider = request.header("X-Deltacloud-Provider").filter(name -> !name.isBlank());
        var identity = gate.identity(request);
        if (path.equals(List.of(ENTRY))) {
            only(request, "GET");
            var face = identity.map(known -> face(base, known.caller(), provider, driver, query));
            return form.reply(200, query.selected(entry(base, driver, provider, face)));
        }
        var caller = identity.map(Identity::caller)
                .orElseThrow(() -> new Problem(
                        401,
                        "say who you are, with a name and a token",
                        Map.of("WWW-Authenticate", "Basic realm=\"cimi\"")));
        var face = face(base, caller, provider, driver, query);
        var kind = shown.kind(face, path.getFirst()).orElseThrow(() -> nothing(request));
        return switch (path.size()) {
            case 1 -> collection(request, form, face, kind);
            case 2 -> one(request, form, face, kind, path.get(1));
            case 3 -> below(request, form, face, kind, path.get(1), path.get(2));
            case 4 -> member(request, form, face, kind, path.subList(1, 4));
            default -> throw nothing(request);
        };
    }

    private static <T> T orThrow(Answer<T> answer) {
        return switch (answer) {
            case Answer.Yes<T>(var value) -> value;
            case Answer.No<T>(var why) -> throw Problem.of(why);
        };
    }

    private static Problem nothing(HttpRequest request) {
        var path = request.knownPath();
        return new Problem(404, "there is nothing at " + path.substring(0, Math.min(path.length(), 200)));
    }

    private static void only(HttpRequest request, String method) {
        if (!request.method().equals(method)) {
            throw new Problem(405, "only " + method + " is answered here", Map.of("Allow", method));
        }
    }

    private Face face(String base, Caller caller, Optional<String> provider, String driver, Query query) {
        var cloud = orThrow(pools.find(caller, provider, driver));
        var there = new Once<>(() -> accounts.in(caller, cloud, driver));
        return new Face(
                base,
                caller,
                cloud,
                Optional.of(driver).filter(type -> !type.equals(BROKER)),
                query,
                accounts.offer(cloud, driver),
                there,
                new Once<>(() -> there.get().list(AccountThing.Volume.class)));
    }

    // --------------------------------------------------------------------------------------------------------------
    // looking

    private ObjectNode entry(String base, String driver, Optional<String> provider, Optional<Face> face) {
        var node = Shown.typed("CloudEntryPoint")
                .put("id", base + "/" + ENTRY)
                .put("name", driver)
                .put("description", "Holdfast: many clouds as one")
                .put("driver", driver);
        provider.or(() -> face.map(known -> known.cloud().pool().name())).ifPresent(name -> node.put("provider", name));
        node.put("baseURI", base + "/");
        var offer = face.map(Face::offer)
                .orElseGet(() -> accounts.offer(provider, driver))
                .collections();
        var offered = kinds.values().stream()
                .filter(kind -> offer.containsAll(kind.needs().stream().toList()));
        shown.entries(node, base, offered.toList(), face);
        return node;
    }

    private HttpReply collection(HttpRequest request, Form form, Face face, Kind kind) {
        return switch (request.method()) {
            case "GET", "HEAD" -> form.reply(shown.asked(face, kind));
            case "POST" -> {
                mayWrite(face.caller());
                yield told(form, kind, kind.create(face, Form.read(request), request.header(Deployments.TOKEN)));
            }
            default -> throw new Problem(405, "only GET and POST are answered here", Map.of("Allow", "GET,POST"));
        };
    }

    private HttpReply.Content one(HttpRequest request, Form form, Face face, Kind kind, String id) {
        return switch (request.method()) {
            case "GET", "HEAD" -> form.reply(200, shown.asked(face, kind.type(), find(face, kind, id)));
            case "PUT" -> {
                mayWrite(face.caller());
                var version = kind.version(face, id);
                var current = Shown.whole(kind.type(), find(face, kind, id));
                var expected = request.header("If-Match");
                if (expected.isPresent() && !matches(expected.get(), form.etag(current))) {
                    throw new Problem(412, "it was changed since it was read; read it again");
                }
                yield told(
                        form, kind, kind.edit(face, id, Form.read(request), version.filter(_ -> expected.isPresent())));
            }
            case "DELETE" -> {
                mayWrite(face.caller());
                yield told(form, kind, kind.delete(face, id));
            }
            default ->
                throw new Problem(405, "only GET, PUT and DELETE are answered here", Map.of("Allow", "GET,PUT,DELETE"));
        };
    }

    private static boolean matches(String expected, String etag) {
        return expected.equals("*") || expected.contains(etag);
    }

    private static ObjectNode find(Face face, Kind kind, String id) {
        return kind.one(face, id).orElseThrow(() -> Problem.nothing(kind.type() + " " + id));
    }

    private HttpReply below(HttpRequest request, Form form, Face face, Kind kind, String id, String name) {
        if (request.method().equals("POST")) {
            mayWrite(face.caller());
            var body = Form.read(request);
            Fields.text(body, "action").map(Fields::last).ifPresent(word -> {
                if (!word.equals(name)) {
                    throw Problem.malformed("the action is " + word + ", but this is the address of " + name);
                }
            });
            return told(form, kind, kind.act(face, id, name, body));
        }
        only(request, "GET");
        var part = kind.part(face, id, name).orElseThrow(() -> nothing(request));
        return form.reply(shown.asked(face, part, kind.path(), id, name));
    }

    /// @param path the id of a resource, the name of a collection below it, and the id of one of that
    private HttpReply.Content member(HttpRequest request, Form form, Face face, Kind kind, List<String> path) {
        return switch (request.method()) {
            case "GET", "HEAD" -> {
                var part = kind.part(face, path.getFirst(), path.get(1)).orElseThrow(() -> nothing(request));
                var member = part.all().stream()
                        .filter(one -> Fields.last(one.path("id").asString("")).equals(path.get(2)))
                        .findFirst()
                        .orElseThrow(() -> nothing(request));
                yield form.reply(200, shown.asked(face, part.type(), member));
            }
            case "DELETE" -> {
                mayWrite(face.caller());
                yield told(form, kind, kind.remove(face, path.getFirst(), path.get(1), path.get(2)));
            }
            default -> throw new Problem(405, "only GET and DELETE are answered here", Map.of("Allow", "GET,DELETE"));
        };
    }

    // --------------------------------------------------------------------------------------------------------------
    // changing

    private static void mayWrite(Caller caller) {
        if (caller.readOnly()) {
            throw new Problem(
                    403, caller.user() + " may look at things here, not change them; use a key with another role");
        }
    }

    private static HttpReply.Content told(Form form, Kind kind, Kind.Done done) {
        var reply = done.document()
                .map(document -> form.reply(done.status(), Shown.whole(kind.type(), document)))
                .orElseGet(() -> new HttpReply.Content(done.status(), "", new byte[0], Map.of()));
        for (var header : done.headers().entrySet()) {
            reply = reply.with(header.getKey(), header.getValue());
        }
        return reply;
    }
}
