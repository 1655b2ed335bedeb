package holdfast.inventory;

import holdfast.core.Capacities;
import java.util.List;
import java.util.Optional;

/// A server that a broker may promise or an authority may use.
///
/// @param nodeId its NodeID
/// @param site site code
/// @param delegated what it may give; if it shares a pool, the whole pool
/// @param delegationId the delegation that pays: a name in an advertisement, an ADM id in a combined model
/// @param pool set if hosts of the same pool share `delegated`
/// @param devices in order of the advertisement
public record Host(
        String nodeId,
        String name,
        String site,
        Capacities delegated,
        String delegationId,
        Optional<String> pool,
        List<Device> devices) {
    public Host {
        devices = List.copyOf(devices);
    }

    /// Where a calendar counts what is used of `delegated`: the host, or the pool that it shares with others.
    public String place() {
        return pool.map(shared -> delegationId + "/" + shared).orElse(nodeId);
    }
}
