package holdfast.inventory;

import holdfast.core.Capacities;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// One entry of a vertex's `CapacityDelegations` or `LabelDelegations`: what an owner hands to a broker under one
/// name.
///
/// @param form on its own, or through a pool
/// @param pool the pool's name; empty if `form` is [Form#OWN]
/// @param capacities the delegated quantities; none in a label delegation or a reference to a pool
/// @param labels the delegated labels; none in a capacity delegation or a reference to a pool
public record Delegation(Form form, String pool, Capacities capacities, Labels labels) {
    private static final String NO_POOL = "_";

    /// How a vertex delegates.
    public enum Form {
        /// Just this vertex.
        OWN,
        /// Defines a pool that several vertices share.
        POOL,
        /// Shares a pool that another vertex defines.
        MEMBER
    }

    /// Quantities of one vertex.
    public static Delegation of(Capacities capacities) {
        return new Delegation(Form.OWN, "", capacities, Labels.NONE);
    }

    /// Labels of one vertex.
    public static Delegation of(Labels labels) {
        return new Delegation(Form.OWN, "", Capacities.NONE, labels);
    }

    static Map<String, Delegation> readAll(String text) throws Json.Unfit {
        var entries = new TreeMap<String, Delegation>();
        for (var entry : Json.object(text).entrySet()) {
            if (entry.getKey().isBlank()) {
                throw new Json.Unfit("has a delegation without a name");
            }
            entries.put(entry.getKey(), read(entry.getKey(), entry.getValue()));
        }
        return Collections.unmodifiableMap(entries);
    }

    /// The JSON text of a whole property.
    static String write(Map<String, Delegation> entries) {
        var members = new TreeMap<String, Object>();
        entries.forEach((name, entry) -> members.put(name, entry.members()));
        return members.isEmpty() ? "" : Json.write(members);
    }

    private static Delegation read(String name, JsonNode node) throws Json.Unfit {
        var members = Json.object(node, node.toString());
        var reference = text(members, "pool");
        var definition = text(members, "pool_id");
        if (reference.isPresent() == definition.isPresent()) {
            throw new Json.Unfit(
                    "has a delegation '" + name + "' that must say either pool_id (its own) or pool (another's)");
        }
        if (reference.isPresent()) {
            return new Delegation(Form.MEMBER, reference.get(), Capacities.NONE, Labels.NONE);
        }
        var capacities = members.get("capacities");
        var labels = members.get("labels");
        if (capacities == null && labels == null) {
            throw new Json.Unfit("has a delegation '" + name + "' without capacities or labels");
        }
        return new Delegation(
                definition.get().equals(NO_POOL) ? Form.OWN : Form.POOL,
                definition.get().equals(NO_POOL) ? "" : definition.get(),
                capacities == null
                        ? Capacities.NONE
                        : CapacityJson.read(Json.object(capacities, capacities.toString())),
                labels == null ? Labels.NONE : Labels.read(Json.object(labels, labels.toString())));
    }

    private static Optional<String> text(Map<String, JsonNode> members, String name) throws Json.Unfit {
        var node = members.get(name);
        if (node == null || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isString() || node.stringValue().isBlank()) {
            throw new Json.Unfit("gives " + name + " as " + node + ", where a pool's name is needed");
        }
        return Optional.of(node.stringValue());
    }

    private Map<String, Object> members() {
        if (form == Form.MEMBER) {
            return Map.of("pool", pool);
        }
        var members = new LinkedHashMap<String, Object>();
        members.put("pool_id", form == Form.OWN ? NO_POOL : pool);
        if (!capacities.nothing() || labels.values().isEmpty()) {
            members.put("capacities", capacities.amounts());
        }
        if (!labels.values().isEmpty()) {
            members.put("labels", Json.MAPPER.readTree(labels.json()));
        }
        return members;
    }
}
