package holdfast.calendar;

import holdfast.platform.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jooq.Record;

/// Counts everything again from the rows, in the most simple way, sharing no code with admission.
final class Audit {
    private static final int ROWS_AT_ONCE = 10_000;

    private Audit() {}

    static List<Violation> run(Tx tx) {
        var violations = new ArrayList<Violation>();
        overbooked(tx, violations);
        unitsTwice(tx, violations);
        return violations;
    }

    /// Every event of each place and dimension in the order of time; at one instant all of them count before we
    /// look.
    private static void overbooked(Tx tx, List<Violation> violations) {
        try (var rows = tx.sql().resultQuery("""
                        select book, place, dimension, calendar_micros(since) as at, amount as total, 0::bigint as change, null::uuid as holder, 0::bigint as used
                          from place_capacity
                        union all
                        select book, place, dimension, calendar_micros(since), null, amount, null, 0 from place_change
                        union all
                        select b.book, b.place, d.dimension, calendar_micros(lower(b.during)), null, 0, b.holder, d.amount
                          from booking b, lateral unnest(b.dimensions, b.amounts) as d (dimension, amount)
                        union all
                        select b.book, b.place, d.dimension, calendar_micros(upper(b.during)), null, 0, b.holder, -d.amount
                          from booking b, lateral unnest(b.dimensions, b.amounts) as d (dimension, amount)
                        order by 1, 2, 3, 4""").fetchSize(ROWS_AT_ONCE).fetchLazy()) {
            var level = Optional.<Level>empty();
            for (var row : rows) {
                if (level.isEmpty() || !level.get().isOf(row)) {
                    level.ifPresent(last -> last.lookUntil(Micros.END, violations));
                    level = Optional.of(new Level(row));
                }
                level.get().take(row, violations);
            }
            level.ifPresent(last -> last.lookUntil(Micros.END, violations));
        }
    }

    /// How one dimension of one place stands at the instant that was reached.
    private static final class Level {
        final String book;
        final String place;
        final String dimension;
        final TreeMap<UUID, Long> holders = new TreeMap<>();
        long at = Micros.BEGINNING;
        long total;
        long change;
        long used;

        Level(Record row) {
            book = row.get("book", String.class);
            place = row.get("place", String.class);
            dimension = row.get("dimension", String.class);
        }

        boolean isOf(Record row) {
            return Objects.equals(row.get("book"), book)
                    && Objects.equals(row.get("place"), place)
                    && Objects.equals(row.get("dimension"), dimension);
        }

        void take(Record row, List<Violation> violations) {
            lookUntil(row.get("at", Long.class), violations);
            var absolute = row.get("total", Long.class);
            total = absolute == null ? total : absolute;
            change += row.get("change", Long.class);
            long amount = row.get("used", Long.class);
            used += amount;
            var holder = row.get("holder", UUID.class);
            if (holder != null) {
                holders.merge(holder, amount, (a, b) -> a + b == 0 ? null : a + b);
            }
        }

        void lookUntil(long next, List<Violation> violations) {
            long missing = used - Math.max(0, total + change);
            if (next > at && missing > 0) {
                violations.add(new Violation.Overbooked(
                        book, place, dimension, Micros.interval(at, next), missing, List.copyOf(holders.keySet())));
            }
            at = next;
        }
    }

    private static void unitsTwice(Tx tx, List<Violation> violations) {
        tx.sql()
                .resultQuery("""
                        select u.book, u.unit, calendar_micros(lower(u.during * o.during)) as since, calendar_micros(upper(u.during * o.during)) as until,
                               least(b.holder, c.holder) as holder, greatest(b.holder, c.holder) as other
                          from booking_unit u join booking b on b.id = u.booking
                          join booking_unit o on o.book = u.book and o.unit = u.unit and o.booking > u.booking and o.during && u.during
                          join booking c on c.id = o.booking
                        union all
                        select u.book, u.unit, calendar_micros(lower(u.during)), calendar_micros(upper(u.during)), b.holder, b.holder
                          from booking_unit u join booking b on b.id = u.booking
                         where u.during <> b.during or u.book <> b.book
                         order by 1, 2, 3""")
                .forEach(row -> violations.add(new Violation.UnitTwice(
                        row.get("book", String.class),
                        row.get("unit", String.class),
                        Sql.interval(row, "since", "until"),
                        List.of(row.get("holder", UUID.class), row.get("other", UUID.class)))));
    }
}
