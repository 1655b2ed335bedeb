package holdfast.inventory;

import holdfast.core.Capacities;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The JSON text of quantities: `{"core": 8, "disk": 100, "ram": 16}`. Fields that the model does not know are
/// passed over on reading.
final class CapacityJson {
    private static final Set<String> FIELDS = Set.of("cpu", "core", "ram", "disk", "bw", "burst_size", "unit", "mtu");

    /// What clusters count, in units so small that the numbers are large.
    private static final Set<String> EXACT = Set.of("cpu_nano", "memory_byte", "storage_byte", "pod");

    private static final long LARGEST_EXACT = 1_000_000_000_000_000L;

    private CapacityJson() {}

    static Capacities read(String text) throws Json.Unfit {
        return read(Json.object(text));
    }

    static Capacities read(Map<String, JsonNode> members) throws Json.Unfit {
        var amounts = new HashMap<String, Long>();
        for (var member : members.entrySet()) {
            var name = member.getKey();
            var value = member.getValue();
            boolean exact = EXACT.contains(name);
            if (!FIELDS.contains(name) && !exact || value.isNull()) {
                continue;
            }
            long largest = exact ? LARGEST_EXACT : Json.LARGEST_AMOUNT;
            if (!value.isIntegralNumber()
                    || !value.canConvertToLong()
                    || value.longValue() < 0
                    || value.longValue() > largest) {
                throw new Json.Unfit("gives %s as %s, where a whole number from 0 to %d is needed"
                        .formatted(name, Json.shorten(value.toString()), largest));
            }
            amounts.put(name, value.longValue());
        }
        return new Capacities(amounts);
    }

    static String write(Capacities capacities) {
        return Json.write(capacities.amounts());
    }
}
