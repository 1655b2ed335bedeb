package holdfast.inventory;

import static holdfast.inventory.Property.CAPACITIES;
import static holdfast.inventory.Property.CAPACITY_ALLOCATIONS;

import holdfast.inventory.Aggregate.FacilitySum;
import holdfast.inventory.Aggregate.HostSum;
import holdfast.inventory.Aggregate.LinkSum;
import holdfast.inventory.Aggregate.SiteSum;
import holdfast.inventory.Aggregate.Sum;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;

/// Answers to *what is there, and how much of it is free*: a combined model, what is in use, and what is in
/// maintenance.
///
/// The NodeIDs that an answer makes up are the same in each answer about the same thing.
public final class QueryModel {
    private final Graph cbm;
    private final Aggregate aggregate;
    private final Map<String, Maintenance> maintenance;

    /// How much an answer shows.
    public enum Level {
        /// Sites, hosts and devices under their own NodeIDs, programmable switches and links between sites;
        /// nothing in use is told.
        TOPOLOGY,
        /// Sites with what they have and what is in use, devices by type and model, links and facilities.
        SITES,
        /// As [#SITES], with the devices under their hosts.
        HOSTS,
        /// The combined model as it is.
        CLONE;

        /// The level of that number: 0, 1, 2; any other asks for a clone.
        public static Level of(int number) {
            return switch (number) {
                case 0 -> TOPOLOGY;
                case 1 -> SITES;
                case 2 -> HOSTS;
                default -> CLONE;
            };
        }
    }

    /// @param maintenance by name of site or host; what is not named is active
    /// @throws holdfast.core.RefusedException if a property of the model does not have its shape
    public QueryModel(Graph cbm, Usage usage, Map<String, Maintenance> maintenance) {
        this.cbm = cbm;
        this.aggregate = new Aggregate(cbm, usage);
        this.maintenance = Map.copyOf(maintenance);
    }

    /// The answer as a graph. A clone ignores the filter.
    public Graph graph(Level level, SiteFilter filter) {
        if (level == Level.CLONE) {
            return cbm;
        }
        var answer = Graph.builder(id("answer", cbm.id(), level.name()));
        var shown = aggregate.sites.values().stream()
                .filter(site -> filter.shows(site.name()))
                .toList();
        shown.forEach(site -> addSite(answer, site, level));
        aggregate.links.stream().filter(link -> shows(filter, link)).forEach(link -> addLink(answer, link, level));
        if (level != Level.TOPOLOGY) {
            aggregate.facilities.stream()
                    .filter(facility -> filter.shows(facility.end().site()))
                    .forEach(facility -> addFacility(answer, facility));
        }
        return answer.build();
    }

    /// The numbers of the answer of [Level#HOSTS] as a table.
    public Summary summary(SiteFilter filter) {
        return Summary.of(aggregate, maintenance, filter);
    }

    static boolean shows(SiteFilter filter, LinkSum link) {
        return link.ends().stream().allMatch(end -> filter.shows(end.site()));
    }

    private void addSite(Graph.Builder answer, SiteSum site, Level level) {
        var composite = id("site", site.name());
        answer.put(siteVertex(composite, site, level));
        var service = Vertex.of(serviceId(site.name()), VertexClass.NETWORK_SERVICE, "MPLS", site.name() + "_ns");
        answer.put(service).connect(composite, Relation.HAS, service.id());
        switch (level) {
            case TOPOLOGY -> site.hosts().forEach(host -> addOriginal(answer, composite, host));
            case SITES -> addComponents(answer, composite, site.components());
            case HOSTS -> site.hosts().forEach(host -> addHost(answer, composite, host));
            case CLONE -> {}
        }
        site.p4().forEach(p4 -> {
            var vertex = withSum(bare(p4.vertex()), p4.sum(), level);
            answer.put(vertex).connect(composite, Relation.HAS, vertex.id());
        });
    }

    private Vertex siteVertex(String composite, SiteSum site, Level level) {
        var vertex = Vertex.of(composite, VertexClass.COMPOSITE_NODE, "Server", site.name())
                .with(Property.SITE, site.name())
                .with(Property.LOCATION, site.locationText().orElse(""));
        var flags = site.flags();
        vertex = flags.equals(Flags.NONE) ? vertex : vertex.with(Property.FLAGS, flags.json());
        var announced = new LinkedHashMap<String, Maintenance>();
        announced.put(site.name(), maintenance.getOrDefault(site.name(), Maintenance.ACTIVE));
        site.hosts()
                .forEach(host -> Optional.ofNullable(
                                maintenance.get(host.vertex().name()))
                        .ifPresent(entry -> announced.put(host.vertex().name(), entry)));
        vertex = vertex.with(Property.MAINTENANCE_INFO, Maintenance.write(announced));
        return withSum(vertex, site.sum(), level);
    }

    private void addOriginal(Graph.Builder answer, String composite, HostSum host) {
        var server = withSum(bare(host.vertex()), host.sum(), Level.TOPOLOGY);
        answer.put(server).connect(composite, Relation.HAS, server.id());
        host.devices()
                .forEach((device, sum) -> answer.put(withSum(bare(device), sum, Level.TOPOLOGY))
                        .connect(server.id(), Relation.HAS, device.id()));
    }

    private void addHost(Graph.Builder answer, String composite, HostSum host) {
        var id = id("host", host.vertex().id());
        var copy = new Vertex(
                id, VertexClass.NETWORK_NODE, false, bare(host.vertex()).properties());
        var entry = maintenance.get(host.vertex().name());
        if (entry != null) {
            copy = copy.with(
                    Property.MAINTENANCE_INFO,
                    Maintenance.write(Map.of(host.vertex().name(), entry)));
        }
        answer.put(withSum(copy, host.sum(), Level.HOSTS)).connect(composite, Relation.HAS, id);
        addComponents(answer, id, host.components());
    }

    private static void addComponents(Graph.Builder answer, String owner, SortedMap<Aggregate.Kind, Sum> components) {
        components.forEach((kind, sum) -> {
            var vertex = Vertex.of(id("component", owner, kind.name()), VertexClass.COMPONENT, kind.type(), kind.name())
                    .with(Property.MODEL, kind.model());
            answer.put(withSum(vertex, sum, Level.SITES)).connect(owner, Relation.HAS, vertex.id());
        });
    }

    private static void addLink(Graph.Builder answer, LinkSum link, Level level) {
        answer.put(withSum(bare(link.vertex()), link.sum(), level));
        for (var end : link.ends()) {
            var others = String.join(
                    "_",
                    link.ends().stream()
                            .filter(other -> other != end)
                            .map(Aggregate.End::site)
                            .toList());
            addPort(answer, link.vertex().id(), end, end.site() + "_" + others);
        }
    }

    private static void addFacility(Graph.Builder answer, FacilitySum facility) {
        var port = bare(facility.port())
                .with(Property.LABELS, facility.port().get(Property.LABELS).orElse(""));
        port = port.with(CAPACITIES, facility.port().get(CAPACITIES).orElse(""));
        if (!facility.vlansUsed().isEmpty()) {
            port = port.with(
                    Property.LABEL_ALLOCATIONS,
                    Labels.NONE.with("vlan", facility.vlansUsed()).json());
        }
        var node = bare(facility.node());
        var service = bare(facility.service());
        var link = bare(facility.link());
        answer.put(node).put(service).put(port).put(link);
        answer.connect(node.id(), Relation.HAS, service.id());
        answer.connect(service.id(), Relation.CONNECTS, port.id());
        answer.connect(port.id(), Relation.CONNECTS, link.id());
        addPort(answer, link.id(), facility.end(), facility.end().site() + "_" + node.name());
    }

    /// A port of a site's service, for one link.
    private static void addPort(Graph.Builder answer, String linkId, Aggregate.End end, String name) {
        var port = Vertex.of(id("port", linkId, end.port().id()), VertexClass.CONNECTION_POINT, "TrunkPort", name)
                .with(Property.LABELS, end.port().get(Property.LABELS).orElse(""))
                .with(CAPACITIES, end.port().get(CAPACITIES).orElse(""));
        answer.put(port);
        answer.connect(serviceId(end.site()), Relation.CONNECTS, port.id());
        answer.connect(port.id(), Relation.CONNECTS, linkId);
    }

    /// What identifies a thing, without quantities, labels and delegations.
    private static Vertex bare(Vertex vertex) {
        var kept = new LinkedHashMap<String, String>();
        for (var property :
                new String[] {Property.TYPE, Property.NAME, Property.SITE, Property.MODEL, Property.LAYER}) {
            vertex.get(property).ifPresent(value -> kept.put(property, value));
        }
        return new Vertex(vertex.id(), vertex.kind(), false, kept);
    }

    private static Vertex withSum(Vertex vertex, Sum sum, Level level) {
        var capacities = sum.capacity().nothing() ? "" : CapacityJson.write(sum.capacity());
        var allocated = level == Level.TOPOLOGY || sum.allocated().nothing() ? "" : CapacityJson.write(sum.allocated());
        return vertex.with(CAPACITIES, capacities).with(CAPACITY_ALLOCATIONS, allocated);
    }

    private static String serviceId(String site) {
        return id("service", site);
    }

    /// Made from names, so that the same thing has the same id in each answer.
    private static String id(String... parts) {
        return UUID.nameUUIDFromBytes(String.join("\n", parts).getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
