package holdfast.api.resources;

import holdfast.core.Caller;
import holdfast.engine.types.Field;
import holdfast.engine.types.FieldType;
import holdfast.engine.types.Move;
import holdfast.engine.types.ProcessType;
import holdfast.engine.types.ResourceType;
import holdfast.engine.types.ResourceType.Origin;
import holdfast.engine.types.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The types of resources as they are during one request, and how they refer to each other.
final class Kinds {
    private static final String ID = "Id";

    private final Types types = new Types();
    private final List<ResourceType> source;

    // By name of the type: asked for each resource of a page, and the same as long as the types are.
    private final Map<String, List<Field>> fields = new ConcurrentHashMap<>();
    private final Map<String, List<Children>> children = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> transitioning = new ConcurrentHashMap<>();

    private Kinds(List<ResourceType> source) {
        this.source = source;
        types.replace(source);
    }

    /// What is known now, made anew only when something has changed.
    static final class Source {
        private final Types types;
        private volatile Kinds last;

        Source(Types types) {
            this.types = types;
            this.last = new Kinds(types.all());
        }

        Kinds now() {
            var all = types.all();
            var kinds = last;
            if (!kinds.isMadeOf(all)) {
                kinds = new Kinds(all);
                last = kinds;
            }
            return kinds;
        }
    }

    private boolean isMadeOf(List<ResourceType> all) {
        if (all.size() != source.size()) {
            return false;
        }
        for (int n = 0; n < all.size(); n++) {
            if (all.get(n) != source.get(n)) {
                return false;
            }
        }
        return true;
    }

    /// A way from a resource to others that refer to it.
    ///
    /// @param name plural of their type
    /// @param child their type
    /// @param fields of theirs that refer to this one; at least one
    record Children(String name, ResourceType child, List<Field> fields) {}

    List<ResourceType> all() {
        return types.all();
    }

    Optional<ResourceType> find(String name) {
        return types.find(name);
    }

    /// By name or plural, whatever the case.
    Optional<ResourceType> named(String nameOrPlural) {
        return types.named(nameOrPlural);
    }

    ResourceType root(ResourceType type) {
        return types.root(type);
    }

    List<ResourceType> family(ResourceType type) {
        return types.family(type);
    }

    /// The address of a type's collection.
    static String collection(String base, ResourceType type) {
        return base + "/v1/" + type.plural().toLowerCase(Locale.ROOT);
    }

    /// Whether its resources are data, and not the records of a part.
    static boolean isData(ResourceType type) {
        return type.origin() != Origin.PART;
    }

    /// Fields of its own and of its base.
    List<Field> fields(ResourceType type) {
        return fields.computeIfAbsent(type.name(), _ -> {
            var all = new LinkedHashMap<String, Field>();
            root(type).fields().forEach(field -> all.put(field.name(), field));
            type.fields().forEach(field -> all.put(field.name(), field));
            return List.copyOf(all.values());
        });
    }

    /// Fields that every resource has, and those of the type.
    List<Field> allFields(ResourceType type) {
        var fields = new LinkedHashMap<String, Field>();
        Core.FIELDS.forEach(field -> fields.put(field.name(), field));
        fields(type).forEach(field -> fields.put(field.name(), field));
        return List.copyOf(fields.values());
    }

    Optional<Field> field(ResourceType type, String name) {
        return allFields(type).stream()
                .filter(field -> field.name().equals(name))
                .findFirst();
    }

    /// Fields that hold the id of another resource.
    List<Field> references(ResourceType type) {
        return fields(type).stream()
                .filter(field -> field.type() instanceof FieldType.Reference)
                .toList();
    }

    /// What the link of a field is called: `image` for `imageId`.
    static String link(Field field) {
        var name = field.name();
        return name.endsWith(ID) && name.length() > ID.length() ? name.substring(0, name.length() - ID.length()) : name;
    }

    /// Ways to those that refer to resources of a type.
    List<Children> children(ResourceType type) {
        return children.computeIfAbsent(type.name(), _ -> findChildren(type));
    }

    private List<Children> findChildren(ResourceType type) {
        var target = List.of(type.name(), root(type).name());
        var links = new ArrayList<Children>();
        for (var child : types.all()) {
            var fields = references(child).stream()
                    .filter(field -> Storage.of(child, field).isPresent())
                    .filter(field -> field.type() instanceof FieldType.Reference(var to) && target.contains(to))
                    .toList();
            if (!fields.isEmpty()) {
                links.add(new Children(child.plural(), child, fields));
            }
        }
        return List.copyOf(links);
    }

    /// What can happen to its resources.
    List<ProcessType> processes(ResourceType type) {
        return root(type).processes();
    }

    Optional<ProcessType> process(ResourceType type, String verb) {
        return root(type).process(verb.toLowerCase(Locale.ROOT));
    }

    /// All states of the main state field, in order of appearance; empty if nobody has said.
    List<String> states(ResourceType type) {
        var led = root(type).course().stream().flatMap(course -> course.states().stream());
        var moved = processes(type).stream()
                .flatMap(process -> process.move().stream())
                .filter(move -> move.field().equals(Move.STATE))
                .flatMap(move -> move.states().stream());
        return Stream.concat(led, moved).distinct().toList();
    }

    /// The transitioning states of the main state field.
    Set<String> transitioning(String root) {
        return transitioning.computeIfAbsent(root, types::transitioning);
    }

    /// Root types that a caller may not read.
    Set<String> hidden(Caller caller) {
        return types.all().stream()
                .filter(type -> type.base().isEmpty() && !Methods.may(caller, type, 'r'))
                .map(ResourceType::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// The names under which a caller finds collections, for hints.
    Set<String> plurals(Caller caller) {
        return types.all().stream()
                .filter(type -> Methods.may(caller, type, 'r'))
                .map(ResourceType::plural)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
