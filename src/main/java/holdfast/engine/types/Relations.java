package holdfast.engine.types;

import holdfast.core.Answer;
import holdfast.core.RefusedException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What must hold between types: bases, references, nested processes, and no name twice.
public final class Relations {
    /// Shapes of values inside fields that are no types of resources.
    private static final Set<String> SHAPES = Set.of("processConfig");

    private final Map<String, ResourceType> byName = new HashMap<>();
    private final Map<String, ResourceType> byAnyName = new HashMap<>();

    /// @param known all types, the one that is checked among them or not
    public Relations(Collection<ResourceType> known) {
        known.forEach(this::add);
    }

    private void add(ResourceType type) {
        byName.putIfAbsent(type.name(), type);
        type.names().forEach(name -> byAnyName.putIfAbsent(name, type));
    }

    /// The type, if it fits to those that are known; else MALFORMED with the path of the part at fault. A type of
    /// the same name is what it replaces.
    public Answer<ResourceType> check(ResourceType type) {
        try {
            names(type);
            type.base().ifPresent(name -> base(type, name));
            for (var field : type.fields()) {
                refers(type, "fields." + field.name(), field.type());
            }
            for (var process : type.processes()) {
                for (int index = 0; index < process.nested().size(); index++) {
                    nested(
                            type,
                            "processes." + process.verb() + ".nested." + index,
                            process.nested().get(index));
                }
            }
            return Answer.yes(type);
        } catch (RefusedException e) {
            return Answer.no(e.refusal());
        }
    }

    private void names(ResourceType type) {
        for (var name : type.names()) {
            var other = Optional.ofNullable(byAnyName.get(name))
                    .filter(one -> !one.name().equals(type.name()));
            if (other.isPresent()) {
                var path = ResourceType.prefix(type.name()).equals(name)
                        ? "name"
                        : ResourceType.prefix(type.plural()).equals(name) ? "plural" : "aliases";
                throw Part.refused(
                        path,
                        Part.quoted(name) + " is taken by the type "
                                + other.get().name() + "; choose another");
            }
        }
    }

    /// What is told of a resource, as in the journal, names the base of its type: so its readers read all of its
    /// kinds.
    private void base(ResourceType type, String name) {
        var base = Optional.ofNullable(byName.get(name))
                .orElseThrow(() -> Part.refused("base", "there is no type " + Part.quoted(name)));
        if (base.base().isPresent()) {
            throw Part.refused(
                    "base", name + " is itself a kind of " + base.base().get() + "; name that one");
        }
        if (base.rights().allow(false, 'r') && !type.rights().allow(false, 'r')) {
            throw Part.refused(
                    "rights.user",
                    "users may read " + name + ", and so all of its kinds; let them read " + type.name()
                            + " as well, or make it a type of its own");
        }
    }

    private void refers(ResourceType type, String path, FieldType field) {
        switch (field) {
            case FieldType.Plain _ -> {}
            case FieldType.Reference(var name) -> known(type, path, name, "there is no type " + Part.quoted(name));
            case FieldType.Array(var of) -> refers(type, path, of);
            case FieldType.Mapping(var of) -> refers(type, path, of);
            case FieldType.Embedded(var name) -> {
                if (!SHAPES.contains(name)) {
                    known(
                            type,
                            path,
                            name,
                            Part.quoted(name) + " is neither a type of field nor of resource; did you mean string?");
                }
            }
        }
    }

    private void known(ResourceType type, String path, String name, String message) {
        if (!byName.containsKey(name) && !type.name().equals(name)) {
            throw Part.refused(path, message);
        }
    }

    private void nested(ResourceType type, String path, String process) {
        var other = process.substring(0, process.indexOf('.'));
        var found = type.prefix().equals(other) ? Optional.of(type) : Optional.ofNullable(byAnyName.get(other));
        if (found.flatMap(one -> one.process(process.substring(other.length() + 1)))
                .isEmpty()) {
            throw Part.refused(path, "there is no process " + Part.quoted(process));
        }
    }
}
