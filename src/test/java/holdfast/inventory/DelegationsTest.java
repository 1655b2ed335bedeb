package holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Capacities;
import holdfast.core.Refusal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DelegationsTest {
    @Test
    void an_advertisement_of_one_delegation_is_delegated_whole() {
        for (var file : Files.ADVERTISEMENTS) {
            var arm = Files.graph(file);
            var adms = Delegations.split(arm, name -> "id of " + name);
            assertThat(adms).containsOnlyKeys("primary");
            assertThat(adms.get("primary")).as(file).isEqualTo(arm.withId("id of primary"));
        }
    }

    @Test
    void each_of_two_delegations_gets_its_own_and_what_others_describe_too() {
        var arm = twoDelegations();
        assertThat(Delegations.names(arm)).containsExactly("blue", "primary");
        var adms = Delegations.split(arm, name -> name);
        var blue = adms.get("blue");
        var primary = adms.get("primary");

        assertThat(delegated(blue)).containsExactly("HX6VQ53-gpu-1");
        assertThat(delegated(primary)).hasSize(delegated(arm).size() - 1).doesNotContain("HX6VQ53-gpu-1");
        assertThat(types(blue)).contains("Switch", "MPLS", "TrunkPort").doesNotContain("NVME", "NAS");
        assertThat(blue.contains("HX6VQ53-gpu-2")).isFalse();
        assertThat(primary.size()).isEqualTo(arm.size() - 1);
        assertThat(primary.contains("HX6VQ53-gpu-1")).isFalse();
        assertThat(primary.contains("HX6VQ53-gpu-2")).isTrue();

        assertThat(blue.get("HX6VQ53-gpu-1").delegations(Property.CAPACITY_DELEGATIONS))
                .containsOnlyKeys("blue");
        assertThat(blue.get("HX6VQ53").get(Property.CAPACITY_DELEGATIONS)).isEmpty();
        assertThat(blue.neighbours("HX6VQ53-gpu-1").map(Vertex::id)).containsExactly("HX6VQ53");
        assertThat(Validation.advertisement(blue)).isEmpty();
        assertThat(Validation.advertisement(primary)).isEmpty();

        var both = CombinedModel.of("cbm", adms.values()).orThrow().graph();
        assertThat(both.size()).isEqualTo(arm.size());
        assertThat(Hosts.of(both).getFirst().devices())
                .as("its GPU is paid by another delegation")
                .noneMatch(device -> device.componentNodeId().equals("HX6VQ53-gpu-1"));
    }

    @Test
    void what_is_not_delegated_to_a_broker_does_not_count_as_capacity_of_the_site() {
        var blue = Delegations.split(twoDelegations(), name -> name).get("blue");
        var cbm = CombinedModel.empty("cbm").merge(blue).orThrow().graph();
        var site = new QueryModel(cbm, Usage.NONE, Map.of())
                .summary(SiteFilter.ALL)
                .sites()
                .getFirst();
        assertThat(site.coresCapacity()).isZero();
        assertThat(site.components()).containsOnlyKeys("GPU-RTX6000");
    }

    @Test
    void a_delegated_port_brings_its_link_its_far_end_and_its_owners() {
        var arm = Files.graph("renc-site-ad.graphml");
        var port = arm.get("node_id-04-3F-72-B7-14-EC");
        var only = arm.with(arm.vertices().stream()
                .map(vertex -> vertex.equals(port)
                        ? vertex
                        : vertex.without(Property.CAPACITY_DELEGATIONS).without(Property.LABEL_DELEGATIONS))
                .map(vertex -> new Vertex(vertex.id(), vertex.kind(), false, vertex.properties()))
                .toList());
        assertThat(types(Delegations.split(only, name -> name).get("primary")))
                .containsExactly("MPLS", "OVS", "Patch", "Server", "SharedNIC", "SharedPort", "Switch", "TrunkPort");
    }

    @Test
    void a_vertex_in_two_delegations_keeps_in_each_that_entry_alone() {
        var vertex = Vertex.of("s", VertexClass.NETWORK_NODE, "Server", "ss").with(Property.CAPACITY_DELEGATIONS, """
                {"a": {"pool_id": "_", "capacities": {"core": 1}}, "b": {"pool_id": "_", "capacities": {"core": 2}}}""");
        var adms = Delegations.split(Graph.builder("g").put(vertex).build(), name -> name);
        assertThat(adms.get("a")
                        .get("s")
                        .delegations(Property.CAPACITY_DELEGATIONS)
                        .get("a")
                        .capacities()
                        .get("core"))
                .isEqualTo(1);
        assertThat(adms.get("b").get("s").delegations(Property.CAPACITY_DELEGATIONS))
                .containsOnlyKeys("b");
    }

    @Test
    void hosts_of_a_pool_share_its_capacity() {
        var arm = pooled(
                "{\"primary\": {\"pool_id\": \"poolA\", \"capacities\": {\"core\": 100}}}",
                "{\"primary\": {\"pool\": \"poolA\"}}");
        assertThat(Validation.advertisement(arm)).isEmpty();
        assertThat(GraphMl.read(GraphMl.write(arm))).isEqualTo(arm);
        assertThat(Delegations.allPools(arm)).singleElement().satisfies(pool -> {
            assertThat(pool.name()).isEqualTo("poolA");
            assertThat(pool.definedBy()).isEqualTo("s1");
            assertThat(pool.members()).containsExactly("s2");
            assertThat(pool.capacities()).isEqualTo(Capacities.of("core", 100));
        });
        var adm = Delegations.split(arm, _ -> "adm-1").get("primary");
        var cbm = CombinedModel.empty("cbm").merge(adm).orThrow().graph();
        assertThat(Hosts.of(cbm)).hasSize(2).allSatisfy(host -> {
            assertThat(host.delegationId()).isEqualTo("adm-1");
            assertThat(host.pool()).contains("poolA");
            assertThat(host.delegated()).isEqualTo(Capacities.of("core", 100));
        });
        var site = new QueryModel(cbm, Usage.NONE, Map.of())
                .summary(SiteFilter.ALL)
                .sites()
                .getFirst();
        assertThat(site.coresCapacity()).as("a pool counts once").isEqualTo(100);
    }

    @Test
    void pools_need_one_definition_some_reference_and_contents() {
        var definition = "{\"primary\": {\"pool_id\": \"poolA\", \"capacities\": {\"core\": 100}}}";
        var reference = "{\"primary\": {\"pool\": \"poolA\"}}";
        assertThat(faults(pooled(reference, reference)))
                .hasSize(2)
                .allMatch(message -> message.contains("which no vertex defines"));
        assertThat(faults(pooled(definition, definition)))
                .anyMatch(message -> message.contains("a second time"))
                .anyMatch(message -> message.contains("to which no vertex refers"));
        assertThat(faults(pooled(definition.replace("\"core\": 100", ""), reference)))
                .singleElement()
                .asString()
                .contains("without anything in it");
        assertThat(faults(pooled(definition, reference.replace("primary", "blue"))))
                .hasSize(2);
    }

    private static List<String> faults(Graph arm) {
        return Validation.advertisement(arm).stream().map(Refusal::message).toList();
    }

    private static Graph pooled(String first, String second) {
        return Graph.builder("g")
                .put(Vertex.of("s1", VertexClass.NETWORK_NODE, "Server", "w1")
                        .with("Site", "S")
                        .with(Property.CAPACITY_DELEGATIONS, first))
                .put(Vertex.of("s2", VertexClass.NETWORK_NODE, "Server", "w2")
                        .with("Site", "S")
                        .with(Property.CAPACITY_DELEGATIONS, second))
                .build();
    }

    /// The site's first GPU is delegated as `blue`, all the rest as `primary`.
    private static Graph twoDelegations() {
        var arm = Files.graph("renc-site-ad.graphml");
        var gpu = arm.get("HX6VQ53-gpu-1");
        for (var property : List.of(Property.CAPACITY_DELEGATIONS, Property.LABEL_DELEGATIONS)) {
            gpu = gpu.with(property, gpu.get(property).orElseThrow().replace("primary", "blue"));
        }
        return arm.with(List.of(gpu));
    }

    private static List<String> delegated(Graph graph) {
        return graph.vertices().stream()
                .filter(vertex -> vertex.get(Property.CAPACITY_DELEGATIONS).isPresent())
                .map(Vertex::id)
                .toList();
    }

    private static List<String> types(Graph graph) {
        return graph.vertices().stream().map(Vertex::type).distinct().sorted().toList();
    }
}
