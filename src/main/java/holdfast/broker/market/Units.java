package holdfast.broker.market;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import holdfast.core.Capacities;
import holdfast.core.Quantity;
import holdfast.core.Suffix;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Vector;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;

/// In what a host counts what is used of it.
public enum Units {
    /// Cores and gigabytes, of a machine.
    WHOLE(Map.of(
            Dimension.CPU, new Unit("core", BigInteger.TEN.pow(9)),
            Dimension.MEMORY, new Unit("ram", gibi()),
            Dimension.STORAGE, new Unit("disk", gibi()))),
    /// Nano-CPUs, bytes and pods, of a cluster.
    EXACT(Map.of(
            Dimension.CPU, new Unit("cpu_nano", BigInteger.ONE),
            Dimension.MEMORY, new Unit("memory_byte", BigInteger.TEN.pow(9)),
            Dimension.STORAGE, new Unit("storage_byte", BigInteger.TEN.pow(9)),
            Dimension.PODS, new Unit("pod", BigInteger.TEN.pow(9))));

    /// @param nano how many units of 10⁻⁹ are one of these
    private record Unit(String name, BigInteger nano) {}

    @SuppressWarnings("ImmutableEnumChecker") // made by Map.of
    private final Map<Dimension, Unit> units;

    Units(Map<Dimension, Unit> units) {
        this.units = units;
    }

    private static BigInteger gibi() {
        return BigInteger.ONE.shiftLeft(30).multiply(BigInteger.TEN.pow(9));
    }

    /// Those in which such a host counts.
    public static Units of(Capacities host) {
        return host.get("cpu_nano") > 0 ? EXACT : WHOLE;
    }

    Set<String> names() {
        return units.values().stream().map(Unit::name).collect(toSet());
    }

    /// What of it is counted.
    Capacities counted(Capacities all) {
        return new Capacities(units.values().stream().collect(toMap(Unit::name, unit -> all.get(unit.name()))));
    }

    /// As exactly as it is counted.
    public Vector vector(Capacities amounts) {
        return new Vector(units.entrySet().stream().collect(toMap(Map.Entry::getKey, entry -> {
            var nano = BigInteger.valueOf(amounts.get(entry.getValue().name()))
                    .multiply(entry.getValue().nano());
            var binary = entry.getKey() == Dimension.MEMORY || entry.getKey() == Dimension.STORAGE;
            return new Quantity(nano, binary ? Suffix.BINARY : Suffix.DECIMAL);
        })));
    }

    /// In whole units of a host, none too few.
    Capacities ceiling(Vector amounts) {
        return counted(amounts, true);
    }

    /// In whole units of a host, none too many: what its buyer can have of it.
    Capacities floor(Vector amounts) {
        return counted(amounts, false);
    }

    private Capacities counted(Vector amounts, boolean up) {
        return new Capacities(units.entrySet().stream()
                .collect(toMap(entry -> entry.getValue().name(), entry -> {
                    var unit = entry.getValue().nano();
                    var nano = amounts.get(entry.getKey()).nano();
                    return (up ? nano.add(unit).subtract(BigInteger.ONE) : nano)
                            .divide(unit)
                            .longValueExact();
                })));
    }
}
