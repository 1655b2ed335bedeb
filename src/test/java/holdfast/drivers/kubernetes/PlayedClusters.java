package holdfast.drivers.kubernetes;

import holdfast.authority.ClusterSite;
import holdfast.authority.Fabric;
import holdfast.platform.Platform;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Clusters on stand-ins for API servers, one that buys and some that sell, where Liqo is played: for tests of what
/// uses the driver.
public final class PlayedClusters implements AutoCloseable {
    private static final String LIQO = KubernetesFabric.LIQO;
    private static final List<String> ALWAYS = List.of("Namespace " + LIQO, "Namespace " + Marks.ACCESS_NAMESPACE);

    private final MockServer here = new MockServer();
    private final Cluster buyer = new Cluster(Kubeconfig.of(here.kubeconfig()).orThrow());
    private final Map<String, Seller> sellers = new LinkedHashMap<>();

    private record Seller(MockServer server, Cluster cluster, PlayedLiqo liqo) {}

    /// @param me id of the buyer's cluster
    /// @param peers ids of the sellers', each of which has one node for sale
    public PlayedClusters(String me, String... peers) {
        var keys = PlayedLiqo.keys();
        PlayedLiqo.install(buyer, LIQO, me, keys);
        for (var peer : peers) {
            var there = new MockServer();
            var seller = new Cluster(Kubeconfig.of(there.kubeconfig()).orThrow());
            PlayedLiqo.install(seller, LIQO, peer, PlayedLiqo.keys());
            var liqo = new PlayedLiqo(buyer, seller, me, peer, keys, true);
            liqo.admitsNothing();
            sells(seller);
            sellers.put(peer, new Seller(there, seller, liqo));
        }
    }

    private static void sells(Cluster seller) {
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
        return KubernetesFabric.of(here.kubeconfig(), LIQO, platform).orThrow();
    }

    /// That of the first seller.
    public Fabric seller(Platform platform) {
        return seller(sellers.keySet().iterator().next(), platform);
    }

    public Fabric seller(String peer, Platform platform) {
        var there = sellers.get(peer).server();
        return KubernetesFabric.of(there.kubeconfig(), LIQO, platform).orThrow();
    }

    /// Liqo and the controllers of all do what they would do next.
    public void turn() {
        sellers.values().forEach(seller -> seller.liqo().turn());
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
                .filter(node -> !node.isEmpty())
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

    /// What is in a namespace of the sellers' clusters: kinds and names.
    public List<String> made(String namespace) {
        return Stream.of(Kind.DEPLOYMENT, Kind.SECRET, Kind.SERVICE)
                .flatMap(kind -> sellers.values().stream()
                        .flatMap(seller -> seller.cluster().all(kind, namespace, Map.of()).stream())
                        .map(object -> kind.title() + " " + LiqoObjects.name(object)))
                .toList();
    }

    /// The slices that are asked for of a seller, each with its cores.
    public Map<String, String> slices(String peer) {
        return sellers.get(peer).cluster().all(Kind.RESOURCE_SLICE, "", Map.of()).stream()
                .collect(Collectors.toMap(
                        LiqoObjects::name,
                        slice -> slice.at("/status/resources/cpu").asString("")));
    }

    /// What of ours is in any cluster: kinds and names.
    public List<String> left() {
        return Stream.concat(Stream.of(buyer), sellers.values().stream().map(Seller::cluster))
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
        here.close();
        sellers.values().forEach(seller -> {
            seller.cluster().close();
            seller.server().close();
        });
    }
}
