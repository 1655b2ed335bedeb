package holdfast.inventory;

import holdfast.core.Capacities;
import java.util.Map;
import java.util.Set;

/// What is in use at an instant, or at most at any instant of a window. Somebody who keeps a calendar works it out.
///
/// @param allocated quantities by NodeID: of hosts, and of links (`bw`)
/// @param units what is given as a whole: [Device.Unit#id] of devices, NodeIDs of programmable switches, and
///     NodeID`#`VLAN of facility ports
public record Usage(Map<String, Capacities> allocated, Set<String> units) {
    /// Nothing is in use.
    public static final Usage NONE = new Usage(Map.of(), Set.of());

    public Usage {
        allocated = Map.copyOf(allocated);
        units = Set.copyOf(units);
    }

    Capacities of(String nodeId) {
        return allocated.getOrDefault(nodeId, Capacities.NONE);
    }

    int used(Device device) {
        return (int) device.units().stream()
                .filter(unit -> units.contains(unit.id()))
                .count();
    }
}
