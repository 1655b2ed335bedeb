package holdfast.calendar;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jooq.Record;

/// How values of ours travel to the database and back.
final class Sql {
    /// A range of time from two texts.
    static final String RANGE = "tstzrange(?::timestamptz, ?::timestamptz)";

    private Sql() {}

    /// Without duplicates, in the order of locking.
    static String[] sorted(Collection<String> names) {
        return new TreeSet<>(names).toArray(String[]::new);
    }

    static String[] dimensions(Capacities amount) {
        return amount.amounts().keySet().toArray(String[]::new);
    }

    static Long[] amounts(Capacities amount) {
        return amount.amounts().values().toArray(Long[]::new);
    }

    static String from(Interval interval) {
        return Micros.sql(interval.from());
    }

    static String until(Interval interval) {
        return Micros.sql(interval.until());
    }

    /// The interval in two columns of microseconds.
    static Interval interval(Record row, String from, String until) {
        return Micros.interval(row.get(from, Long.class), row.get(until, Long.class));
    }

    /// The amounts in two parallel columns; nothing if they are null.
    static Capacities capacities(Record row, String dimensions, String amounts) {
        var names = row.get(dimensions, String[].class);
        var values = row.get(amounts, Long[].class);
        if (names == null || values == null) {
            return Capacities.NONE;
        }
        var sums = new TreeMap<String, Long>();
        for (int i = 0; i < names.length; i++) {
            sums.merge(names[i], values[i], Math::addExact);
        }
        return new Capacities(sums);
    }

    /// The names in a column; none if it is null.
    static Set<String> names(Record row, String column) {
        var names = row.get(column, String[].class);
        var set = new LinkedHashSet<String>();
        if (names != null) {
            set.addAll(Arrays.asList(names));
        }
        return set;
    }

    private static final String ROW = """
            b.id, b.holder, b.place, calendar_micros(lower(b.during)) as since, calendar_micros(upper(b.during)) as until,
            b.dimensions, b.amounts, b.kind, b.firm""";

    /// Columns `id, holder, place, since, until, dimensions, amounts, units, kind, firm` of the table `booking b`.
    static final String BOOKING_COLUMNS =
            ROW + ", array(select u.unit from booking_unit u where u.booking = b.id order by u.unit) as units ";

    /// The same columns without looking for units.
    static final String BOOKING_WITHOUT_UNITS = ROW + ", '{}'::text[] as units ";

    static Booking booking(String book, Record row) {
        return new Booking(
                book,
                row.get("holder", UUID.class),
                row.get("place", String.class),
                interval(row, "since", "until"),
                capacities(row, "dimensions", "amounts"),
                names(row, "units"),
                Booking.Kind.of(row.get("kind", String.class)),
                row.get("firm", Boolean.class));
    }
}
