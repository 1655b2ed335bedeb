package holdfast.inventory;

import static holdfast.inventory.VertexClass.COMPONENT;
import static holdfast.inventory.VertexClass.CONNECTION_POINT;
import static holdfast.inventory.VertexClass.LINK;
import static holdfast.inventory.VertexClass.NETWORK_SERVICE;

import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Whether a graph keeps the rules of the information model. All that is wrong is told, not only the first thing.
///
/// What readers refuse (a missing NodeID or class, text that is not JSON, ...) cannot occur in a [Graph] and is not
/// asked again.
public final class Validation {
    private static final Set<String> NEED_SITE = Set.of("Server", "VM", "Container");
    private static final Set<String> BARE = Set.of("Switch", "NAS", "Facility");

    private final Graph graph;
    private final Findings findings = new Findings();

    private Validation(Graph graph) {
        this.graph = graph;
    }

    /// Rules for every graph: advertisements, combined models, answers and slices.
    ///
    /// @return what is wrong; empty if nothing is
    public static List<Refusal> any(Graph graph) {
        return new Validation(graph).structure().all();
    }

    /// Rules for every graph, and those for what a site advertises: delegations, pools, virtual functions.
    public static List<Refusal> advertisement(Graph arm) {
        var validation = new Validation(arm);
        validation.structure();
        arm.vertices().stream()
                .filter(vertex -> vertex.type().equals("SharedNIC"))
                .forEach(validation::sharedNic);
        if (validation.findings.isEmpty()) { // pools can be followed only where every delegation can be read
            validation.findings.addAll(Delegations.poolFaults(arm));
        }
        return validation.findings.all();
    }

    /// Rules for every graph, and those for what a user asks: constraints of services, names, sizes of user data.
    public static List<Refusal> slice(Graph asm) {
        var validation = new Validation(asm);
        validation.structure();
        validation.distinctNames();
        asm.vertices().forEach(vertex -> PropertyRules.inSlice(vertex, validation.findings));
        asm.ofClass(NETWORK_SERVICE).forEach(service -> ServiceRules.check(asm, service, validation.findings));
        return validation.findings.all();
    }

    private Findings structure() {
        for (var vertex : graph.vertices()) {
            identity(vertex);
            PropertyRules.anywhere(vertex, findings);
            switch (vertex.kind()) {
                case NETWORK_NODE -> node(vertex);
                case COMPONENT -> component(vertex);
                case NETWORK_SERVICE -> service(vertex);
                case CONNECTION_POINT -> port(vertex);
                case LINK -> link(vertex);
                case COMPOSITE_NODE -> {}
            }
        }
        graph.edges().forEach(this::edge);
        return findings;
    }

    private void identity(Vertex vertex) {
        var kind = vertex.kind();
        if (vertex.type().isEmpty()) {
            findings.add(
                    vertex, Property.TYPE, "has no Type; a %s must be one of %s".formatted(kind.word(), kind.types()));
        } else if (!kind.types().contains(vertex.type())) {
            findings.add(
                    vertex,
                    Property.TYPE,
                    "Type %s is not one of those of a %s: %s"
                            .formatted(Json.shorten(vertex.type()), kind.word(), kind.types()));
        }
        if (vertex.name().isEmpty()) {
            findings.add(vertex, Property.NAME, "has no Name");
        } else if (!kind.allowsName(vertex.name())) {
            findings.add(
                    vertex,
                    Property.NAME,
                    "Name %s does not match %s, the rule for a %s"
                            .formatted(Json.shorten(vertex.name()), kind.nameRule(), kind.word()));
        }
    }

    private void node(Vertex node) {
        if (NEED_SITE.contains(node.type()) && node.site().isEmpty()) {
            findings.add(node, Property.SITE, "has no Site; a " + node.type() + " must name one, such as RENC");
        }
        if (BARE.contains(node.type())) {
            graph.neighbours(node.id(), COMPONENT)
                    .forEach(component -> findings.add(
                            node,
                            "components",
                            "has component '" + component.name() + "'; a " + node.type() + " may not have any"));
            if (node.get(Property.IMAGE_REF).isPresent()) {
                findings.add(node, Property.IMAGE_REF, "has an ImageRef; a " + node.type() + " may not");
            }
        }
        if (node.type().equals("Facility") && node.get(Property.MGMT_IP).isPresent()) {
            findings.add(node, Property.MGMT_IP, "has a MgmtIp; a Facility may not");
        }
    }

    private void component(Vertex component) {
        long owners = Topology.owners(graph, component.id()).count();
        if (owners != 1) {
            findings.add(component, "node", "belongs to " + owners + " nodes; a component must be in exactly one");
        }
    }

    private void service(Vertex service) {
        long ports = graph.neighbours(service.id(), CONNECTION_POINT).count();
        switch (service.type()) {
            case "L2Path", "L2PTP" -> {
                if (ports != 2) {
                    findings.add(
                            service,
                            "interfaces",
                            "has " + ports + " interfaces; a " + service.type() + " must have exactly 2");
                }
            }
            case "PortMirror" -> {
                if (ports != 1) {
                    findings.add(
                            service, "interfaces", "has " + ports + " interfaces; a PortMirror must have exactly 1");
                }
            }
            default -> {}
        }
    }

    private void port(Vertex port) {
        if (port.type().equals("ServicePort")) {
            long peers = Topology.peers(graph, port).limit(2).count(); // no need to count a crowd
            if (peers != 1) {
                var several = peers == 0 ? "no port" : "several ports";
                findings.add(port, "peer", "faces " + several + " over links; a ServicePort must face exactly 1");
            }
        }
        if (port.type().equals("SubInterface")) {
            long parents = graph.neighbours(port.id(), CONNECTION_POINT)
                    .filter(parent -> parent.type().equals("DedicatedPort"))
                    .count();
            if (parents != 1) {
                findings.add(
                        port,
                        "parent",
                        "is under " + parents + " dedicated ports; a SubInterface must be under exactly 1");
            }
            if (PropertyRules.labels(port).one("vlan").isEmpty()) {
                findings.add(port, Property.LABELS, "has no vlan label; a SubInterface must have one");
            }
        }
        if (port.type().equals("DedicatedPort")) {
            distinctVlans(port);
        }
    }

    private void distinctVlans(Vertex parent) {
        var seen = new HashMap<String, String>();
        graph.neighbours(parent.id(), CONNECTION_POINT)
                .filter(child -> child.type().equals("SubInterface"))
                .forEach(child -> PropertyRules.labels(child).one("vlan").ifPresent(vlan -> {
                    var other = seen.putIfAbsent(vlan, child.name());
                    if (other != null) {
                        findings.add(
                                child,
                                Property.LABELS,
                                "has vlan %s like '%s'; under one port each needs its own".formatted(vlan, other));
                    }
                }));
    }

    private void link(Vertex link) {
        long ends = graph.neighbours(link.id()).count();
        var layer = link.type().equals("L1Path") ? "L1" : "L2";
        if (!link.type().equals("L2Path") && ends != 2) {
            findings.add(link, "ends", "has " + ends + " ends; a " + link.type() + " must have exactly 2");
        }
        link.get(Property.LAYER)
                .filter(given -> !given.equals(layer))
                .ifPresent(given -> findings.add(
                        link, Property.LAYER, "is at layer %s; a %s is at %s".formatted(given, link.type(), layer)));
    }

    private void edge(Graph.Edge edge) {
        var a = graph.get(edge.from());
        var b = graph.get(edge.to());
        if (!allowed(edge.relation(), a, b) && !allowed(edge.relation(), b, a)) {
            var rule = a.kind() == LINK || b.kind() == LINK
                    ? "a link connects ports only"
                    : "the model has no such relation between these classes";
            findings.add(a, "edges", "%s %s; %s".formatted(edge.relation().word(), b.describe(), rule));
        }
    }

    private static boolean allowed(Relation relation, Vertex a, Vertex b) {
        return switch (relation) {
            case HAS ->
                switch (a.kind()) {
                    case NETWORK_NODE -> b.kind() == COMPONENT || b.kind() == NETWORK_SERVICE;
                    case COMPOSITE_NODE ->
                        b.kind() == VertexClass.NETWORK_NODE || b.kind() == COMPONENT || b.kind() == NETWORK_SERVICE;
                    case COMPONENT -> b.kind() == NETWORK_SERVICE;
                    case NETWORK_SERVICE, CONNECTION_POINT, LINK -> false;
                };
            case CONNECTS ->
                switch (a.kind()) {
                    case NETWORK_SERVICE, LINK -> b.kind() == CONNECTION_POINT;
                    case CONNECTION_POINT -> a.type().equals("DedicatedPort") && b.is(CONNECTION_POINT, "SubInterface");
                    case NETWORK_NODE, COMPOSITE_NODE, COMPONENT -> false;
                };
        };
    }

    /// The lists of a shared card and of its port tell of the same functions, position by position.
    private void sharedNic(Vertex component) {
        try {
            var bdfs = component.labels().all("bdf").size();
            var units = component.capacities().get("unit");
            if (bdfs > 0 && bdfs != units) {
                findings.add(
                        component,
                        Property.LABELS,
                        "lists %d bdf for %d units; a SharedNIC needs one for each".formatted(bdfs, units));
            }
            graph.neighbours(component.id(), NETWORK_SERVICE)
                    .flatMap(service -> graph.neighbours(service.id(), CONNECTION_POINT))
                    .forEach(port -> port.labels().values().forEach((name, value) -> {
                        if (bdfs > 0 && value.list() && value.items().size() != bdfs) {
                            findings.add(
                                    port,
                                    Property.LABELS,
                                    "lists %d %s for the %d functions of its card; give one for each"
                                            .formatted(value.items().size(), name, bdfs));
                        }
                    }));
        } catch (RefusedException e) {
            findings.seen(e.refusal()); // told already when the property itself was checked
        }
    }

    private void distinctNames() {
        distinct(graph.ofClass(VertexClass.NETWORK_NODE).toList(), "nodes of the slice");
        distinct(
                graph.ofClass(NETWORK_SERVICE)
                        .filter(service -> Topology.standsAlone(graph, service))
                        .toList(),
                "network services of the slice");
        graph.ofClass(VertexClass.NETWORK_NODE)
                .forEach(node -> distinct(
                        graph.neighbours(node.id(), COMPONENT).toList(), "components of node '" + node.name() + "'"));
    }

    private void distinct(List<Vertex> vertices, String whole) {
        Map<String, Vertex> seen = new HashMap<>();
        for (var vertex : vertices) {
            var other = seen.putIfAbsent(vertex.name(), vertex);
            if (other != null && !vertex.name().isEmpty()) {
                findings.add(
                        vertex,
                        Property.NAME,
                        "has the name of another (NodeID %s) among the %s".formatted(other.id(), whole));
            }
        }
    }

    /// What has been found wrong; the same thing is told once.
    static final class Findings {
        private final Set<Refusal> refusals = new LinkedHashSet<>();

        void add(Vertex vertex, String property, String why) {
            seen(vertex.refuse(property, why));
        }

        void seen(Refusal refusal) {
            refusals.add(refusal);
        }

        void addAll(List<Refusal> more) {
            refusals.addAll(more);
        }

        boolean isEmpty() {
            return refusals.isEmpty();
        }

        List<Refusal> all() {
            return List.copyOf(refusals);
        }
    }
}
