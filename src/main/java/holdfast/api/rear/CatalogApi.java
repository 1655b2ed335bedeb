package holdfast.api.rear;

import holdfast.federation.catalog.Asker;
import holdfast.federation.catalog.Catalog;
import holdfast.federation.catalog.Freshness;
import holdfast.federation.catalog.Shown;
import holdfast.federation.peers.Known;
import holdfast.federation.peers.Peers;
import holdfast.federation.trust.Rights.Message;
import holdfast.federation.wire.CatalogText;
import holdfast.federation.wire.CatalogText.Signed;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.Reply;
import holdfast.federation.wire.SelectorQuery;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Provenance;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// A catalog: LIST as at a node, of what others publish, and what publishers and their customers say to it (fluidos.md
/// 4.4, 5.9 point 9).
final class CatalogApi {
    private static final int PAGE = 100;

    private final Platform platform;
    private final Database database;
    private final Catalog catalog;
    private final Peers peers;

    CatalogApi(Platform platform, Database database, Catalog catalog, Peers peers) {
        this.platform = platform;
        this.database = database;
        this.catalog = catalog;
        this.peers = peers;
    }

    Stream<Route> routes() {
        return Stream.of(
                Route.of("GET", "flavors", this::all),
                Route.of("GET", "flavors/*", this::some),
                Route.of("GET", "catalog/publishers/*", this::publisher),
                Route.waiting("PUT", "catalog/publishers/*", this::register),
                Route.of("DELETE", "catalog/publishers/*", this::unregister),
                Route.of("GET", "catalog/offers", this::offers),
                Route.of("PUT", "catalog/offers/*", this::publish),
                Route.of("DELETE", "catalog/offers/*", this::withdraw),
                Route.of("POST", "catalog/offers/*/reports", this::report),
                Route.of("POST", "catalog/ratings", this::rate));
    }

    /// `GET flavors`
    private Reply all(Tx tx, Asked asked) {
        return dated(listed(tx, asked, Optional.empty()), flavors -> Lists.everything(asked, flavors));
    }

    /// `GET flavors/{type}` by selector, or `GET flavors/{id}`.
    private Reply some(Tx tx, Asked asked) {
        var type = Dialect.listed(asked.name());
        if (type.isEmpty()) {
            return catalog.find(tx, asked.name(), domain(tx, asked))
                    .filter(flavor -> asked.may(Message.LIST, flavor))
                    .map(flavor -> Asked.json(200, asked.dialect().writer().flavor(flavor)))
                    .orElseThrow(() -> RearProblem.of(404, "there is no flavor " + asked.name() + ": list them again"));
        }
        var selector = SelectorQuery.read(type.get(), asked.call().query()).orThrow();
        return dated(
                listed(tx, asked, Optional.of(selector)),
                flavors -> Asked.json(200, asked.dialect().writer().flavors(flavors)));
    }

    private List<Flavor> listed(Tx tx, Asked asked, Optional<Selector> selector) {
        if (asked.parameter(Paging.CURSOR).isPresent()) {
            throw RearProblem.malformed(
                    Paging.CURSOR, "a catalog lists the best only: ask for what you need by filters");
        }
        boolean suspect = asked.parameter("include").equals(Optional.of(Freshness.SUSPECT.word()));
        return catalog.list(tx, selector, domain(tx, asked), suspect, asked.trace()).stream()
                .filter(flavor -> asked.may(Message.LIST, flavor))
                .limit(Paging.limit(asked).orElse(Paging.MOST))
                .toList();
    }

    private interface Writing {
        Reply write(List<Flavor> flavors);
    }

    /// Also says of when the oldest of them is.
    private static Reply dated(List<Flavor> flavors, Writing writing) {
        var reply = writing.write(flavors);
        var headers = new HashMap<>(reply.headers());
        flavors.stream()
                .flatMap(flavor -> Provenance.of(flavor).asOf().stream())
                .min(Instant::compareTo)
                .ifPresent(at -> headers.put("x-rear-as-of", at.toString()));
        return new Reply(reply.status(), headers, reply.body());
    }

    /// Where nobody proves anything, the node that asks is taken for whom it says it is, as everywhere.
    private Asker asker(Tx tx, Asked asked) {
        return switch (asked.passport()) {
            case Passport.Proved(var pin) -> new Asker(pin.fingerprint(), pin.nodeId(), pin.domain());
            case Passport.Stranger _ -> throw Door.forbidden(Message.CATALOG);
            case Passport.Unproved _ -> new Asker("", Optional.empty(), domain(tx, asked));
        };
    }

    /// For which offers are told that are not for all: what only it says of itself opens none.
    private String domain(Tx tx, Asked asked) {
        return switch (asked.passport()) {
            case Passport.Proved _, Passport.Stranger _ ->
                asked.passport().vouched().orElse("");
            case Passport.Unproved _ ->
                asked.passing()
                        .asker()
                        .flatMap(node -> peers.known(tx).stream()
                                .filter(peer -> peer.node().equals(Optional.of(node)))
                                .findFirst())
                        .map(Known::capabilities)
                        .flatMap(able -> able.domain())
                        .orElse("");
        };
    }

    private Trace trace(Asked asked) {
        return asked.trace().orElseGet(() -> new Trace(platform.newId().toString(), Workflow.W4));
    }

    /// `GET catalog/publishers/{nodeID}`
    private Reply publisher(Tx tx, Asked asked) {
        return catalog.publisher(tx, asked.name())
                .map(known -> Asked.json(200, CatalogText.told(known)))
                .orElseThrow(() -> RearProblem.of(404, "there is no publisher " + asked.name()));
    }

    /// `PUT catalog/publishers/{nodeID}`
    private Reply register(Asked asked) {
        var wish = CatalogText.registers(asked.call().body()).orThrow();
        if (!wish.node().id().equals(asked.name())) {
            throw RearProblem.malformed(
                    "identity.ID", "identity.ID is " + wish.node().id() + ", and the path names " + asked.name());
        }
        var asker = database.inTransaction(tx -> asker(tx, asked));
        boolean first = catalog.register(asker, wish).orThrow();
        return Asked.json(first ? 201 : 200, CatalogText.told(wish));
    }

    /// `DELETE catalog/publishers/{nodeID}`
    private Reply unregister(Tx tx, Asked asked) {
        catalog.unregister(tx, asker(tx, asked), asked.name()).orThrow();
        return Asked.empty(204);
    }

    /// `PUT catalog/offers/{flavorID}`
    private Reply publish(Tx tx, Asked asked) {
        var signed = CatalogText.signed(asked.call().body()).orThrow();
        var name = signed.publication().flavor().id();
        if (!name.equals(asked.name())) {
            throw RearProblem.malformed(
                    "flavor.flavorID", "flavor.flavorID is " + name + ", and the path names " + asked.name());
        }
        catalog.publish(tx, asker(tx, asked), signed).orThrow();
        return Asked.empty(204);
    }

    /// `DELETE catalog/offers/{flavorID}?publisher=`
    private Reply withdraw(Tx tx, Asked asked) {
        var asker = asker(tx, asked);
        var publisher = asked.parameter("publisher")
                .or(asker::node)
                .orElseThrow(() -> RearProblem.malformed("publisher", "publisher is missing: say who you are"));
        catalog.withdraw(tx, asker, publisher, asked.name()).orThrow();
        return Asked.empty(204);
    }

    /// `POST catalog/offers/{flavorID}/reports`
    private Reply report(Tx tx, Asked asked) {
        var outcome = CatalogText.report(asked.call().body()).orThrow();
        catalog.report(tx, asked.name(), outcome, trace(asked)).orThrow();
        return Asked.empty(202);
    }

    /// `POST catalog/ratings`
    private Reply rate(Tx tx, Asked asked) {
        catalog.rate(tx, CatalogText.rated(asked.call().body()).orThrow()).orThrow();
        return Asked.empty(202);
    }

    /// `GET catalog/offers?state=&publisher=&cursor=`: a page by name, 100 at most.
    private Reply offers(Tx tx, Asked asked) {
        var state = asked.parameter("state")
                .map(word -> Freshness.named(word)
                        .orElseThrow(() -> RearProblem.malformed("state", "state is none of live and suspect")));
        var after = asked.parameter("cursor").orElse("");
        var domain = domain(tx, asked);
        var page = catalog.page(tx, domain, asked.parameter("publisher"), state, after, PAGE);
        var shown = Json.object();
        var list = shown.putArray("offers");
        page.offers().forEach(one -> list.add(tree(one)));
        page.last().ifPresent(last -> shown.put("next", last));
        return Asked.json(200, Json.text(shown));
    }

    private ObjectNode tree(Shown one) {
        return CatalogText.tree(new Signed(one.published(), Optional.empty()))
                .put("state", one.freshness(platform.now()).name())
                .put("expires", one.expires().toString());
    }
}
