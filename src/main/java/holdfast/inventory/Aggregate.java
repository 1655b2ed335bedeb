package holdfast.inventory;

import static holdfast.inventory.Property.CAPACITY_DELEGATIONS;

import holdfast.core.Capacities;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// A combined model added up by site: the numbers behind query answers and summaries.
final class Aggregate {
    final SortedMap<String, SiteSum> sites = new TreeMap<>();
    final List<LinkSum> links = new ArrayList<>();
    final List<FacilitySum> facilities = new ArrayList<>();

    private final Graph cbm;
    private final Usage usage;
    private final Map<Delegations.PoolKey, Delegations.Pool> pools;
    private final Set<Delegations.PoolKey> counted = new HashSet<>();
    private final boolean anythingDelegated;

    /// Devices that count as alike.
    record Kind(String type, String model) implements Comparable<Kind> {
        /// Such as `GPU-Tesla T4`.
        String name() {
            return model.isEmpty() ? type : type + "-" + model;
        }

        @Override
        public int compareTo(Kind other) {
            return name().compareTo(other.name());
        }
    }

    /// Total and used part of the same thing.
    record Sum(Capacities capacity, Capacities allocated) {
        static final Sum NOTHING = new Sum(Capacities.NONE, Capacities.NONE);

        Sum plus(Sum other) {
            return new Sum(capacity.plus(other.capacity), allocated.plus(other.allocated));
        }

        /// What is left of one dimension, never less than nothing.
        long available(String dimension) {
            return Math.max(0, capacity.get(dimension) - allocated.get(dimension));
        }
    }

    /// @param devices the delegated ones, each with its sum
    record HostSum(Vertex vertex, Sum sum, Map<Vertex, Sum> devices) {
        SortedMap<Kind, Sum> components() {
            var all = new TreeMap<Kind, Sum>();
            devices.forEach((device, of) ->
                    all.merge(new Kind(device.type(), device.model().orElse("")), of, Sum::plus));
            return all;
        }
    }

    /// @param hosts its servers
    /// @param p4 its programmable switches
    record SiteSum(String name, List<HostSum> hosts, List<HostSum> p4) {
        Sum sum() {
            return hosts.stream().map(HostSum::sum).reduce(Sum.NOTHING, Sum::plus);
        }

        SortedMap<Kind, Sum> components() {
            var all = new TreeMap<Kind, Sum>();
            hosts.forEach(host -> host.components().forEach((kind, sum) -> all.merge(kind, sum, Sum::plus)));
            return all;
        }

        /// The first location that one of its hosts tells.
        Optional<String> locationText() {
            return hosts.stream()
                    .flatMap(host -> host.vertex.get(Property.LOCATION).stream())
                    .findFirst();
        }

        Optional<Location> location() {
            return hosts.stream()
                    .flatMap(host -> host.vertex.location().stream())
                    .findFirst();
        }

        /// Each flag is set if it is on one of its hosts.
        Flags flags() {
            return hosts.stream().map(host -> host.vertex.flags()).reduce(Flags.NONE, Flags::or);
        }
    }

    /// One end of a link at a site's switch.
    record End(String site, Vertex node, Vertex port) {}

    record LinkSum(Vertex vertex, List<End> ends, Sum sum) {}

    /// @param service of the facility
    /// @param port of the facility
    /// @param link between it and the switch
    /// @param end at the switch
    /// @param vlansUsed in order of the usage's text
    record FacilitySum(Vertex node, Vertex service, Vertex port, Vertex link, End end, List<String> vlansUsed) {}

    Aggregate(Graph cbm, Usage usage) {
        this.cbm = cbm;
        this.usage = usage;
        this.pools = Delegations.pools(cbm);
        this.anythingDelegated = cbm.vertices().stream()
                .anyMatch(vertex -> vertex.get(CAPACITY_DELEGATIONS).isPresent());
        cbm.ofClass(VertexClass.NETWORK_NODE).forEach(this::addNode);
        cbm.ofClass(VertexClass.LINK).forEach(this::addLink);
    }

    private void addNode(Vertex node) {
        if (node.site().isEmpty()) {
            return;
        }
        switch (node.type()) {
            case "Server" -> site(node.site().get()).hosts.add(host(node));
            case "Switch" -> {
                var site = site(node.site().get());
                if (Topology.isP4Switch(cbm, node)) {
                    var allocated = usage.units().contains(node.id()) ? Capacities.of("unit", 1) : usage.of(node.id());
                    var sum = new Sum(
                            Capacities.of("unit", Math.max(1, node.capacities().get("unit"))), allocated);
                    site.p4.add(new HostSum(node, sum, Map.of()));
                }
            }
            default -> {} // facilities come with their links; storage is not handed out by host
        }
    }

    private HostSum host(Vertex server) {
        var devices = new LinkedHashMap<Vertex, Sum>();
        for (var device : Hosts.devices(cbm, server.id())) {
            var component = cbm.get(device.componentNodeId());
            var sum = new Sum(delegated(component), Capacities.of("unit", usage.used(device)));
            if (!sum.equals(Sum.NOTHING)) {
                devices.put(component, sum);
            }
        }
        return new HostSum(server, new Sum(delegated(server), usage.of(server.id())), devices);
    }

    /// What is delegated of a vertex; what it has, where nothing at all is delegated. A pool counts once, at the
    /// first of its members.
    private Capacities delegated(Vertex vertex) {
        var total = Capacities.NONE;
        var delegations = vertex.delegations(CAPACITY_DELEGATIONS);
        for (var entry : delegations.entrySet()) {
            var delegation = entry.getValue();
            if (delegation.form() == Delegation.Form.OWN) {
                total = total.plus(delegation.capacities());
                continue;
            }
            var key = new Delegations.PoolKey(entry.getKey(), delegation.pool());
            if (pools.containsKey(key) && counted.add(key)) {
                total = total.plus(pools.get(key).capacities());
            }
        }
        return anythingDelegated ? total : vertex.capacities();
    }

    private void addLink(Vertex link) {
        var ports = cbm.neighbours(link.id(), VertexClass.CONNECTION_POINT).toList();
        var ends = new ArrayList<End>();
        for (var port : ports) {
            end(port).ifPresent(ends::add);
        }
        if (ends.size() == 1) {
            ports.stream()
                    .filter(port -> port.type().equals("FacilityPort"))
                    .findFirst()
                    .ifPresent(port -> addFacility(link, port, ends.getFirst()));
        } else if (ends.stream().map(End::site).distinct().count() > 1) {
            links.add(new LinkSum(link, ends, new Sum(bandwidth(link, ends), usage.of(link.id()))));
        }
    }

    private Optional<End> end(Vertex port) {
        return Topology.nodeOf(cbm, port)
                .filter(node -> node.is(VertexClass.NETWORK_NODE, "Switch"))
                .flatMap(node -> node.site().map(site -> new End(site, node, port)));
    }

    private void addFacility(Vertex link, Vertex port, End end) {
        var service = Topology.serviceOf(cbm, port);
        var node = Topology.nodeOf(cbm, port).filter(owner -> owner.type().equals("Facility"));
        if (service.isPresent() && node.isPresent()) {
            var prefix = port.id() + "#";
            var used = usage.units().stream()
                    .filter(unit -> unit.startsWith(prefix))
                    .map(unit -> unit.substring(prefix.length()))
                    .sorted()
                    .toList();
            facilities.add(new FacilitySum(node.get(), service.get(), port, link, end, used));
        }
    }

    /// The link's own, else that of its narrowest port that tells one.
    private Capacities bandwidth(Vertex link, List<End> ends) {
        var own = delegated(link);
        if (!own.nothing()) {
            return own;
        }
        return ends.stream()
                .map(end -> delegated(end.port()).get("bw"))
                .filter(bandwidth -> bandwidth > 0)
                .min(Long::compare)
                .map(bandwidth -> Capacities.of("bw", bandwidth))
                .orElse(Capacities.NONE);
    }

    private SiteSum site(String name) {
        return sites.computeIfAbsent(name, _ -> new SiteSum(name, new ArrayList<>(), new ArrayList<>()));
    }
}
