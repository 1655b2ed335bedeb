package holdfast.drivers.kubernetes;

import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.authority.Fabric;
import holdfast.authority.Fabric.Bond;
import holdfast.core.Quantity;
import holdfast.drivers.kubernetes.Steps.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Room of other clusters, seen here as nodes (fluidos.md 4.6, step 5).
final class Slices {
    private final Cluster home;
    private final Pairs pairs;

    Slices(Cluster home, Pairs pairs) {
        this.home = home;
        this.pairs = pairs;
    }

    Result ensure(Bond.Slice slice) {
        var pair = pairs.observe(slice.peer());
        if (!(pair instanceof Observed.Present(var _, var facts))) {
            return new Result.Failed("there is no pair with " + slice.peer() + " for slice " + slice.name());
        }
        return new Steps(
                        "peer " + slice.peer() + " at " + facts.get("address"),
                        List.of(
                                Step.once("slice", () -> wanted(slice)),
                                new Step("accepted", () -> accepted(slice)),
                                new Step("virtual-node", () -> node(slice))))
                .walk(() -> facts(found(slice.name()).orElseThrow()));
    }

    private void wanted(Bond.Slice slice) {
        var other = found(slice.name()).filter(there -> !peer(there).equals(slice.peer()));
        if (other.isPresent()) {
            throw ClusterException.never("slice " + slice.name() + " is one of " + peer(other.get()));
        }
        var wanted = LiqoObjects.slice(slice.peer(), slice.name(), slice.amounts(), slice.kind());
        found(slice.name())
                .filter(there -> !amounts(there, "spec").equals(slice.amounts()))
                .ifPresent(there -> wanted.withObject("/metadata/annotations").put(Marks.BEFORE, granted(there)));
        home.ensure(wanted);
    }

    private static Map<String, Quantity> amounts(JsonNode slice, String part) {
        return LiqoObjects.amounts(slice.path(part).path("resources"));
    }

    private static String granted(JsonNode slice) {
        return LiqoObjects.amounts(amounts(slice, "status")).toString();
    }

    /// What it says of what was granted is about what was asked for before.
    private static boolean isOld(JsonNode slice) {
        var before = slice.at("/metadata/annotations").path(Marks.BEFORE).asString("");
        return before.equals(granted(slice)) && !amounts(slice, "status").equals(amounts(slice, "spec"));
    }

    private Optional<String> accepted(Bond.Slice slice) {
        var there = found(slice.name()).orElseThrow(() -> ClusterException.never("the slice was taken away"));
        for (var type : List.of("Authentication", "Resources")) {
            var condition = LiqoObjects.condition(there, type);
            var status = condition.path("status").asString("");
            if (status.equals(LiqoObjects.DENIED)) {
                throw ClusterException.never(
                        "denied: " + condition.path("message").asString("no reason given"));
            }
            if (!status.equals(LiqoObjects.ACCEPTED)) {
                return Optional.of("waiting for the other cluster to accept the slice");
            }
        }
        return isOld(there) ? Optional.of("waiting for the other cluster to change the slice") : Optional.empty();
    }

    private Optional<String> node(Bond.Slice slice) {
        return isUp(slice.peer(), slice.name()) ? Optional.empty() : Optional.of("waiting for node " + slice.name());
    }

    private boolean isUp(String peer, String name) {
        return home.find(Kind.VIRTUAL_NODE, LiqoObjects.namespaceFor(peer), name)
                .filter(node -> LiqoObjects.condition(node, "Node")
                        .path("status")
                        .asString("")
                        .equals("Running"))
                .isPresent();
    }

    /// With what was granted, and what of it is missing.
    private static Map<String, String> facts(JsonNode slice) {
        var granted = amounts(slice, "status");
        var facts = new TreeMap<String, String>();
        granted.forEach((name, amount) -> facts.put("granted." + name, amount.text()));
        Fabric.missing(amounts(slice, "spec"), granted).ifPresent(words -> facts.put("short", words));
        facts.put("node", LiqoObjects.name(slice));
        facts.put("peer", peer(slice));
        return facts;
    }

    private static String peer(JsonNode slice) {
        return LiqoObjects.label(slice, LiqoObjects.REMOTE);
    }

    /// Those that this cluster asked for; in the same list of the API server are those that others ask of it.
    private List<JsonNode> ours() {
        return home.all(Kind.RESOURCE_SLICE, "", Map.of(Marks.SLICE, "true")).stream()
                .filter(slice -> LiqoObjects.label(slice, LiqoObjects.ORIGIN).isEmpty())
                .toList();
    }

    private Optional<JsonNode> found(String name) {
        return ours().stream()
                .filter(slice -> LiqoObjects.name(slice).equals(name))
                .findFirst();
    }

    List<String> all() {
        return ours().stream().map(LiqoObjects::name).toList();
    }

    Observed observe(String name) {
        return found(name)
                .<Observed>map(slice -> new Observed.Present(isUp(peer(slice), name), facts(slice)))
                .orElseGet(Observed.Absent::new);
    }

    /// The last one of a pair takes the pair along; that it shall is written down before the slice goes.
    ///
    /// @param both also what the other side has of it
    Result remove(String name, boolean both) {
        var peer = found(name).or(() -> node(name)).map(Slices::peer).or(() -> pairs.closing(name));
        return peer.<Result>map(other -> remove(other, name, both)).orElseGet(() -> new Result.Done(Map.of()));
    }

    private Result remove(String peer, String name, boolean both) {
        var namespace = LiqoObjects.namespaceFor(peer);
        return new Steps(
                        "peer " + peer,
                        List.of(
                                Step.once("last", () -> {
                                    if (ours(peer).stream()
                                            .map(LiqoObjects::name)
                                            .allMatch(name::equals)) {
                                        pairs.close(peer, name);
                                    }
                                }),
                                new Step("slice", () -> left(Kind.RESOURCE_SLICE, namespace, name, both)),
                                new Step("virtual-node", () -> left(Kind.VIRTUAL_NODE, namespace, name, both)),
                                new Step("pair", () -> {
                                    boolean closing = pairs.closing(name).isPresent();
                                    return closing && ours(peer).isEmpty()
                                            ? Steps.waiting(pairs.remove(peer, both))
                                            : Optional.empty();
                                })))
                .walk(Map::of);
    }

    /// It outlives its slice by a moment; were it taken away first, Liqo would make it again.
    private Optional<JsonNode> node(String name) {
        return home.all(Kind.VIRTUAL_NODE, "", Map.of()).stream()
                .filter(node -> LiqoObjects.name(node).equals(name))
                .findFirst();
    }

    private List<JsonNode> ours(String peer) {
        return ours().stream().filter(slice -> peer(slice).equals(peer)).toList();
    }

    private Optional<String> left(Kind kind, String namespace, String name, boolean both) {
        if (!both) {
            home.letGo(kind, namespace, name);
        }
        return home.remove(kind, namespace, name)
                ? Optional.of("waiting for " + kind.title() + " " + name + " to end")
                : Optional.empty();
    }
}
