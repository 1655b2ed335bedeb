package holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Capacities;
import holdfast.inventory.QueryModel.Level;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class QueryModelTest {
    private static final String LINK =
            "link:local-port+lbnl-data-sw:HundredGigE0/0/0/0.2400:remote-port+renc-data-sw:TenGigE0/0/0/2/0.3981";
    private static final String GSU_PORT = "port+renc-data-sw:FortyGigE0/0/0/22:facility+RENC-GSU-int";
    private static final Graph CBM = Files.combined("renc-site-ad.graphml", "uky-site-ad.graphml", "network-ad.graphml")
            .graph();
    private static final String FUNCTION =
            CBM.get("3JB2R53-slot6").labels().all("bdf").getFirst();
    private static final Usage USAGE = new Usage(
            Map.of(
                    "HX6VQ53",
                    Capacities.of(10, 20, 30),
                    "3JB2R53",
                    Capacities.of(4, 8, 100),
                    LINK,
                    Capacities.of("bw", 3)),
            Set.of("HX6VQ53-gpu-1", "3JB2R53-slot6#" + FUNCTION, GSU_PORT + "#1000"));
    private static final QueryModel MODEL = new QueryModel(CBM, USAGE, Map.of());

    @Test
    void the_site_level_adds_up_hosts_and_devices() {
        var graph = MODEL.graph(Level.SITES, SiteFilter.ALL);
        var renc = site(graph, "RENC");
        assertThat(renc.capacities())
                .isEqualTo(new Capacities(
                        Map.of("cpu", 6L, "core", 384L, "ram", 1506L, "disk", 52431L + 2 * 2233, "unit", 3L)));
        assertThat(renc.capacities(Property.CAPACITY_ALLOCATIONS)).isEqualTo(Capacities.of(10, 20, 30));
        assertThat(renc.location().flatMap(Location::postal)).contains("100 Europa Drive,Chapel Hill, NC 27157");
        assertThat(renc.flags().ptp()).isTrue();
        assertThat(components(graph, renc))
                .containsOnlyKeys(
                        "FPGA-Xilinx-U280",
                        "GPU-RTX6000",
                        "GPU-Tesla T4",
                        "NVME-P4510",
                        "SharedNIC-ConnectX-6",
                        "SmartNIC-ConnectX-5",
                        "SmartNIC-ConnectX-6")
                .containsEntry("GPU-RTX6000", List.of(2L, 1L))
                .containsEntry("SharedNIC-ConnectX-6", List.of(381L, 0L))
                .containsEntry("NVME-P4510", List.of(10L, 0L));
        assertThat(components(graph, site(graph, "UKY"))).containsEntry("SharedNIC-ConnectX-6", List.of(381L, 1L));
        assertThat(graph.ofClass(VertexClass.COMPOSITE_NODE).map(Vertex::name))
                .containsExactly("AL2S", "LBNL", "RENC", "UKY");
        assertThat(Validation.any(graph)).isEmpty();
        assertThat(GraphMl.read(GraphMl.write(graph))).isEqualTo(graph);
    }

    @Test
    void links_between_sites_tell_delegated_and_used_bandwidth() {
        var graph = MODEL.graph(Level.SITES, SiteFilter.ALL);
        assertThat(graph.ofClass(VertexClass.LINK).filter(link -> link.type().equals("L1Path")))
                .hasSize(3);
        assertThat(graph.get(LINK).capacities()).as("the narrower end counts").isEqualTo(Capacities.of("bw", 10));
        assertThat(graph.get(LINK).capacities(Property.CAPACITY_ALLOCATIONS)).isEqualTo(Capacities.of("bw", 3));
        assertThat(graph.neighbours(LINK).map(Vertex::name)).containsExactlyInAnyOrder("LBNL_RENC", "RENC_LBNL");
        var port = graph.neighbours(LINK)
                .filter(vertex -> vertex.name().equals("RENC_LBNL"))
                .findFirst()
                .orElseThrow();
        assertThat(graph.neighbours(port.id(), VertexClass.NETWORK_SERVICE).map(Vertex::name))
                .containsExactly("RENC_ns");
    }

    @Test
    void facilities_tell_their_vlans() {
        var graph = MODEL.graph(Level.SITES, SiteFilter.ALL);
        assertThat(graph.ofClass(VertexClass.NETWORK_NODE).map(Vertex::name))
                .containsExactlyInAnyOrder("RENC-GSU", "RENCI-Chameleon", "UKY-AL2S");
        assertThat(graph.get(GSU_PORT).labels(Property.LABEL_ALLOCATIONS).all("vlan"))
                .containsExactly("1000");
    }

    @Test
    void the_host_level_puts_devices_under_their_hosts_and_adds_up_to_the_sites() {
        var graph = MODEL.graph(Level.HOSTS, SiteFilter.ALL);
        var hosts = graph.ofClass(VertexClass.NETWORK_NODE)
                .filter(node -> node.type().equals("Server"))
                .toList();
        assertThat(hosts).hasSize(6).noneMatch(host -> CBM.contains(host.id()));
        var first = hosts.stream()
                .filter(host -> host.name().equals("renc-w1.fabric-testbed.net"))
                .findFirst()
                .orElseThrow();
        assertThat(first.capacities().get("core")).isEqualTo(128);
        assertThat(first.capacities(Property.CAPACITY_ALLOCATIONS)).isEqualTo(Capacities.of(10, 20, 30));
        assertThat(components(graph, first))
                .containsEntry("GPU-RTX6000", List.of(2L, 1L))
                .containsEntry("SharedNIC-ConnectX-6", List.of(127L, 0L));
        assertThat(site(graph, "RENC")).isEqualTo(site(MODEL.graph(Level.SITES, SiteFilter.ALL), "RENC"));
        assertThat(Validation.any(graph)).isEmpty();
    }

    @Test
    void the_topology_level_keeps_node_ids_and_tells_nothing_in_use() {
        var graph = MODEL.graph(Level.TOPOLOGY, SiteFilter.ALL);
        assertThat(graph.contains("HX6VQ53")).isTrue();
        assertThat(graph.neighbours("HX6VQ53", VertexClass.COMPONENT).map(Vertex::id))
                .contains("HX6VQ53-gpu-1", "HX6VQ53-slot7");
        assertThat(graph.get(LINK).capacities()).isEqualTo(Capacities.of("bw", 10));
        assertThat(graph.vertices())
                .allMatch(vertex -> vertex.get(Property.CAPACITY_ALLOCATIONS).isEmpty());
        assertThat(graph.ofClass(VertexClass.NETWORK_SERVICE).map(Vertex::name))
                .containsExactlyInAnyOrder("AL2S_ns", "LBNL_ns", "RENC_ns", "UKY_ns");
        assertThat(Validation.any(graph)).isEmpty();
    }

    @Test
    void programmable_switches_stand_beside_the_hosts() {
        var builder = CBM.change()
                .put(Vertex.of("renc-p4-sw", VertexClass.NETWORK_NODE, "Switch", "renc-p4-sw")
                        .with("Site", "RENC"));
        var model = new QueryModel(builder.build(), new Usage(Map.of(), Set.of("renc-p4-sw")), Map.of());
        assertThat(model.graph(Level.SITES, SiteFilter.ALL).get("renc-p4-sw").capacities(Property.CAPACITY_ALLOCATIONS))
                .isEqualTo(Capacities.of("unit", 1));
        assertThat(model.summary(SiteFilter.ALL).sites().get(2).p4Switches())
                .containsExactly(new Summary.Switch("renc-p4-sw", 1, 1, 0));
    }

    @Test
    void the_clone_level_is_the_combined_model() {
        assertThat(MODEL.graph(Level.CLONE, SiteFilter.ALL)).isSameAs(CBM);
        assertThat(Level.of(10)).isEqualTo(Level.CLONE);
        assertThat(List.of(Level.of(0), Level.of(1), Level.of(2)))
                .containsExactly(Level.TOPOLOGY, Level.SITES, Level.HOSTS);
    }

    @Test
    void a_future_lease_is_seen_in_its_window_only() {
        var then = new QueryModel(CBM, new Usage(Map.of("HX7LQ53", Capacities.of(5, 5, 5)), Set.of()), Map.of());
        var now = new QueryModel(CBM, Usage.NONE, Map.of());
        assertThat(site(then.graph(Level.SITES, SiteFilter.ALL), "RENC")
                        .capacities(Property.CAPACITY_ALLOCATIONS)
                        .get("core"))
                .isEqualTo(5);
        assertThat(site(now.graph(Level.SITES, SiteFilter.ALL), "RENC").get(Property.CAPACITY_ALLOCATIONS))
                .isEmpty();
    }

    @Test
    void excluded_sites_take_their_links_and_facilities_with_them_and_no_others() {
        var all = links(SiteFilter.ALL);
        assertThat(all).hasSize(4);
        assertThat(links(new SiteFilter(Set.of(), Set.of("RENC")))).hasSize(2).allMatch(link -> !link.contains("renc"));
        assertThat(links(new SiteFilter(Set.of("RENC", "UKY"), Set.of())))
                .containsExactly("port+renc-data-sw:TenGigE0/0/0/2/0.3999 to port+uky-data-sw:HundredGigE0/0/0/0.859");
        assertThat(links(new SiteFilter(Set.of("RENC", "UKY"), Set.of("UKY")))).isEmpty();
        var graph = MODEL.graph(Level.SITES, new SiteFilter(Set.of(), Set.of("RENC")));
        assertThat(graph.ofClass(VertexClass.NETWORK_NODE).map(Vertex::name)).containsExactly("UKY-AL2S");
        assertThat(graph.ofClass(VertexClass.COMPOSITE_NODE).map(Vertex::name)).containsExactly("AL2S", "LBNL", "UKY");
    }

    @Test
    void maintenance_is_told_at_site_and_host() {
        var until = Optional.of(Instant.parse("2030-01-01T00:00:00Z"));
        var maintenance = Map.of(
                "UKY", new Maintenance(Maintenance.State.PRE_MAINT, until, Optional.empty()),
                "renc-w1.fabric-testbed.net", new Maintenance(Maintenance.State.MAINT, Optional.empty(), until));
        var model = new QueryModel(CBM, Usage.NONE, maintenance);
        var graph = model.graph(Level.SITES, SiteFilter.ALL);
        assertThat(site(graph, "UKY").get(Property.MAINTENANCE_INFO))
                .contains(
                        "{\"UKY\":{\"state\":\"PreMaint\",\"deadline\":\"2030-01-01T00:00:00Z\",\"expected_end\":null}}");
        assertThat(site(graph, "RENC").get(Property.MAINTENANCE_INFO).orElseThrow())
                .contains("\"RENC\":{\"state\":\"Active\"")
                .contains("\"renc-w1.fabric-testbed.net\":{\"state\":\"Maint\"");
        var summary = model.summary(SiteFilter.ALL);
        assertThat(summary.sites())
                .extracting(Summary.Site::state)
                .containsExactly("Active", "Active", "Active", "PreMaint");
        assertThat(summary.hosts())
                .filteredOn(host -> host.site().equals("RENC"))
                .extracting(Summary.Server::state)
                .containsExactly("Maint", "Active", "Active");
        assertThat(Validation.any(model.graph(Level.HOSTS, SiteFilter.ALL))).isEmpty();
    }

    @Test
    void the_summary_has_the_numbers_of_the_graph() {
        var graph = MODEL.graph(Level.HOSTS, SiteFilter.ALL);
        var summary = MODEL.summary(SiteFilter.ALL);
        for (var site : summary.sites()) {
            var vertex = site(graph, site.name());
            assertThat(List.of(site.coresCapacity(), site.ramCapacity(), site.diskCapacity()))
                    .isEqualTo(sizes(vertex.capacities()));
            assertThat(List.of(site.coresAllocated(), site.ramAllocated(), site.diskAllocated()))
                    .isEqualTo(sizes(vertex.capacities(Property.CAPACITY_ALLOCATIONS)));
            assertThat(site.coresAvailable()).isEqualTo(site.coresCapacity() - site.coresAllocated());
        }
        for (var host : summary.hosts()) {
            var vertex = graph.vertices().stream()
                    .filter(other -> other.name().equals(host.name()))
                    .findFirst()
                    .orElseThrow();
            assertThat(List.of(host.coresCapacity(), host.ramCapacity(), host.diskCapacity()))
                    .isEqualTo(sizes(vertex.capacities()));
            assertThat(host.components().entrySet().stream()
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey,
                                    entry -> List.of(
                                            entry.getValue().capacity(),
                                            entry.getValue().allocated()))))
                    .isEqualTo(components(graph, vertex));
        }
        assertThat(summary.links())
                .filteredOn(link -> link.layer().equals("L1"))
                .hasSize(3);
        assertThat(summary.facilityPorts())
                .contains(new Summary.FacilityPort(
                        "RENC-GSU",
                        "RENC",
                        "RENC-GSU-int",
                        "port+renc-data-sw:FortyGigE0/0/0/22",
                        "['1000']",
                        "['1000']"));
    }

    @Test
    void the_summary_as_json_has_the_members_that_clients_read() {
        var json = Json.MAPPER.readTree(MODEL.summary(SiteFilter.ALL).json());
        assertThat(json.propertyNames()).containsExactly("sites", "hosts", "links", "facility_ports");
        var renc = json.path("sites").get(2);
        assertThat(renc.path("name").asString()).isEqualTo("RENC");
        assertThat(renc.path("cores_available").asLong()).isEqualTo(374);
        assertThat(renc.path("ptp_capable").asBoolean()).isTrue();
        assertThat(renc.path("ipv4_management").asBoolean(true)).isFalse();
        assertThat(renc.path("hosts_count").asInt()).isEqualTo(3);
        assertThat(renc.path("components").path("GPU-RTX6000").toString())
                .isEqualTo("{\"capacity\":2,\"allocated\":1,\"available\":1}");
        assertThat(renc.has("location")).as("where there are no coordinates").isFalse();
        assertThat(renc.path("p4_switches").isArray()).isTrue();
        assertThat(json.path("links").get(1).propertyNames())
                .contains(
                        "name",
                        "layer",
                        "bandwidth",
                        "available_bandwidth",
                        "allocated_bandwidth",
                        "sites",
                        "endpoints");
        assertThat(json.path("facility_ports").get(0).propertyNames())
                .containsExactly("name", "site", "port", "switch", "vlans", "allocated_vlans");
    }

    @Test
    void available_is_never_less_than_nothing() {
        var over = new QueryModel(CBM, new Usage(Map.of("HX6VQ53", Capacities.of(500, 9000, 1)), Set.of()), Map.of());
        var host = over.summary(SiteFilter.ALL).hosts().stream()
                .filter(server -> server.name().startsWith("renc-w1"))
                .findFirst()
                .orElseThrow();
        assertThat(host.coresAvailable()).isZero();
        assertThat(host.ramAvailable()).isZero();
    }

    private static List<String> links(SiteFilter filter) {
        var graph = MODEL.graph(Level.SITES, filter);
        return graph.ofClass(VertexClass.LINK)
                .filter(link -> graph.neighbours(link.id())
                        .noneMatch(port -> port.type().equals("FacilityPort")))
                .map(Vertex::name)
                .toList();
    }

    private static List<Long> sizes(Capacities capacities) {
        return List.of(capacities.get("core"), capacities.get("ram"), capacities.get("disk"));
    }

    private static Vertex site(Graph graph, String name) {
        return graph.ofClass(VertexClass.COMPOSITE_NODE)
                .filter(vertex -> vertex.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// Units there and units in use by name of the kind.
    private static Map<String, List<Long>> components(Graph graph, Vertex owner) {
        return graph.neighbours(owner.id(), VertexClass.COMPONENT)
                .collect(Collectors.toMap(
                        Vertex::name,
                        vertex -> List.of(
                                vertex.capacities().get("unit"),
                                vertex.capacities(Property.CAPACITY_ALLOCATIONS).get("unit"))));
    }
}
