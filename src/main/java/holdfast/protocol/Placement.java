package holdfast.protocol;

import holdfast.core.Capacities;
import java.util.List;

/// Where a sliver goes and which units it gets.
///
/// @param hostId NodeID of the host in the broker's model
/// @param host its name
/// @param granted what is charged: the catalog entry that covers the request
/// @param devices in the order of the demand's components
public record Placement(String hostId, String host, Capacities granted, List<Device> devices) {
    public Placement {
        devices = List.copyOf(devices);
    }

    /// @param component the user's name for it
    /// @param nodeId NodeID of the component in the authority's model
    /// @param unit the unit in the calendars: the component, or one function of a shared one
    public record Device(String component, String type, String model, String nodeId, String unit) {}
}
