package holdfast.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import holdfast.authority.ClusterSite;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import holdfast.authority.Fabric;
import holdfast.authority.Fabric.Agreed;
import holdfast.authority.Fabric.Bond;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// On a real API server, which is buyer and seller in one: each has namespaces of its own.
@Timeout(300)
class RealLiqoTest extends LiqoContractTest {
    private static KubernetesLab lab;

    @BeforeAll
    static void come_in() {
        lab = KubernetesLab.open();
    }

    @AfterAll
    static void go() {
        if (lab != null) lab.close();
    }

    @Override
    protected String buyerConfig() {
        return lab.kubeconfig();
    }

    @Override
    protected String sellerConfig() {
        return lab.kubeconfig();
    }

    @Override
    protected boolean playsPods() {
        return false;
    }

    @Test
    void credentials_of_a_contract_suffice_for_its_slice_and_open_nothing_else_and_nothing_afterwards() {
        var access = new Key(contract(1), Fabric.ACCESS);
        assertThat(sellerFabric.ensure(access, new Bond.Access(contract(1), buyer(), now().plusSeconds(3600))))
                .isInstanceOf(Result.Done.class);
        var credentials = seen(sellerFabric.credentials(access));
        assertThat(credentials.until()).isBetween(now().plusSeconds(3500), now().plusSeconds(3700));

        liqo.admitsNothing();
        done(pairKey(), new Bond.Pair(peerId(), credentials.kubeconfig()));
        var slice = new Key(contract(1), Fabric.SLICE);
        var agreed = new Bond.Slice(peerId(), contract(1), SOME, Bond.Slice.OURS);
        fabric().ensure(slice, agreed);
        liqo.turn();
        sellerFabric.admit(List.of(new Agreed(contract(1), buyer(), SOME)));
        assertThat(done(slice, agreed)).doesNotContainKey("short");

        try (var let = new Cluster(Kubeconfig.of(credentials.kubeconfig()).orThrow())) {
            assertThat(let.find(Kind.NAMESPACE, "", LiqoObjects.namespaceFor(buyer())))
                    .isPresent();
            denied(() -> let.all(Kind.NODE, "", Map.of()));
            denied(() -> let.all(Kind.NAMESPACE, "", Map.of()));
            denied(() -> let.find(Kind.SECRET, "kube-system", "any"));
            denied(() -> let.all(Kind.SECRET, Marks.ACCESS_NAMESPACE, Map.of()));
            removed(slice);
            var gone = sellerFabric.remove(access);
            for (int n = 0; n < 600 && gone instanceof Result.Later; n++) {
                letTimePass();
                gone = sellerFabric.remove(access);
            }
            assertThat(gone).isInstanceOf(Result.Done.class);
            denied(() -> let.find(Kind.NAMESPACE, "", LiqoObjects.namespaceFor(buyer())));
        }
    }

    private static void denied(Runnable call) {
        assertThatExceptionOfType(ClusterException.class)
                .isThrownBy(call::run)
                .satisfies(e -> assertThat(e.sort()).isEqualTo(ClusterException.Sort.DENIED));
    }

    @Test
    void the_nodes_of_the_cluster_are_hosts_with_exact_amounts() {
        var nodes = seen(fabric().nodes());
        var site = ClusterSite.of(nodes);
        assertThat(site.hosts()).anySatisfy(host -> {
            assertThat(host.name()).startsWith("node-");
            assertThat(host.amounts().get("cpu_nano")).isPositive().isEqualTo(cores(nodes, host.name()));
            assertThat(host.amounts().get("memory_byte")).isGreaterThan(1L << 30);
            assertThat(host.amounts().get("pod")).isPositive();
        });
    }

    private static long cores(List<Fabric.Node> nodes, String name) {
        return nodes.stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow()
                .amounts()
                .get("cpu")
                .nano()
                .longValueExact();
    }

    @Test
    void a_workload_runs_on_the_node_that_is_named() {
        var key = new Key(contract(1), Fabric.WORKLOAD);
        var pod = """
                apiVersion: v1
                kind: Pod
                metadata: {name: one}
                spec: {containers: [{name: one, image: one}]}
                """;
        done(key, new Bond.Workload("w-" + contract(1).substring(0, 8), pod, Optional.of("node-2")));
        assertThat(buyer.find(Kind.POD, "w-" + contract(1).substring(0, 8), "one"))
                .hasValueSatisfying(there ->
                        assertThat(there.at("/spec/nodeName").asString()).isEqualTo("node-2"));
    }
}
