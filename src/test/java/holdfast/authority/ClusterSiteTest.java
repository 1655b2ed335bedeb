package holdfast.authority;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Quantity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterSiteTest {
    @Test
    void ready_machines_are_hosts_with_exact_amounts_and_what_stands_for_others_is_not() {
        var site = ClusterSite.of(List.of(
                node("b", true, false, Map.of("node-role.fluidos.eu/resources", "true"), "7970838142n", "7879752Ki"),
                node("a", true, false, Map.of(), "4", "8Gi"),
                node("elsewhere", true, true, Map.of(), "64", "64Gi"),
                node("down", false, false, Map.of(), "64", "64Gi")));
        assertThat(site.hosts()).extracting(ClusterSite.Host::name).containsExactly("a", "b");
        assertThat(site.hosts()).extracting(ClusterSite.Host::forSale).containsExactly(false, true);
        var exact = site.hosts().getLast().amounts();
        assertThat(exact.get("cpu_nano")).isEqualTo(7_970_838_142L);
        assertThat(exact.get("memory_byte")).isEqualTo(7_879_752L << 10);
        assertThat(exact.get("pod")).isEqualTo(110);
        assertThat(exact.amounts()).doesNotContainKey("hugepages-2Mi");
    }

    private static Fabric.Node node(
            String name, boolean ready, boolean stands, Map<String, String> labels, String cpu, String memory) {
        return new Fabric.Node(
                name,
                ready,
                stands,
                labels,
                Map.of(
                        "cpu", Quantity.of(cpu).orThrow(),
                        "memory", Quantity.of(memory).orThrow(),
                        "pods", Quantity.of(110),
                        "hugepages-2Mi", Quantity.of(3)));
    }
}
