package holdfast.api.resources;

import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.inventory.Graph;
import holdfast.inventory.GraphMl;
import holdfast.inventory.Labels;
import holdfast.inventory.NodeLink;
import holdfast.inventory.SliceGraph;
import holdfast.inventory.SliceGraph.Annotation;
import holdfast.inventory.Vertex;
import holdfast.inventory.VertexClass;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.Sliver;
import holdfast.platform.Database;
import holdfast.platform.HttpReply;
import holdfast.platform.Tx;
import holdfast.protocol.LeaseInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The graph of a slice, with what became of its nodes and components written into it (fabric.md 2.10).
final class Manifest {
    private final Database database;
    private final Engine engine;
    private final Orchestrator orchestrator;
    private final Finder finder;

    /// What is needed of a slice, read in one transaction; the graph is parsed outside of it.
    private record Parts(Resource slice, Optional<String> graph, List<Resource> slivers) {}

    Manifest(Database database, Engine engine, Orchestrator orchestrator, Finder finder) {
        this.database = database;
        this.engine = engine;
        this.orchestrator = orchestrator;
        this.finder = finder;
    }

    /// `GET /v1/slices/{id}/graph`
    HttpReply show(Ask ask) {
        var format = ask.one("format").orElse("graphml");
        var parts = database.inTransaction(tx -> parts(tx, ask));
        var text = parts.graph.orElseThrow(() -> Problem.notThere(
                "slice " + parts.slice.name() + " was not asked for as a graph; see its slivers instead"));
        return switch (format) {
            case "graphml" ->
                HttpReply.of(200, "application/xml; charset=utf-8", GraphMl.write(annotated(text, parts.slivers)));
            case "nodelink" ->
                HttpReply.of(200, "application/json; charset=utf-8", NodeLink.write(annotated(text, parts.slivers)));
            case "cytoscape" ->
                HttpReply.of(
                        200,
                        "application/json; charset=utf-8",
                        NodeLink.writeCytoscape(annotated(text, parts.slivers)));
            default ->
                throw Problem.malformed(
                        "format",
                        "format is '" + format + "'"
                                + Nearest.hint(format, List.of("graphml", "nodelink", "cytoscape")));
        };
    }

    private Parts parts(Tx tx, Ask ask) {
        var slice = finder.find(tx, ask, Orchestrator.SLICE, ask.id());
        var slivers = engine.resources().partsOf(tx, List.of(slice.id()), Orchestrator.SLIVER);
        return new Parts(slice, orchestrator.graph(tx, slice.id()), slivers);
    }

    private static Graph annotated(String text, List<Resource> slivers) {
        var graph = GraphMl.read(text);
        var nodes = new HashMap<String, Vertex>();
        graph.ofClass(VertexClass.NETWORK_NODE).forEach(node -> nodes.put(node.name(), node));
        var annotations = new HashMap<String, Annotation>();
        for (var resource : slivers) {
            Optional.ofNullable(nodes.get(resource.name()))
                    .ifPresent(node -> annotate(graph, node, resource, annotations));
        }
        return SliceGraph.annotate(graph, annotations);
    }

    private static void annotate(Graph graph, Vertex node, Resource resource, Map<String, Annotation> annotations) {
        var sliver = Sliver.of(resource);
        var why = sliver.refusal().map(Refusal::message).orElse("");
        var annotation = Annotation.NONE.withReservation(resource.id().toString(), word(sliver), why);
        var ticket = SliverPart.ticket(sliver);
        if (ticket.isEmpty()) {
            annotations.put(node.id(), annotation);
            return;
        }
        var placement = ticket.get().placement();
        var model = ticket.get().delegation().toString();
        annotation = annotation
                .withNodeMap(model, placement.hostId())
                .withAllocations(placement.granted(), Labels.NONE.with("instance_parent", placement.host()));
        if (sliver instanceof Sliver.Active active
                && active.lease().facts().get("vm.address") instanceof String address) {
            annotation = annotation.withMgmtIp(address);
        }
        annotations.put(node.id(), annotation);
        var components = new HashMap<String, Vertex>();
        graph.neighbours(node.id(), VertexClass.COMPONENT)
                .forEach(component -> components.put(component.name(), component));
        for (var device : placement.devices()) {
            var component = components.get(device.component());
            if (component != null) {
                annotations.put(
                        component.id(),
                        Annotation.NONE
                                .withNodeMap(model, device.nodeId())
                                .withAllocations(
                                        holdfast.core.Capacities.of("unit", 1), addresses(sliver, device.unit())));
            }
        }
    }

    private static Labels addresses(Sliver sliver, String unit) {
        var addresses = new ArrayList<String>();
        if (sliver instanceof Sliver.Active active) {
            active.lease().units().stream()
                    .filter(one -> one.unit().equals(unit) && !one.bdf().isEmpty())
                    .map(LeaseInfo.Unit::bdf)
                    .forEach(addresses::add);
        }
        return switch (addresses.size()) {
            case 0 -> Labels.NONE;
            case 1 -> Labels.NONE.with("bdf", addresses.getFirst());
            default -> Labels.NONE.with("bdf", addresses);
        };
    }

    /// The state in the words of the model's users (fabric.md 3.2).
    private static String word(Sliver sliver) {
        return switch (sliver) {
            case Sliver.Ticketing _, Sliver.Acquiring _ -> "Nascent";
            case Sliver.Ticketed _, Sliver.Redeeming _ -> "Ticketed";
            case Sliver.Active _ -> "Active";
            case Sliver.Closing _ -> "CloseWait";
            case Sliver.Closed _ -> "Closed";
            case Sliver.Failed _ -> "Failed";
        };
    }
}
