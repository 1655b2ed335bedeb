package holdfast.api.resources;

import holdfast.engine.Resources;
import holdfast.engine.types.Field;
import holdfast.engine.types.FieldType;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What all the references of a request name: one query for each type, however many there are.
///
/// @param known by type and text
record Referred(Map<String, Map<String, UUID>> known) implements Formats.Lookup {
    /// @param bodies what is written of resources with these fields
    static Referred of(Tx tx, Ask ask, List<Field> fields, List<ObjectNode> bodies) {
        var wanted = new HashMap<String, Set<String>>();
        for (var body : bodies) {
            fields.forEach(field -> collect(field.type(), body.path(field.name()), wanted));
        }
        var known = new HashMap<String, Map<String, UUID>>();
        wanted.forEach((type, texts) -> {
            var which = Resources.present().and(Access.seenBy(ask.caller(), type));
            known.put(type, References.find(tx, ask.kinds(), type, texts, which));
        });
        return new Referred(known);
    }

    private static void collect(FieldType type, JsonNode value, Map<String, Set<String>> wanted) {
        switch (type) {
            case FieldType.Reference(var target) -> {
                if (value.isString()) {
                    wanted.computeIfAbsent(target, _ -> new HashSet<>()).add(value.stringValue());
                }
            }
            case FieldType.Array(var of) -> {
                if (value.isArray()) {
                    value.forEach(one -> collect(of, one, wanted));
                } else {
                    collect(of, value, wanted);
                }
            }
            case FieldType.Mapping(var of) -> value.forEach(one -> collect(of, one, wanted));
            case FieldType.Plain _, FieldType.Embedded _ -> {}
        }
    }

    @Override
    public Optional<String> find(String type, String text) {
        return Optional.ofNullable(known.getOrDefault(type, Map.of()).get(text)).map(UUID::toString);
    }
}
