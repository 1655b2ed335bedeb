package holdfast.engine.handlers;

import holdfast.engine.types.Move;
import holdfast.engine.types.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How the data of a reply becomes part of a resource (cattle.md 6.9): known fields are set, `+name` merges into an
/// object, the rest is left out.
public final class Merging {
    private static final Set<String> SYSTEM = Set.of(
            "id",
            "uuid",
            "kind",
            "type",
            "name",
            "state",
            "accountId",
            "project",
            "created",
            "removed",
            "removeTime",
            "transitioning",
            "transitioningMessage",
            "transitioningInternalMessage",
            "transitioningProgress");
    private static final int DEEPEST = 32;

    private final Types types;

    public Merging(Types types) {
        this.types = types;
    }

    /// @param set what becomes part of the resource, as it was given
    /// @param dropped names of what does not
    record Sorted(List<Map.Entry<String, JsonNode>> set, List<String> dropped) {
        ObjectNode into(ObjectNode content) {
            for (var one : set) {
                if (one.getKey().startsWith("+")) {
                    merge(content, one.getKey().substring(1), (ObjectNode) one.getValue(), 0);
                } else {
                    content.set(one.getKey(), one.getValue());
                }
            }
            return content;
        }

        private static void merge(ObjectNode into, String name, ObjectNode more, int depth) {
            if (!(into.get(name) instanceof ObjectNode old) || depth == DEEPEST) {
                into.set(name, more);
                return;
            }
            for (var field : more.properties()) {
                if (field.getValue() instanceof ObjectNode inner) {
                    merge(old, field.getKey(), inner, depth + 1);
                } else {
                    old.set(field.getKey(), field.getValue());
                }
            }
        }

        /// For the log; empty if nothing was left out.
        Optional<String> note() {
            return dropped.isEmpty() ? Optional.empty() : Optional.of("left out: " + String.join(", ", dropped));
        }
    }

    Sorted sort(String type, ObjectNode data) {
        var known = fields(type);
        var set = new ArrayList<Map.Entry<String, JsonNode>>();
        var dropped = new ArrayList<String>();
        for (var field : data.properties()) {
            boolean merges = field.getKey().startsWith("+");
            var name = merges ? field.getKey().substring(1) : field.getKey();
            if (known.contains(name) && (!merges || field.getValue().isObject())) {
                set.add(field);
            } else {
                dropped.add(field.getKey());
            }
        }
        return new Sorted(set, dropped);
    }

    /// What a handler may set: the fields of the type, `data` which every resource has, but no field that the
    /// engine keeps.
    private Set<String> fields(String name) {
        var type = types.find(name);
        if (type.isEmpty()) {
            return Set.of();
        }
        var known = new HashSet<String>();
        known.add("data");
        known.add("description");
        type.get().fields().forEach(field -> known.add(field.name()));
        known.removeAll(SYSTEM);
        known.removeAll(types.root(type.get()).processes().stream()
                .flatMap(process -> process.move().stream())
                .map(Move::field)
                .collect(Collectors.toSet()));
        return known;
    }
}
