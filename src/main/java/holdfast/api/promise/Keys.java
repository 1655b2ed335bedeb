package holdfast.api.promise;

import holdfast.core.Capacities;
import holdfast.platform.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// Promise's words for quantities and ours (promise.md 2.2).
final class Keys {
    private static final Map<String, String> DIMENSIONS = table();

    private static final long UNLIMITED = -1;

    private Keys() {}

    private static Map<String, String> table() {
        var table = new LinkedHashMap<String, String>();
        table.put("cores", "vcpu");
        table.put("ram", "memory_mb");
        table.put("instances", "instance");
        table.put("addresses", "address");
        table.put("gigabytes", "volume_gb");
        table.put("volumes", "volume");
        table.put("snapshots", "snapshot");
        table.put("networks", "network");
        table.put("subnets", "subnet");
        table.put("ports", "port");
        table.put("routers", "router");
        return table;
    }

    /// The eleven keys of a capacity vector.
    static List<String> all() {
        return List.copyOf(DIMENSIONS.keySet());
    }

    /// Our name of a key.
    static String dimension(String key) {
        return DIMENSIONS.getOrDefault(key, key);
    }

    /// The key of a dimension; its own name if Promise has none.
    static String key(String dimension) {
        return DIMENSIONS.entrySet().stream()
                .filter(entry -> entry.getValue().equals(dimension))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(dimension);
    }

    static Capacities ours(Map<String, Long> vector) {
        var amounts = new TreeMap<String, Long>();
        vector.forEach((key, amount) -> amounts.put(dimension(key), amount));
        return new Capacities(amounts);
    }

    /// All eleven, zeros included; what Promise has no key for is left out.
    static ObjectNode shown(Capacities amounts) {
        return shown(amounts, Set.of());
    }

    /// The same with -1 for what is not limited.
    static ObjectNode shown(Capacities amounts, Set<String> unlimited) {
        var vector = Json.object();
        DIMENSIONS.forEach((key, dimension) ->
                vector.put(key, unlimited.contains(dimension) ? UNLIMITED : amounts.get(dimension)));
        return vector;
    }

    /// Those that are not zero: as a request says it.
    static ObjectNode named(Capacities amounts) {
        var vector = Json.object();
        DIMENSIONS.forEach((key, dimension) -> {
            if (amounts.get(dimension) != 0) {
                vector.put(key, amounts.get(dimension));
            }
        });
        return vector;
    }
}
