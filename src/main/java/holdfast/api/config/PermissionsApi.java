package holdfast.api.config;

import holdfast.platform.Tx;
import holdfast.pools.clouds.Configuration;
import holdfast.pools.clouds.Entries;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Grant;
import holdfast.pools.clouds.Grants;
import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Users;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// `/broker/permissions`: who has which role on what. One is given and taken back by those who may set permissions of
/// that thing, and seen by those who may view them and by those who have it.
final class PermissionsApi implements Part {
    private static final String PLURAL = "permissions";
    private static final String SINGULAR = "permission";
    private static final String ENTITY = "entity";
    private static final String ROLE = "role";
    private static final String OBJECT = "object";
    private static final List<Target> TREE = List.of(
            Target.POOL_FAMILY,
            Target.POOL,
            Target.CATALOG,
            Target.DEPLOYABLE,
            Target.PROVIDER,
            Target.PROVIDER_ACCOUNT);

    private final Desk desk;
    private final Grants grants;

    PermissionsApi(Desk desk) {
        this.desk = desk;
        this.grants = desk.configuration().grants();
    }

    @Override
    public Reply serve(Ask ask, List<String> rest) {
        if (rest.isEmpty()) {
            return switch (ask.method()) {
                case Ask.GET -> list(ask);
                case Ask.POST -> give(ask, ask.body(SINGULAR));
                default -> throw ask.wrongMethod("GET, POST");
            };
        }
        var id = Ids.of(rest.getFirst()).filter(_ -> rest.size() == 1).orElseThrow(PermissionsApi::nothing);
        return switch (ask.method()) {
            case Ask.GET ->
                desk.in(tx -> {
                    var grant = visible(tx, ask, id);
                    return Reply.ok(show(tx, ask, List.of(grant)).getFirst()).tagged(grant.version());
                });
            case Ask.DELETE ->
                desk.in(tx -> {
                    var grant = visible(tx, ask, id).value();
                    ask.need(tx, Action.SET_PERMS, grant.scope(), path(tx, grant));
                    var locked = grants.lock(tx, id).orThrow();
                    ask.expect(locked, Optional.empty());
                    grants.remove(tx, locked, ask.who()).orThrow();
                    return Reply.nothing();
                });
            default -> throw ask.wrongMethod("GET, DELETE");
        };
    }

    private static Failure nothing() {
        return Failure.notFound("there is no such permission");
    }

    private Entry<Grant> visible(Tx tx, Ask ask, UUID id) {
        return grants.find(tx, id)
                .filter(grant -> grant.value().entity().equals(Users.id(ask.who()))
                        || ask.held(tx).may(Action.VIEW_PERMS, grant.value().scope(), path(tx, grant.value())))
                .orElseThrow(PermissionsApi::nothing);
    }

    private Reply list(Ask ask) {
        ask.only(Set.of(ENTITY, ROLE, OBJECT));
        return desk.in(tx -> {
            var which = seen(tx, ask)
                    .and(filter(ask, ENTITY))
                    .and(filter(ask, ROLE))
                    .and(filter(ask, OBJECT));
            var page = grants.page(tx, which, ask.offset(), ask.limit());
            return Reply.ok(Element.many(PLURAL, show(tx, ask, page)))
                    .with("X-Total-Count", String.valueOf(grants.count(tx, which)));
        });
    }

    private static Condition filter(Ask ask, String field) {
        return ask.parameter(field).map(text -> Collection.kept(field, text)).orElse(DSL.noCondition());
    }

    /// Selects those that a caller may see: all, or its own and those on what it may view permissions of.
    private Condition seen(Tx tx, Ask ask) {
        if (ask.held(tx).may(Action.VIEW_PERMS, Target.GLOBAL, List.of())) {
            return DSL.noCondition();
        }
        var objects = new HashSet<UUID>();
        for (var target : TREE) {
            var entries = entries(target).orElseThrow();
            var where = ask.held(tx).where(Action.VIEW_PERMS, target);
            var condition =
                    where.map(ids -> entries.among(ids).or(Entries.partsOf(ids)).or(Entries.partsOfParts(ids)));
            if (where.filter(Set::isEmpty).isEmpty()) {
                entries.list(tx, condition.orElse(DSL.noCondition())).forEach(entry -> objects.add(entry.id()));
            }
        }
        return Grants.forEntity(Users.id(ask.who())).or(Grants.onAny(objects));
    }

    private Reply give(Ask ask, Body body) {
        return desk.in(tx -> {
            var entity = body.id(ENTITY).orElseThrow(() -> Failure.invalid(ENTITY, "Entity can't be blank"));
            var role = body.ref(ROLE)
                    .flatMap(said -> Ids.of(said)
                            .flatMap(id -> desk.configuration().roles().find(tx, id))
                            .or(() -> desk.configuration().roles().named(tx, said)))
                    .orElseThrow(() -> Failure.invalid(ROLE, "Role names none that is there"));
            var object = body.child(OBJECT)
                    .filter(said -> said.raw("id").filter(id -> !id.isBlank()).isPresent());
            var scope = object.flatMap(said -> said.text("type"))
                    .map(word -> RolesApi.target(OBJECT, word))
                    .orElse(role.value().scope());
            var grant = new Grant(entity, role.id(), scope, object.flatMap(said -> said.id("id")));
            var path = path(tx, grant);
            if (grant.object().isPresent() && path.isEmpty()) {
                throw Failure.invalid(OBJECT, "Object names nothing that is there");
            }
            ask.need(tx, Action.SET_PERMS, scope, path);
            var given = grants.give(tx, grant, ask.who()).orThrow();
            return Reply.created(
                            show(tx, ask, List.of(given)).getFirst(),
                            ask.href(PLURAL, given.id().toString()))
                    .tagged(given.version());
        });
    }

    /// The thing that a permission is on, and all that it is a part of.
    private List<UUID> path(Tx tx, Grant grant) {
        if (grant.object().isEmpty()) {
            return List.of();
        }
        var object = grant.object().get();
        var entries = entries(grant.scope());
        return entries.isPresent()
                ? path(tx, entries.get().find(tx, object))
                : desk.configuration().usage().path(tx, grant.scope(), object);
    }

    /// What is a part of a pool is one of its family, too.
    private List<UUID> path(Tx tx, Optional<? extends Entry<?>> entry) {
        var path = new ArrayList<>(entry.map(Collection::path).orElse(List.of()));
        entry.flatMap(Entry::parent)
                .flatMap(parent -> desk.configuration().pools().find(tx, parent))
                .flatMap(Entry::parent)
                .ifPresent(path::add);
        return path;
    }

    private Optional<Entries<?>> entries(Target target) {
        Configuration all = desk.configuration();
        return switch (target) {
            case POOL_FAMILY -> Optional.of(all.families());
            case POOL -> Optional.of(all.pools());
            case PROVIDER -> Optional.of(all.providers());
            case PROVIDER_ACCOUNT -> Optional.of(all.accounts());
            case PROVIDER_TYPE -> Optional.of(all.types());
            case HARDWARE_PROFILE -> Optional.of(all.profiles());
            case REALM -> Optional.of(all.realms());
            case CATALOG -> Optional.of(all.catalogs());
            case DEPLOYABLE -> Optional.of(all.deployables());
            case INSTANCE, DEPLOYMENT, QUOTA, IMAGE, TEMPLATE, USER, GLOBAL -> Optional.empty();
        };
    }

    private static final Map<Target, String> PLACES = Map.ofEntries(
            Map.entry(Target.POOL_FAMILY, "pool_families"),
            Map.entry(Target.POOL, "pools"),
            Map.entry(Target.PROVIDER, "providers"),
            Map.entry(Target.PROVIDER_ACCOUNT, "provider_accounts"),
            Map.entry(Target.PROVIDER_TYPE, "provider_types"),
            Map.entry(Target.HARDWARE_PROFILE, "hardware_profiles"),
            Map.entry(Target.REALM, "frontend_realms"),
            Map.entry(Target.CATALOG, "catalogs"),
            Map.entry(Target.DEPLOYABLE, "deployables"),
            Map.entry(Target.INSTANCE, "instances"),
            Map.entry(Target.DEPLOYMENT, "deployments"),
            Map.entry(Target.IMAGE, "images"));

    private List<Element> show(Tx tx, Ask ask, List<Entry<Grant>> some) {
        var roles = desk
                .configuration()
                .roles()
                .all(
                        tx,
                        some.stream()
                                .map(grant -> grant.value().role())
                                .distinct()
                                .toList())
                .stream()
                .collect(Collectors.toMap(Entry::id, Entry::name));
        return some.stream()
                .map(grant -> {
                    var kept = grant.value();
                    var object =
                            Element.of(OBJECT).attribute("type", kept.scope().word());
                    kept.object()
                            .ifPresent(id -> object.attribute("id", id.toString())
                                    .attribute(
                                            "href",
                                            Optional.ofNullable(PLACES.get(kept.scope()))
                                                    .map(place -> ask.href(place, id.toString()))));
                    var role = ask.ref(ROLE, "roles", kept.role());
                    Optional.ofNullable(roles.get(kept.role())).ifPresent(role::saying);
                    return Collection.builtIn(ask.ref(SINGULAR, PLURAL, grant.id()), grants, grant.id())
                            .with(Element.of(ENTITY)
                                    .attribute("id", kept.entity().toString()))
                            .with(role)
                            .with(object);
                })
                .toList();
    }
}
