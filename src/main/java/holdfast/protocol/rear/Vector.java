package holdfast.protocol.rear;

import holdfast.core.Quantity;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Amounts by dimension. A dimension that is not named is zero. What is offered or asked is never negative; a
/// difference may be.
///
/// @param amounts zeros are left out
public record Vector(Map<Dimension, Quantity> amounts) {
    public static final Vector NONE = new Vector(Map.of());

    public Vector {
        var sorted = new EnumMap<Dimension, Quantity>(Dimension.class);
        sorted.putAll(amounts);
        sorted.values().removeIf(amount -> amount.signum() == 0);
        amounts = Collections.unmodifiableMap(sorted);
    }

    /// One dimension.
    public static Vector of(Dimension dimension, Quantity amount) {
        return new Vector(Map.of(dimension, amount));
    }

    /// What every part of a cluster has.
    public static Vector of(Quantity cpu, Quantity memory, Quantity pods) {
        return new Vector(Map.of(Dimension.CPU, cpu, Dimension.MEMORY, memory, Dimension.PODS, pods));
    }

    /// The amount of one dimension, zero if it is not named.
    public Quantity get(Dimension dimension) {
        return amounts.getOrDefault(dimension, Quantity.ZERO);
    }

    /// The same with another amount of one dimension.
    public Vector with(Dimension dimension, Quantity amount) {
        var changed = new EnumMap<Dimension, Quantity>(Dimension.class);
        changed.putAll(amounts);
        changed.put(dimension, amount);
        return new Vector(changed);
    }

    public Vector plus(Vector other) {
        return combine(other, Quantity::plus);
    }

    public Vector minus(Vector other) {
        return combine(other, Quantity::minus);
    }

    /// The larger amount of each dimension.
    public Vector max(Vector other) {
        return combine(other, (one, two) -> one.compareTo(two) >= 0 ? one : two);
    }

    /// The smaller amount of each dimension.
    public Vector min(Vector other) {
        return combine(other, (one, two) -> one.compareTo(two) <= 0 ? one : two);
    }

    /// So many times this.
    public Vector times(long factor) {
        return combine(NONE, (amount, nothing) -> amount.times(factor));
    }

    /// Whether this is no more than `room` in every dimension.
    public boolean fitsIn(Vector room) {
        return Stream.of(Dimension.values())
                .allMatch(dimension -> get(dimension).compareTo(room.get(dimension)) <= 0);
    }

    /// Whether there is nothing of any dimension.
    public boolean nothing() {
        return amounts.isEmpty();
    }

    private Vector combine(Vector other, BinaryOperator<Quantity> operator) {
        var result = new EnumMap<Dimension, Quantity>(Dimension.class);
        for (var dimension : Dimension.values()) {
            if (amounts.containsKey(dimension) || other.amounts.containsKey(dimension)) {
                result.put(dimension, operator.apply(get(dimension), other.get(dimension)));
            }
        }
        return new Vector(result);
    }

    /// In words, such as `cpu 2, memory 4Gi`.
    @Override
    public String toString() {
        return nothing()
                ? "nothing"
                : amounts.entrySet().stream()
                        .map(amount -> amount.getKey().word() + " " + amount.getValue())
                        .collect(Collectors.joining(", "));
    }
}
