package holdfast.api.rear;

import holdfast.api.rear.Gateway.Machines;
import holdfast.api.rear.Gateway.Roles;
import holdfast.api.rear.Gateway.Seller;
import holdfast.engine.Engine;
import holdfast.federation.mail.Postbox;
import holdfast.federation.resale.Resale;
import holdfast.federation.resale.Supernode;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.protocol.rear.Vault;
import java.util.List;
import java.util.stream.Stream;

/// All that may be asked at a node, and who answers it.
final class Routes {
    private final Roles roles;
    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final Answering answering;
    private final ContractKey key;
    private final Mailing mailing;
    private final Documented documented;
    private final Lists lists;
    private final Purchasing purchasing;
    private final Reserving reserving;
    private final Extensions extensions;

    Routes(Seller seller, Roles roles, Answering answering) {
        this.roles = roles;
        this.platform = seller.platform();
        this.database = seller.database();
        this.engine = seller.engine();
        this.answering = answering;
        var node = seller.node();
        var market = seller.market();
        var secrets = seller.secrets();
        var vault = new Vault(secrets::seal, secrets::unseal);
        var ways = new WaysIn(
                node, engine.resources(), secrets, vault, roles.standing().secure());
        key = new ContractKey(market, ways);
        mailing = new Mailing(platform, database, key, new Postbox(platform, database, engine));
        documented = new Documented(platform);
        lists = new Lists(market);
        purchasing = new Purchasing(market, documented, ways);
        reserving = new Reserving(
                platform,
                engine.resources(),
                market,
                documented,
                purchasing,
                vault,
                roles.resale().isPresent());
        extensions = new Extensions(node, market, vault, roles);
        engine.forgetting(documented::prune);
    }

    List<Route> all() {
        return Stream.of(listing(), selling(), listening())
                .flatMap(some -> some)
                .toList();
    }

    private Stream<Route> listing() {
        return roles.shop()
                .map(some -> new CatalogApi(platform, database, some.catalog(), some.peers()).routes())
                .or(() -> roles.resale().map(some -> ofSupernode(some.supernode())))
                .orElseGet(() ->
                        Stream.of(Route.of("GET", "flavors", lists::all), Route.of("GET", "flavors/*", lists::some)));
    }

    private Stream<Route> ofSupernode(Supernode supernode) {
        var aggregated = new Aggregated(database, lists, supernode);
        var domain = new DomainApi(platform, supernode);
        return Stream.of(
                Route.waiting("GET", "flavors", aggregated::all),
                Route.waiting("GET", "flavors/*", aggregated::some),
                Route.of("GET", "domain", domain::show),
                Route.of("GET", "domain/members/*", domain::member),
                Route.waiting("PUT", "domain/members/*", domain::join),
                Route.of("DELETE", "domain/members/*", domain::leave));
    }

    private Stream<Route> selling() {
        var own = Stream.concat(own(), reaching());
        return roles.resale()
                .map(some -> {
                    var reselling = new Reselling(
                            platform,
                            database,
                            engine.resources(),
                            some,
                            documented,
                            roles.machines().map(Machines::connections));
                    return own.map(route -> resold(route, reselling));
                })
                .orElse(own);
    }

    private Stream<Route> own() {
        return Stream.of(
                Route.waiting("POST", "reservations", answering.together(reserving::reserve)),
                Route.of("POST", "transactions/*/purchase", purchasing::purchase),
                Route.of("GET", "capabilities", extensions::capabilities),
                Route.of("GET", "transactions/*", extensions::transaction),
                Route.of("DELETE", "transactions/*", extensions::cancel),
                Route.of("GET", "contracts/*", extensions::contract),
                Route.of("DELETE", "contracts/*", extensions::release),
                Route.of("POST", "contracts/*/renew", extensions::renew),
                Route.of("POST", "contracts/*/credentials", extensions::credentials),
                Route.of("POST", "contracts/*/signatures", extensions::sign),
                Route.waiting("POST", "contracts/*/mail", mailing::exchange));
    }

    private Stream<Route> reaching() {
        return roles.machines().stream()
                .map(some -> Route.joining(
                        "contracts/*/connect/*", new Connecting(database, engine.resources(), key, some)::open));
    }

    /// At a supernode what it is about may be another's.
    private Route resold(Route route, Reselling reselling) {
        return switch (route.way()) {
            case Route.Action ours ->
                switch (route.question()) {
                    case "POST transactions/*/purchase" ->
                        route.by((Route.Wait) asked -> reselling.purchase(asked, answering.inOne(ours)));
                    case "POST contracts/*/renew" ->
                        route.by((Route.Wait) asked -> reselling.renew(asked, answering.inOne(ours)));
                    case "POST contracts/*/signatures" ->
                        route.by((Route.Action) (tx, asked) -> reselling.sign(tx, asked, ours));
                    case "GET transactions/*" ->
                        route.by((Route.Action) (tx, asked) -> reselling.transaction(tx, asked, ours));
                    case "DELETE transactions/*" ->
                        route.by((Route.Action) (tx, asked) -> reselling.cancel(tx, asked, ours));
                    case "GET contracts/*" ->
                        route.by((Route.Action) (tx, asked) -> reselling.contract(tx, asked, ours));
                    case "DELETE contracts/*" ->
                        route.by((Route.Action) (tx, asked) -> reselling.release(tx, asked, ours));
                    default -> route;
                };
            case Route.Wait ours
            when route.question().equals("POST reservations") ->
                route.by((Route.Wait) asked -> reselling.reserve(asked, ours::answer));
            case Route.Wait ours -> route.by((Route.Wait) asked -> reselling.mail(asked, ours::answer));
            case Route.Join ours -> route.by((Route.Join) asked -> reselling.connect(asked, ours));
            case Route.Listen _ -> route;
        };
    }

    private Stream<Route> listening() {
        return roles.telling().stream()
                .map(some -> new Subscribing(
                        platform,
                        database,
                        engine,
                        some.notifications(),
                        some.face(),
                        roles.resale().map(Resale::supernode)))
                .flatMap(Routes::ofListeners);
    }

    private static Stream<Route> ofListeners(Subscribing subscribing) {
        return Stream.of(
                Route.of("POST", "subscriptions", subscribing::create),
                Route.of("PUT", "subscriptions/*", subscribing::renew),
                Route.of("DELETE", "subscriptions/*", subscribing::end),
                Route.listening("subscriptions/*/events", subscribing::some, subscribing::all));
    }
}
