package holdfast.inventory;

import static holdfast.inventory.Property.CAPACITIES;
import static holdfast.inventory.Property.CAPACITY_HINTS;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Demand;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a slice asks for, and how its graph (ASM) tells what it got.
///
/// @param machines the virtual machines, in order of the graph
/// @param refused what is wrong with the others, such as a machine that no size covers; a slice with any of these
///     must not be started
/// @param unsupported slivers of kinds that are recognised but not served: switches, network services, ...
public record SliceGraph(List<Machine> machines, List<Refusal> refused, List<Refusal> unsupported) {
    public SliceGraph {
        machines = List.copyOf(machines);
        refused = List.copyOf(refused);
        unsupported = List.copyOf(unsupported);
    }

    /// A virtual machine of a slice.
    ///
    /// @param nodeId of its vertex
    /// @param demand what to ask a broker for; its capacities are those of the catalog size, as they are charged
    /// @param instance name of the catalog size
    /// @param componentIds NodeID of each component by its name, as in [Demand#components]
    public record Machine(String nodeId, Demand demand, String instance, Map<String, String> componentIds) {
        public Machine {
            componentIds = Map.copyOf(componentIds);
        }
    }

    /// What became of a node, component or service of a slice. Parts left empty leave the graph's properties as
    /// they are.
    ///
    /// @param reservation reservation id and state, with the reason if it failed
    /// @param nodeMap where it was placed
    /// @param mgmtIp address under which the user reaches it
    public record Annotation(
            Optional<ReservationInfo> reservation,
            Optional<Capacities> capacityAllocations,
            Optional<Labels> labelAllocations,
            Optional<NodeMap> nodeMap,
            Optional<String> mgmtIp) {
        public static final Annotation NONE = new Annotation(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        public Annotation withReservation(String id, String state, String errorMessage) {
            return new Annotation(
                    Optional.of(new ReservationInfo(id, state, errorMessage)),
                    capacityAllocations,
                    labelAllocations,
                    nodeMap,
                    mgmtIp);
        }

        public Annotation withAllocations(Capacities capacities, Labels labels) {
            return new Annotation(reservation, Optional.of(capacities), Optional.of(labels), nodeMap, mgmtIp);
        }

        public Annotation withNodeMap(String graphId, String nodeId) {
            return new Annotation(
                    reservation,
                    capacityAllocations,
                    labelAllocations,
                    Optional.of(new NodeMap(graphId, nodeId)),
                    mgmtIp);
        }

        public Annotation withMgmtIp(String address) {
            return new Annotation(reservation, capacityAllocations, labelAllocations, nodeMap, Optional.of(address));
        }
    }

    /// @param state in the words of the interface that shows it, such as `Active`
    /// @param errorMessage empty if there is none
    public record ReservationInfo(String id, String state, String errorMessage) {}

    /// @param graphId the model in which it was placed
    /// @param nodeId the host or device there
    public record NodeMap(String graphId, String nodeId) {}

    /// The slice with the site of each single-site network service filled in from its ports, where the user left it
    /// out.
    public static Graph withServiceSites(Graph asm) {
        return ServiceRules.withSites(asm);
    }

    /// Reads a slice that [Validation#slice] found in order.
    ///
    /// @throws RefusedException if a property does not have its shape
    public static SliceGraph read(Graph asm, Catalog catalog) {
        var machines = new ArrayList<Machine>();
        var refused = new ArrayList<Refusal>();
        var unsupported = new ArrayList<Refusal>();
        asm.ofClass(VertexClass.NETWORK_NODE).forEach(node -> {
            switch (node.type()) {
                case "VM" -> machine(asm, node, catalog, refused).ifPresent(machines::add);
                case "Facility" -> {} // exists already: a service that reaches it is the sliver
                default -> unsupported.add(unsupported(node));
            }
        });
        asm.ofClass(VertexClass.NETWORK_SERVICE)
                .filter(service -> Topology.standsAlone(asm, service))
                .forEach(service -> unsupported.add(unsupported(service)));
        return new SliceGraph(machines, refused, unsupported);
    }

    /// The demands of all machines.
    public List<Demand> demands() {
        return machines.stream().map(Machine::demand).toList();
    }

    /// The slice with what became of some of its vertices.
    ///
    /// @param by annotation by NodeID
    /// @throws java.util.NoSuchElementException if the slice has no such vertex
    public static Graph annotate(Graph asm, Map<String, Annotation> by) {
        var changed = new ArrayList<Vertex>();
        by.forEach((nodeId, annotation) -> changed.add(annotate(asm.get(nodeId), annotation)));
        return asm.with(changed);
    }

    private static Vertex annotate(Vertex vertex, Annotation annotation) {
        var changed = vertex;
        if (annotation.reservation.isPresent()) {
            changed = changed.with(Property.RESERVATION_INFO, json(annotation.reservation.get()));
        }
        if (annotation.capacityAllocations.isPresent()) {
            changed = changed.with(
                    Property.CAPACITY_ALLOCATIONS, CapacityJson.write(annotation.capacityAllocations.get()));
        }
        if (annotation.labelAllocations.isPresent()) {
            changed = changed.with(
                    Property.LABEL_ALLOCATIONS,
                    annotation.labelAllocations.get().json());
        }
        if (annotation.nodeMap.isPresent()) {
            var map = annotation.nodeMap.get();
            changed = changed.with(Property.NODE_MAP, Json.write(List.of(map.graphId, map.nodeId)));
        }
        return annotation.mgmtIp.isPresent() ? changed.with(Property.MGMT_IP, annotation.mgmtIp.get()) : changed;
    }

    private static String json(ReservationInfo info) {
        var members = new LinkedHashMap<String, String>();
        members.put("reservation_id", info.id);
        members.put("reservation_state", info.state);
        if (!info.errorMessage.isEmpty()) {
            members.put("error_message", info.errorMessage);
        }
        return Json.write(members);
    }

    private static Optional<Machine> machine(Graph asm, Vertex node, Catalog catalog, List<Refusal> refused) {
        var size = size(node, catalog, refused);
        if (size.isEmpty()) {
            return Optional.empty();
        }
        var components = new ArrayList<Demand.Component>();
        var ids = new LinkedHashMap<String, String>();
        asm.neighbours(node.id(), VertexClass.COMPONENT).forEach(component -> {
            var model = component
                    .model()
                    .map(name -> catalog.component(component.type(), name)
                            .map(Catalog.Component::model)
                            .orElse(name));
            components.add(new Demand.Component(component.name(), component.type(), model));
            ids.put(component.name(), component.id());
        });
        var demand = new Demand(
                "VM",
                node.name(),
                node.site().orElse(""),
                size.get().capacities(),
                node.labels().one("instance_parent"),
                node.get(Property.IMAGE_REF).map(image -> image.split(",", 2)[0]),
                components);
        return Optional.of(new Machine(node.id(), demand, size.get().name(), ids));
    }

    private static Optional<Catalog.Instance> size(Vertex node, Catalog catalog, List<Refusal> refused) {
        var asked = node.capacities();
        var hint = node.instanceType();
        if (hint.isPresent()) {
            var instance = catalog.instance(hint.get());
            if (instance.isEmpty()) {
                refused.add(node.refuse(
                        CAPACITY_HINTS,
                        "instance_type '" + hint.get() + "' is not a size; sizes are called like fabric.c8.m16.d100"));
            } else if (!ofSize(asked).fitsIn(instance.get().capacities())) {
                refused.add(node.refuse(
                        CAPACITY_HINTS,
                        "instance_type '%s' has %s, which is less than the Capacities %s; leave one of the two out"
                                .formatted(hint.get(), instance.get().capacities(), asked)));
            } else {
                return instance;
            }
            return Optional.empty();
        }
        if (ofSize(asked).nothing()) {
            refused.add(node.refuse(
                    CAPACITIES,
                    "says neither Capacities (core, ram, disk) nor CapacityHints (instance_type); one is needed"));
            return Optional.empty();
        }
        return switch (catalog.covering(asked)) {
            case Answer.Yes<Catalog.Instance>(var instance) -> Optional.of(instance);
            case Answer.No<Catalog.Instance>(var why) -> {
                refused.add(node.refuse(CAPACITIES, why.message()));
                yield Optional.empty();
            }
        };
    }

    /// Cores, RAM and disk only.
    private static Capacities ofSize(Capacities asked) {
        return Capacities.of(asked.get("core"), asked.get("ram"), asked.get("disk"));
    }

    private static Refusal unsupported(Vertex vertex) {
        return vertex.refuse(
                Property.TYPE,
                "slivers of type " + vertex.type() + " are not served yet; take it out of the slice to get the rest");
    }
}
