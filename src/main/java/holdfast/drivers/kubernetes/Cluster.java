package holdfast.drivers.kubernetes;

import holdfast.drivers.kubernetes.ClusterException.Sort;
import holdfast.platform.Json;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Calls of one API server. Objects are JSON, of whatever kind; nothing is watched and nothing is remembered.
final class Cluster implements AutoCloseable {
    private static final int CONNECT_MS = 3_000;
    private static final int REQUEST_MS = 15_000;

    private final Kubeconfig kubeconfig;
    private final KubernetesClient client;

    Cluster(Kubeconfig kubeconfig) {
        this.kubeconfig = kubeconfig;
        try {
            this.client =
                    new KubernetesClientBuilder().withConfig(config(kubeconfig)).build();
        } catch (KubernetesClientException _) { // its message may have what is in the keys
            throw ClusterException.never("the kubeconfig has keys or certificates that cannot be read");
        }
    }

    /// Nothing of this machine gets into it: no variable, no file of its user.
    private static Config config(Kubeconfig from) {
        var config = new ConfigBuilder(Config.empty())
                .withMasterUrl(from.server().toString())
                .withConnectionTimeout(CONNECT_MS)
                .withRequestTimeout(REQUEST_MS)
                .withRequestRetryBackoffLimit(0);
        from.authority().ifPresent(config::withCaCertData);
        return switch (from.proof()) {
            case Kubeconfig.Proof.Token(var token) ->
                config.withOauthToken(token).build();
            case Kubeconfig.Proof.Certificate(var certificate, var key) ->
                config.withClientCertData(certificate)
                        .withClientKeyData(key)
                        .withClientKeyAlgo(algorithm(certificate))
                        .build();
            case Kubeconfig.Proof.Nothing _ -> config.build();
        };
    }

    /// The client takes keys for RSA unless it is told.
    private static String algorithm(String certificate) {
        try {
            var bytes = new ByteArrayInputStream(Base64.getDecoder().decode(certificate));
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(bytes)
                    .getPublicKey()
                    .getAlgorithm();
        } catch (CertificateException _) {
            throw ClusterException.never("the kubeconfig has a client-certificate-data that is no certificate");
        }
    }

    Kubeconfig kubeconfig() {
        return kubeconfig;
    }

    /// @param namespace ignored for kinds that are in none
    Optional<JsonNode> find(Kind kind, String namespace, String name) {
        return called(() -> Optional.ofNullable(at(kind, namespace, name).get()))
                .map(Cluster::tree);
    }

    /// @param namespace empty = all
    List<JsonNode> all(Kind kind, String namespace, Map<String, String> labels) {
        var objects = client.genericKubernetesResources(kind.context());
        return called(() -> kind.isNamespaced() && namespace.isEmpty()
                        ? objects.inAnyNamespace().withLabels(labels).list()
                        : kind.isNamespaced()
                                ? objects.inNamespace(namespace)
                                        .withLabels(labels)
                                        .list()
                                : objects.withLabels(labels).list())
                .getItems()
                .stream()
                .map(Cluster::tree)
                .toList();
    }

    /// Makes it, or changes what is there where it says otherwise; what `wanted` does not speak of stays.
    JsonNode ensure(ObjectNode wanted) {
        var kind = LiqoObjects.kind(wanted);
        var namespace = LiqoObjects.namespace(wanted);
        var name = LiqoObjects.name(wanted);
        var there = find(kind, namespace, name);
        if (there.isEmpty()) {
            return tree(called(() -> at(kind, namespace, wanted).create()));
        }
        if (Trees.covers(there.get(), wanted)) {
            return there.get();
        }
        var changed = Trees.merged((ObjectNode) there.get(), wanted);
        return tree(called(() -> at(kind, namespace, changed).update()));
    }

    /// Exactly this, which was read here and then changed.
    JsonNode replace(JsonNode object) {
        return tree(called(() -> at(LiqoObjects.kind(object), LiqoObjects.namespace(object), object)
                .update()));
    }

    /// Its status, which is a resource of its own.
    JsonNode replaceStatus(JsonNode object) {
        return tree(called(() -> at(LiqoObjects.kind(object), LiqoObjects.namespace(object), object)
                .updateStatus()));
    }

    /// @return whether it was still there; ask again until it is not
    boolean remove(Kind kind, String namespace, String name) {
        var there = find(kind, namespace, name);
        if (there.isPresent() && there.get().at("/metadata/deletionTimestamp").isMissingNode()) {
            called(() -> at(kind, namespace, name).delete());
            return find(kind, namespace, name).isPresent();
        }
        return there.isPresent();
    }

    /// Whoever wants to do something before it goes is not waited for.
    void letGo(Kind kind, String namespace, String name) {
        find(kind, namespace, name)
                .filter(object -> !object.at("/metadata/finalizers").isEmpty())
                .ifPresent(object -> {
                    var free = (ObjectNode) object.deepCopy();
                    free.withObject("/metadata").remove("finalizers");
                    replace(free);
                });
    }

    /// A token of a service account, which opens nothing once a secret is gone.
    ///
    /// @param secret in the same namespace
    JsonNode token(String namespace, String account, JsonNode secret, long seconds) {
        var request =
                Json.object().put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
        var spec = request.putObject("spec").put("expirationSeconds", seconds);
        spec.putObject("boundObjectRef")
                .put("apiVersion", "v1")
                .put("kind", Kind.SECRET.title())
                .put("name", LiqoObjects.name(secret))
                .put("uid", secret.at("/metadata/uid").asString(""));
        var path = "/api/v1/namespaces/" + namespace + "/serviceaccounts/" + account + "/token";
        return Json.tree(called(() -> client.raw(path, "POST", request.toString())));
    }

    private Resource<GenericKubernetesResource> at(Kind kind, String namespace, String name) {
        var objects = client.genericKubernetesResources(kind.context());
        return kind.isNamespaced() ? objects.inNamespace(namespace).withName(name) : objects.withName(name);
    }

    private Resource<GenericKubernetesResource> at(Kind kind, String namespace, JsonNode content) {
        var object = Serialization.unmarshal(content.toString(), GenericKubernetesResource.class);
        var objects = client.genericKubernetesResources(kind.context());
        return kind.isNamespaced() ? objects.inNamespace(namespace).resource(object) : objects.resource(object);
    }

    private static JsonNode tree(GenericKubernetesResource object) {
        return Json.tree(Serialization.asJson(object));
    }

    private <T> T called(Supplier<T> call) {
        try {
            return call.get();
        } catch (KubernetesClientException e) {
            throw exception(e);
        }
    }

    private static ClusterException exception(KubernetesClientException e) {
        var said = e.getStatus() != null && e.getStatus().getMessage() != null
                ? e.getStatus().getMessage()
                : "status " + e.getCode();
        return switch (e.getCode()) {
            case 401, 403 -> new ClusterException(Sort.DENIED, "not let in: " + said);
            // 409: somebody was faster
            case 408, 409, 429, 500, 502, 503, 504 -> new ClusterException(Sort.LATER, said);
            case 404 -> ClusterException.never("does not know that kind of object; is Liqo 1.0 installed there?");
            default -> e.getCode() > 0 ? ClusterException.never(said) : new ClusterException(Sort.LATER, "no answer");
        };
    }

    @Override
    public String toString() {
        return kubeconfig.toString();
    }

    @Override
    public void close() {
        client.close();
    }
}
