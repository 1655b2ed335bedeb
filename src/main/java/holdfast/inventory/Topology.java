package holdfast.inventory;

import java.util.Optional;
import java.util.stream.Stream;

/// Who belongs to whom: ways through a graph that several features walk.
final class Topology {
    private Topology() {}

    /// What `has` a component or a service: its node, component or site.
    static Stream<Vertex> owners(Graph graph, String vertexId) {
        var nodes = Stream.of(VertexClass.NETWORK_NODE, VertexClass.COMPOSITE_NODE)
                .flatMap(kind -> graph.neighbours(vertexId, kind));
        return graph.get(vertexId).kind() == VertexClass.NETWORK_SERVICE
                ? Stream.concat(nodes, graph.neighbours(vertexId, VertexClass.COMPONENT))
                : nodes;
    }

    /// The service that a port belongs to; a sub-interface belongs where its dedicated port does.
    static Optional<Vertex> serviceOf(Graph graph, Vertex port) {
        var direct = graph.neighbours(port.id(), VertexClass.NETWORK_SERVICE).findFirst();
        if (direct.isPresent() || !port.type().equals("SubInterface")) {
            return direct;
        }
        return graph.neighbours(port.id(), VertexClass.CONNECTION_POINT)
                .flatMap(parent -> graph.neighbours(parent.id(), VertexClass.NETWORK_SERVICE))
                .findFirst();
    }

    /// The node in which a port sits, through its service and component; none for the port of a service that stands
    /// alone.
    static Optional<Vertex> nodeOf(Graph graph, Vertex port) {
        return serviceOf(graph, port)
                .flatMap(service -> owners(graph, service.id()).findFirst())
                .flatMap(owner -> owner.kind() == VertexClass.COMPONENT
                        ? owners(graph, owner.id()).findFirst()
                        : Optional.of(owner));
    }

    /// The ports at the far ends of a port's links.
    static Stream<Vertex> peers(Graph graph, Vertex port) {
        return graph.neighbours(port.id(), VertexClass.LINK)
                .flatMap(link -> graph.neighbours(link.id(), VertexClass.CONNECTION_POINT))
                .filter(other -> !other.id().equals(port.id()));
    }

    /// Whether a service stands for itself, and is not the inside of a device, a switch or a facility.
    static boolean standsAlone(Graph graph, Vertex service) {
        return owners(graph, service.id()).findAny().isEmpty();
    }

    /// A programmable switch has a P4 service; older advertisements only say so in its id.
    static boolean isP4Switch(Graph graph, Vertex node) {
        return node.is(VertexClass.NETWORK_NODE, "Switch")
                && (node.id().contains("p4")
                        || graph.neighbours(node.id(), VertexClass.NETWORK_SERVICE)
                                .anyMatch(service -> service.type().equals("P4")));
    }
}
