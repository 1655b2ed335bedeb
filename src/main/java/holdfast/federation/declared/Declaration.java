package holdfast.federation.declared;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// The record of an object as somebody has declared it. Its name is that of [#name].
///
/// @param plural what it is, such as `solvers`
/// @param name what people call it, unique of its sort in the namespace
/// @param annotations which tools keep for themselves
/// @param spec as it was written
/// @param made the resource that was made of it; empty if nothing was
public record Declaration(
        String plural,
        String namespace,
        String name,
        Map<String, String> labels,
        Map<String, String> annotations,
        JsonNode spec,
        Optional<UUID> made) {
    public static final String TYPE = "declaration";

    /// The name of the resource.
    static String name(String plural, String namespace, String name) {
        return plural + "/" + namespace + "/" + name;
    }

    /// The same with other marks and wishes.
    public Declaration with(Map<String, String> others, Map<String, String> notes, JsonNode wishes) {
        return new Declaration(plural, namespace, name, others, notes, wishes, made);
    }
}
