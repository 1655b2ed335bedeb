package holdfast.api.config;

import static java.util.Objects.requireNonNull;

import holdfast.api.CannotTellException;
import holdfast.api.Gate;
import holdfast.api.Identity;
import holdfast.core.Caller;
import holdfast.core.RefusedException;
import holdfast.engine.handlers.Agents;
import holdfast.orchestrator.instances.Deployments;
import holdfast.orchestrator.instances.Fleet;
import holdfast.orchestrator.instances.UsageRecords;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.HttpServer;
import holdfast.platform.SqlErrors;
import holdfast.pools.clouds.Configuration;
import holdfast.pools.clouds.ImageMapper.UnavailableException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/broker`: the configuration of the cloud broker in XML and JSON (aeolus.md 5.1).
public final class ConfigApi {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigApi.class);
    private static final String XML = "application/xml; charset=utf-8";
    private static final String JSON = "application/json; charset=utf-8";
    private static final Caller NOBODY = new Caller("", "", false);
    private static final String ODD = "the address has control characters, with which nothing is named";
    private static final String REALM = "Basic realm=\"broker\"";

    private final Function<HttpRequest, Optional<Caller>> callers;
    private final Desk desk;
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private Optional<Part> callbacks = Optional.empty();

    public ConfigApi(Database database, Configuration configuration, ImagesApi images, Gate gate) {
        this(
                database,
                configuration,
                images,
                request -> gate.identity(request).map(Identity::caller).filter(caller -> !Agents.isAgent(caller)));
    }

    ConfigApi(
            Database database,
            Configuration configuration,
            ImagesApi images,
            Function<HttpRequest, Optional<Caller>> callers) {
        this.callers = callers;
        this.desk = new Desk(database, configuration);
        var accounts = new AccountsApi(desk);
        parts.put("provider_types", new TypesApi(desk));
        parts.put("providers", new ProvidersApi(desk, accounts));
        parts.put("provider_accounts", accounts);
        parts.put("provider_realms", new ProviderRealmsApi(desk));
        parts.put("hardware_profiles", new ProfilesApi(desk));
        parts.put("pool_families", new FamiliesApi(desk));
        parts.put("pools", new PoolsApi(desk, Optional.empty()));
        parts.put("frontend_realms", new RealmsApi(desk));
        parts.put("costs", new CostsApi(desk));
        parts.put("quotas", new QuotasApi(desk));
        parts.put("users", new UsersApi(desk));
        parts.put("user_groups", new GroupsApi(desk));
        parts.put("roles", new RolesApi(desk));
        parts.put("permissions", new PermissionsApi(desk));
        parts.put(ImagesApi.IMAGES, images);
        parts.put(MappingsApi.MAPPINGS, images.mappings());
    }

    /// With what is launched in the pools, and what became of it.
    public ConfigApi with(Fleet fleet, UsageRecords usage) {
        parts.put("pools", new PoolsApi(desk, Optional.of(fleet)));
        parts.put("instances", new InstancesApi(desk, fleet));
        parts.put("events", new EventsApi(desk));
        parts.put("usage", new UsageApi(desk, usage));
        parts.put("orphans", new OrphansApi(desk));
        callbacks = Optional.of(new CallbacksApi(desk, fleet));
        return this;
    }

    /// With deployments, which go on in the pools. To be called last.
    public ConfigApi with(Deployments.Finder deployments) {
        var some = new DeploymentsApi(desk, deployments);
        var deployables = new DeployablesApi(desk);
        var pools = requireNonNull(parts.get("pools"));
        parts.put("pools", (ask, rest) -> switch (rest.size() == 2 ? rest.getLast() : "") {
            case "deployments" -> some.ofPool(ask, rest.getFirst());
            case "deployables" -> deployables.ofPool(ask, rest.getFirst());
            default -> pools.serve(ask, rest);
        });
        parts.put("catalogs", new CatalogsApi(desk));
        parts.put("deployables", deployables);
        parts.put("deployments", some);
        return this;
    }

    /// Not for pages: it stands beside the console, not in it.
    public List<HttpServer.Mount> mounts() {
        return List.of(new HttpServer.Mount(Ask.ROOT, this::handle));
    }

    private HttpReply handle(HttpRequest request) {
        try {
            var json = Ask.json(request);
            var called = callbacks.filter(
                    _ -> request.path().size() > 1 && request.path().get(1).equals(CallbacksApi.NAME));
            if (called.isPresent()) { // whoever calls bears a token of another kind
                var rest = request.path().subList(2, request.path().size());
                return written(safely(request, NOBODY, ask -> called.get().serve(ask, rest)), json);
            }
            var caller = callers.apply(request);
            if (caller.isEmpty()) {
                return unknown();
            }
            return isOdd(request)
                    ? written(Failure.malformed(ODD).reply(), json)
                    : written(safely(request, caller.get(), ask -> serve(ask, request.path())), json);
        } catch (Failure e) {
            return written(e.reply(), false);
        } catch (CannotTellException e) {
            return written(Failure.unavailable(e.why()).reply(), isJson(request));
        } catch (DatabaseUnavailableException e) {
            return written(away(request, e).reply(), isJson(request));
        }
    }

    /// Nothing is named with control characters; the database does not even take all of them.
    private static boolean isOdd(HttpRequest request) {
        return Stream.concat(
                        request.path().stream(),
                        request.query().values().stream().flatMap(List::stream))
                .anyMatch(text -> text.chars().anyMatch(Character::isISOControl));
    }

    private static Failure failed(HttpRequest request, RuntimeException e) {
        LOG.error("{} {} failed", request.method(), request.rawPath(), e);
        return Failure.internal();
    }

    private static boolean isJson(HttpRequest request) {
        return request.header("Accept")
                .filter(accept -> accept.contains("json"))
                .isPresent();
    }

    private static HttpReply unknown() {
        return HttpReply.of(401, "text/plain", "").with("WWW-Authenticate", REALM);
    }

    private Reply safely(HttpRequest request, Caller caller, Function<Ask, Reply> work) {
        var ask = new Ask(request, caller, desk.configuration());
        try {
            return work.apply(ask);
        } catch (Failure e) {
            return e.reply(ask::said);
        } catch (RefusedException e) {
            return Failure.of(e.refusal()).reply(ask::said);
        } catch (DatabaseUnavailableException e) {
            return away(request, e).reply();
        } catch (UnavailableException e) {
            return Failure.unavailable(String.valueOf(e.getMessage())).reply();
        } catch (HttpServer.ClientGone e) {
            throw e;
        } catch (RuntimeException e) {
            if (SqlErrors.isDuplicate(e)) { // somebody else took it between our look and our write
                return Failure.invalid("name", "Name has already been taken").reply();
            }
            return failed(request, e).reply();
        }
    }

    private static Failure away(HttpRequest request, DatabaseUnavailableException e) {
        LOG.warn("{} {}: {}", request.method(), request.rawPath(), e.getMessage());
        return Failure.unavailable(e.advice());
    }

    private Reply serve(Ask ask, List<String> path) {
        if (ask.caller().readOnly() && !ask.method().equals(Ask.GET)) {
            throw Failure.forbidden(ask.who() + " may look and change nothing");
        }
        if (path.size() == 1) {
            ask.must(Ask.GET);
            var menu = Element.of("api").attribute("href", ask.href());
            parts.keySet().forEach(name -> menu.with(Element.of(name).attribute("href", ask.href(name))));
            return Reply.ok(menu);
        }
        var part = Optional.ofNullable(parts.get(path.get(1)))
                .orElseThrow(() -> Failure.notFound("there is nothing at this address"));
        return part.serve(ask, path.subList(2, path.size()));
    }

    private static HttpReply written(Reply reply, boolean json) {
        var content = HttpReply.of(
                reply.status(),
                json ? JSON : XML,
                reply.body().map(json ? JsonForm::write : XmlForm::write).orElse(""));
        for (var header : reply.headers().entrySet()) {
            content = content.with(header.getKey(), header.getValue());
        }
        return content;
    }
}
