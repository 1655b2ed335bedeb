package holdfast.authority;

import holdfast.core.Demand;
import holdfast.platform.Json;
import holdfast.platform.Secrets;
import holdfast.protocol.rear.ServiceAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Hands services that were bought to what runs in a cluster of ours (fluidos.md 4.5): a secret for each, and every
/// container has its values as variables, such as `MESSAGE_QUEUE_ENDPOINTS`. What a manifest sets itself stays.
final class Bindings {
    /// By which nodes know secrets of services.
    private static final String LABEL = "nodecore.fluidos.eu/flavor-service-credentials";

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final List<String> PODS = List.of("/spec", "/spec/template/spec");

    private Bindings() {}

    /// A service that can be reached.
    private record Bound(Demand.Service service, ServiceAccess access) {
        String secret() {
            return "credentials-" + service.contract();
        }

        TreeMap<String, String> values() {
            var values = new TreeMap<>(access.credentials());
            values.put("endpoints", access.endpoints());
            return values;
        }

        String variable(String key) {
            return (service.name() + "_" + key).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
        }
    }

    /// The manifest with them, which holds secrets from here on; empty if how one is reached cannot be opened.
    static Optional<String> bound(String manifest, List<Demand.Service> services, Secrets secrets) {
        if (services.isEmpty()) {
            return Optional.of(manifest);
        }
        var bound = services.stream()
                .flatMap(service -> secrets.unseal(service.contract(), ServiceAccess.FIELD, service.access()).stream()
                        .map(plain -> new Bound(service, Json.read(plain, ServiceAccess.class))))
                .toList();
        return bound.size() < services.size() ? Optional.empty() : Optional.of(bound(manifest, bound));
    }

    private static String bound(String manifest, List<Bound> services) {
        var objects = new ArrayList<JsonNode>();
        services.forEach(service -> objects.add(secret(service)));
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(manifest)) {
            documents.forEachRemaining(objects::add);
        }
        objects.stream()
                .flatMap(object -> containers(object).stream())
                .forEach(container -> services.forEach(service -> tell(container, service)));
        return objects.stream().map(JsonNode::toString).collect(Collectors.joining("\n---\n"));
    }

    private static ObjectNode secret(Bound service) {
        var secret = Json.object().put("apiVersion", "v1").put("kind", "Secret").put("type", "Opaque");
        secret.putObject("metadata")
                .put("name", service.secret())
                .putObject("labels")
                .put(LABEL, "true");
        var data = secret.putObject("stringData");
        service.values().forEach(data::put);
        return secret;
    }

    private static List<ObjectNode> containers(JsonNode object) {
        return PODS.stream()
                .flatMap(pod -> Stream.of("/initContainers", "/containers").map(pod::concat))
                .flatMap(list -> object.at(list).valueStream())
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .toList();
    }

    private static void tell(ObjectNode container, Bound service) {
        var set = container.withArray("env");
        var names = set.valueStream().map(one -> one.path("name").asString("")).collect(Collectors.toSet());
        service.values().keySet().forEach(key -> {
            var name = service.variable(key);
            if (!names.contains(name)) {
                set.addObject()
                        .put("name", name)
                        .putObject("valueFrom")
                        .putObject("secretKeyRef")
                        .put("name", service.secret())
                        .put("key", key);
            }
        });
    }
}
