package holdfast.drivers.kubernetes;

import java.util.Map;

/// What another cluster must know of one to be joined with it.
///
/// @param id Liqo's name of the cluster
/// @param pods addresses of its pods, such as `10.200.0.0/16`
/// @param external addresses by which it shows others
record ClusterFacts(String id, String pods, String external) {
    /// As Liqo there says it.
    ///
    /// @param liqo the namespace of Liqo
    static ClusterFacts of(Cluster cluster, String liqo) {
        return new ClusterFacts(
                id(cluster, liqo), network(cluster, liqo, "pod-cidr"), network(cluster, liqo, "external-cidr"));
    }

    /// As it was laid out for a buyer who may not ask Liqo; otherwise as Liqo says it.
    static ClusterFacts ofOther(Cluster cluster, String liqo, String namespace) {
        return cluster.find(Kind.CONFIG_MAP, namespace, Marks.FACTS)
                .map(facts -> facts.path("data"))
                .map(data -> new ClusterFacts(
                        data.path("id").asString(""),
                        data.path("pods").asString(""),
                        data.path("external").asString("")))
                .orElseGet(() -> of(cluster, liqo));
    }

    static String id(Cluster cluster, String liqo) {
        return cluster.all(Kind.CONFIG_MAP, liqo, LiqoObjects.CLUSTER_ID).stream()
                .map(map -> map.at("/data/CLUSTER_ID").asString(""))
                .filter(id -> !id.isEmpty())
                .findFirst()
                .orElseThrow(() -> ClusterException.never(
                        "no id of a cluster in namespace " + liqo + "; is Liqo 1.0 installed there?"));
    }

    private static String network(Cluster cluster, String liqo, String type) {
        return cluster.all(Kind.NETWORK, liqo, Map.of(LiqoObjects.NETWORK_TYPE, type)).stream()
                .map(network -> network.at("/status/cidr").asString(""))
                .filter(cidr -> !cidr.isEmpty())
                .findFirst()
                .orElseThrow(() -> new ClusterException(
                        ClusterException.Sort.LATER, "Liqo there does not know its " + type + " yet"));
    }
}
