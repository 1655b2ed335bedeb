package holdfast.drivers.kubernetes;

import holdfast.authority.ClusterSite;
import holdfast.authority.Fabric;
import holdfast.platform.Platform;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Two clusters on stand-ins for API servers, where Liqo is played: for tests of what uses the driver.
public final class PlayedClusters implements AutoCloseable {
    private static final String LIQO = KubernetesFabric.LIQO;
    private static final List<String> ALWAYS = List.of("Namespace " + LIQO, "Namespace " + Marks.ACCESS_NAMESPACE);

    private final MockServer here = new MockServer();
    private final MockServer there = new MockServer();
    private final Cluster buyer = new Cluster(Kubeconfig.of(here.kubeconfig()).orThrow());
    private final Cluster seller = new Cluster(Kubeconfig.of(there.kubeconfig()).orThrow());
    private final PlayedLiqo liqo;

    /// @param me id of the buyer's cluster
    /// @param peer id of the seller's, which has one node for sale
    public PlayedClusters(String me, String peer) {
        var keys = PlayedLiqo.keys();
        PlayedLiqo.install(buyer, LIQO, me, keys);
        PlayedLiqo.install(seller, LIQO, peer, keys);
        liqo = new PlayedLiqo(buyer, seller, me, peer, true);
        liqo.admitsNothing();
        var node = LiqoObjects.object(Kind.NODE, "", "node-1", Map.of(ClusterSite.FOR_SALE, "true"));
        var told = (ObjectNode) seller.ensure(node).deepCopy();
        var status = told.putObject("status");
        status.putArray("conditions").addObject().put("type", "Ready").put("status", "True");
        for (var amounts : List.of("capacity", "allocatable")) {
            status.putObject(amounts)
                    .put("cpu", "7970838142n")
                    .put("memory", "32Gi")
                    .put("ephemeral-storage", "100Gi")
                    .put("pods", "110");
        }
        seller.replaceStatus(told);
    }

    public Fabric buyer(Platform platform) {
        return KubernetesFabric.of(here.kubeconfig(), LIQO, false, platform).orThrow();
    }

    public Fabric seller(Platform platform) {
        return KubernetesFabric.of(there.kubeconfig(), LIQO, false, platform).orThrow();
    }

    /// Liqo and the controllers of both do what they would do next.
    public void turn() {
        liqo.turn();
    }

    /// The nodes of the buyer's cluster.
    public List<String> nodes() {
        return buyer.all(Kind.NODE, "", Map.of()).stream()
                .map(LiqoObjects::name)
                .toList();
    }

    /// To which nodes the buyer's workloads are tied.
    public List<String> tied() {
        return buyer.all(Kind.DEPLOYMENT, "", Map.of()).stream()
                .map(deployment -> deployment
                        .at("/spec/template/spec/nodeSelector")
                        .path(Marks.HOST)
                        .asString(""))
                .toList();
    }

    /// The names of all variables of the buyer's workloads.
    public List<String> variables() {
        return buyer.all(Kind.DEPLOYMENT, "", Map.of()).stream()
                .flatMap(deployment ->
                        deployment.at("/spec/template/spec/containers/0/env").valueStream())
                .map(one -> one.path("name").asString(""))
                .toList();
    }

    /// What is in a namespace of the seller's cluster: kinds and names.
    public List<String> made(String namespace) {
        return Stream.of(Kind.DEPLOYMENT, Kind.SECRET, Kind.SERVICE)
                .flatMap(kind -> seller.all(kind, namespace, Map.of()).stream()
                        .map(object -> kind.title() + " " + LiqoObjects.name(object)))
                .toList();
    }

    /// What of ours is in either cluster: kinds and names.
    public List<String> left() {
        return Stream.of(buyer, seller)
                .flatMap(cluster -> Stream.of(
                                Kind.NAMESPACE, Kind.SERVICE_ACCOUNT, Kind.RESOURCE_SLICE, Kind.QUOTA, Kind.TENANT)
                        .flatMap(kind -> cluster.all(kind, "", Map.of()).stream()
                                .map(object -> kind.title() + " " + LiqoObjects.name(object))))
                .filter(name -> !ALWAYS.contains(name))
                .toList();
    }

    @Override
    public void close() {
        buyer.close();
        seller.close();
        here.close();
        there.close();
    }
}
