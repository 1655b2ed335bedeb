package holdfast.authority;

import static java.util.stream.Collectors.toMap;

import holdfast.core.Capacities;
import holdfast.core.Quantity;
import holdfast.core.Suffix;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Vector;
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

    private static final Map<Dimension, String> ASKED = Map.of(
            Dimension.CPU, "cpu",
            Dimension.MEMORY, "memory",
            Dimension.PODS, "pods",
            Dimension.STORAGE, "ephemeral-storage");

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

    /// All that pods may have of each node by its name. One that takes no work now has nothing.
    public static Map<String, Capacities> forSale(List<Fabric.Node> nodes) {
        return nodes.stream()
                .filter(node -> !node.stands() && "true".equals(node.labels().get(FOR_SALE)))
                .collect(toMap(Fabric.Node::name, node -> node.ready() ? amounts(node.amounts()) : Capacities.NONE));
    }

    /// The names that Kubernetes has for such amounts. What is there of storage may be asked for under both of its
    /// names.
    static Map<String, Quantity> agreed(Capacities exact) {
        var amounts = new TreeMap<String, Quantity>();
        UNITS.forEach((name, unit) -> {
            var nano = BigInteger.valueOf(exact.get(unit.name())).multiply(unit.cut());
            amounts.put(name, new Quantity(nano, Suffix.DECIMAL));
        });
        amounts.put("storage", amounts.get("ephemeral-storage"));
        return amounts;
    }

    /// What a buyer asks for: nothing of what it did not buy.
    static Map<String, Quantity> asked(Vector bought) {
        var amounts = new TreeMap<String, Quantity>();
        ASKED.forEach((dimension, name) -> {
            if (bought.get(dimension).signum() > 0) {
                amounts.put(name, bought.get(dimension));
            }
        });
        return amounts;
    }

    /// What machines can have of it, in whole cores and gigabytes.
    static Capacities machines(Map<String, Quantity> amounts) {
        return Capacities.of(
                whole(amounts, "cpu", NANO),
                whole(amounts, "memory", NANO.shiftLeft(30)),
                whole(amounts, "ephemeral-storage", NANO.shiftLeft(30)));
    }

    private static long whole(Map<String, Quantity> amounts, String name, BigInteger unit) {
        return amounts.getOrDefault(name, Quantity.ZERO)
                .nano()
                .divide(unit)
                .min(LARGEST)
                .longValue();
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
