package holdfast.calendar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes a [Profile] of what there is of a place and of what is booked, told in any order. Compact, for a place may
/// have a hundred thousand bookings.
final class ProfileBuilder {
    private final Map<String, Integer> dimensions = new HashMap<>(); // in the order in which they came
    private final Map<Long, long[]> totals = new HashMap<>();
    private final Map<Long, long[]> used = new HashMap<>();

    /// From `at` on there is so much more, or less.
    void total(long at, String dimension, long change) {
        add(totals, at, new int[] {index(dimension)}, new long[] {change}, 1);
    }

    /// So much is booked for that time.
    void booked(long from, long until, String[] names, long[] amounts) {
        var indexes = new int[names.length];
        Arrays.setAll(indexes, i -> index(names[i]));
        add(used, from, indexes, amounts, 1);
        add(used, until, indexes, amounts, -1);
    }

    private int index(String dimension) {
        return dimensions.computeIfAbsent(dimension, _ -> dimensions.size());
    }

    private void add(Map<Long, long[]> changes, long at, int[] indexes, long[] amounts, int sign) {
        var cells = changes.get(at);
        if (cells == null || cells.length < dimensions.size()) {
            cells = cells == null ? new long[dimensions.size()] : Arrays.copyOf(cells, dimensions.size());
            changes.put(at, cells);
        }
        for (int i = 0; i < indexes.length; i++) {
            cells[indexes[i]] = Math.addExact(cells[indexes[i]], sign * amounts[i]);
        }
    }

    /// What was told before `from` counts from then on; from `until` on everything is zero.
    Profile build(Quantity quantity, long from, long until) {
        var names = dimensions.keySet().stream().sorted().toArray(String[]::new);
        var order = Arrays.stream(names).mapToInt(dimensions::get).toArray();
        var starts = new ArrayList<Long>();
        var values = new ArrayList<long[]>();
        var total = new long[names.length];
        var taken = new long[names.length];
        var instants = Stream.concat(totals.keySet().stream(), used.keySet().stream())
                .mapToLong(Long::longValue)
                .sorted()
                .distinct()
                .toArray();
        for (long at : instants) {
            if (at >= until) {
                break;
            }
            sum(total, totals.get(at));
            sum(taken, used.get(at));
            step(starts, values, Math.max(at, from), value(quantity, total, taken, order));
        }
        if (until != Micros.END) {
            step(starts, values, until, new long[names.length]);
        }
        return new Profile(names, starts, values);
    }

    private static void sum(long[] sums, long @Nullable [] changes) {
        for (int d = 0; changes != null && d < changes.length; d++) {
            sums[d] = Math.addExact(sums[d], changes[d]);
        }
    }

    /// A total is never less than nothing, whatever is taken from it.
    private static long[] value(Quantity quantity, long[] total, long[] taken, int[] order) {
        var value = new long[order.length];
        for (int i = 0; i < order.length; i++) {
            int d = order[i];
            value[i] = switch (quantity) {
                case TOTAL -> Math.max(0, total[d]);
                case USED -> taken[d];
                case FREE -> Math.max(0, total[d]) - taken[d];
            };
        }
        return value;
    }

    /// From `at` on it is `now`; what changes nothing is left out.
    static void step(List<Long> starts, List<long[]> values, long at, long[] now) {
        if (!starts.isEmpty() && starts.getLast() == at) {
            starts.removeLast();
            values.removeLast();
        }
        if (!Arrays.equals(values.isEmpty() ? new long[now.length] : values.getLast(), now)) {
            starts.add(at);
            values.add(now);
        }
    }
}
