package holdfast.authority;

import holdfast.core.Capacities;
import holdfast.core.Quantity;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a cluster has, as hosts of a site with exact amounts (fluidos.md 2.5): one for each node that is ready.
///
/// Nodes that stand for room elsewhere are left out: that room is not the site's to promise.
public record ClusterSite(List<Host> hosts) {
    /// Nodes with this label may be sold to others.
    public static final String FOR_SALE = "node-role.fluidos.eu/resources";

    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger NANO = BigInteger.TEN.pow(9);

    /// @param cut how many units of 10⁻⁹ are one of ours
    private record Unit(String name, BigInteger cut) {}

    private static final Map<String, Unit> UNITS = Map.of(
            "cpu", new Unit("cpu_nano", BigInteger.ONE),
            "memory", new Unit("memory_byte", NANO),
            "ephemeral-storage", new Unit("storage_byte", NANO),
            "pods", new Unit("pod", NANO));

    public ClusterSite {
        hosts = List.copyOf(hosts);
    }

    /// @param amounts what pods may have of it: `cpu_nano`, `memory_byte`, `storage_byte`, `pod`
    /// @param forSale whether its owner marked it so
    public record Host(String name, Capacities amounts, boolean forSale) {}

    /// The same nodes in any order give the same.
    public static ClusterSite of(List<Fabric.Node> nodes) {
        return new ClusterSite(nodes.stream()
                .filter(node -> node.ready() && !node.stands())
                .sorted(Comparator.comparing(Fabric.Node::name))
                .map(node -> new Host(
                        node.name(),
                        amounts(node.amounts()),
                        "true".equals(node.labels().get(FOR_SALE))))
                .toList());
    }

    /// Rounded down to whole units; what has no unit of ours is left out.
    private static Capacities amounts(Map<String, Quantity> amounts) {
        var exact = new TreeMap<String, Long>();
        amounts.forEach((name, amount) -> {
            var unit = UNITS.get(name);
            if (unit != null && amount.signum() > 0) {
                exact.put(
                        unit.name(),
                        amount.nano().divide(unit.cut()).min(LARGEST).longValue());
            }
        });
        return new Capacities(exact);
    }
}
