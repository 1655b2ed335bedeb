package holdfast.drivers.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.core.Answer;
import holdfast.core.Quantity;
import holdfast.platform.Json;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// The objects by which two clusters with Liqo 1.0 are joined (fluidos.md 4.6), with all names, labels and fields.
/// A `peer` is the other cluster, as seen from the one in which the object is.
final class LiqoObjects {
    static final String REMOTE = "liqo.io/remote-cluster-id";
    /// On what Liqo has copied here from the cluster that it names.
    static final String ORIGIN = "liqo.io/originID";
    static final String NETWORK_TYPE = "ipam.liqo.io/network-type";
    static final String NONCE = "liqo-nonce";
    static final String SIGNED_NONCE = "liqo-signed-nonce";
    /// The keys of a cluster, in Liqo's own namespace.
    static final String KEYS = "authentication-keys";
    static final Map<String, String> CLUSTER_ID = Map.of("app.kubernetes.io/name", "clusterid-configmap");
    /// On nodes that stand for another cluster.
    static final String VIRTUAL = "liqo.io/type";
    /// On slices whose pods Liqo keeps out.
    static final String CORDON = "liqo.io/cordon";
    /// Of what Liqo's controllers run in.
    static final Map<String, String> CONTROLLERS = Map.of("app.kubernetes.io/name", "controller-manager");

    static final String ACCEPTED = "Accepted";
    static final String DENIED = "Denied";

    private static final int GATEWAY_PORT = 51840;
    private static final int MTU = 1340;

    private LiqoObjects() {}

    /// The namespace for all that concerns one peer.
    static String namespaceFor(String peer) {
        return "liqo-tenant-" + peer;
    }

    static ObjectNode tenantNamespace(String peer) {
        return object(Kind.NAMESPACE, "", namespaceFor(peer), Map.of("liqo.io/tenant-namespace", "true", REMOTE, peer));
    }

    /// The addresses of a peer.
    static ObjectNode configuration(String peer, ClusterFacts facts) {
        var it = object(Kind.CONFIGURATION, namespaceFor(peer), peer, Map.of(REMOTE, peer));
        var cidr = it.putObject("spec").putObject("remote").putObject("cidr");
        cidr.putArray("pod").add(facts.pods());
        cidr.putArray("external").add(facts.external());
        return it;
    }

    /// @param liqo the namespace of Liqo itself
    static ObjectNode gatewayServer(String peer, String liqo) {
        var it = object(Kind.GATEWAY_SERVER, namespaceFor(peer), peer, Map.of(REMOTE, peer));
        var spec = it.putObject("spec").put("mtu", MTU);
        spec.putObject("endpoint").put("port", GATEWAY_PORT).put("serviceType", "NodePort");
        spec.set("serverTemplateRef", template("WgGatewayServerTemplate", "wireguard-server", liqo));
        return it;
    }

    /// @param endpoint as the other side's server says it
    static ObjectNode gatewayClient(String peer, String liqo, JsonNode endpoint) {
        var it = object(Kind.GATEWAY_CLIENT, namespaceFor(peer), peer, Map.of(REMOTE, peer));
        var spec = it.putObject("spec").put("mtu", MTU);
        spec.set("endpoint", endpoint);
        spec.set("clientTemplateRef", template("WgGatewayClientTemplate", "wireguard-client", liqo));
        return it;
    }

    private static ObjectNode template(String kind, String name, String namespace) {
        return Json.object()
                .put("apiVersion", Kind.GATEWAY_SERVER.apiVersion())
                .put("kind", kind)
                .put("name", name)
                .put("namespace", namespace);
    }

    /// @param key of the peer's gateway, in base64
    static ObjectNode publicKey(String peer, String key) {
        var labels = Map.of(REMOTE, peer, "networking.liqo.io/gateway-resource", "true");
        var it = object(Kind.PUBLIC_KEY, namespaceFor(peer), peer, labels);
        it.putObject("spec").put("publicKey", key);
        return it;
    }

    /// Empty: Liqo puts a nonce in.
    static ObjectNode nonce(String peer) {
        return object(Kind.SECRET, namespaceFor(peer), NONCE, Map.of("liqo.io/nonce", "true", REMOTE, peer));
    }

    /// Liqo signs it.
    ///
    /// @param nonce in base64
    static ObjectNode signedNonce(String peer, String nonce) {
        var labels = Map.of("liqo.io/signed-nonce", "true", REMOTE, peer);
        var it = object(Kind.SECRET, namespaceFor(peer), SIGNED_NONCE, labels);
        it.putObject("data").put("nonce", nonce);
        return it;
    }

    /// @param publicKey of the peer ([SigningRequest#bare]), in base64, as `request`, which is PEM, and `signature`
    static ObjectNode tenant(String peer, String publicKey, String request, String signature) {
        var it = object(Kind.TENANT, namespaceFor(peer), peer, Map.of(REMOTE, peer));
        it.putObject("spec")
                .put("clusterID", peer)
                .put("publicKey", publicKey)
                .put("csr", request)
                .put("signature", signature);
        return it;
    }

    /// @param tenant the status of ours at the peer: how we are let in there, and into which namespace
    static ObjectNode identity(String peer, JsonNode tenant) {
        var it = object(Kind.IDENTITY, namespaceFor(peer), "controlplane-" + peer, Map.of(REMOTE, peer));
        var spec = it.putObject("spec").put("clusterID", peer).put("type", "ControlPlane");
        spec.set("authParams", tenant.path("authParams"));
        spec.set("namespace", tenant.path("tenantNamespace"));
        return it;
    }

    static ObjectNode slice(String peer, String name, Map<String, Quantity> amounts, String sort) {
        var labels = Map.of("liqo.io/replication", "true", "liqo.io/remoteID", peer, REMOTE, peer, Marks.SLICE, "true");
        var it = object(Kind.RESOURCE_SLICE, namespaceFor(peer), name, labels);
        it.withObject("/metadata/annotations").put("liqo.io/create-virtual-node", "true");
        var spec = it.putObject("spec").put("class", sort).put("providerClusterID", peer);
        spec.set("resources", amounts(amounts));
        return it;
    }

    /// Lets the pods of a namespace run on one node of those that stand for others.
    static ObjectNode offloading(String namespace, String node) {
        var it = object(Kind.NAMESPACE_OFFLOADING, namespace, "offloading", Map.of());
        var spec = it.putObject("spec")
                .put("namespaceMappingStrategy", "DefaultName")
                .put("podOffloadingStrategy", "LocalAndRemote");
        spec.putObject("clusterSelector")
                .putArray("nodeSelectorTerms")
                .addObject()
                .putArray("matchExpressions")
                .addObject()
                .put("key", Marks.HOST)
                .put("operator", "In")
                .putArray("values")
                .add(node);
        return it;
    }

    static ObjectNode object(Kind kind, String namespace, String name, Map<String, String> labels) {
        var it = Json.object().put("apiVersion", kind.apiVersion()).put("kind", kind.title());
        var metadata = it.putObject("metadata").put("name", name);
        if (kind.isNamespaced()) {
            metadata.put("namespace", namespace);
        }
        if (!labels.isEmpty()) {
            metadata.set("labels", Json.toTree(new TreeMap<>(labels)));
        }
        return it;
    }

    static ObjectNode amounts(Map<String, Quantity> amounts) {
        var tree = Json.object();
        new TreeMap<>(amounts).forEach((name, amount) -> tree.put(name, amount.text()));
        return tree;
    }

    /// The amounts of a field that are quantities.
    static Map<String, Quantity> amounts(JsonNode tree) {
        var amounts = new TreeMap<String, Quantity>();
        tree.properties().forEach(one -> {
            if (Quantity.of(one.getValue().asString("")) instanceof Answer.Yes<Quantity>(var amount)) {
                amounts.put(one.getKey(), amount);
            }
        });
        return amounts;
    }

    /// The condition of that type; missing if there is none.
    static JsonNode condition(JsonNode object, String type) {
        return object.at("/status/conditions")
                .valueStream()
                .filter(one -> one.path("type").asString("").equals(type))
                .findFirst()
                .orElseGet(MissingNode::getInstance);
    }

    static Kind kind(JsonNode object) {
        var kind = object.path("kind").asString("");
        return Arrays.stream(Kind.values())
                .filter(one -> one.title().equals(kind)
                        && one.apiVersion().equals(object.path("apiVersion").asString("")))
                .findFirst()
                .orElseThrow(() -> ClusterException.never("objects of kind " + kind + " are not made"));
    }

    static String name(JsonNode object) {
        return object.at("/metadata/name").asString("");
    }

    static String namespace(JsonNode object) {
        return object.at("/metadata/namespace").asString("");
    }

    static String label(JsonNode object, String name) {
        return object.at("/metadata/labels").path(name).asString("");
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
