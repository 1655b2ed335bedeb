package holdfast.inventory;

import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Names that single out a resource: PCI address, MAC, VLAN, ... Each label is one text or a list of texts.
///
/// Reading passes over labels that the model does not know and checks only shapes: whether a text is a proper MAC
/// address, say, is asked of [#broken].
///
/// @param values labels by name, sorted
public record Labels(Map<String, Value> values) {
    public static final Labels NONE = new Labels(Map.of());

    /// @param items the texts, in order
    /// @param list whether it is written as a list; if not, there is exactly one item
    public record Value(List<String> items, boolean list) {
        public Value {
            items = List.copyOf(items);
            if (!list && items.size() != 1) {
                throw new IllegalArgumentException("a label that is no list has one value, not " + items.size());
            }
        }
    }

    /// @throws RefusedException if a label is not known
    public Labels {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
        values.keySet().forEach(name -> {
            if (!LabelRules.isKnown(name)) {
                throw new RefusedException(
                        Refusal.malformed(name, "'" + name + "' is not a label; known are " + LabelRules.names()));
            }
        });
    }

    /// One label with one value.
    public static Labels of(String name, String value) {
        return NONE.with(name, value);
    }

    /// Also with this value, in place of an earlier one of that name.
    public Labels with(String name, String value) {
        return with(name, new Value(List.of(value), false));
    }

    /// Also with this list.
    public Labels with(String name, List<String> items) {
        return with(name, new Value(items, true));
    }

    /// All values of a label; empty if it is not there.
    public List<String> all(String name) {
        return values.containsKey(name) ? values.get(name).items() : List.of();
    }

    /// The first value of a label.
    public Optional<String> one(String name) {
        return all(name).stream().findFirst();
    }

    /// What is wrong with the values: one sentence for each that breaks the rule of its label.
    public List<String> broken() {
        var broken = new ArrayList<String>();
        values.forEach((name, value) -> value.items()
                .forEach(item -> LabelRules.broken(name, item)
                        .ifPresent(rule -> broken.add(
                                "label %s is %s, where %s is needed".formatted(name, Json.shorten(item), rule)))));
        return broken;
    }

    /// The JSON text.
    public String json() {
        var members = new TreeMap<String, Object>();
        values.forEach((name, value) ->
                members.put(name, value.list() ? value.items() : value.items().getFirst()));
        return Json.write(members);
    }

    static Labels read(String text) throws Json.Unfit {
        return read(Json.object(text));
    }

    static Labels read(Map<String, JsonNode> members) throws Json.Unfit {
        var values = new TreeMap<String, Value>();
        for (var member : members.entrySet()) {
            if (LabelRules.isKnown(member.getKey()) && !member.getValue().isNull()) {
                values.put(member.getKey(), value(member.getKey(), member.getValue()));
            }
        }
        return new Labels(values);
    }

    private Labels with(String name, Value value) {
        var changed = new TreeMap<>(values);
        changed.put(name, value);
        return new Labels(changed);
    }

    private static Value value(String name, JsonNode node) throws Json.Unfit {
        if (!node.isArray()) {
            return new Value(List.of(item(name, node)), false);
        }
        var items = new ArrayList<String>();
        for (var element : node) {
            items.add(item(name, element));
        }
        return new Value(items, true);
    }

    private static String item(String name, JsonNode node) throws Json.Unfit {
        if (node.isString()) {
            return node.stringValue();
        }
        if (node.isIntegralNumber()) { // some clients write VLANs as numbers
            return node.toString();
        }
        throw new Json.Unfit("gives label %s as %s, where a text or a list of texts is needed"
                .formatted(name, Json.shorten(node.toString())));
    }
}
