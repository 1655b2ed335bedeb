package holdfast.inventory;

import static holdfast.inventory.Property.CAPACITY_DELEGATIONS;
import static holdfast.inventory.Property.LABEL_DELEGATIONS;

import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.inventory.Device.PciFunction;
import holdfast.inventory.Device.Unit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The servers of a combined model or of one delegation, as broker and authority see them.
public final class Hosts {
    private final Graph graph;
    private final Map<Delegations.PoolKey, Delegations.Pool> pools;

    private Hosts(Graph graph) {
        this.graph = graph;
        this.pools = Delegations.pools(graph);
    }

    /// All servers that are delegated, in the order of the graph. A server that two delegations share must be cut
    /// down first ([Delegations#split]).
    ///
    /// @throws RefusedException if a property does not have its shape or a server has two delegations
    public static List<Host> of(Graph graph) {
        var hosts = new Hosts(graph);
        return graph.ofClass(VertexClass.NETWORK_NODE)
                .filter(vertex -> vertex.type().equals("Server"))
                .flatMap(server -> hosts.host(server).stream())
                .toList();
    }

    /// The devices in a node, whoever delegates them, in the order of the graph.
    static List<Device> devices(Graph graph, String nodeId) {
        return graph.neighbours(nodeId, VertexClass.COMPONENT)
                .map(component -> device(graph, component))
                .toList();
    }

    private Optional<Host> host(Vertex server) {
        return single(server, CAPACITY_DELEGATIONS).map(entry -> {
            var delegation = entry.getValue();
            var pool = Optional.of(delegation.pool()).filter(name -> !name.isEmpty());
            var delegated = pool.map(name -> new Delegations.PoolKey(entry.getKey(), name))
                    .flatMap(key -> Optional.ofNullable(pools.get(key)))
                    .map(Delegations.Pool::capacities)
                    .orElse(delegation.capacities());
            var devices = graph.neighbours(server.id(), VertexClass.COMPONENT)
                    .filter(component -> delegatedBy(component, entry.getKey()))
                    .map(component -> device(graph, component))
                    .toList();
            return new Host(
                    server.id(), server.name(), server.site().orElse(""), delegated, entry.getKey(), pool, devices);
        });
    }

    private static boolean delegatedBy(Vertex component, String delegationId) {
        return component.delegations(CAPACITY_DELEGATIONS).containsKey(delegationId);
    }

    private static Device device(Graph graph, Vertex component) {
        var labels = delegatedLabels(component);
        var bdfs = labels.all("bdf");
        var ports = ports(graph, component);
        var units = component.type().equals("SharedNIC")
                ? sharedUnits(component, labels, ports)
                : List.of(new Unit(component.id(), functions(bdfs, labels.all("numa"), ports)));
        return new Device(component.id(), component.name(), component.type(), component.model(), units);
    }

    /// An exclusive device: its n-th address belongs to its n-th port.
    private static List<PciFunction> functions(List<String> bdfs, List<String> numa, List<Labels> ports) {
        var functions = new ArrayList<PciFunction>();
        for (int n = 0; n < Math.max(bdfs.size(), ports.size()); n++) {
            var port = n < ports.size() ? ports.get(n) : Labels.NONE;
            functions.add(new PciFunction(
                    at(bdfs, n), at(numa, n), port.one("mac"), port.one("vlan"), port.one("local_name")));
        }
        return functions;
    }

    /// A shared device: the lists of its component and of its one port tell, position by position, of virtual
    /// functions.
    private static List<Unit> sharedUnits(Vertex component, Labels labels, List<Labels> ports) {
        var bdfs = labels.all("bdf");
        var numa = labels.all("numa");
        var port = ports.stream().findFirst().orElse(Labels.NONE);
        var positions = new HashMap<String, Integer>();
        for (var bdf : port.all("bdf")) {
            positions.putIfAbsent(bdf, positions.size());
        }
        var units = new ArrayList<Unit>();
        if (bdfs.isEmpty()) { // cards without PCI passthrough: counted, not named
            var none = new PciFunction(
                    Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), port.one("local_name"));
            long count = Math.min(units(component), Limits.DEFAULT.vertices());
            for (int n = 0; n < count; n++) {
                units.add(new Unit(component.id() + "#" + n, List.of(none)));
            }
            return units;
        }
        for (int n = 0; n < bdfs.size(); n++) {
            int position = positions.getOrDefault(bdfs.get(n), n);
            var function = new PciFunction(
                    at(bdfs, n),
                    at(numa, n),
                    at(port.all("mac"), position),
                    at(port.all("vlan"), position),
                    at(port.all("local_name"), position));
            units.add(new Unit(component.id() + "#" + bdfs.get(n), List.of(function)));
        }
        return units;
    }

    /// How many units a component has by its delegation, else by its own capacities.
    static long units(Vertex component) {
        var delegated = component.delegations(CAPACITY_DELEGATIONS).values().stream()
                .map(Delegation::capacities)
                .filter(capacities -> !capacities.nothing())
                .findFirst();
        return delegated.orElseGet(component::capacities).get("unit");
    }

    /// Labels of the ports of a component, by name of the port.
    private static List<Labels> ports(Graph graph, Vertex component) {
        return graph.neighbours(component.id(), VertexClass.NETWORK_SERVICE)
                .flatMap(service -> graph.neighbours(service.id(), VertexClass.CONNECTION_POINT))
                .map(Hosts::delegatedLabels)
                .sorted(Comparator.comparing(port -> port.one("local_name").orElse("")))
                .toList();
    }

    private static Labels delegatedLabels(Vertex vertex) {
        return vertex.delegations(LABEL_DELEGATIONS).values().stream()
                .map(Delegation::labels)
                .filter(labels -> !labels.values().isEmpty())
                .findFirst()
                .orElseGet(vertex::labels);
    }

    private static Optional<Map.Entry<String, Delegation>> single(Vertex vertex, String property) {
        var delegations = vertex.delegations(property);
        if (delegations.size() > 1) {
            throw new RefusedException(Refusal.malformed(
                    "nodes." + vertex.id() + "." + property,
                    vertex.describe() + " is in delegations " + String.join(", ", delegations.keySet())
                            + "; cut the advertisement down to one first"));
        }
        return delegations.entrySet().stream().findFirst();
    }

    private static Optional<String> at(List<String> list, int position) {
        return position < list.size() ? Optional.of(list.get(position)) : Optional.empty();
    }
}
