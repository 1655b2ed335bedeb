package holdfast.api.resources;

import holdfast.broker.Supply;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Copies;
import holdfast.core.Demand;
import holdfast.engine.Engine;
import holdfast.engine.ProcessInstance;
import holdfast.engine.Resource;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.Slice;
import holdfast.orchestrator.SliceState;
import holdfast.orchestrator.SliceState.Operation;
import holdfast.orchestrator.Sliver;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import holdfast.protocol.Ticket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// How resources look on the wire.
final class Shapes {
    private static final Set<String> SLICE_MOVES = Set.of(
            SliceState.NASCENT.word(),
            SliceState.CONFIGURING.word(),
            SliceState.MODIFYING.word(),
            SliceState.CLOSING.word());
    private static final Set<String> SLIVER_MOVES = Set.of("ticketing", "redeeming", "closing");

    private final Engine engine;
    private final String broker;

    /// @param broker the name of this server's broker
    Shapes(Engine engine, String broker) {
        this.engine = engine;
        this.broker = broker;
    }

    /// Where resources of a type are: `slices` for `slice`.
    static String plural(String type) {
        return type + "s";
    }

    static String url(String base, String type, UUID id) {
        return base + "/v1/" + plural(type) + "/" + id;
    }

    /// Resources of any types, each in the shape of its type, for one who may see them. Two queries if there are
    /// slivers among them, else none.
    List<ObjectNode> all(Tx tx, Caller caller, String base, List<Resource> resources) {
        var slivers = resources.stream()
                .filter(resource -> resource.type().equals(Orchestrator.SLIVER))
                .toList();
        var progress = progress(tx, slivers);
        return resources.stream()
                .map(resource -> one(caller, base, resource, progress))
                .toList();
    }

    /// Slices, their slivers inline: three queries.
    List<ObjectNode> withSlivers(Tx tx, Caller caller, String base, List<Resource> slices) {
        var ids = slices.stream().map(Resource::id).toList();
        var parts = engine.resources().partsOf(tx, ids, Orchestrator.SLIVER);
        var progress = progress(tx, parts);
        var bySlice = parts.stream()
                .collect(Collectors.groupingBy(part -> part.parent().orElseThrow()));
        return slices.stream()
                .map(slice -> withSlivers(caller, base, slice, bySlice.getOrDefault(slice.id(), List.of()), progress))
                .toList();
    }

    /// A slice that was just made, as it was then.
    ObjectNode created(Caller caller, String base, Orchestrator.Created created) {
        return withSlivers(caller, base, created.slice(), created.slivers(), Map.of());
    }

    private ObjectNode withSlivers(
            Caller caller, String base, Resource slice, List<Resource> slivers, Map<UUID, ProcessInstance> progress) {
        var node = one(caller, base, slice, progress);
        node.putArray("slivers")
                .addAll(slivers.stream()
                        .map(sliver -> one(caller, base, sliver, progress))
                        .toList());
        return node;
    }

    private ObjectNode one(Caller caller, String base, Resource resource, Map<UUID, ProcessInstance> progress) {
        var node = resource(base, resource);
        switch (resource.type()) {
            case Orchestrator.SLICE -> slice(node, caller, resource);
            case Orchestrator.SLIVER -> sliver(node, base, resource, progress);
            case Supply.DELEGATION -> {
                if (caller.admin()
                        && resource.actor().equals(broker)
                        && resource.state().equals("delegated")) {
                    action(node, "reclaim");
                }
            }
            default -> {}
        }
        return node.set("data", Json.tree(resource.data()));
    }

    private ObjectNode resource(String base, Resource resource) {
        var self = url(base, resource.type(), resource.id());
        var node = Json.object().put("id", resource.id().toString()).put("type", resource.type());
        var links = node.putObject("links").put("self", self);
        links.put("processes", base + "/v1/processes?resource=" + resource.id());
        links.put("journal", base + "/v1/journal?resource=" + resource.id());
        node.putObject("actions");
        node.put("name", resource.name()).put("state", resource.state());
        boolean moving = moves(resource.type()).contains(resource.state());
        node.put("transitioning", moving ? "yes" : resource.message().isPresent() ? "error" : "no");
        node.put("transitioningMessage", resource.message().orElse(null));
        node.put("project", resource.project()).put("actor", resource.actor());
        node.put("parent", resource.parent().map(UUID::toString).orElse(null));
        node.put("created", resource.created().toString())
                .put("updated", resource.updated().toString());
        node.put("removed", resource.removed().map(Object::toString).orElse(null));
        node.put("version", resource.version());
        return node.set("labels", Json.toTree(resource.labels()));
    }

    private Set<String> moves(String type) {
        return switch (type) {
            case Orchestrator.SLICE -> SLICE_MOVES;
            case Orchestrator.SLIVER -> SLIVER_MOVES;
            case Supply.DELEGATION -> Set.of("claiming");
            default -> engine.definitions().transitioning(type);
        };
    }

    private static void slice(ObjectNode node, Caller caller, Resource resource) {
        var slice = resource.as(Slice.class);
        var owner = slice.info().owner();
        node.put("owner", owner);
        node.put("start", slice.term().from().toString())
                .put("end", slice.term().until().toString());
        for (var link : List.of("slivers", "graph", "events")) {
            ((ObjectNode) node.get("links")).put(link, self(node) + "/" + link);
        }
        boolean possible = resource.removed().isEmpty()
                && SliceState.of(resource.state()).after(Operation.DELETE) instanceof Answer.Yes
                && Access.mayDelete(caller, resource.project(), owner, "slice").isEmpty();
        if (possible) {
            action(node, "delete");
        }
    }

    private static String self(ObjectNode node) {
        return node.get("links").get("self").stringValue();
    }

    private static void action(ObjectNode node, String action) {
        ((ObjectNode) node.get("actions")).put(action, self(node) + "?action=" + action);
    }

    private static void sliver(ObjectNode node, String base, Resource resource, Map<UUID, ProcessInstance> progress) {
        var sliver = Sliver.of(resource);
        resource.parent()
                .ifPresent(
                        slice -> ((ObjectNode) node.get("links")).put("slice", url(base, Orchestrator.SLICE, slice)));
        node.set("demand", demand(sliver.wanted().demand()));
        node.put("start", sliver.wanted().term().from().toString());
        node.put("end", sliver.wanted().term().until().toString());
        ticket(sliver).ifPresent(ticket -> {
            node.put("host", ticket.placement().host()).put("authority", ticket.authority());
            lease(resource, ticket, node, base, progress);
        });
        if (sliver instanceof Sliver.Active active) {
            node.put("host", active.lease().host());
            node.set("units", Json.toTree(active.lease().units()));
            node.set("facts", Json.toTree(active.lease().facts()));
        }
        sliver.refusal().ifPresent(why -> node.set("error", Errors.what(why)));
    }

    private static void lease(
            Resource sliver, Ticket ticket, ObjectNode node, String base, Map<UUID, ProcessInstance> progress) {
        var lease = Copies.id(ticket.authority(), sliver.id());
        ((ObjectNode) node.get("links")).put("lease", url(base, "lease", lease));
        Optional.ofNullable(progress.get(lease)).ifPresent(process -> {
            var shape =
                    node.putObject("progress").put("process", process.name()).put("state", process.state());
            shape.put("step", process.step().orElse(null))
                    .put("stepNumber", process.stepNumber())
                    .put("steps", process.steps());
            shape.put("waitingFor", process.waitingFor().orElse(null));
        });
    }

    static Optional<Ticket> ticket(Sliver sliver) {
        return switch (sliver) {
            case Sliver.Ticketed(var _, var ticket) -> Optional.of(ticket);
            case Sliver.Redeeming(var _, var ticket) -> Optional.of(ticket);
            case Sliver.Active(var _, var ticket, var _, var _) -> Optional.of(ticket);
            case Sliver.Closing(var _, var ticket, var _) -> Optional.of(ticket);
            case Sliver.Ticketing _, Sliver.Closed _, Sliver.Failed _ -> Optional.empty();
        };
    }

    /// What is under way for the leases of slivers, by lease.
    private Map<UUID, ProcessInstance> progress(Tx tx, List<Resource> slivers) {
        var leases = slivers.stream()
                .filter(sliver -> sliver.removed().isEmpty())
                .flatMap(sliver ->
                        ticket(Sliver.of(sliver)).map(ticket -> Copies.id(ticket.authority(), sliver.id())).stream())
                .toList();
        return engine.processes().open(tx, leases).stream()
                .collect(Collectors.toMap(process -> process.resource().id(), Function.identity(), (newer, _) -> newer));
    }

    /// In the words of the short form.
    static ObjectNode demand(Demand demand) {
        var node = Json.object()
                .put("kind", demand.kind())
                .put("name", demand.name())
                .put("site", demand.site());
        var wanted = demand.capacities();
        node.put("cores", wanted.get("core")).put("ram", wanted.get("ram")).put("disk", wanted.get("disk"));
        demand.host().ifPresent(host -> node.put("host", host));
        demand.image().ifPresent(image -> node.put("image", image));
        var components = node.putArray("components");
        for (var component : demand.components()) {
            var shape = components.addObject().put("name", component.name()).put("type", component.type());
            component.model().ifPresent(model -> shape.put("model", model));
        }
        return node;
    }
}
