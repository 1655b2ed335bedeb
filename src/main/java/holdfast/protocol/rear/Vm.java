package holdfast.protocol.rear;

import holdfast.core.Quantity;
import java.math.BigInteger;
import java.util.Optional;

/// Virtual machines of one size, bought in whole instances.
///
/// @param os empty if not said
/// @param instance what one instance has: CPU, memory (on the wire in MiB), storage (in GiB), GPU cores
/// @param gpuModel empty if not named
/// @param least instances that one buyer must take, one or more
/// @param count instances that there are, and that one buyer may take
public record Vm(
        String architecture,
        Optional<String> os,
        Vector instance,
        Optional<String> gpuModel,
        Properties properties,
        long least,
        long count)
        implements Kind {
    @Override
    public FlavorType type() {
        return FlavorType.VM;
    }

    @Override
    public Vector vector() {
        return Vector.of(Dimension.COUNT, Quantity.of(count));
    }

    @Override
    public Policy policy() {
        return new Policy(Vector.of(Dimension.COUNT, Quantity.of(least)), Vector.of(Dimension.COUNT, Quantity.of(1)));
    }

    @Override
    public Vector taking(Vector amounts) {
        return instance.times(instances(amounts));
    }

    @Override
    public Vector within(Vector room) {
        long most = count;
        for (var dimension : Dimension.OF_MACHINES) {
            var one = instance.get(dimension).nano();
            if (one.signum() > 0) {
                most = Math.min(most, room.get(dimension).nano().divide(one).longValueExact());
            }
        }
        return Vector.of(Dimension.COUNT, Quantity.of(most));
    }

    private static long instances(Vector amounts) {
        return amounts.get(Dimension.COUNT).nano().divide(BigInteger.TEN.pow(9)).longValueExact();
    }

    @Override
    public Vm with(Vector amounts) {
        return new Vm(architecture, os, instance, gpuModel, properties, least, instances(amounts));
    }
}
