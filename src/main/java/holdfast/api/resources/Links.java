package holdfast.api.resources;

import holdfast.engine.types.Field;
import holdfast.engine.types.FieldType;
import holdfast.engine.types.ResourceType;
import holdfast.pools.Projects;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// A way from resources of a type to others: to the one that a field names, or to all that name this one.
sealed interface Links {
    String name();

    record ToOne(String name, Field field, String target) implements Links {}

    /// @param fields of the other type that refer to this one; at least one
    record ToMany(String name, ResourceType child, List<Field> fields) implements Links {
        /// The field that a new one is given.
        Field field() {
            return fields.getFirst();
        }

        /// Selects those that refer to one of these.
        Condition of(Collection<UUID> targets) {
            return fields.stream()
                    .map(field -> Storage.refersTo(child, field, targets))
                    .reduce(DSL.falseCondition(), Condition::or);
        }
    }

    /// Those that lead to what the caller may read.
    static List<Links> of(Viewer viewer, ResourceType type) {
        return of(viewer.kinds(), type).stream()
                .filter(link -> leadsTo(viewer.kinds(), link)
                        .filter(target -> Methods.may(viewer.caller(), target, 'r'))
                        .isPresent())
                .toList();
    }

    private static Optional<ResourceType> leadsTo(Kinds kinds, Links link) {
        return switch (link) {
            case ToOne(var _, var _, var target) -> kinds.find(target);
            case ToMany(var _, var child, var _) -> Optional.of(child);
        };
    }

    private static List<Links> of(Kinds kinds, ResourceType type) {
        var links = new ArrayList<Links>();
        for (var field : kinds.references(type)) {
            if (field.type() instanceof FieldType.Reference(var target)) {
                links.add(new ToOne(Kinds.link(field), field, target));
            }
        }
        links.add(new ToOne(Kinds.link(Core.ACCOUNT), Core.ACCOUNT, Projects.ACCOUNT));
        kinds.children(type).forEach(one -> links.add(new ToMany(one.name(), one.child(), one.fields())));
        return links;
    }

    static List<String> names(Viewer viewer, ResourceType type) {
        return of(viewer, type).stream().map(Links::name).toList();
    }

    /// Whatever the case.
    static Optional<Links> find(Viewer viewer, ResourceType type, String name) {
        return named(of(viewer, type), name);
    }

    /// The same for everybody: tells what an address means, not what somebody may see there.
    static Optional<Links> find(Kinds kinds, ResourceType type, String name) {
        return named(of(kinds, type), name);
    }

    private static Optional<Links> named(List<Links> links, String name) {
        return links.stream().filter(link -> link.name().equalsIgnoreCase(name)).findFirst();
    }
}
