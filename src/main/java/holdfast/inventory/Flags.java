package holdfast.inventory;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Yes-or-no properties of a vertex. A flag that a text does not name is false.
///
/// @param ptp whether precise time is served
public record Flags(boolean autoConfig, boolean autoMount, boolean ipv4Management, boolean ptp) {
    public static final Flags NONE = new Flags(false, false, false, false);

    static Flags read(String text) throws Json.Unfit {
        var members = Json.object(text);
        return new Flags(
                flag(members, "auto_config"),
                flag(members, "auto_mount"),
                flag(members, "ipv4_management"),
                flag(members, "ptp"));
    }

    /// The JSON text; all four are always written.
    public String json() {
        return Json.write(new TreeMap<>(Map.of(
                "auto_config", autoConfig, "auto_mount", autoMount, "ipv4_management", ipv4Management, "ptp", ptp)));
    }

    /// Flags that one of the two has.
    Flags or(Flags other) {
        return new Flags(
                autoConfig || other.autoConfig,
                autoMount || other.autoMount,
                ipv4Management || other.ipv4Management,
                ptp || other.ptp);
    }

    private static boolean flag(Map<String, JsonNode> members, String name) throws Json.Unfit {
        var value = members.get(name);
        if (value == null || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw new Json.Unfit("gives " + name + " as " + value + ", where true or false is needed");
        }
        return value.booleanValue();
    }
}
