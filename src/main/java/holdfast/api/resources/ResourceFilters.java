package holdfast.api.resources;

import static holdfast.db.Tables.RESOURCE;

import holdfast.engine.types.Field;
import holdfast.engine.types.FieldType;
import holdfast.engine.types.FieldType.Plain;
import holdfast.engine.types.ResourceType;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// By what resources of a type can be filtered and sorted.
final class ResourceFilters {
    private ResourceFilters() {}

    static Map<String, Filterable> of(Kinds kinds, ResourceType type) {
        var known = new LinkedHashMap<String, Filterable>();
        add(known, id(kinds, type));
        add(known, name());
        add(known, Filterable.choice("state", RESOURCE.STATE, false, kinds.states(type)));
        add(known, Filterable.date("created", RESOURCE.CREATED, false));
        add(known, Filterable.date("removed", RESOURCE.REMOVED, true));
        add(known, uuid());
        add(known, Filterable.text("project", RESOURCE.PROJECT, false));
        add(known, account(kinds));
        add(known, Filterable.text("actor", RESOURCE.ACTOR, false));
        if (Kinds.isData(type)) {
            for (var name : List.of("kind", "description")) {
                add(
                        known,
                        Filterable.text(name, Storage.text(name), true).withEqual(value -> Storage.holds(name, value)));
            }
        }
        kinds.fields(type).stream()
                .filter(field -> !field.secret() && !known.containsKey(field.name()))
                .forEach(field -> of(type, field).ifPresent(one -> add(known, one)));
        return known;
    }

    private static void add(Map<String, Filterable> known, Filterable one) {
        known.put(one.name(), one);
    }

    private static Filterable id(Kinds kinds, ResourceType type) {
        return new Filterable(
                "id",
                Modifier.CHOICE,
                RESOURCE.NUMBER,
                false,
                (tx, _, text) -> tx.sql()
                        .select(RESOURCE.NUMBER)
                        .from(RESOURCE)
                        .where(References.named(kinds.root(type), text))
                        .fetchOptional(RESOURCE.NUMBER)
                        .map(number -> number),
                Filterable.same(RESOURCE.NUMBER),
                DSL.falseCondition(),
                List.of());
    }

    private static Filterable account(Kinds kinds) {
        return new Filterable(
                Core.ACCOUNT.name(),
                Modifier.CHOICE,
                RESOURCE.PROJECT,
                false,
                (tx, _, text) -> References.project(tx, kinds, text).map(project -> project),
                Filterable.same(RESOURCE.PROJECT),
                DSL.falseCondition(),
                List.of());
    }

    private static Filterable uuid() {
        return new Filterable(
                "uuid",
                Modifier.CHOICE,
                RESOURCE.ID.cast(String.class),
                false,
                (_, _, text) -> Ids.uuid(text).map(UUID::toString),
                value -> RESOURCE.ID.eq(UUID.fromString(value.toString())),
                DSL.falseCondition(),
                List.of());
    }

    /// What has no name has the empty text as name.
    private static Filterable name() {
        return new Filterable(
                "name",
                Modifier.TEXT,
                RESOURCE.NAME,
                false,
                (_, _, text) -> Optional.of(text),
                Filterable.same(RESOURCE.NAME),
                RESOURCE.NAME.eq(""),
                List.of());
    }

    private static Optional<Filterable> of(ResourceType type, Field field) {
        return Storage.of(type, field).flatMap(text -> switch (field.type()) {
            case Plain plain -> Optional.ofNullable(plain(plain, field, text));
            case FieldType.Reference(var target) -> Optional.of(reference(type, field, text, target));
            case FieldType.Array _, FieldType.Mapping _, FieldType.Embedded _ -> Optional.empty();
        });
    }

    private static @Nullable Filterable plain(Plain plain, Field field, org.jooq.Field<String> text) {
        var name = field.name();
        return switch (plain) {
            case STRING, PASSWORD -> Filterable.text(name, text, true).withEqual(value -> Storage.holds(name, value));
            case ENUM ->
                Filterable.choice(name, text, true, field.options()).withEqual(value -> Storage.holds(name, value));
            case BOOLEAN ->
                Filterable.choice(name, text, true, List.of("true", "false"))
                        .withEqual(value -> Storage.holds(name, value.equals("true")));
            case INT, FLOAT -> {
                var number = DSL.field(
                        "case when jsonb_typeof({0} -> {1}) = 'number' then ({2})::numeric end",
                        BigDecimal.class, RESOURCE.DATA, DSL.inline(name), text);
                yield Filterable.number(name, number, true).withEqual(value -> Storage.holds(name, value));
            }
            case DATE ->
                Filterable.date(
                        name,
                        DSL.field(
                                "case when {0} ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T' then ({0})::timestamptz end",
                                RESOURCE.CREATED.getDataType(), text),
                        true);
            case JSON, BLOB -> null;
        };
    }

    private static Filterable reference(ResourceType type, Field field, org.jooq.Field<String> text, String target) {
        return new Filterable(
                field.name(),
                Modifier.CHOICE,
                text,
                true,
                (tx, ask, value) -> References.find(tx, ask.kinds(), target, value, DSL.noCondition())
                        .map(UUID::toString),
                value -> Storage.refersTo(type, field, List.of(UUID.fromString(value.toString()))),
                text.isNull(),
                List.of());
    }
}
