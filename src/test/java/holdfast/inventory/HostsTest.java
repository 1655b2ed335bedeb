package holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.core.Capacities;
import holdfast.core.RefusedException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostsTest {
    @Test
    void a_site_offers_its_servers_with_what_it_delegates_of_them() {
        var hosts = Hosts.of(Files.graph("renc-site-ad.graphml"));
        assertThat(hosts)
                .extracting(Host::name)
                .containsExactly(
                        "renc-w1.fabric-testbed.net", "renc-w2.fabric-testbed.net", "renc-w3.fabric-testbed.net");
        assertThat(hosts).allSatisfy(host -> {
            assertThat(host.site()).isEqualTo("RENC");
            assertThat(host.delegationId()).isEqualTo("primary");
            assertThat(host.pool()).isEmpty();
        });
        assertThat(hosts.getFirst().delegated())
                .isEqualTo(new Capacities(Map.of("cpu", 2L, "core", 128L, "ram", 502L, "disk", 52431L, "unit", 1L)));
        assertThat(hosts.stream().flatMap(host -> host.devices().stream())).hasSize(10 + 4 + 4 + 3 + 1);
    }

    @Test
    void the_same_hosts_are_in_the_combined_model_under_the_id_of_the_delegation() {
        var cbm = Files.combined("renc-site-ad.graphml", "uky-site-ad.graphml", "network-ad.graphml")
                .graph();
        assertThat(Hosts.of(cbm)).hasSize(6);
        assertThat(Hosts.of(cbm))
                .extracting(Host::delegationId)
                .containsOnly("renc-site-ad.graphml/primary", "uky-site-ad.graphml/primary");
        assertThat(devices(cbm, "RENC")).isEqualTo(devices(Files.graph("renc-site-ad.graphml"), "RENC"));
    }

    @Test
    void an_exclusive_device_is_one_unit_named_like_its_component() {
        var gpu = device("renc-site-ad.graphml", "HX6VQ53-gpu-1");
        assertThat(gpu.type()).isEqualTo("GPU");
        assertThat(gpu.model()).contains("RTX6000");
        assertThat(gpu.units()).singleElement().satisfies(unit -> {
            assertThat(unit.id()).isEqualTo("HX6VQ53-gpu-1");
            assertThat(unit.bdfs()).containsExactly("0000:25:00.0");
            assertThat(unit.labels().json()).isEqualTo("{\"bdf\":\"0000:25:00.0\",\"numa\":\"2\"}");
        });
    }

    @Test
    void a_smart_card_is_one_unit_with_a_function_and_an_address_for_each_port() {
        var card = device("uky-site-ad.graphml", "3JB0R53-slot6");
        var unit = card.units().getFirst();
        assertThat(card.units()).hasSize(1);
        assertThat(unit.bdfs()).containsExactly("0000:a1:00.0", "0000:a1:00.1");
        assertThat(unit.functions())
                .extracting(function -> function.localName().orElseThrow())
                .containsExactly("p1", "p2");
        assertThat(unit.functions().getFirst().mac()).contains("0C:42:A1:78:F8:04");
        assertThat(unit.labels().all("bdf")).hasSize(2);
    }

    @Test
    void a_shared_card_is_a_unit_for_each_virtual_function_with_the_labels_of_its_position() {
        var ad = Files.graph("renc-site-ad.graphml");
        var card = device("renc-site-ad.graphml", "HX6VQ53-slot7");
        var port = ad.get("node_id-04-3F-72-B7-14-EC").labels();
        assertThat(card.shared()).isTrue();
        assertThat(card.units()).hasSize(127);
        assertThat(new HashSet<>(card.units().stream().map(Device.Unit::id).toList()))
                .hasSize(127);
        for (int n = 0; n < 127; n++) {
            var unit = card.units().get(n);
            var function = unit.functions().getFirst();
            assertThat(unit.id()).isEqualTo("HX6VQ53-slot7#" + port.all("bdf").get(n));
            assertThat(function.portLabels())
                    .isEqualTo(Labels.of("bdf", port.all("bdf").get(n))
                            .with("mac", port.all("mac").get(n))
                            .with("vlan", port.all("vlan").get(n))
                            .with("local_name", "p1"));
        }
    }

    @Test
    void functions_are_found_by_address_where_card_and_port_list_them_differently() {
        var ad = Files.graph("renc-site-ad.graphml");
        var port = ad.get("node_id-04-3F-72-B7-14-EC");
        var labels = port.labels();
        for (var name : List.of("bdf", "mac", "vlan")) {
            labels = labels.with(name, labels.all(name).reversed());
        }
        var delegation = Delegation.write(Map.of("primary", Delegation.of(labels)));
        var reversed = ad.with(List.of(port.with(Property.LABEL_DELEGATIONS, delegation)));
        assertThat(devices(reversed, "RENC")).isEqualTo(devices(ad, "RENC"));
    }

    @Test
    void a_card_without_addresses_is_counted() {
        var graph = Graph.builder("g")
                .put(delegated(
                        Vertex.of("s", VertexClass.NETWORK_NODE, "Server", "ss").with("Site", "S"),
                        Capacities.of("core", 4)))
                .put(delegated(Vertex.of("v", VertexClass.COMPONENT, "SharedNIC", "vv"), Capacities.of("unit", 3)))
                .connect("s", Relation.HAS, "v")
                .build();
        assertThat(Hosts.of(graph).getFirst().devices().getFirst().units())
                .extracting(Device.Unit::id)
                .containsExactly("v#0", "v#1", "v#2");
    }

    @Test
    void what_is_not_delegated_is_not_offered_and_two_delegations_are_too_many() {
        var server = Vertex.of("s", VertexClass.NETWORK_NODE, "Server", "ss")
                .with("Site", "S")
                .with("Capacities", "{\"core\": 4}");
        assertThat(Hosts.of(Graph.builder("g").put(server).build())).isEmpty();
        var two = server.with(Property.CAPACITY_DELEGATIONS, """
                {"a": {"pool_id": "_", "capacities": {}}, "b": {"pool_id": "_", "capacities": {}}}""");
        assertThatThrownBy(() -> Hosts.of(Graph.builder("g").put(two).build()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("is in delegations a, b");
    }

    private static Vertex delegated(Vertex vertex, Capacities capacities) {
        return vertex.with(
                Property.CAPACITY_DELEGATIONS, Delegation.write(Map.of("primary", Delegation.of(capacities))));
    }

    private static Device device(String file, String id) {
        return Hosts.of(Files.graph(file)).stream()
                .flatMap(host -> host.devices().stream())
                .filter(device -> device.componentNodeId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<Device> devices(Graph graph, String site) {
        return Hosts.of(graph).stream()
                .filter(host -> host.site().equals(site))
                .flatMap(host -> host.devices().stream())
                .toList();
    }
}
