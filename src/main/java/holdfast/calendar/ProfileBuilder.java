package holdfast.calendar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/// Makes a [Profile] of the steps of its dimensions; fast if those of each dimension come in the order of time.
final class ProfileBuilder {
    private record Entry(long at, String dimension, long amount) {}

    private final List<Entry> entries = new ArrayList<>();

    /// From `at` on the amount is `amount`, until the next instant that is told for that dimension.
    void set(long at, String dimension, long amount) {
        entries.add(new Entry(at, dimension, amount));
    }

    /// From `until` on everything is zero again.
    Profile build(long until) {
        entries.sort(Comparator.comparingLong(Entry::at));
        var names = new TreeSet<String>();
        entries.forEach(entry -> names.add(entry.dimension));
        var dimensions = names.toArray(String[]::new);
        var starts = new ArrayList<Long>();
        var values = new ArrayList<long[]>();
        var now = new long[dimensions.length];
        for (int i = 0; i < entries.size(); i++) {
            var entry = entries.get(i);
            now[Arrays.binarySearch(dimensions, entry.dimension)] = entry.amount;
            if (i + 1 == entries.size() || entries.get(i + 1).at != entry.at) {
                step(starts, values, entry.at, now);
            }
        }
        if (until != Micros.END) {
            step(starts, values, until, new long[dimensions.length]);
        }
        return new Profile(dimensions, starts, values);
    }

    private static void step(List<Long> starts, List<long[]> values, long at, long[] now) {
        if (!Arrays.equals(values.isEmpty() ? new long[now.length] : values.getLast(), now)) {
            starts.add(at);
            values.add(now.clone());
        }
    }
}
