package holdfast.drivers.holdfast;

import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import holdfast.core.Wanted;
import holdfast.core.Wanted.Stretch;
import holdfast.platform.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is held at a peer: a reservation there, which is an offer until it is taken.
final class Holds {
    private static final String COLLECTION = "reservations";
    private static final String PATH = "/v1/" + COLLECTION;

    private final Peer peer;
    private final Marks marks;
    private final Duration lapse;

    /// @param lapse how long a peer holds what is not taken, in whole seconds
    Holds(Peer peer, Marks marks, Duration lapse) {
        this.peer = peer;
        this.marks = marks;
        this.lapse = lapse;
    }

    List<JsonNode> all() {
        return peer.all(COLLECTION).stream()
                .filter(one -> marks.leaseOfHold(name(one)).isPresent())
                .toList();
    }

    static String name(JsonNode one) {
        return one.path("name").asString("");
    }

    Optional<JsonNode> find(Key key) {
        return all().stream()
                .filter(one -> marks.leaseOfHold(name(one)).equals(Optional.of(key.lease())))
                .findFirst();
    }

    Optional<JsonNode> of(UUID item) {
        return all().stream().filter(one -> marks.isOf(name(one), item)).findFirst();
    }

    Result ensure(Key key, Wanted.Amounts wanted, boolean open) {
        var known = find(key);
        if (!wanted.taken()) {
            return known.<Result>map(Holds::done).orElseGet(() -> hold(key, wanted));
        }
        return known.map(one -> taken(one, wanted, open))
                .orElseGet(() -> new Result.Failed("what the peer held has lapsed, or was given up there"));
    }

    /// One that was told twice is made once, and lapses once.
    private Result hold(Key key, Wanted.Amounts wanted) {
        var term = wanted.term();
        var body = Json.object()
                .put("name", marks.hold(key, wanted.item()))
                .put("start", term.from().toString())
                .put("hold", true)
                .put("ttlSeconds", lapse.toSeconds());
        if (term.isBounded()) {
            body.put("end", term.until().toString());
        }
        var item = body.putArray("items").addObject().put("kind", "quantity");
        item.set("steps", steps(wanted));
        var said = peer.send("POST", PATH, body, Map.of("Idempotency-Key", name(body)));
        return said.isYes() ? done(said.body()) : new Result.Failed(said.why());
    }

    private static JsonNode steps(Wanted.Amounts wanted) {
        var steps = Json.array();
        for (var step : wanted.steps()) {
            var node = steps.addObject().put("start", step.when().from().toString());
            if (step.when().isBounded()) {
                node.put("end", step.when().until().toString());
            }
            node.set("amounts", Json.toTree(step.amounts()));
        }
        return steps;
    }

    private Result taken(JsonNode one, Wanted.Amounts wanted, boolean open) {
        var state = state(one);
        return switch (state) {
            case "held" -> confirmed(one, wanted, open);
            case "initialized" -> new Result.Later("waiting for the providers of the peer");
            case "reserved", "starting" -> {
                var changed = changed(one, wanted);
                yield changed.orElseGet(
                        () -> open ? new Result.Later("waiting for the term to begin at the peer") : done(one));
            }
            case "active" -> changed(one, wanted).orElseGet(() -> done(one));
            default -> new Result.Failed("it is " + state + " at the peer");
        };
    }

    private Result confirmed(JsonNode one, Wanted.Amounts wanted, boolean open) {
        var said = peer.send("POST", path(one) + "?action=confirm", Json.object(), Map.of());
        if (!said.isYes()) {
            return new Result.Failed(said.why());
        }
        return state(said.body()).equals("held")
                ? new Result.Later("waiting for the peer")
                : taken(said.body(), wanted, open);
    }

    /// Asks for another time or another amount; empty if it is as wanted.
    private Optional<Result> changed(JsonNode one, Wanted.Amounts wanted) {
        if (one.path("updating").asBoolean(false)) {
            return Optional.of(new Result.Later("waiting for the providers of the peer to change it"));
        }
        var item = one.path("items").path(0);
        var body = Json.object();
        var term = wanted.term();
        // one that has begun may have begun later than it was to, since it was asked for then
        if (state(one).equals("reserved") && !is(one, "start", term.from())) {
            body.put("start", term.from().toString());
        }
        if (term.isBounded() && !is(one, "end", term.until())) {
            body.put("end", term.until().toString());
        }
        var steps = wanted.steps().stream().map(Stretch::amounts).toList();
        if (!steps(item).equals(steps)) {
            if (steps.size() > 1) {
                return Optional.of(new Result.Failed("what is in steps at a peer cannot be changed there"));
            }
            amend(body, item, wanted.steps().getFirst());
        }
        if (body.isEmpty()) {
            return Optional.empty();
        }
        var said = peer.send("PUT", path(one), body, Map.of());
        if (!said.isYes()) {
            return Optional.of(new Result.Failed(said.why()));
        }
        return Optional.of(said.status() == 202 ? new Result.Later("waiting for the peer to change it") : done(one));
    }

    private static void amend(ObjectNode body, JsonNode item, Stretch step) {
        body.putArray("items")
                .addObject()
                .put("id", item.path("id").asString(""))
                .set("amounts", Json.toTree(step.amounts()));
    }

    private static boolean is(JsonNode one, String field, Instant time) {
        var shown = one.path(field).asString("");
        // what a peer shows is cut to seconds
        return !shown.isEmpty() && Instant.parse(shown).getEpochSecond() == time.getEpochSecond();
    }

    /// What it has in each dimension at most.
    static Map<String, Long> most(JsonNode item) {
        var most = new HashMap<String, Long>();
        steps(item).forEach(step -> step.forEach((name, amount) -> most.merge(name, amount, Math::max)));
        return most;
    }

    /// What it has, one time after the other.
    private static List<Map<String, Long>> steps(JsonNode item) {
        return item.has("steps")
                ? item.path("steps")
                        .valueStream()
                        .map(step -> amounts(step.path("amounts")))
                        .toList()
                : List.of(amounts(item.path("amounts")));
    }

    private static Map<String, Long> amounts(JsonNode some) {
        var amounts = new HashMap<String, Long>();
        some.properties()
                .forEach(entry -> amounts.put(entry.getKey(), entry.getValue().asLong(0)));
        return amounts;
    }

    /// Gives it up; it is gone when the peer does not list it any more.
    Optional<Result> remove(Key key) {
        return find(key).map(one -> switch (state(one)) {
            case "cancelling", "expiring", "ending" -> new Result.Later("waiting for the peer to release it");
            default -> {
                var said = peer.delete(path(one));
                yield said.isYes() || said.status() == 404 || said.status() == 409
                        ? new Result.Later("waiting for the peer to release it")
                        : new Result.Failed(said.why());
            }
        });
    }

    static String state(JsonNode one) {
        return one.path("state").asString("");
    }

    private static String path(JsonNode one) {
        return PATH + "/" + Peer.word(one.path("id").asString(""));
    }

    static Result done(JsonNode one) {
        return new Result.Done(facts(one));
    }

    static Map<String, String> facts(JsonNode one) {
        return Map.of("id", one.path("id").asString(""));
    }
}
