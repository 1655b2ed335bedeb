package holdfast.api.resources;

import static java.util.stream.Collectors.toMap;

import holdfast.core.Copies;
import holdfast.core.Demand;
import holdfast.engine.Engine;
import holdfast.engine.ProcessInstance;
import holdfast.engine.Resource;
import holdfast.orchestrator.Sliver;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.protocol.Ticket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// What a sliver shows: what was asked for, where it is, and how far its lease has come.
final class SliverPart implements Part {
    private final Engine engine;

    SliverPart(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Map<UUID, ObjectNode> fields(Tx tx, List<Resource> page) {
        var progress = progress(tx, page);
        return page.stream().collect(toMap(Resource::id, resource -> fields(resource, progress)));
    }

    private static ObjectNode fields(Resource resource, Map<UUID, ProcessInstance> progress) {
        var sliver = Sliver.of(resource);
        var node = Parts.slice(resource);
        node.set("demand", demand(sliver.wanted().demand()));
        node.put("start", sliver.wanted().term().from().toString());
        node.put("end", sliver.wanted().term().until().toString());
        ticket(sliver).ifPresent(ticket -> {
            node.put("host", ticket.placement().host()).put("authority", ticket.authority());
            var lease = Copies.id(ticket.authority(), resource.id());
            node.put("leaseId", lease.toString());
            Optional.ofNullable(progress.get(lease)).ifPresent(process -> node.set("progress", progress(process)));
        });
        if (sliver instanceof Sliver.Active active) {
            node.put("host", active.lease().host());
            node.set("units", Json.toTree(active.lease().units()));
            node.set("facts", Json.toTree(active.lease().facts()));
        }
        sliver.refusal().ifPresent(why -> node.set("error", Problem.what(why)));
        return node;
    }

    private static ObjectNode progress(ProcessInstance process) {
        return Json.object()
                .put("process", process.name())
                .put("state", process.state())
                .put("step", process.step().orElse(null))
                .put("stepNumber", process.stepNumber())
                .put("steps", process.steps())
                .put("waitingFor", process.waitingFor().orElse(null));
    }

    static Optional<Ticket> ticket(Sliver sliver) {
        return switch (sliver) {
            case Sliver.Ticketed(var _, var ticket) -> Optional.of(ticket);
            case Sliver.Redeeming(var _, var ticket) -> Optional.of(ticket);
            case Sliver.Active(var _, var ticket, var _, var _, var _) -> Optional.of(ticket);
            case Sliver.Closing(var _, var ticket, var _) -> Optional.of(ticket);
            case Sliver.Ticketing _, Sliver.Acquiring _, Sliver.Closed _, Sliver.Failed _ -> Optional.empty();
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
                .collect(toMap(process -> process.resource().id(), Function.identity(), (newer, _) -> newer));
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
