package holdfast.api.resources;

import static holdfast.db.Tables.RESOURCE;

import holdfast.engine.types.Field;
import holdfast.engine.types.ResourceType;
import holdfast.platform.Json;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// Where the fields of resources are kept: those of types that are data in the content, by name. Of the fields that
/// parts of Holdfast show, only what a resource is part of can be asked for.
final class Storage {
    /// The field of a part's resource that names what it is part of.
    static final String PART_OF = "sliceId";

    /// The same of what is no part of a slice, by type.
    private static final Map<String, String> PART_OF_OTHERS = Map.of("purchase", "solverId");

    /// Only resources of types that are data have a kind in their content. The index on contents holds just these.
    static final Condition IS_DATA = DSL.condition("data ?? 'kind'");

    private Storage() {}

    /// The value as text, in SQL; empty if it is not stored.
    static Optional<org.jooq.Field<String>> of(ResourceType type, Field field) {
        if (Kinds.isData(type)) {
            return Optional.of(text(field.name()));
        }
        return field.name().equals(PART_OF_OTHERS.getOrDefault(type.name(), PART_OF))
                ? Optional.of(RESOURCE.PARENT.cast(String.class))
                : Optional.empty();
    }

    /// A field of the content as text. Names of fields are letters and digits, but are bound all the same.
    static org.jooq.Field<String> text(String field) {
        return DSL.field("{0} ->> {1}", String.class, RESOURCE.DATA, DSL.inline(field));
    }

    /// Selects those whose field holds just that, by the index on contents.
    static Condition holds(String field, Object value) {
        return DSL.condition(
                        "{0} @> {1}",
                        RESOURCE.DATA, DSL.val(Json.jsonb(Json.object().set(field, Json.toTree(value)))))
                .and(IS_DATA);
    }

    /// Selects those that refer to one of these by a field.
    static Condition refersTo(ResourceType type, Field field, Collection<UUID> targets) {
        if (!Kinds.isData(type)) {
            return RESOURCE.PARENT.eq(DSL.any(targets.toArray(UUID[]::new)));
        }
        var contents = targets.stream()
                .map(id -> Json.text(Json.object().put(field.name(), id.toString())))
                .toArray(String[]::new);
        return DSL.condition("{0} @> any({1}::jsonb[])", RESOURCE.DATA, DSL.val(contents))
                .and(IS_DATA);
    }
}
