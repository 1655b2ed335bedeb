package holdfast.inventory;

import static holdfast.inventory.Property.CONTROLLER_URL;
import static holdfast.inventory.Property.ERO;
import static holdfast.inventory.Property.MIRROR_DIRECTION;
import static holdfast.inventory.Property.MIRROR_PORT;
import static holdfast.inventory.Property.MIRROR_VLAN;

import holdfast.inventory.Validation.Findings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What each type of network service demands of its ports, sites and properties in a slice.
final class ServiceRules {
    private static final int ANY = 0;
    private static final List<String> MIRROR = List.of(MIRROR_PORT, MIRROR_VLAN, MIRROR_DIRECTION);
    private static final Set<String> OWN_PORTS = Set.of("DedicatedPort", "FacilityPort", "SubInterface");

    /// @param most interfaces, or [#ANY]
    /// @param sites at most, or [#ANY]
    /// @param required properties
    private record Constraint(
            String layer,
            int least,
            int most,
            int sites,
            List<String> forbidden,
            List<String> required,
            boolean ownPorts) {}

    private static final Map<String, Constraint> CONSTRAINTS = constraints();

    private ServiceRules() {}

    private static Map<String, Constraint> constraints() {
        var plain = and(MIRROR, CONTROLLER_URL);
        var all = new HashMap<String, Constraint>();
        all.put("L2Bridge", new Constraint("L2", 1, ANY, 1, plain, List.of(), false));
        all.put("L2STS", new Constraint("L2", 2, ANY, 2, and(plain, ERO), List.of(), false));
        all.put("L2PTP", new Constraint("L2", 2, 2, 2, plain, List.of(), true));
        all.put("L2Multisite", new Constraint("L2", 1, ANY, ANY, plain, List.of(), false));
        all.put("L2Path", new Constraint("L2", 1, 2, 2, plain, List.of(), false));
        all.put(
                "PortMirror",
                new Constraint(
                        "L2",
                        1,
                        1,
                        1,
                        List.of(CONTROLLER_URL),
                        List.of(MIRROR_PORT, MIRROR_DIRECTION, Property.SITE),
                        false));
        for (var type : List.of("FABNetv4", "FABNetv6", "FABNetv4Ext", "FABNetv6Ext")) {
            all.put(type, new Constraint("L3", 1, ANY, 1, plain, List.of(), false));
        }
        all.put("L3VPN", new Constraint("L3", 1, ANY, ANY, plain, List.of(), false));
        for (var type : List.of("OVS", "P4")) {
            all.put(type, new Constraint("L2", 1, ANY, 1, MIRROR, List.of(), false));
        }
        for (var type : List.of("VLAN", "MPLS")) {
            all.put(type, new Constraint("L2", 1, ANY, 1, plain, List.of(), false));
        }
        return Map.copyOf(all);
    }

    static void check(Graph slice, Vertex service, Findings findings) {
        var constraint = CONSTRAINTS.get(service.type());
        if (constraint == null) {
            return; // the type itself is refused elsewhere
        }
        var ports = slice.neighbours(service.id(), VertexClass.CONNECTION_POINT).toList();
        checkCount(service, constraint, ports.size(), findings);
        checkProperties(service, constraint, findings);
        if (constraint.ownPorts) {
            ports.forEach(port -> Topology.peers(slice, port)
                    .limit(1)
                    .filter(peer -> !OWN_PORTS.contains(peer.type()))
                    .forEach(peer -> findings.add(
                            service,
                            "interfaces",
                            "reaches %s; a %s takes only ports of type %s"
                                    .formatted(peer.describe(), service.type(), new TreeSet<>(OWN_PORTS)))));
        }
        if (Topology.standsAlone(slice, service)) {
            checkSites(service, constraint, sites(slice, ports), findings);
        }
    }

    /// The slice with the site of each single-site service filled in from its ports, where it was not given.
    static Graph withSites(Graph slice) {
        var changed = new ArrayList<Vertex>();
        slice.ofClass(VertexClass.NETWORK_SERVICE).forEach(service -> {
            if (service.site().isEmpty() && Topology.standsAlone(slice, service) && isSingleSite(service)) {
                var sites = sites(
                        slice,
                        slice.neighbours(service.id(), VertexClass.CONNECTION_POINT)
                                .toList());
                if (sites.size() == 1) {
                    changed.add(service.with(Property.SITE, sites.iterator().next()));
                }
            }
        });
        return slice.with(changed);
    }

    private static boolean isSingleSite(Vertex service) {
        return Optional.ofNullable(CONSTRAINTS.get(service.type()))
                .filter(constraint -> constraint.sites == 1)
                .isPresent();
    }

    private static void checkCount(Vertex service, Constraint constraint, int ports, Findings findings) {
        if (ports < constraint.least) {
            findings.add(
                    service,
                    "interfaces",
                    "has %d interfaces; a %s needs at least %d".formatted(ports, service.type(), constraint.least));
        }
        if (constraint.most != ANY && ports > constraint.most) {
            findings.add(
                    service,
                    "interfaces",
                    "has %d interfaces; a %s may have at most %d".formatted(ports, service.type(), constraint.most));
        }
    }

    private static void checkProperties(Vertex service, Constraint constraint, Findings findings) {
        for (var property : constraint.forbidden) {
            if (service.get(property).isPresent()) {
                findings.add(service, property, "has " + property + "; a " + service.type() + " may not");
            }
        }
        for (var property : constraint.required) {
            if (service.get(property).isEmpty()) {
                findings.add(service, property, "has no " + property + "; a " + service.type() + " needs it");
            }
        }
        service.get(Property.LAYER)
                .filter(layer -> !layer.equals(constraint.layer))
                .ifPresent(layer -> findings.add(
                        service,
                        Property.LAYER,
                        "is at layer %s; a %s is at %s".formatted(layer, service.type(), constraint.layer)));
    }

    private static void checkSites(Vertex service, Constraint constraint, Set<String> sites, Findings findings) {
        if (constraint.sites != ANY && sites.size() > constraint.sites) {
            findings.add(
                    service,
                    Property.SITE,
                    "reaches %d sites %s; a %s may reach at most %d"
                            .formatted(sites.size(), sites, service.type(), constraint.sites));
        }
        var given = service.site();
        if (given.isPresent() && constraint.sites != 1) {
            findings.add(
                    service,
                    Property.SITE,
                    "has Site " + given.get() + "; a " + service.type() + " spans sites and may not");
        } else if (given.isPresent() && !sites.isEmpty() && !sites.equals(Set.of(given.get()))) {
            findings.add(
                    service,
                    Property.SITE,
                    "has Site %s, but its ports are at %s; leave it out to have it filled in"
                            .formatted(given.get(), sites));
        }
    }

    /// A service port has one peer; that it has more is told elsewhere.
    private static Set<String> sites(Graph slice, List<Vertex> ports) {
        return ports.stream()
                .flatMap(port -> Topology.peers(slice, port).limit(1))
                .flatMap(peer ->
                        Topology.nodeOf(slice, peer)
                                .or(() -> Topology.serviceOf(slice, peer))
                                .flatMap(Vertex::site)
                                .stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> and(List<String> some, String one) {
        var all = new ArrayList<>(some);
        all.add(one);
        return List.copyOf(all);
    }
}
