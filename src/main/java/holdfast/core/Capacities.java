package holdfast.core;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongBinaryOperator;

/// Quantities by dimension: `core`, `ram` (GB), `disk` (GB), `bw` (Gbit/s), `unit`, ... A dimension that is not named
/// is zero.
///
/// A demand or a total is never negative; a difference may be.
///
/// @param amounts amount by dimension, sorted by name, zeros left out
public record Capacities(Map<String, Long> amounts) {
    public static final Capacities NONE = new Capacities(Map.of());

    public Capacities {
        var sorted = new TreeMap<>(amounts);
        sorted.values().removeIf(amount -> amount == 0);
        amounts = Collections.unmodifiableMap(sorted);
    }

    /// One dimension.
    public static Capacities of(String dimension, long amount) {
        return new Capacities(Map.of(dimension, amount));
    }

    /// Cores, GB of memory and GB of disk.
    public static Capacities of(long core, long ram, long disk) {
        return new Capacities(Map.of("core", core, "ram", ram, "disk", disk));
    }

    /// The amount of one dimension, zero if it is not named.
    public long get(String dimension) {
        return amounts.getOrDefault(dimension, 0L);
    }

    public Capacities plus(Capacities other) {
        return combine(other, Math::addExact);
    }

    public Capacities minus(Capacities other) {
        return combine(other, Math::subtractExact);
    }

    /// The larger amount of each dimension.
    public Capacities max(Capacities other) {
        return combine(other, Math::max);
    }

    /// Whether this is no more than `room` in every dimension.
    public boolean fitsIn(Capacities room) {
        return amounts.entrySet().stream().allMatch(entry -> entry.getValue() <= room.get(entry.getKey()))
                && room.amounts.entrySet().stream()
                        .allMatch(entry -> entry.getValue() >= 0 || get(entry.getKey()) <= entry.getValue());
    }

    /// Whether there is nothing of any dimension. Not called after the habit of beans: it would become a member of
    /// the JSON.
    public boolean nothing() {
        return amounts.isEmpty();
    }

    private Capacities combine(Capacities other, LongBinaryOperator operator) {
        var result = new TreeMap<String, Long>();
        amounts.forEach(
                (dimension, amount) -> result.put(dimension, operator.applyAsLong(amount, other.get(dimension))));
        other.amounts.forEach((dimension, amount) -> {
            if (!amounts.containsKey(dimension)) {
                result.put(dimension, operator.applyAsLong(0, amount));
            }
        });
        return new Capacities(result);
    }

    @Override
    public String toString() {
        return amounts.toString();
    }
}
