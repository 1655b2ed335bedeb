package holdfast.api.resources;

import static java.util.stream.Collectors.toMap;

import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.federation.choice.Conduct;
import holdfast.federation.peers.Peer;
import holdfast.federation.peers.Peers;
import holdfast.federation.peers.Ratings;
import holdfast.federation.wire.Capabilities;
import holdfast.federation.wire.Dialect;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.protocol.rear.FlavorType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// The nodes of other domains that this one deals with, which administrators add and remove (fluidos.md 3.9).
final class PeersApi {
    private static final int LONGEST = 255;
    private static final int LONGEST_ADDRESS = 300;
    private static final double THOUSAND = 1000;

    private final Database database;
    private final Optional<Peers> peers;
    private final Finder finder;
    private final Representation representation;

    /// @param peers empty if the settings do not say who this node is for others
    PeersApi(Database database, Optional<Peers> peers, Finder finder, Representation representation) {
        this.database = database;
        this.peers = peers;
        this.finder = finder;
        this.representation = representation;
    }

    List<Route> routes() {
        return List.of(Route.post("/v1/peers", this::add), Route.delete("/v1/peers/{id}", this::remove));
    }

    /// `POST /v1/peers`: it is asked at once who it is.
    private HttpReply add(Ask ask) {
        need(ask, 'c', false);
        var wish = read(Bodies.object(ask));
        var added = CapacityApi.orRefuse(
                peers().add(wish, ask.caller().project(), ask.caller().user()));
        return database.inTransaction(tx -> Writes.created(representation.one(tx, ask, added)));
    }

    /// `DELETE /v1/peers/{id}`: contracts with it live on.
    private HttpReply remove(Ask ask) {
        need(ask, 'd', true);
        return database.inTransaction(tx -> {
            var found = finder.find(tx, ask, Peer.TYPE, ask.id());
            var removed = CapacityApi.orRefuse(
                    peers().remove(tx, found.id(), ask.caller().user()));
            return HttpReply.json(200, representation.one(tx, ask, removed));
        });
    }

    private Peers peers() {
        return peers.orElseThrow(() -> Problem.of(Refusal.clash(
                "this server deals with no other: its settings file has no section federation, which says who it is")));
    }

    private static Peers.Wish read(ObjectNode body) {
        var faults = new ArrayList<Refusal>();
        var form = new Form(body, "", faults);
        var name = form.text("name", LONGEST);
        var address = form.requiredText("address", LONGEST_ADDRESS);
        var said = form.text("dialect", LONGEST);
        var dialect = said.flatMap(Dialect::named);
        if (said.isPresent() && dialect.isEmpty()) {
            form.fault("dialect", "dialect is '" + Form.shorten(said.get()) + "'; write node or doc");
        }
        var fingerprint = form.text("fingerprint", LONGEST);
        var domain = form.text("domain", LONGEST);
        form.end();
        if (!faults.isEmpty()) {
            throw Problem.of(faults);
        }
        return new Peers.Wish(name, address, dialect, fingerprint, domain);
    }

    private static void need(Ask ask, char letter, boolean single) {
        ask.need(ask.kinds().find(Peer.TYPE).orElseThrow(), letter, single);
    }

    /// @param now to which ratings have faded
    static Part part(Supplier<Instant> now) {
        return (tx, page) -> fields(tx, page, now.get());
    }

    private static Map<UUID, ObjectNode> fields(Tx tx, List<Resource> page, Instant now) {
        var ratings = Ratings.of(tx, page.stream().map(Resource::id).toList());
        return page.stream().collect(toMap(Resource::id, resource -> {
            var peer = resource.as(Peer.class);
            var node = Json.object()
                    .put("address", peer.address())
                    .put("dialect", peer.dialect().name().toLowerCase(Locale.ROOT))
                    .put("missed", peer.missed());
            peer.heard().ifPresent(at -> describe(node, peer.capabilities()).put("lastHeard", at.toString()));
            peer.key().ifPresent(key -> {
                node.put("fingerprint", key.fingerprint());
                key.domain().ifPresent(domain -> node.put("domain", domain));
                key.flagged().ifPresent(why -> node.put("flagged", why));
            });
            peer.found()
                    .ifPresent(how -> node.put("nodeId", how.node())
                            .put("domain", how.domain())
                            .put("found", how.way())
                            .put("trusted", how.trusted()));
            peer.via().ifPresent(catalog -> node.put("via", catalog.toString()));
            peer.breaker().until().ifPresent(until -> node.put("pausedUntil", until.toString()));
            var rated = node.putObject("ratings");
            ratings.getOrDefault(resource.id(), Map.of())
                    .forEach((kind, conduct) -> rated.set(kind.word(), rating(conduct, now)));
            return node;
        }));
    }

    private static ObjectNode rating(Conduct conduct, Instant now) {
        var node = Json.object().put("score", Math.round(conduct.score(now) * THOUSAND) / THOUSAND);
        conduct.deeds()
                .forEach((deed, tally) ->
                        node.putObject(deed.word()).put("tries", tally.tries()).put("kept", tally.kept()));
        return node;
    }

    private static ObjectNode describe(ObjectNode node, Capabilities able) {
        able.nodeId().ifPresent(id -> node.put("nodeId", id));
        able.domain().ifPresent(domain -> node.put("domain", domain));
        node.put("role", able.role()).put("weak", able.weak());
        var types = node.putArray("flavorTypes");
        able.flavorTypes().stream().map(FlavorType::word).sorted().forEach(types::add);
        var extensions = node.putArray("extensions");
        able.extensions().stream().sorted().forEach(extensions::add);
        return node;
    }
}
