package holdfast.api.deltacloud;

import holdfast.api.CannotTellException;
import holdfast.api.Gate;
import holdfast.api.Identity;
import holdfast.core.Caller;
import holdfast.core.Once;
import holdfast.core.RefusedException;
import holdfast.engine.handlers.Agents;
import holdfast.orchestrator.instances.AccountThings;
import holdfast.orchestrator.instances.VirtualCloud;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.HttpServer;
import holdfast.platform.HttpServer.Mount;
import holdfast.platform.Platform;
import holdfast.platform.Stopwatch;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Deltacloud API 1.1.3 (aeolus.md 5.3), for clients that know nothing of a broker: each pool is a provider.
///
/// Browsers send the password of `Basic` by themselves, so pages of other sites may change nothing here.
public final class DeltacloudApi {
    private static final Logger LOG = LoggerFactory.getLogger(DeltacloudApi.class);
    private static final String METHOD = "_method";
    /// How long an answer waits for what it has begun (aeolus.md 4.4).
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Set<String> OVERRIDES = Set.of("DELETE", "PUT");

    private final Platform platform;
    private final Gate gate;
    private final VirtualCloud.Finder pools;
    private final AccountThings.Finder accounts;
    private final Map<String, Collection> collections = new TreeMap<>();

    /// @param accounts [AccountThings.Finder#NOTHING] if there are only instances
    /// @param patience how long answers wait for what they have begun
    public DeltacloudApi(
            Platform platform, Gate gate, VirtualCloud.Finder pools, AccountThings.Finder accounts, Duration patience) {
        this.platform = platform;
        this.gate = gate;
        this.pools = pools;
        this.accounts = accounts;
        Stream.of(
                        List.of(
                                new Drivers(pools).collection(),
                                States.collection(),
                                new Profiles(pools).collection(),
                                Realms.collection(),
                                Images.collection(),
                                new Instances(patience).collection(),
                                Firewalls.collection(),
                                Buckets.collection()),
                        Access.collections(),
                        Storage.collections(),
                        Networks.collections())
                .flatMap(List::stream)
                .forEach(collection -> collections.put(collection.name(), collection));
    }

    /// All of it is below `/api`.
    public List<Mount> mounts() {
        return List.of(new Mount(Call.ROOT, this::handle));
    }

    private HttpReply handle(HttpRequest request) {
        if (request.header("Host").isEmpty()) {
            return Replies.plain(400, "no Host\n");
        }
        var watch = Stopwatch.start();
        var call = new Call(request);
        var page = new Page(call.links());
        var reply = served(call, page);
        return Replies.dressed(call.about(), reply, watch.elapsed());
    }

    private HttpReply served(Call call, Page page) {
        Function<Document, Element> plain = page::of;
        try {
            call.choose(pools);
            return routed(call, page);
        } catch (Problem e) {
            return Replies.of(call.about(), e, plain);
        } catch (RefusedException e) {
            return Replies.of(call.about(), Problem.of(e.refusal()), plain);
        } catch (CannotTellException e) {
            return Replies.of(call.about(), Problem.unavailable(e.why()), plain);
        } catch (DatabaseUnavailableException e) {
            LOG.warn("{} {}: {}", call.request.method(), call.request.rawPath(), e.getMessage());
            return Replies.of(call.about(), Problem.unavailable(e.advice()), plain);
        } catch (HttpServer.ClientGone e) {
            throw e;
        } catch (RuntimeException e) {
            var id = platform.newId();
            LOG.error("{} {} failed, error {}", call.request.method(), call.request.rawPath(), id, e);
            var problem = new Problem(500, "the server failed to answer; its log tells more under " + id);
            return Replies.of(call.about(), problem, plain);
        }
    }

    private HttpReply routed(Call call, Page page) {
        var path = call.below();
        if (path.isEmpty()) {
            return Replies.of(call.about(), entry(call), page::entry);
        }
        if (call.request.rawPath().endsWith("/")) {
            throw nothing(call); // a member without an id, which is not the collection
        }
        var collection = Optional.ofNullable(collections.get(path.getFirst())).orElseThrow(() -> nothing(call));
        var rest = path.subList(1, path.size());
        var told = call.request.method().equals("OPTIONS")
                ? options(call, collection, rest)
                : told(call, collection, rest, page);
        return Replies.of(call.about(), told, document -> page.of(document, collection, rest));
    }

    private static Problem nothing(Call call) {
        return new Problem(404, "there is nothing at " + Problem.shorten(call.request.knownPath()));
    }

    /// The entry point; nothing in it is secret.
    private Told entry(Call call) {
        return switch (call.request.method()) {
            case "OPTIONS" -> new Told.Nothing(200, Map.of("Allow", "OPTIONS,GET,POST"));
            case "POST" -> moved(call);
            case "GET", "HEAD" -> {
                if (EntryPoint.forced(call.fields) && caller(call).isEmpty()) {
                    throw call.unauthorized();
                }
                var nobody = Optional.<Caller>empty();
                var cloud = cloud(call, nobody);
                var ask = ask(call, List.of(), nobody, cloud, offer(call, nobody, cloud));
                yield Told.ok(EntryPoint.of(
                        ask,
                        collections.values().stream()
                                .filter(one -> isOffered(one, ask::offer))
                                .map(Collection::name)
                                .toList()));
            }
            default -> throw wrongMethod("OPTIONS,GET,POST");
        };
    }

    /// To the same with the driver and the provider that a form names.
    private static Told moved(Call call) {
        call.fields = Fields.of(call.request, call.way, true);
        var target = new StringBuilder(call.request.base() + "/" + Call.ROOT);
        for (var name : List.of(Call.DRIVER, Call.PROVIDER)) {
            Optional.ofNullable(call.fields.get(name))
                    .filter(value -> !value.isBlank())
                    .ifPresent(
                            value -> target.append(';').append(name).append('=').append(Links.encoded(value)));
        }
        return new Told.Nothing(301, Map.of("Location", target.toString()));
    }

    private static Told options(Call call, Collection collection, List<String> rest) {
        if (rest.size() == 1) {
            var named = collection.operations().stream()
                    .filter(operation -> operation.name().equals(rest.getFirst()))
                    .findFirst();
            if (named.isPresent()) {
                return allow(String.join(
                        ",",
                        named.get().params().stream()
                                .map(Operation.Param::described)
                                .toList()));
            }
        }
        if (!rest.isEmpty() && collection.operations().stream().noneMatch(operation -> operation.isAt(rest))) {
            throw nothing(call);
        }
        return allow(collection.allowed(rest));
    }

    private static Told allow(String what) {
        return new Told.Nothing(200, Map.of("Allow", what));
    }

    private Told told(Call call, Collection collection, List<String> rest, Page page) {
        boolean asksForm = rest.equals(List.of("new")) && call.request.method().equals("GET");
        if (!asksForm && collection.operations().stream().noneMatch(operation -> operation.isAt(rest))) {
            throw nothing(call);
        }
        var caller = caller(call);
        if (caller.filter(Agents::isAgent).isPresent()) {
            throw new Problem(403, "an agent has no instances");
        }
        if (caller.isEmpty() && !collection.open()) {
            throw call.unauthorized();
        }
        var cloud = cloud(call, caller);
        var offer = offer(call, caller, cloud);
        if (!isOffered(collection, offer)) {
            throw missing(collection.name());
        }
        if (asksForm) {
            return form(call, collection, page);
        }
        var operation = operation(call, collection, rest);
        if (operation.writes()) {
            if (!call.about().isShown()) {
                return new Told.Nothing(406, Map.of());
            }
            caller.ifPresent(DeltacloudApi::mayWrite);
        }
        if (!readsItself(call, operation)) {
            operation.check(call.fields);
        }
        var told = operation.action().answer(ask(call, rest, caller, cloud, offer));
        boolean browser = call.request.method().equals("POST") && call.form.equals(Optional.of(Form.HTML));
        return browser && operation.method().equals("DELETE") ? upward(call, collection, rest) : told;
    }

    /// To the page above one of something that is gone, where a browser would stay.
    private static Told upward(Call call, Collection collection, List<String> rest) {
        var up = rest;
        do {
            up = up.subList(0, up.size() - 1);
        } while (!up.isEmpty() && find(collection, "GET", up).isEmpty());
        var address = up.isEmpty()
                ? call.links().collection(collection.name())
                : call.links()
                        .member(
                                collection.name(),
                                up.getFirst(),
                                up.stream().skip(1).toArray(String[]::new));
        return new Told.Nothing(303, Map.of("Location", address));
    }

    /// Reads the body, unless the operation does: it may say that another method is meant.
    private static Operation operation(Call call, Collection collection, List<String> rest) {
        var method = call.request.method();
        var asked = find(collection, method, rest);
        if (method.equals("POST") || method.equals("PUT") || method.equals("DELETE")) {
            call.mustBeOurs();
        }
        if (method.equals("POST")) {
            if (asked.filter(operation -> readsItself(call, operation)).isEmpty()) {
                call.fields = Fields.of(call.request, call.way, true);
            }
            var meant = call.fields.getOrDefault(METHOD, "").toUpperCase(Locale.ROOT);
            asked = OVERRIDES.contains(meant) ? find(collection, meant, rest) : asked;
        }
        return asked.orElseThrow(() -> wrongMethod(collection.allowed(rest)));
    }

    private static boolean readsItself(Call call, Operation operation) {
        return operation.streams()
                && (operation.method().equals("PUT") || call.request.mediaType().equals(Fields.MULTIPART));
    }

    private static Optional<Operation> find(Collection collection, String method, List<String> rest) {
        var found = collection.operations().stream()
                .filter(operation -> operation.method().equals(method) && operation.isAt(rest))
                .findFirst();
        return found.isEmpty() && method.equals("HEAD") ? find(collection, "GET", rest) : found;
    }

    private static Problem wrongMethod(String allowed) {
        return new Problem(405, "only " + allowed + " is answered here", Map.of("Allow", allowed));
    }

    private static void mayWrite(Caller caller) {
        if (caller.readOnly()) {
            throw new Problem(
                    403, caller.user() + " may look at things here, not change them; use a key with another role");
        }
    }

    private static Told form(Call call, Collection collection, Page page) {
        var create = collection.operations().stream()
                .filter(operation -> operation.name().equals("create"))
                .findFirst()
                .orElseThrow(() -> nothing(call));
        return new Told.Raw(Replies.page(page.create(collection, create, call.fields)));
    }

    private Optional<Caller> caller(Call call) {
        return gate.identity(call.request).map(Identity::caller);
    }

    /// What no account of the pool has.
    static Problem missing(String capability) {
        return new Problem(
                412, "The required capability to execute this operation is missing", Map.of("Expect", capability));
    }

    private static boolean isOffered(Collection collection, Supplier<AccountThings.Offer> offer) {
        return collection.always() || offer.get().collections().contains(collection.name());
    }

    private Supplier<VirtualCloud> cloud(Call call, Optional<Caller> caller) {
        return new Once<>(() -> pools.find(caller.orElseThrow(() -> call.unauthorized()), call.provider, call.driver)
                .orThrow());
    }

    /// Of whatever pool is named, for those who have not said who they are.
    private Supplier<AccountThings.Offer> offer(Call call, Optional<Caller> caller, Supplier<VirtualCloud> cloud) {
        return new Once<>(() -> caller.isPresent()
                ? accounts.offer(cloud.get(), call.driver)
                : accounts.offer(call.provider, call.driver));
    }

    private Ask ask(
            Call call,
            List<String> path,
            Optional<Caller> caller,
            Supplier<VirtualCloud> cloud,
            Supplier<AccountThings.Offer> offer) {
        return new Ask(
                call.request,
                path,
                call.fields,
                call.form.orElse(Form.XML),
                call.links(),
                call.driver,
                call.provider,
                caller,
                offer,
                cloud,
                () -> accounts.in(caller.orElseThrow(), cloud.get(), call.driver));
    }
}
