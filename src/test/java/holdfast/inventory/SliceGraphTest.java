package holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Demand;
import holdfast.core.Refusal;
import holdfast.inventory.SliceGraph.Annotation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SliceGraphTest {
    private static final String VM = "d059c855-77b1-4d28-bc49-7d3bef38298f";
    private static final String GPU = "64b9e47d-bee0-4fec-a301-88cb11d18a67";
    private static final Catalog CATALOG = Catalog.standard();

    @Test
    void one_machine_with_two_devices_is_one_demand() {
        var slice = SliceGraph.read(Files.graph("asm-one-vm-two-pci.graphml"), CATALOG);
        assertThat(slice.refused()).isEmpty();
        assertThat(slice.unsupported()).isEmpty();
        assertThat(slice.demands())
                .containsExactly(new Demand(
                        "VM",
                        "node1",
                        "RENC",
                        Capacities.of(8, 16, 100),
                        Optional.empty(),
                        Optional.of("default_rocky_9"),
                        List.of(
                                new Demand.Component("gpu1", "GPU", Optional.of("Tesla T4")),
                                new Demand.Component("nvme1", "NVME", Optional.of("P4510")))));
        var machine = slice.machines().getFirst();
        assertThat(machine.nodeId()).isEqualTo(VM);
        assertThat(machine.instance()).isEqualTo("fabric.c8.m16.d100");
        assertThat(machine.componentIds()).containsEntry("gpu1", GPU).hasSize(2);
    }

    @Test
    void pinned_hosts_and_networks_of_a_real_slice_are_seen() {
        var slice = SliceGraph.read(Files.graph("asm-frrouting-3-sites.graphml"), CATALOG);
        assertThat(slice.machines()).hasSize(8);
        assertThat(slice.demands().stream().flatMap(demand -> demand.host().stream()))
                .hasSize(5)
                .contains("salt-w1.fabric-testbed.net");
        assertThat(slice.demands().stream()
                        .mapToInt(demand -> demand.components().size())
                        .sum())
                .isEqualTo(19);
        assertThat(slice.unsupported()).hasSize(9).allSatisfy(why -> {
            assertThat(why.kind()).isEqualTo(Refusal.Kind.MALFORMED);
            assertThat(why.message()).contains("are not served yet");
        });
        assertThat(slice.unsupported())
                .extracting(Refusal::message)
                .anyMatch(message ->
                        message.startsWith("L2STS 'SALT-WASH-link1' (NodeID a3e2e3d1-b61c-408b-9172-2bf24a067423)"));
    }

    @Test
    void a_switch_is_not_served_and_a_facility_is_no_sliver() {
        var graph = Graph.builder("g")
                .put(Vertex.of("s", VertexClass.NETWORK_NODE, "Switch", "p4"))
                .put(Vertex.of("f", VertexClass.NETWORK_NODE, "Facility", "ff"))
                .build();
        assertThat(SliceGraph.read(graph, CATALOG).unsupported())
                .singleElement()
                .satisfies(why -> assertThat(why.message())
                        .startsWith("Switch 'p4' (NodeID s): slivers of type Switch are not served yet"));
    }

    @ParameterizedTest
    @CsvSource({
        "3, 5, 11, fabric.c4.m8.d100",
        "4, 8, 100, fabric.c4.m8.d100",
        "1, 1, 1, fabric.c1.m2.d10",
        "64, 256, 1000, fabric.c64.m256.d1000",
    })
    void a_machine_gets_the_smallest_size_that_covers_it(int core, int ram, int disk, String size) {
        var covering = CATALOG.covering(Capacities.of(core, ram, disk)).orThrow();
        assertThat(covering.name()).isEqualTo(size);
        assertThat(Capacities.of(core, ram, disk).fitsIn(covering.capacities())).isTrue();
        var asked = vm(vm -> vm.with("Capacities", "{\"core\":%d,\"ram\":%d,\"disk\":%d}".formatted(core, ram, disk)));
        assertThat(asked.demands().getFirst().capacities()).isEqualTo(covering.capacities());
    }

    @ParameterizedTest
    @CsvSource({"65, 1, 1", "1, 257, 1", "1, 1, 1001", "1000000, 1, 1"})
    void a_machine_too_large_for_every_size_is_refused_and_not_shrunk(int core, int ram, int disk) {
        assertThat(CATALOG.covering(Capacities.of(core, ram, disk))).isInstanceOf(Answer.No.class);
        var slice = vm(vm -> vm.with("Capacities", "{\"core\":%d,\"ram\":%d,\"disk\":%d}".formatted(core, ram, disk)));
        assertThat(slice.machines()).isEmpty();
        assertThat(slice.refused()).singleElement().satisfies(why -> {
            assertThat(why.kind()).isEqualTo(Refusal.Kind.MALFORMED);
            assertThat(why.field()).contains("nodes." + VM + ".Capacities");
            assertThat(why.message())
                    .startsWith("VM 'node1' (NodeID " + VM + "): no size has {")
                    .contains("largest");
        });
    }

    @Test
    void a_hint_names_the_size_and_must_cover_what_is_asked_beside_it() {
        UnaryOperator<Vertex> hinted = vm -> vm.with("CapacityHints", "{\"instance_type\": \"fabric.c2.m8.d10\"}");
        assertThat(vm(vm -> hinted.apply(vm).without("Capacities"))
                        .demands()
                        .getFirst()
                        .capacities())
                .isEqualTo(Capacities.of(2, 8, 10));
        assertThat(vm(hinted).refused())
                .singleElement()
                .asString()
                .contains("which is less than the Capacities {core=8, disk=100, ram=16}");
        assertThat(vm(vm -> vm.with("CapacityHints", "{\"instance_type\": \"large\"}"))
                        .refused())
                .singleElement()
                .asString()
                .contains("instance_type 'large' is not a size");
        assertThat(vm(vm -> vm.without("Capacities")).refused())
                .singleElement()
                .asString()
                .contains("says neither Capacities (core, ram, disk) nor CapacityHints (instance_type); one is needed");
    }

    @Test
    void a_model_may_be_called_by_its_alias_or_left_out() {
        var graph = Files.graph("asm-one-vm-two-pci.graphml");
        var alias = graph.with(List.of(graph.get(GPU).with("Model", "Quadro RTX 6000/8000")));
        assertThat(SliceGraph.read(alias, CATALOG)
                        .demands()
                        .getFirst()
                        .components()
                        .getFirst()
                        .model())
                .contains("RTX6000");
        var any = graph.with(List.of(graph.get(GPU).without("Model")));
        assertThat(SliceGraph.read(any, CATALOG)
                        .demands()
                        .getFirst()
                        .components()
                        .getFirst()
                        .model())
                .isEmpty();
    }

    @Test
    void the_catalog_holds_all_sizes_and_the_names_of_ports() {
        assertThat(CATALOG.instances()).hasSize(869);
        assertThat(CATALOG.components()).hasSize(15);
        var smart = CATALOG.component("SmartNIC", "ConnectX-6").orElseThrow();
        assertThat(smart.portNames("nic1")).containsExactly("nic1-p1", "nic1-p2");
        assertThat(smart.ports()).containsEntry("p1", 100);
        assertThat(smart.serviceName("n1", "nic1")).isEqualTo("n1-nic1-l2ovs");
        assertThat(CATALOG.component("FPGA", "Alveo U280").orElseThrow().serviceName("n1", "f"))
                .isEqualTo("n1-f-l2p4");
        assertThat(CATALOG.component("GPU", "ConnectX-6")).isEmpty();
    }

    @Test
    void what_became_of_a_slice_is_written_into_its_graph() {
        var asm = Files.graph("asm-one-vm-two-pci.graphml");
        var manifest = SliceGraph.annotate(
                asm,
                Map.of(
                        VM,
                        Annotation.NONE
                                .withReservation("8d47bd65-6ce4-47e7-bc89-1e021b6264ed", "Active", "")
                                .withAllocations(
                                        Capacities.of(8, 16, 100),
                                        Labels.of("instance_parent", "renc-w2.fabric-testbed.net"))
                                .withNodeMap("cbm", "HX7LQ53")
                                .withMgmtIp("10.0.0.7"),
                        GPU,
                        Annotation.NONE
                                .withAllocations(Capacities.of("unit", 1), Labels.of("bdf", "0000:25:00.0"))
                                .withNodeMap("cbm", "HX7LQ53-gpu-1")));
        var vm = manifest.get(VM);
        assertThat(vm.get(Property.RESERVATION_INFO))
                .contains(
                        "{\"reservation_id\":\"8d47bd65-6ce4-47e7-bc89-1e021b6264ed\",\"reservation_state\":\"Active\"}");
        assertThat(vm.capacities(Property.CAPACITY_ALLOCATIONS)).isEqualTo(Capacities.of(8, 16, 100));
        assertThat(vm.labels(Property.LABEL_ALLOCATIONS).one("instance_parent")).contains("renc-w2.fabric-testbed.net");
        assertThat(vm.get(Property.NODE_MAP)).contains("[\"cbm\",\"HX7LQ53\"]");
        assertThat(vm.get(Property.MGMT_IP)).contains("10.0.0.7");
        assertThat(manifest.get(GPU).labels(Property.LABEL_ALLOCATIONS).one("bdf"))
                .contains("0000:25:00.0");
        assertThat(manifest.get(GPU).get(Property.RESERVATION_INFO)).isEmpty();
        assertThat(manifest.edges()).isEqualTo(asm.edges());
        assertThat(Validation.slice(manifest)).isEmpty();
        assertThat(GraphMl.read(GraphMl.write(manifest))).isEqualTo(manifest);

        var failed = SliceGraph.annotate(
                asm, Map.of(VM, Annotation.NONE.withReservation("r", "Closed", "no \u0000 \"room\"")));
        assertThat(GraphMl.read(GraphMl.write(failed))
                        .get(VM)
                        .get(Property.RESERVATION_INFO)
                        .orElseThrow())
                .contains("no \\u0000 \\\"room\\\"");
    }

    private static SliceGraph vm(UnaryOperator<Vertex> change) {
        var graph = Files.graph("asm-one-vm-two-pci.graphml");
        return SliceGraph.read(graph.with(List.of(change.apply(graph.get(VM)))), CATALOG);
    }
}
