package holdfast.api.declared;

import holdfast.engine.Resource;
import holdfast.federation.declared.Declaration;
import holdfast.platform.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An object as it is shown.
///
/// @param version grows with each change
/// @param made the resource that it stands for, if there is one
record Shown(
        Sort sort,
        UUID uid,
        String namespace,
        String name,
        Map<String, String> labels,
        Map<String, String> annotations,
        long version,
        Instant created,
        JsonNode spec,
        ObjectNode status,
        Optional<UUID> made) {
    /// One that nobody has declared.
    static Shown of(Sort sort, Resource made, String name, JsonNode spec, ObjectNode status) {
        return new Shown(
                sort,
                made.id(),
                Sort.NAMESPACE,
                name,
                made.labels(),
                Map.of(),
                made.version(),
                made.created(),
                spec,
                status,
                Optional.of(made.id()));
    }

    /// The same, as it was declared. It changes when either does.
    Shown declared(Resource declaration) {
        var said = declaration.as(Declaration.class);
        return new Shown(
                sort,
                declaration.id(),
                said.namespace(),
                said.name(),
                said.labels(),
                said.annotations(),
                version + declaration.version(),
                declaration.created(),
                said.spec(),
                status,
                made);
    }

    /// One of which nothing was made.
    static Shown unmade(Sort sort, Resource declaration) {
        return new Shown(
                        sort,
                        declaration.id(),
                        "",
                        "",
                        Map.of(),
                        Map.of(),
                        0,
                        declaration.created(),
                        Json.object(),
                        Json.object(),
                        Optional.empty())
                .declared(declaration);
    }

    ObjectNode tree() {
        var tree = Json.object().put("apiVersion", sort.apiVersion()).put("kind", sort.kind());
        var metadata = tree.putObject("metadata")
                .put("name", name)
                .put("namespace", namespace)
                .put("uid", uid.toString())
                .put("resourceVersion", Long.toString(version))
                .put("creationTimestamp", time(created));
        if (!labels.isEmpty()) metadata.set("labels", Json.toTree(labels));
        if (!annotations.isEmpty()) metadata.set("annotations", Json.toTree(annotations));
        tree.set("spec", spec);
        if (!status.isEmpty()) tree.set("status", status);
        return tree;
    }

    /// In whole seconds, as the tools expect it.
    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// The name of an object: what is no name there becomes dashes.
    static String named(String prefix, String of) {
        var name = (prefix + "-" + of).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.-]", "-");
        return name.length() > 253 ? name.substring(0, 253) : name;
    }
}
