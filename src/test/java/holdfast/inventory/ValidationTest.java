package holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.Effort;
import holdfast.core.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidationTest {
    private static final String VM = "d059c855-77b1-4d28-bc49-7d3bef38298f";

    @Test
    void real_advertisements_and_their_combination_keep_all_rules() {
        Files.ADVERTISEMENTS.forEach(file -> {
            assertThat(Validation.advertisement(Files.graph(file))).as(file).isEmpty();
            assertThat(Validation.advertisement(Files.adm(file))).as(file).isEmpty();
        });
        assertThat(Validation.any(Files.combined(Files.ADVERTISEMENTS.toArray(String[]::new))
                        .graph()))
                .isEmpty();
        assertThat(Validation.any(Files.graph("abqm-10-sites.graphml"))).isEmpty();
    }

    @Test
    void real_slices_keep_all_rules() {
        Files.SLICES.forEach(
                file -> assertThat(Validation.slice(Files.graph(file))).as(file).isEmpty());
        assertThat(Validation.slice(NodeLink.read(Files.text("manifest-active-nodelink.json"))))
                .isEmpty();
    }

    @Test
    void a_vertex_needs_a_type_and_a_name_from_the_tables() {
        assertThat(messages(oneVm(vm -> vm.without("Type"))))
                .containsExactly(
                        "NetworkNode 'node1' (NodeID " + VM
                                + "): has no Type; a NetworkNode must be one of [Server, VM, Container, Switch, NAS, Facility]");
        assertThat(messages(oneVm(vm -> vm.with("Type", "Toaster"))))
                .singleElement()
                .asString()
                .contains("Type 'Toaster' is not one of");
        assertThat(messages(oneVm(vm -> vm.without("Name"))))
                .singleElement()
                .asString()
                .contains("has no Name");
        var refusal = Validation.slice(oneVm(vm -> vm.with("Name", "my node"))).getFirst();
        assertThat(refusal.message()).contains("Name 'my node' does not match [\\w\\-.]{2,255}");
        assertThat(refusal.field()).contains("nodes." + VM + ".Name");
        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource({
        "NetworkNode, a, false",
        "NetworkNode, ab-c.d_9, true",
        "NetworkNode, a b, false",
        "NetworkNode, nœud, true",
        "Component, a b, true",
        "Component, a/b, false",
        "NetworkService, a b, false",
        "NetworkService, a.b, true",
        "ConnectionPoint, p, true",
        "ConnectionPoint, core1:Gig 0/0+x, true",
        "ConnectionPoint, a#b, false",
        "Link, l, false",
        "Link, l1, true",
        "CompositeNode, UKY, true",
    })
    void names_follow_the_pattern_of_their_class(String kind, String name, boolean allowed) {
        var of = VertexClass.of(kind).orElseThrow();
        assertThat(of.allowsName(name)).isEqualTo(allowed);
        assertThat(of.allowsName(name + "\n")).isFalse();
        assertThat(of.allowsName("x".repeat(255))).isTrue();
        assertThat(of.allowsName("x".repeat(256))).isFalse();
    }

    @Test
    void a_component_belongs_to_one_node() {
        var graph = oneVm(vm -> vm)
                .change()
                .put(Vertex.of("lost", VertexClass.COMPONENT, "GPU", "lost"))
                .build();
        assertThat(messages(graph))
                .containsExactly("GPU 'lost' (NodeID lost): belongs to 0 nodes; a component must be in exactly one");
    }

    @Test
    void only_the_relations_of_the_model_are_allowed() {
        var graph = oneVm(vm -> vm)
                .change()
                .put(Vertex.of("l", VertexClass.LINK, "L2Path", "l1"))
                .connect(VM, Relation.CONNECTS, "l")
                .build();
        assertThat(messages(graph))
                .singleElement()
                .asString()
                .contains("connects L2Path 'l1' (NodeID l); a link connects ports only");
        var has = Files.graph("asm-neo4j-dialect-before.graphml").change();
        has.connect("510b85fe-1c4d-47d6-9c1e-2a5df1415535", Relation.HAS, "4f60ed7c-01c6-4786-9de2-664b5840f55b");
        assertThat(messages(has.build()))
                .singleElement()
                .asString()
                .contains("the model has no such relation between these classes");
    }

    @Test
    void a_link_has_the_ends_and_the_layer_of_its_type() {
        var graph = Graph.builder("g")
                .put(Vertex.of("l", VertexClass.LINK, "Patch", "l1").with("Layer", "L1"))
                .put(Vertex.of("p", VertexClass.CONNECTION_POINT, "TrunkPort", "p1"))
                .connect("l", Relation.CONNECTS, "p")
                .build();
        assertThat(messages(Validation.any(graph)))
                .containsExactly(
                        "Patch 'l1' (NodeID l): has 1 ends; a Patch must have exactly 2",
                        "Patch 'l1' (NodeID l): is at layer L1; a Patch is at L2");
    }

    @Test
    void a_service_port_faces_one_port() {
        var lonely = slice("L2Bridge", "SharedPort")
                .change()
                .put(Vertex.of("x", VertexClass.CONNECTION_POINT, "ServicePort", "x"))
                .connect("net", Relation.CONNECTS, "x")
                .build();
        assertThat(messages(lonely))
                .containsExactly(
                        "ServicePort 'x' (NodeID x): faces no port over links; a ServicePort must face exactly 1");
    }

    @Test
    void a_point_to_point_service_has_two_interfaces_on_ports_of_its_own() {
        assertThat(messages(slice("L2PTP", "DedicatedPort", "DedicatedPort"))).isEmpty();
        assertThat(messages(slice("L2PTP", "DedicatedPort")))
                .contains("L2PTP 'net' (NodeID net): has 1 interfaces; a L2PTP must have exactly 2");
        assertThat(messages(slice("L2PTP", "DedicatedPort", "SharedPort")))
                .singleElement()
                .asString()
                .contains("a L2PTP takes only ports of type [DedicatedPort, FacilityPort, SubInterface]");
        assertThat(messages(slice("L2Path", "DedicatedPort")))
                .contains("L2Path 'net' (NodeID net): has 1 interfaces; a L2Path must have exactly 2");
    }

    @Test
    void services_keep_to_their_number_of_sites_and_interfaces() {
        assertThat(messages(slice("L2STS", "SharedPort", "SharedPort"))).isEmpty();
        assertThat(messages(slice("L2STS", "SharedPort", "SharedPort", "SharedPort")))
                .containsExactly("L2STS 'net' (NodeID net): reaches 3 sites [S0, S1, S2]; a L2STS may reach at most 2");
        assertThat(messages(slice("L2STS", "SharedPort")))
                .containsExactly("L2STS 'net' (NodeID net): has 1 interfaces; a L2STS needs at least 2");
        assertThat(messages(slice("L2Bridge", "SharedPort", "SharedPort")))
                .containsExactly(
                        "L2Bridge 'net' (NodeID net): reaches 2 sites [S0, S1]; a L2Bridge may reach at most 1");
        assertThat(messages(slice("L2Multisite", "SharedPort", "SharedPort", "SharedPort")))
                .isEmpty();
        assertThat(messages(slice("FABNetv4")))
                .containsExactly("FABNetv4 'net' (NodeID net): has 0 interfaces; a FABNetv4 needs at least 1");
        assertThat(messages(change(slice("FABNetv4", "SharedPort"), "net", net -> net.with("Layer", "L2"))))
                .containsExactly("FABNetv4 'net' (NodeID net): is at layer L2; a FABNetv4 is at L3");
    }

    @Test
    void services_may_not_have_properties_of_others() {
        assertThat(messages(change(slice("L2STS", "SharedPort", "SharedPort"), "net", net -> net.with("ERO", """
                {"type": "Path", "payload": {"a2z": [], "z2a": []}}"""))))
                .containsExactly("L2STS 'net' (NodeID net): has ERO; a L2STS may not");
        assertThat(messages(change(
                        slice("L2Bridge", "SharedPort"),
                        "net",
                        net -> net.with("MirrorPort", "x").with("ControllerURL", "y"))))
                .hasSize(2);
    }

    @Test
    void a_mirror_needs_its_properties_and_one_port() {
        assertThat(messages(slice("PortMirror", "DedicatedPort")))
                .containsExactly(
                        "PortMirror 'net' (NodeID net): has no MirrorPort; a PortMirror needs it",
                        "PortMirror 'net' (NodeID net): has no MirrorDirection; a PortMirror needs it",
                        "PortMirror 'net' (NodeID net): has no Site; a PortMirror needs it");
        UnaryOperator<Vertex> complete = net ->
                net.with("MirrorPort", "p").with("MirrorDirection", "Both").with("Site", "S0");
        assertThat(messages(change(slice("PortMirror", "DedicatedPort"), "net", complete)))
                .isEmpty();
        assertThat(messages(change(slice("PortMirror", "DedicatedPort", "DedicatedPort"), "net", complete)))
                .contains("PortMirror 'net' (NodeID net): has 2 interfaces; a PortMirror must have exactly 1");
    }

    @Test
    void the_site_of_a_service_is_filled_in_or_must_agree() {
        var bridge = slice("L2Bridge", "SharedPort");
        assertThat(SliceGraph.withServiceSites(bridge).get("net").site()).contains("S0");
        assertThat(messages(change(bridge, "net", net -> net.with("Site", "S9"))))
                .containsExactly(
                        "L2Bridge 'net' (NodeID net): has Site S9, but its ports are at [S0]; leave it out to have it filled in");
        var sts = slice("L2STS", "SharedPort", "SharedPort");
        assertThat(SliceGraph.withServiceSites(sts)).isEqualTo(sts);
        assertThat(messages(change(sts, "net", net -> net.with("Site", "S0"))))
                .singleElement()
                .asString()
                .contains("spans sites");
    }

    @Test
    void nodes_keep_to_what_their_type_may_have() {
        assertThat(messages(oneVm(vm -> vm.without("Site"))))
                .singleElement()
                .asString()
                .contains("has no Site; a VM must name one");
        assertThat(messages(oneVm(vm -> vm.with("Type", "Switch"))))
                .hasSize(3)
                .allMatch(message -> message.contains("a Switch may not"));
        assertThat(messages(change(facility(), "f", f -> f.with("MgmtIp", "10.0.0.1"))))
                .singleElement()
                .asString()
                .contains("a Facility may not");
    }

    @Test
    void sub_interfaces_need_a_vlan_of_their_own() {
        var port = Graph.builder("g").put(Vertex.of("p", VertexClass.CONNECTION_POINT, "DedicatedPort", "p1"));
        for (var vlan : List.of("100", "100", "")) {
            var id = "s" + port.size();
            port.put(Vertex.of(id, VertexClass.CONNECTION_POINT, "SubInterface", id)
                    .with(
                            "Labels",
                            vlan.isEmpty() ? "" : Labels.of("vlan", vlan).json()));
            port.connect("p", Relation.CONNECTS, id);
        }
        port.put(Vertex.of("lost", VertexClass.CONNECTION_POINT, "SubInterface", "lost")
                .with("Labels", "{\"vlan\": 7}"));
        assertThat(messages(Validation.any(port.build())))
                .containsExactlyInAnyOrder(
                        "SubInterface 's2' (NodeID s2): has vlan 100 like 's1'; under one port each needs its own",
                        "SubInterface 's3' (NodeID s3): has no vlan label; a SubInterface must have one",
                        "SubInterface 'lost' (NodeID lost): is under 0 dedicated ports; a SubInterface must be under exactly 1");
    }

    @Test
    void names_are_distinct_among_nodes_and_among_components_of_a_node() {
        var graph = Files.graph("asm-one-vm-two-pci.graphml");
        var nvme = graph.neighbours(VM)
                .filter(vertex -> vertex.type().equals("NVME"))
                .findFirst()
                .orElseThrow();
        assertThat(messages(change(graph, nvme.id(), vertex -> vertex.with("Name", "gpu1"))))
                .singleElement()
                .asString()
                .contains("has the name of another");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UserData     | 2048 | 2049",
                "LayoutData   | 1024 | 1025",
                "MeasurementData | 4096 | 4097",
                "BootScript   | 1023 | 1024",
            })
    void what_users_store_has_a_longest_length(String property, int most, int more) {
        assertThat(messages(oneVm(vm -> vm.with(property, "\"" + "x".repeat(most - 2) + "\""))))
                .isEmpty();
        assertThat(messages(oneVm(vm -> vm.with(property, "\"" + "x".repeat(more - 2) + "\""))))
                .singleElement()
                .asString()
                .contains("at most " + most + " are allowed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Capacities      | {\"core\": -1}                  | gives core as '-1', where a whole number from 0",
                "Capacities      | {\"core\": 1.5}                 | gives core as '1.5'",
                "Capacities      | {\"core\": 99999999999999999999} | gives core as '99999999999999999999'",
                "Capacities      | []                              | where a JSON object is needed",
                "Labels          | {\"bdf\": {}}                   | gives label bdf as '{}'",
                "Labels          | {\"mac\": \"x\"}                | label mac is 'x', where a MAC address",
                "LabelAllocations | {\"vlan\": [\"1\", \"5000\"]}  | label vlan is '5000', where a number from 0 to 4096",
                "Flags           | {\"ptp\": 1}                    | gives ptp as 1",
                "Location        | {\"lat\": 91}                   | gives lat as 91",
                "Tags            | [\"a b\"]                       | where a list of words",
                "NodeMap         | [\"a\"]                         | where a list of a graph id and a node id",
                "CapacityHints   | {\"instance_type\": 7}          | gives instance_type as 7",
                "ImageRef        | rocky                           | where a name and a type are needed",
                "MgmtIp          | localhost                       | where an IP address is needed",
                "MaintenanceInfo | {\"S\": {\"state\": \"Broken\"}} | with a state of Active, PreMaint, Maint or Unknown",
                "CapacityDelegations | {\"a\": {\"capacities\": {}}} | must say either pool_id (its own) or pool (another's)",
            })
    void values_have_the_shape_of_their_property(String property, String value, String why) {
        assertThat(messages(oneVm(vm -> vm.with(property, value))))
                .singleElement()
                .asString()
                .contains(why)
                .contains(property);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bdf | 0000:25:00.0 | 25:00.0",
                "bdf | a:b1:c2.7 | 0000:25:00",
                "mac | 0C:42:a1:78:F8:04 | 0C-42-A1-78-F8-04",
                "ipv4 | 10.0.0.1 | 10.0.0.256",
                "ipv4 | 255.255.255.255 | 1.2.3",
                "ipv4_range | 10.0.0.1-10.0.0.9 | 10.0.0.1",
                "ipv4_subnet | 10.1.0.0/17 | 10.1.0.0/33",
                "ipv6 | 2602:fcfb:0:1024::1 | 2602:fcfb",
                "ipv6 | :: | :::",
                "ipv6 | ::ffff:1.2.3.4 | 1::2::3",
                "ipv6 | 1:2:3:4:5:6:7:8 | 1:2:3:4:5:6:7:8:9",
                "ipv6_subnet | 2602:fcfb:2::/48 | 2602::/129",
                "ipv6_range | ::1-::9 | ::1",
                "asn | 4294967295 | 0",
                "asn | 1 | 4294967296",
                "vlan | 0 | -1",
                "vlan | 4096 | 4097",
                "inner_vlan | 5 | x",
                "vlan_range | 1-4096 | 9-8",
                "vlan_range | 12-12 | 12",
                "usb_id | 0403:6011 | 403:6011",
                "numa | -1 | 8",
                "numa | 7 | -2",
                "bgp_key | secret | short",
                "account_id | abc | ab",
                "region | us-east | us",
                "local_name | p1 | ' '",
            })
    void labels_follow_their_rules(String label, String good, String bad) {
        assertThat(Labels.of(label, good).broken()).isEmpty();
        assertThat(Labels.of(label, bad).broken()).hasSize(1).first().asString().contains("label " + label);
    }

    @Test
    void a_crowd_around_one_link_is_judged_in_time() {
        var graph = Graph.builder("g").put(Vertex.of("hub", VertexClass.LINK, "L2Path", "hub"));
        graph.put(Vertex.of("net", VertexClass.NETWORK_SERVICE, "L2Bridge", "net"));
        for (int n = 0; n < 30_000; n++) {
            var id = "p" + n;
            graph.put(Vertex.of(id, VertexClass.CONNECTION_POINT, "ServicePort", id));
            graph.connect(id, Relation.CONNECTS, "hub").connect(id, Relation.CONNECTS, "net");
        }
        var crowd = graph.build();
        var effort = Effort.of(() -> {
            assertThat(Validation.slice(crowd))
                    .hasSize(30_000)
                    .allMatch(why -> why.message().contains("faces several ports"));
            Delegations.split(
                    crowd.with(List.of(crowd.get("p0").with(Property.CAPACITY_DELEGATIONS, """
                    {"a": {"pool_id": "_", "capacities": {}}}"""))), name -> name);
        });
        assertThat(effort).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void everything_that_is_wrong_is_told_at_once() {
        var graph = oneVm(vm ->
                vm.with("Name", "?").without("Site").with("Capacities", "[]").with("ImageRef", "x"));
        assertThat(messages(graph)).hasSize(4);
    }

    @Test
    void virtual_functions_of_an_advertisement_are_aligned() {
        var ad = Files.graph("renc-site-ad.graphml");
        var short126 = change(ad, "HX6VQ53-slot7", nic -> nic.with("Capacities", "{\"unit\": 126}"));
        assertThat(messages(Validation.advertisement(short126)))
                .singleElement()
                .asString()
                .contains("lists 127 bdf for 126 units");
        var port = change(
                ad,
                "node_id-04-3F-72-B7-14-EC",
                p -> p.with("Labels", p.labels().with("vlan", List.of("2000")).json()));
        assertThat(messages(Validation.advertisement(port)))
                .singleElement()
                .asString()
                .contains("lists 1 vlan for the 127 functions");
    }

    private static Graph oneVm(UnaryOperator<Vertex> change) {
        return change(Files.graph("asm-one-vm-two-pci.graphml"), VM, change);
    }

    private static Graph change(Graph graph, String id, UnaryOperator<Vertex> change) {
        return graph.with(List.of(change.apply(graph.get(id))));
    }

    private static List<String> messages(Graph slice) {
        return messages(Validation.slice(slice));
    }

    private static List<String> messages(List<Refusal> refusals) {
        return refusals.stream().map(Refusal::message).toList();
    }

    /// One service with a port of a VM at a site of its own for each type of port.
    private static Graph slice(String type, String... ports) {
        var graph = Graph.builder("g").put(Vertex.of("net", VertexClass.NETWORK_SERVICE, type, "net"));
        for (int n = 0; n < ports.length; n++) {
            graph.put(Vertex.of("vm" + n, VertexClass.NETWORK_NODE, "VM", "vm" + n)
                    .with("Site", "S" + n));
            graph.put(Vertex.of(
                    "nic" + n,
                    VertexClass.COMPONENT,
                    ports[n].equals("SharedPort") ? "SharedNIC" : "SmartNIC",
                    "nic" + n));
            graph.put(Vertex.of("ovs" + n, VertexClass.NETWORK_SERVICE, "OVS", "ovs" + n));
            graph.put(Vertex.of("p" + n, VertexClass.CONNECTION_POINT, ports[n], "p" + n));
            graph.put(Vertex.of("link" + n, VertexClass.LINK, "L2Path", "link" + n));
            graph.put(Vertex.of("sp" + n, VertexClass.CONNECTION_POINT, "ServicePort", "sp" + n));
            graph.connect("vm" + n, Relation.HAS, "nic" + n).connect("nic" + n, Relation.HAS, "ovs" + n);
            graph.connect("ovs" + n, Relation.CONNECTS, "p" + n).connect("p" + n, Relation.CONNECTS, "link" + n);
            graph.connect("link" + n, Relation.CONNECTS, "sp" + n).connect("sp" + n, Relation.CONNECTS, "net");
        }
        return graph.build();
    }

    private static Graph facility() {
        return Graph.builder("g")
                .put(new Vertex("f", VertexClass.NETWORK_NODE, false, Map.of("Type", "Facility", "Name", "ff")))
                .build();
    }
}
