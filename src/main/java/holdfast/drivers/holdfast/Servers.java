package holdfast.drivers.holdfast;

import holdfast.authority.Cloud.Order;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import holdfast.core.CloudServer;
import holdfast.core.Wanted;
import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Servers at a peer: allocations there, from what is held for us if something is.
final class Servers {
    static final String PART = "server";
    private static final String COLLECTION = "allocations";
    private static final String PATH = "/v1/" + COLLECTION;

    private final Peer peer;
    private final Marks marks;
    private final Holds holds;

    Servers(Peer peer, Marks marks, Holds holds) {
        this.peer = peer;
        this.marks = marks;
        this.holds = holds;
    }

    List<JsonNode> all() {
        return peer.all(COLLECTION).stream()
                .filter(one -> marks.leaseOfServer(Holds.name(one)).isPresent())
                .toList();
    }

    Optional<JsonNode> find(Key key) {
        return all().stream()
                .filter(one -> marks.leaseOfServer(Holds.name(one)).equals(Optional.of(key.lease())))
                .findFirst();
    }

    Result ensure(Key key, Wanted.Server wanted, boolean on) {
        if (!on) {
            return new Result.Failed("a peer stops no servers; have it taken away instead");
        }
        var known = find(key);
        if (known.isEmpty()) {
            return make(key, wanted);
        }
        var state = Holds.state(known.get());
        return switch (state) {
            case "active" -> new Result.Done(facts(known.get()));
            case "scheduled", "initialized", "building" -> new Result.Later("waiting for the peer to make it");
            default ->
                new Result.Failed("it is " + state + " at the peer: "
                        + known.get().at("/error/message").asString("it does not say why"));
        };
    }

    Result ensure(Key key, Order.Instance order) {
        if (order.way() == Order.Instance.Way.REBOOT) {
            return new Result.Failed("a peer restarts no servers");
        }
        return order.way() == Order.Instance.Way.SWITCH && find(key).isEmpty()
                ? order.withoutIt()
                : ensure(key, order.wanted().server(), order.wanted().on());
    }

    private Result make(Key key, Wanted.Server wanted) {
        var body = Json.object()
                .put("name", marks.server(key, wanted.name()))
                .put("flavor", wanted.flavor())
                .put("image", wanted.image());
        body.set("networks", Json.toTree(wanted.networks()));
        var metadata = metadata(wanted);
        if (!metadata.isEmpty()) {
            body.set("metadata", metadata);
        }
        if (wanted.item().isPresent()) {
            var held = holds.of(wanted.item().get());
            if (held.isEmpty()) {
                return new Result.Failed(
                        "the peer holds nothing for item " + wanted.item().get());
            }
            body.put("reservation", held.get().path("id").asString(""));
        }
        var said = peer.send("POST", PATH, body, Map.of());
        return said.isYes() ? new Result.Later("waiting for the peer to make it") : new Result.Failed(said.why());
    }

    private static ObjectNode metadata(Wanted.Server wanted) {
        var metadata = Json.object();
        wanted.metadata().forEach((name, value) -> {
            if (!name.equals("holdfast")) {
                metadata.put(name, value);
            }
        });
        return metadata;
    }

    /// It is gone when the peer does not list it any more.
    Optional<Result> remove(Key key) {
        return find(key).map(one -> {
            if (!Holds.state(one).equals("deleting")) {
                var said = peer.delete(PATH + "/" + Peer.word(one.path("id").asString("")));
                if (!said.isYes() && said.status() != 404 && said.status() != 409) {
                    return new Result.Failed(said.why());
                }
            }
            return new Result.Later("waiting for the peer to take it away");
        });
    }

    static boolean isWell(JsonNode one) {
        return Holds.state(one).equals("active");
    }

    static Map<String, String> facts(JsonNode one) {
        return Map.of(
                "id", one.path("id").asString(""), "host", one.path("host").asString(""));
    }

    /// As others may be shown it.
    CloudServer seen(JsonNode one) {
        var name = Holds.name(one);
        return new CloudServer(
                one.path("id").asString(""),
                name,
                marks.leaseOfServer(name).map(lease -> lease + "/" + PART),
                isWell(one) ? "ACTIVE" : Holds.state(one),
                Optional.empty(),
                Optional.empty(),
                one.path("project").asString(""),
                Map.of(),
                false,
                Optional.empty());
    }
}
