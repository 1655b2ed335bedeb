package holdfast.drivers.kubernetes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Quantity;
import holdfast.drivers.FabricContractTest.Peer;
import holdfast.platform.Json;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Liqo's operators at a buyer and at a seller, played: each turn does what they would do next. That Liqo itself does
/// the same is not shown by it.
final class PlayedLiqo {
    private static final String NONCE = LiqoObjects.base64("0123456789");
    private static final String ALGORITHM = "Ed25519";

    private final Cluster buyer;
    private final Cluster seller;
    private final String me;
    private final String peer;
    private final String keys;
    private final boolean playsPods;
    private Peer grants = Peer.GRANTS;
    private boolean admits = true;

    /// @param me id of the buyer's cluster
    /// @param peer id of the seller's
    /// @param keys of the buyer, as in [#install]
    /// @param playsPods also the controllers of Kubernetes
    PlayedLiqo(Cluster buyer, Cluster seller, String me, String peer, String keys, boolean playsPods) {
        this.buyer = buyer;
        this.seller = seller;
        this.me = me;
        this.peer = peer;
        this.keys = keys;
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
        enforces(cluster, liqo, "Hard");
    }

    /// How strictly it keeps pods of others within their slices, from now on.
    static void enforces(Cluster cluster, String liqo, String how) {
        var controllers = LiqoObjects.object(Kind.DEPLOYMENT, liqo, "liqo-controller-manager", LiqoObjects.CONTROLLERS);
        var spec = controllers.putObject("spec").put("replicas", 0);
        spec.putObject("selector").set("matchLabels", Json.toTree(LiqoObjects.CONTROLLERS));
        var template = spec.putObject("template");
        template.putObject("metadata").set("labels", Json.toTree(LiqoObjects.CONTROLLERS));
        var container = template.putObject("spec").putArray("containers").addObject();
        container.put("name", "controller-manager").put("image", "liqo");
        container.putArray("args").add("--offloading-enabled=true").add("--default-limits-enforcement=" + how);
        cluster.ensure(controllers);
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
                .ifPresent(secret -> data(buyer, secret, "signedNonce", signed(secret.at("/data/nonce"))));
        tenant();
        identity();
        slices();
        quotas();
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
                    assertThat(isSigned(tenant.path("spec")))
                            .as("signed with the key that it names, bare")
                            .isTrue();
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
                    assertThat(identity.at("/spec/namespace").asString())
                            .as("where slices are copied to")
                            .isEqualTo(there());
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

    /// One for each slice that is admitted, as long as the slice is there.
    private void quotas() {
        var slices = seller.all(Kind.RESOURCE_SLICE, there(), Map.of());
        for (var slice : slices) {
            if (!status(slice, "Resources").equals("Accepted")) continue;
            var user = Admitting.user(LiqoObjects.name(slice), me);
            var quota = LiqoObjects.object(Kind.QUOTA, there(), user, Map.of());
            boolean cordoned =
                    !slice.at("/metadata/annotations").path(LiqoObjects.CORDON).isMissingNode();
            var spec = quota.putObject("spec").put("user", user).put("cordoned", cordoned);
            spec.put("limitsEnforcement", "Hard").set("resources", slice.at("/status/resources"));
            seller.ensure(quota);
        }
        var users = slices.stream()
                .map(slice -> Admitting.user(LiqoObjects.name(slice), me))
                .toList();
        seller.all(Kind.QUOTA, there(), Map.of()).stream()
                .map(LiqoObjects::name)
                .filter(name -> !users.contains(name))
                .forEach(name -> seller.remove(Kind.QUOTA, there(), name));
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
        for (var name : wanted) if (buyer.find(Kind.NODE, "", name).isEmpty()) buyer.ensure(node(name, labels));
        buyer.all(Kind.NODE, "", labels).stream()
                .map(LiqoObjects::name)
                .filter(name -> !wanted.contains(name))
                .forEach(name -> buyer.remove(Kind.NODE, "", name));
    }

    /// Of real controllers one is kept alive that says so, and pods come to it by the name of its host.
    private static ObjectNode node(String name, Map<String, String> labels) {
        var node = LiqoObjects.object(Kind.NODE, "", name, labels);
        node.withObject("/metadata/labels").put(Marks.HOST, name).put("lab/kubelet", "true");
        var status = node.putObject("status");
        for (var amounts : List.of("capacity", "allocatable"))
            status.putObject(amounts).put("cpu", "64").put("memory", "256Gi").put("pods", "110");
        return node;
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

    private String signed(JsonNode nonce) {
        try {
            var signature = Signature.getInstance(ALGORITHM);
            var key = Base64.getMimeDecoder()
                    .decode(text(Json.tree(keys).path("privateKey")).replaceAll("-----.*-----", ""));
            signature.initSign(KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(key)));
            signature.update(bytes(nonce));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// As Liqo 1.0.0 does it: of a key that is not bare it makes nothing.
    private static boolean isSigned(JsonNode tenant) {
        try {
            var key = new ByteArrayOutputStream();
            key.writeBytes(HexFormat.of().parseHex("302a300506032b6570032100"));
            key.writeBytes(bytes(tenant.path("publicKey")));
            var signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(
                    KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(key.toByteArray())));
            signature.update(Base64.getDecoder().decode(NONCE));
            return signature.verify(bytes(tenant.path("signature")));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key: " + tenant.path("publicKey"), e);
        }
    }

    private static byte[] bytes(JsonNode base64) {
        return Base64.getDecoder().decode(base64.asString(""));
    }

    private static String text(JsonNode base64) {
        return new String(bytes(base64), US_ASCII);
    }

    /// Keys as Liqo makes them, in the data of a secret.
    static String keys() {
        try {
            var pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
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
