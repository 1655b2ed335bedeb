package holdfast.calendar;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jooq.Record;

/// What is free of one place at each instant of all time, as it is at one version of the place. Belongs to whoever
/// owns the place in an epoch; for one thread at a time.
final class Memory {
    private final long epoch;
    private final Profile free;
    private long version;

    private Memory(long epoch, long version, Profile free) {
        this.epoch = epoch;
        this.version = version;
        this.free = free;
    }

    /// Reads the place with all its firm bookings. The transaction must see one state of the database only.
    static Memory read(Tx tx, PlaceId place, long epoch) {
        long version = tx.sql()
                .resultQuery("select version from place where book = ? and id = ?", place.book(), place.id())
                .fetchSingle("version", Long.class);
        var totals = new Changes();
        tx.sql()
                .resultQuery(
                        """
                        select c.dimension, calendar_micros(c.since) as since,
                               c.amount - lag(c.amount, 1, 0::bigint) over (partition by c.dimension order by c.since) as amount
                          from place_capacity c where c.book = ? and c.place = ?
                        union all
                        select c.dimension, calendar_micros(c.since), c.amount from place_change c where c.book = ? and c.place = ?""",
                        place.book(),
                        place.id(),
                        place.book(),
                        place.id())
                .forEach(row -> totals.at(row.get("since", Long.class))
                        .merge(row.get("dimension", String.class), row.get("amount", Long.class), Math::addExact));
        var used = new Changes();
        try (var rows = tx.sql()
                .resultQuery(
                        """
                        select calendar_micros(lower(b.during)) as since, calendar_micros(upper(b.during)) as until, b.dimensions, b.amounts
                          from booking b
                         where b.book = ? and b.place = ? and b.during && tstzrange('-infinity', 'infinity') and b.firm""",
                        place.book(), place.id())
                .fetchSize(10_000)
                .fetchLazy()) {
            rows.forEach(used::booked);
        }
        return new Memory(epoch, version, profile(totals, used));
    }

    /// By how much each dimension changes at each instant.
    private static final class Changes {
        final TreeMap<Long, TreeMap<String, Long>> steps = new TreeMap<>();

        TreeMap<String, Long> at(long instant) {
            return steps.computeIfAbsent(instant, _ -> new TreeMap<>());
        }

        void booked(Record row) {
            var begins = at(row.get("since", Long.class));
            var ends = at(row.get("until", Long.class));
            var dimensions = row.get("dimensions", String[].class);
            var amounts = row.get("amounts", Long[].class);
            for (int i = 0; i < dimensions.length; i++) {
                var dimension = dimensions[i].intern();
                begins.merge(dimension, amounts[i], Math::addExact);
                ends.merge(dimension, -amounts[i], Math::addExact);
            }
        }

        void addTo(long[] sums, long instant, String[] dimensions) {
            var step = steps.get(instant);
            if (step != null) {
                step.forEach((dimension, amount) -> sums[Arrays.binarySearch(dimensions, dimension)] += amount);
            }
        }
    }

    /// Totals are never less than nothing, whatever is taken from them.
    private static Profile profile(Changes totals, Changes used) {
        var names = new TreeSet<String>();
        var instants = new TreeSet<Long>();
        for (var changes : List.of(totals, used)) {
            changes.steps.forEach((at, step) -> {
                instants.add(at);
                names.addAll(step.keySet());
            });
        }
        instants.remove(Micros.END);
        var dimensions = names.toArray(String[]::new);
        var starts = new ArrayList<Long>(instants);
        var values = new ArrayList<long[]>();
        var total = new long[dimensions.length];
        var taken = new long[dimensions.length];
        for (long at : starts) {
            totals.addTo(total, at, dimensions);
            used.addTo(taken, at, dimensions);
            var value = new long[dimensions.length];
            Arrays.setAll(value, d -> Math.max(0, total[d]) - taken[d]);
            values.add(value);
        }
        return new Profile(dimensions, starts, values);
    }

    long epoch() {
        return epoch;
    }

    long version() {
        return version;
    }

    /// About how much of the heap it takes.
    long bytes() {
        return free.bytes();
    }

    /// Where a firm booking would not fit.
    Optional<Shortage> shortage(Booking booking) {
        return free.firstViolation(booking.amount(), booking.when());
    }

    /// When it would; as far as `ahead` beyond its end is looked at.
    Optional<Instant> earliest(Booking booking, Duration ahead) {
        var when = booking.when();
        var horizon = Micros.instant(Micros.plus(Micros.of(when.until()), Micros.of(ahead)));
        return !ahead.isZero()
                        && free.earliest(booking.amount(), when.length(), when.from(), horizon)
                                instanceof Fit.At(var start)
                ? Optional.of(start)
                : Optional.empty();
    }

    /// Counts a firm booking, which fits or is there already.
    void take(Booking booking) {
        change(booking.when(), booking.amount(), -1);
    }

    /// Counts no more what [#take] counted.
    void giveBack(Booking booking) {
        change(booking.when(), booking.amount(), 1);
    }

    private void change(Interval when, Capacities amount, int sign) {
        free.add(when, sign < 0 ? Capacities.NONE.minus(amount) : amount);
    }

    /// What was taken is written, which made it the next version.
    void written() {
        version++;
    }

    /// Counts what others wrote since; everything up to `now`.
    ///
    /// @param came whether the bookings came, or went
    void follow(Interval when, Capacities amount, boolean came) {
        change(when, amount, came ? -1 : 1);
    }

    void isNow(long other) {
        version = other;
    }
}
