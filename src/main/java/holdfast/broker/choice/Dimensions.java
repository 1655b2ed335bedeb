package holdfast.broker.choice;

import holdfast.calendar.Whole;
import holdfast.core.Capacities;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Names of what places of providers count. Accounts and zones count those of Promise's capacity vector; hosts count
/// `vcpu`, `memory_mb`, `disk_gb` and `whole`.
public final class Dimensions {
    public static final String VCPU = "vcpu";
    public static final String MEMORY_MB = "memory_mb";
    public static final String DISK_GB = "disk_gb";
    public static final String INSTANCE = "instance";
    public static final String ADDRESS = "address";

    /// Of a host or an element: a slot or a shared use takes 1, a lease of the whole takes [#ALL]. So that one that
    /// is held alone is alone, even when it grows (promise.md 6.1 I3).
    public static final String WHOLE = Whole.DIMENSION;

    /// The total of [#WHOLE].
    public static final long ALL = Whole.ALL;

    private static final Set<String> NAMES = Set.of(
            VCPU,
            MEMORY_MB,
            DISK_GB,
            INSTANCE,
            ADDRESS,
            WHOLE,
            "network",
            "subnet",
            "port",
            "router",
            "volume",
            "volume_gb",
            "snapshot");

    private Dimensions() {}

    /// All of ours and these.
    static Set<String> with(Set<String> more) {
        var all = new TreeSet<>(NAMES);
        all.addAll(more);
        return all;
    }

    /// Of an amount what users count: all but [#WHOLE].
    public static Capacities counted(Capacities amount) {
        var counted = new TreeMap<>(amount.amounts());
        counted.remove(WHOLE);
        return new Capacities(counted);
    }

    /// Of an amount what is of these dimensions.
    public static Capacities only(Set<String> names, Capacities amount) {
        var some = new TreeMap<>(amount.amounts());
        some.keySet().retainAll(names);
        return new Capacities(some);
    }

    /// What the zone and the account of a host count of what is taken of the host.
    static Capacities aboveHost(Capacities ofHost) {
        var amounts = new TreeMap<>(ofHost.amounts());
        amounts.remove(DISK_GB);
        amounts.remove(WHOLE);
        return new Capacities(amounts);
    }

    static Capacities times(Capacities amount, long factor) {
        var product = new TreeMap<String, Long>();
        amount.amounts().forEach((name, value) -> product.put(name, Math.multiplyExact(value, factor)));
        return new Capacities(product);
    }

    /// The lesser amount of each dimension.
    static Capacities least(Capacities one, Capacities other) {
        var least = new TreeMap<String, Long>();
        one.amounts().forEach((name, value) -> least.put(name, Math.min(value, other.get(name))));
        other.amounts().forEach((name, value) -> least.put(name, Math.min(value, one.get(name))));
        return new Capacities(least);
    }

    /// Without what is below zero.
    static Capacities positive(Capacities amount) {
        var positive = new TreeMap<>(amount.amounts());
        positive.values().removeIf(value -> value < 0);
        return new Capacities(positive);
    }

    /// How many times `each` is in `room`; [Long#MAX_VALUE] if it is nothing.
    static long count(Capacities room, Capacities each) {
        return each.amounts().entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .mapToLong(entry -> Math.max(0, room.get(entry.getKey())) / entry.getValue())
                .min()
                .orElse(Long.MAX_VALUE);
    }

    static Capacities whole(long amount) {
        return new Capacities(Map.of(WHOLE, amount));
    }
}
