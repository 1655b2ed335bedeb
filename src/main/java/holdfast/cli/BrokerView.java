package holdfast.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Things of the cloud broker, for people: what they refer to is told by its name.
final class BrokerView {
    private static final Set<String> UNTOLD =
            Set.of("name", "state", "href", "lock_version", "deployable_xml", "xml", "privileges");
    private static final String VALUE = "value";
    private static final String HREF = "href";

    private final Terminal terminal;
    private final Broker broker;
    private final Map<String, Map<String, String>> names = new HashMap<>();

    BrokerView(Terminal terminal, Broker broker) {
        this.terminal = terminal;
        this.broker = broker;
    }

    Terminal terminal() {
        return terminal;
    }

    Broker broker() {
        return broker;
    }

    /// All fields.
    String text(JsonNode one) {
        int widest = one.propertyNames().stream()
                .filter(key -> !UNTOLD.contains(key))
                .mapToInt(String::length)
                .max()
                .orElse(0);
        var sheet = Sheet.named(terminal, one).wide(widest);
        for (var member : one.properties()) {
            var key = member.getKey();
            var value = member.getValue();
            boolean leads = value.isObject() && value.has(HREF) && !value.has("id"); // to what stands elsewhere
            if (UNTOLD.contains(key) || leads) continue;
            if (key.endsWith("_at") || key.equals("creation_time") || key.startsWith("time_last_"))
                sheet.time(key.replace('_', ' '), key);
            else if (key.equals("pool_family") && value.isString())
                sheet.fact("pool family", name(Broker.FAMILIES, one, key));
            else sheet.fact(key.replace('_', ' '), words(value));
        }
        return sheet.toString();
    }

    private String words(JsonNode value) {
        if (value.isArray()) return Nodes.items(value).stream().map(this::words).collect(Collectors.joining(", "));
        if (!value.isObject()) return value.isNull() ? "" : value.asString("").strip();
        var kind = Nodes.text(value, "kind");
        if (kind.equals("range")) return Nodes.text(value, "first") + " to " + Nodes.text(value, "last") + unit(value);
        if (kind.equals("enum")) return words(value.path("entries")) + unit(value);
        if (value.has("maximum_running_instances"))
            return "running %s, in all %s"
                    .formatted(
                            Nodes.text(value, "maximum_running_instances"),
                            Nodes.text(value, "maximum_total_instances"));
        if (value.has(VALUE)) return Nodes.text(value, VALUE) + unit(value);
        if (value.has("id")) return name(value);
        return value.properties().stream()
                .map(part -> part.getKey().replace('_', ' ') + " " + words(part.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String unit(JsonNode value) {
        var unit = Nodes.text(value, "unit");
        return Set.of("MB", "GB").contains(unit) && !Nodes.text(value, VALUE).equals("nil") ? " " + unit : "";
    }

    /// The name of what a reference leads to; all of its kind are asked for together.
    String name(JsonNode reference) {
        var id = Nodes.text(reference, "id");
        var parts = Nodes.text(reference, HREF).split("/", -1);
        var collection = parts.length < 2 ? "" : parts[parts.length - 2];
        if (collection.isEmpty() || collection.equals(Broker.IMAGES)) return id;
        return names.computeIfAbsent(collection, this::all).getOrDefault(id, id);
    }

    /// The name of what a field refers to by its id alone.
    String name(String collection, JsonNode one, String field) {
        var id = Nodes.text(one, field);
        return names.computeIfAbsent(collection, this::all).getOrDefault(id, id);
    }

    private Map<String, String> all(String collection) {
        var all = new HashMap<String, String>();
        for (var one : broker.list(List.of(collection), Map.of())) {
            var at = Nodes.text(one, "provider", VALUE);
            var prefix = collection.equals(Broker.PROVIDER_REALMS) && !at.isEmpty() ? at + "/" : "";
            all.put(Nodes.text(one, "id"), prefix + Nodes.text(one, "name"));
        }
        return all;
    }

    /// How much of a quota is used.
    static String quota(JsonNode quota) {
        return "%-14s %s of %s\n%-14s %s of %s\n"
                .formatted(
                        "running",
                        Nodes.text(quota, "running_instances"),
                        Nodes.text(quota, "maximum_running_instances"),
                        "in all",
                        Nodes.text(quota, "total_instances"),
                        Nodes.text(quota, "maximum_total_instances"));
    }

    /// Both limits of a quota, briefly.
    static String limits(JsonNode one) {
        return Nodes.text(one, "quota", "maximum_running_instances") + "/"
                + Nodes.text(one, "quota", "maximum_total_instances");
    }

    static String yes(JsonNode one, String field) {
        return Nodes.at(one, field).asBoolean(false) ? "yes" : "no";
    }
}
