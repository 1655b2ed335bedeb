package holdfast.inventory;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import holdfast.inventory.Aggregate.FacilitySum;
import holdfast.inventory.Aggregate.HostSum;
import holdfast.inventory.Aggregate.Kind;
import holdfast.inventory.Aggregate.LinkSum;
import holdfast.inventory.Aggregate.SiteSum;
import holdfast.inventory.Aggregate.Sum;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// The numbers of a query answer as a table; turned into JSON, its members have the names of the FABRIC interface
/// (`cores_capacity`, ...). What is available is never less than nothing.
@JsonNaming(SnakeCaseStrategy.class)
public record Summary(List<Site> sites, List<Server> hosts, List<Link> links, List<FacilityPort> facilityPorts) {
    /// A site; RAM and disk in GB.
    ///
    /// @param address postal; empty if unknown
    /// @param location degrees north and east
    /// @param components by `type-model`
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    @JsonNaming(SnakeCaseStrategy.class)
    public record Site(
            String name,
            String state,
            String address,
            Optional<List<Double>> location,
            boolean ptpCapable,
            boolean ipv4Management,
            long coresCapacity,
            long coresAllocated,
            long coresAvailable,
            long ramCapacity,
            long ramAllocated,
            long ramAvailable,
            long diskCapacity,
            long diskAllocated,
            long diskAvailable,
            int hostsCount,
            Map<String, Count> components,
            List<Switch> p4Switches) {}

    /// A host; RAM and disk in GB.
    @JsonNaming(SnakeCaseStrategy.class)
    public record Server(
            String name,
            String site,
            String state,
            long coresCapacity,
            long coresAllocated,
            long coresAvailable,
            long ramCapacity,
            long ramAllocated,
            long ramAvailable,
            long diskCapacity,
            long diskAllocated,
            long diskAvailable,
            Map<String, Count> components) {}

    /// Units of one kind of device.
    public record Count(long capacity, long allocated, long available) {}

    /// A programmable switch.
    public record Switch(String name, long capacity, long allocated, long available) {}

    /// A link between sites; Gbit/s.
    @JsonNaming(SnakeCaseStrategy.class)
    public record Link(
            String name,
            String layer,
            long bandwidth,
            long allocatedBandwidth,
            long availableBandwidth,
            List<String> sites,
            List<Endpoint> endpoints) {}

    /// @param node the switch
    /// @param port its port
    public record Endpoint(String site, String node, String port) {}

    /// A port at which a facility is reached.
    ///
    /// @param port the facility's name for it
    /// @param switchPort NodeID of the switch's port
    /// @param vlans ranges, written `['1000-1010']`
    /// @param allocatedVlans in use, written alike
    @JsonNaming(SnakeCaseStrategy.class)
    public record FacilityPort(
            String name,
            String site,
            String port,
            @JsonProperty("switch") String switchPort,
            String vlans,
            String allocatedVlans) {}

    /// The JSON text.
    public String json() {
        return Json.write(this);
    }

    static Summary of(Aggregate aggregate, Map<String, Maintenance> maintenance, SiteFilter filter) {
        var sites = new ArrayList<Site>();
        var hosts = new ArrayList<Server>();
        aggregate.sites.values().stream()
                .filter(site -> filter.shows(site.name()))
                .forEach(site -> {
                    sites.add(site(site, maintenance));
                    site.hosts().forEach(host -> hosts.add(server(site.name(), host, maintenance)));
                });
        var links = aggregate.links.stream()
                .filter(link -> QueryModel.shows(filter, link))
                .map(Summary::link)
                .toList();
        var facilityPorts = aggregate.facilities.stream()
                .filter(facility -> filter.shows(facility.end().site()))
                .map(Summary::facilityPort)
                .toList();
        return new Summary(sites, hosts, links, facilityPorts);
    }

    private static Site site(SiteSum site, Map<String, Maintenance> maintenance) {
        var sum = site.sum();
        var location = site.location();
        var flags = site.flags();
        return new Site(
                site.name(),
                state(maintenance, site.name(), site.name()),
                location.flatMap(Location::postal).orElse(""),
                location.flatMap(place ->
                        place.latitude().flatMap(north -> place.longitude().map(east -> List.of(north, east)))),
                flags.ptp(),
                flags.ipv4Management(),
                sum.capacity().get("core"),
                sum.allocated().get("core"),
                sum.available("core"),
                sum.capacity().get("ram"),
                sum.allocated().get("ram"),
                sum.available("ram"),
                sum.capacity().get("disk"),
                sum.allocated().get("disk"),
                sum.available("disk"),
                site.hosts().size(),
                counts(site.components()),
                site.p4().stream().map(Summary::p4).toList());
    }

    private static Server server(String site, HostSum host, Map<String, Maintenance> maintenance) {
        var sum = host.sum();
        return new Server(
                host.vertex().name(),
                site,
                state(maintenance, host.vertex().name(), site),
                sum.capacity().get("core"),
                sum.allocated().get("core"),
                sum.available("core"),
                sum.capacity().get("ram"),
                sum.allocated().get("ram"),
                sum.available("ram"),
                sum.capacity().get("disk"),
                sum.allocated().get("disk"),
                sum.available("disk"),
                counts(host.components()));
    }

    private static Switch p4(HostSum node) {
        return new Switch(
                node.vertex().name(),
                node.sum().capacity().get("unit"),
                node.sum().allocated().get("unit"),
                node.sum().available("unit"));
    }

    private static Map<String, Count> counts(SortedMap<Kind, Sum> components) {
        var counts = new LinkedHashMap<String, Count>();
        components.forEach((kind, sum) -> counts.put(
                kind.name(),
                new Count(sum.capacity().get("unit"), sum.allocated().get("unit"), sum.available("unit"))));
        return counts;
    }

    private static Link link(LinkSum link) {
        return new Link(
                link.vertex().name(),
                link.vertex().get(Property.LAYER).orElse(""),
                link.sum().capacity().get("bw"),
                link.sum().allocated().get("bw"),
                link.sum().available("bw"),
                link.ends().stream().map(Aggregate.End::site).distinct().toList(),
                link.ends().stream()
                        .map(end -> new Endpoint(
                                end.site(), end.node().name(), end.port().name()))
                        .toList());
    }

    private static FacilityPort facilityPort(FacilitySum facility) {
        var labels = facility.port().labels();
        var vlans = labels.all("vlan_range").isEmpty() ? labels.all("vlan") : labels.all("vlan_range");
        return new FacilityPort(
                facility.node().name(),
                facility.end().site(),
                facility.port().name(),
                facility.end().port().id(),
                list(vlans),
                list(facility.vlansUsed()));
    }

    /// Clients of that interface read such texts as lists of their language.
    private static String list(List<String> items) {
        return items.isEmpty() ? "[]" : "['" + String.join("', '", items) + "']";
    }

    private static String state(Map<String, Maintenance> maintenance, String name, String otherwise) {
        var entry = maintenance.get(name);
        return (entry == null ? maintenance.getOrDefault(otherwise, Maintenance.ACTIVE) : entry)
                .state()
                .word();
    }
}
