package holdfast.protocol;

import java.util.List;
import java.util.Map;

/// What a lease turned out to be.
///
/// @param units the exact units, in the order of the ticket's devices
/// @param facts what the driver reported: console, guest addresses, process ids, ...
public record LeaseInfo(String host, List<Unit> units, Map<String, String> facts) {
    public LeaseInfo {
        units = List.copyOf(units);
        facts = Map.copyOf(facts);
    }

    /// @param component the user's name for it
    /// @param bdf address of the PCI function on the host, such as `0000:25:00.0`
    public record Unit(String component, String type, String model, String unit, String bdf) {}
}
