package holdfast.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Quantity;
import holdfast.drivers.FabricContractTest.Peer;
import holdfast.platform.Json;
import java.math.BigInteger;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Liqo's operators at a buyer and at a seller, played: each turn does what they would do next. That Liqo itself does
/// the same is not shown by it.
final class PlayedLiqo {
    static final String NONCE = LiqoObjects.base64("0123456789");

    private final Cluster buyer;
    private final Cluster seller;
    private final String me;
    private final String peer;
    private final boolean playsPods;
    private Peer grants = Peer.GRANTS;
    private boolean admits = true;

    /// @param me id of the buyer's cluster
    /// @param peer id of the seller's
    /// @param playsPods also the controllers of Kubernetes
    PlayedLiqo(Cluster buyer, Cluster seller, String me, String peer, boolean playsPods) {
        this.buyer = buyer;
        this.seller = seller;
        this.me = me;
        this.peer = peer;
        this.playsPods = playsPods;
    }

    void grants(Peer what) {
        grants = what;
    }

    /// Leaves it to somebody else at the seller whether a slice of our class is admitted.
    void admitsNothing() {
        admits = false;
    }

    /// What Liqo has at a cluster from its installation on.
    static void install(Cluster cluster, String liqo, String id, String keys) {
        cluster.ensure(LiqoObjects.object(Kind.NAMESPACE, "", liqo, Map.of()));
        var map = LiqoObjects.object(Kind.CONFIG_MAP, liqo, "liqo-clusterid-configmap", LiqoObjects.CLUSTER_ID);
        map.putObject("data").put("CLUSTER_ID", id);
        cluster.ensure(map);
        network(cluster, liqo, "pod-cidr", "10.200.0.0/16");
        network(cluster, liqo, "external-cidr", "10.70.0.0/16");
        var secret = LiqoObjects.object(Kind.SECRET, liqo, LiqoObjects.KEYS, Map.of());
        secret.set("data", Json.tree(keys));
        cluster.ensure(secret);
    }

    private static void network(Cluster cluster, String liqo, String type, String cidr) {
        var network = LiqoObjects.object(Kind.NETWORK, liqo, type, Map.of(LiqoObjects.NETWORK_TYPE, type));
        network.putObject("spec").put("cidr", cidr);
        var there = (ObjectNode) cluster.ensure(network).deepCopy();
        there.putObject("status").put("cidr", cidr);
        cluster.replaceStatus(there);
    }

    private String here() {
        return LiqoObjects.namespaceFor(peer);
    }

    private String there() {
        return LiqoObjects.namespaceFor(me);
    }

    void turn() {
        gateway(seller, Kind.GATEWAY_SERVER, there(), me);
        gateway(buyer, Kind.GATEWAY_CLIENT, here(), peer);
        if (buyer.find(Kind.PUBLIC_KEY, here(), peer).isPresent()
                && seller.find(Kind.PUBLIC_KEY, there(), me).isPresent()) {
            connection(buyer, here(), peer, "Client");
            connection(seller, there(), me, "Server");
        }
        seller.find(Kind.SECRET, there(), LiqoObjects.NONCE)
                .filter(secret -> secret.at("/data/nonce").isMissingNode())
                .ifPresent(secret -> data(seller, secret, "nonce", NONCE));
        buyer.find(Kind.SECRET, here(), LiqoObjects.SIGNED_NONCE)
                .filter(secret -> secret.at("/data/signedNonce").isMissingNode())
                .ifPresent(secret -> data(buyer, secret, "signedNonce", LiqoObjects.base64("signed")));
        tenant();
        identity();
        slices();
        nodes();
        if (playsPods) {
            deployments(buyer);
            deployments(seller);
        }
    }

    private static void data(Cluster cluster, JsonNode secret, String name, String value) {
        var filled = (ObjectNode) secret.deepCopy();
        filled.withObject("/data").put(name, value);
        cluster.replace(filled);
    }

    private static void gateway(Cluster cluster, Kind kind, String namespace, String name) {
        cluster.find(kind, namespace, name)
                .filter(gateway -> gateway.path("status").isMissingNode())
                .ifPresent(gateway -> {
                    var secret = LiqoObjects.object(Kind.SECRET, namespace, "gw-" + name, Map.of());
                    secret.putObject("data").put("publicKey", LiqoObjects.base64("key of " + namespace));
                    cluster.ensure(secret);
                    var told = (ObjectNode) gateway.deepCopy();
                    var status = told.putObject("status");
                    status.putObject("secretRef").put("name", "gw-" + name).put("namespace", namespace);
                    if (kind == Kind.GATEWAY_SERVER) {
                        var endpoint =
                                status.putObject("endpoint").put("port", 30840).put("protocol", "UDP");
                        endpoint.putArray("addresses").add("192.0.2.7");
                    }
                    cluster.replaceStatus(told);
                });
    }

    private static void connection(Cluster cluster, String namespace, String other, String type) {
        if (cluster.find(Kind.CONNECTION, namespace, other).isPresent()) return;
        var connection = LiqoObjects.object(Kind.CONNECTION, namespace, other, Map.of(LiqoObjects.REMOTE, other));
        connection.putObject("spec").put("type", type).putObject("gatewayRef").put("name", other);
        var told = (ObjectNode) cluster.ensure(connection).deepCopy();
        told.putObject("status").put("value", "Connected");
        cluster.replaceStatus(told);
    }

    private void tenant() {
        seller.find(Kind.TENANT, there(), me)
                .filter(tenant -> tenant.at("/status/authParams").isMissingNode())
                .ifPresent(tenant -> {
                    assertThat(tenant.at("/spec/signature").asString()).isEqualTo(LiqoObjects.base64("signed"));
                    var told = (ObjectNode) tenant.deepCopy();
                    var status = told.putObject("status").put("tenantNamespace", there());
                    status.putObject("authParams")
                            .put("apiServer", "https://192.0.2.7:6443")
                            .put("ca", LiqoObjects.base64("authority"))
                            .put("signedCRT", LiqoObjects.base64("certificate"));
                    seller.replaceStatus(told);
                });
    }

    private void identity() {
        buyer.find(Kind.IDENTITY, here(), "controlplane-" + peer)
                .filter(identity -> identity.path("status").isMissingNode())
                .ifPresent(identity -> {
                    assertThat(identity.at("/spec/authParams/signedCRT").asString())
                            .isEqualTo(LiqoObjects.base64("certificate"));
                    var told = (ObjectNode) identity.deepCopy();
                    told.putObject("status").putObject("kubeconfigSecretRef").put("name", "kubeconfig-" + peer);
                    buyer.replaceStatus(told);
                });
    }

    /// A slice is copied to the seller, and its status back; one that is gone here goes there.
    private void slices() {
        var ours = buyer.all(Kind.RESOURCE_SLICE, here(), Map.of()).stream()
                .filter(slice -> slice.at("/metadata/deletionTimestamp").isMissingNode())
                .toList();
        for (var slice : ours) {
            var name = LiqoObjects.name(slice);
            var copy = LiqoObjects.object(
                    Kind.RESOURCE_SLICE,
                    there(),
                    name,
                    Map.of(LiqoObjects.ORIGIN, me, LiqoObjects.REMOTE, me, "liqo.io/replicated", "true"));
            copy.set("spec", ((ObjectNode) slice.path("spec").deepCopy()).put("consumerClusterID", me));
            var admitted = admitted(seller.ensure(copy));
            if (!admitted.path("status").equals(slice.path("status"))
                    && !admitted.path("status").isMissingNode()) {
                var told = (ObjectNode) slice.deepCopy();
                told.set("status", admitted.path("status"));
                slice = buyer.replaceStatus(told);
            }
            if (status(slice, "Resources").equals("Accepted")
                    && status(slice, "Authentication").equals("Accepted")) {
                virtualNode(name);
            }
        }
        var names = ours.stream().map(LiqoObjects::name).collect(Collectors.toSet());
        seller.all(Kind.RESOURCE_SLICE, there(), Map.of()).stream()
                .map(LiqoObjects::name)
                .filter(name -> !names.contains(name))
                .forEach(name -> seller.remove(Kind.RESOURCE_SLICE, there(), name));
    }

    private static String status(JsonNode slice, String type) {
        return LiqoObjects.condition(slice, type).path("status").asString("");
    }

    /// Authentication is Liqo's; resources are so in class `default`, or when the test plays the seller.
    private JsonNode admitted(JsonNode slice) {
        boolean liqos = slice.at("/spec/class").asString("").equals("default");
        var told = (ObjectNode) slice.deepCopy();
        if (status(slice, "Authentication").isEmpty()) {
            condition(told, "Authentication", "Accepted", "");
        }
        if (liqos || admits && grants == Peer.GRANTS) {
            grant(told, 1);
        } else if (admits && grants == Peer.GRANTS_HALF) {
            grant(told, 2);
        } else if (admits && grants == Peer.DENIES && status(slice, "Resources").isEmpty()) {
            condition(told, "Resources", "Denied", "we do not like you");
        }
        return told.equals(slice) ? slice : seller.replaceStatus(told);
    }

    private static void grant(ObjectNode slice, int share) {
        if (status(slice, "Resources").isEmpty()) condition(slice, "Resources", "Accepted", "");
        var granted = slice.withObject("/status").putObject("resources");
        LiqoObjects.amounts(slice.at("/spec/resources"))
                .forEach((name, amount) -> granted.put(
                        name, new Quantity(amount.nano().divide(BigInteger.valueOf(share)), amount.family()).text()));
    }

    private static void condition(ObjectNode slice, String type, String status, String message) {
        slice.withObject("/status")
                .withArray("/conditions")
                .addObject()
                .put("type", type)
                .put("status", status)
                .put("message", message);
    }

    private void virtualNode(String name) {
        if (buyer.find(Kind.VIRTUAL_NODE, here(), name).isPresent()) return;
        var node = LiqoObjects.object(Kind.VIRTUAL_NODE, here(), name, Map.of(LiqoObjects.REMOTE, peer));
        node.putObject("spec").put("clusterID", peer);
        var told = (ObjectNode) buyer.ensure(node).deepCopy();
        told.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", "Node")
                .put("status", "Running");
        buyer.replaceStatus(told);
    }

    /// Each virtual node of this pair is a node.
    private void nodes() {
        var wanted = buyer.all(Kind.VIRTUAL_NODE, here(), Map.of()).stream()
                .map(LiqoObjects::name)
                .collect(Collectors.toSet());
        var labels = Map.of(LiqoObjects.VIRTUAL, "virtual-node", LiqoObjects.REMOTE, peer);
        for (var name : wanted) buyer.ensure(LiqoObjects.object(Kind.NODE, "", name, labels));
        buyer.all(Kind.NODE, "", labels).stream()
                .map(LiqoObjects::name)
                .filter(name -> !wanted.contains(name))
                .forEach(name -> buyer.remove(Kind.NODE, "", name));
    }

    private static void deployments(Cluster cluster) {
        for (var deployment : cluster.all(Kind.DEPLOYMENT, "", Map.of())) {
            if (Optional.of(deployment.at("/status/readyReplicas"))
                    .filter(JsonNode::isNumber)
                    .isPresent()) continue;
            var told = (ObjectNode) deployment.deepCopy();
            told.putObject("status")
                    .put("readyReplicas", told.at("/spec/replicas").asInt(1));
            cluster.replaceStatus(told);
        }
    }

    /// Keys as Liqo makes them, in the data of a secret.
    static String keys() {
        try {
            var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return Json.object()
                    .put(
                            "privateKey",
                            LiqoObjects.base64(
                                    pem("PRIVATE KEY", pair.getPrivate().getEncoded())))
                    .put(
                            "publicKey",
                            LiqoObjects.base64(
                                    pem("PUBLIC KEY", pair.getPublic().getEncoded())))
                    .toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + what
                + "-----\n";
    }
}
