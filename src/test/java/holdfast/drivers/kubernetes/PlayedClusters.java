package holdfast.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.ClusterSite;
import holdfast.authority.Fabric;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.Platform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Clusters, one that buys and some that sell, where Liqo is played: for tests of what uses the driver. They are
/// stand-ins for API servers or real ones.
public final class PlayedClusters implements AutoCloseable {
    private static final CallbackPolicy LOOPBACK = CallbackPolicy.opening(List.of("127.0.0.0/8", "::1"));

    private static final String LIQO = KubernetesFabric.LIQO;
    private static final Duration TURN = Duration.ofMillis(500);
    private static final int PATIENCE = 120;

    private final boolean real;
    private final ApiServer here;
    private final Cluster buyer;
    private final Map<String, Seller> sellers = new LinkedHashMap<>();
    private final Set<String> always;

    private record Seller(ApiServer server, Cluster cluster, PlayedLiqo liqo) {}

    /// Stand-ins.
    ///
    /// @param me id of the buyer's cluster
    /// @param peers ids of the sellers', each of which has one node for sale
    public PlayedClusters(String me, String... peers) {
        this(false, new MockServer(), me, List.of(peers), _ -> new MockServer());
    }

    /// On real API servers, or a loud skip: the buyer on `turin`, which has no nodes, two sellers on `lab` and
    /// `rome`.
    public static PlayedClusters real(String me, String first, String second) {
        var opened = new ArrayList<ApiServer>();
        try {
            for (var name : List.of("turin", "lab", "rome")) opened.add(KubernetesLab.open(name));
            var there = Map.of(first, opened.get(1), second, opened.get(2));
            return new PlayedClusters(true, opened.getFirst(), me, List.of(first, second), there::get);
        } catch (RuntimeException | Error e) {
            opened.forEach(ApiServer::close);
            throw e;
        }
    }

    private PlayedClusters(
            boolean real, ApiServer here, String me, List<String> peers, Function<String, ApiServer> server) {
        this.real = real;
        this.here = here;
        this.buyer = cluster(here);
        var keys = PlayedLiqo.keys();
        PlayedLiqo.install(buyer, LIQO, me, keys);
        for (var peer : peers) {
            var there = server.apply(peer);
            var seller = cluster(there);
            PlayedLiqo.install(seller, LIQO, peer, PlayedLiqo.keys());
            var liqo = new PlayedLiqo(buyer, seller, me, peer, keys, !real);
            liqo.admitsNothing();
            sellers.put(peer, new Seller(there, seller, liqo));
        }
        if (real) clear();
        sellers.values().forEach(seller -> sells(seller.cluster));
        var access = LiqoObjects.object(Kind.NAMESPACE, "", Marks.ACCESS_NAMESPACE, Map.of());
        sellers.values().forEach(seller -> seller.cluster.ensure(access));
        always = Set.copyOf(there());
    }

    private static Cluster cluster(ApiServer server) {
        return new Cluster(Kubeconfig.of(server.kubeconfig()).orThrow());
    }

    /// Whoever was here before and fell over may have left something.
    private void clear() {
        for (var server : servers().toList()) {
            try (var fabric = KubernetesFabric.of(server.kubeconfig(), LIQO, LOOPBACK, Platform.real())
                    .orThrow()) {
                for (int n = 0; n < PATIENCE && !fabric.list().isEmpty(); n++) {
                    fabric.list().forEach(fabric::abandon);
                    LockSupport.parkNanos(TURN.toNanos());
                }
                assertThat(fabric.list()).as("what cannot be cleared away").isEmpty();
            }
        }
    }

    private Stream<ApiServer> servers() {
        return Stream.concat(Stream.of(here), sellers.values().stream().map(Seller::server));
    }

    /// A real one has nodes, which its controllers look after.
    private void sells(Cluster seller) {
        var node = LiqoObjects.object(Kind.NODE, "", "node-1", Map.of(ClusterSite.FOR_SALE, "true"));
        var told = (ObjectNode) seller.ensure(node).deepCopy();
        if (real) return;
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
        return KubernetesFabric.of(here.kubeconfig(), LIQO, LOOPBACK, platform).orThrow();
    }

    /// That of the first seller.
    public Fabric seller(Platform platform) {
        return seller(sellers.keySet().iterator().next(), platform);
    }

    public Fabric seller(String peer, Platform platform) {
        var there = sellers.get(peer).server();
        return KubernetesFabric.of(there.kubeconfig(), LIQO, LOOPBACK, platform).orThrow();
    }

    /// Liqo and the controllers of all do what they would do next.
    public void turn() {
        sellers.values().forEach(seller -> seller.liqo().turn());
        if (real) LockSupport.parkNanos(TURN.toNanos()); // controllers of others, by a clock of their own
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
        return there().stream().filter(name -> !always.contains(name)).toList();
    }

    private List<String> there() {
        return Stream.concat(Stream.of(buyer), sellers.values().stream().map(Seller::cluster))
                .flatMap(cluster -> Stream.of(
                                Kind.NAMESPACE, Kind.SERVICE_ACCOUNT, Kind.RESOURCE_SLICE, Kind.QUOTA, Kind.TENANT)
                        .flatMap(kind -> cluster.all(kind, "", Map.of()).stream()
                                .map(object -> kind.title() + " " + LiqoObjects.name(object))))
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
