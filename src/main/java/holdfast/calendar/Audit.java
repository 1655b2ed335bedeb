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
    private static final int PLACES_AT_ONCE = 1_000;

    private Audit() {}

    static List<Violation> all(Tx tx) {
        var violations = new ArrayList<Violation>();
        var books = tx.sql()
                .resultQuery("select distinct book from place order by book")
                .fetch(row -> row.get("book", String.class));
        for (var book : books) {
            var after = Optional.<String>empty();
            do {
                var round = round(tx, book, after, PLACES_AT_ONCE);
                violations.addAll(round.violations());
                after = round.next();
            } while (after.isPresent());
        }
        return violations;
    }

    static AuditRound round(Tx tx, String book, Optional<String> after, int most) {
        if (most < 1) {
            throw new IllegalArgumentException("a round of " + most + " places finds nothing; look at one at least");
        }
        var places = tx.sql()
                .resultQuery(
                        "select id from place where book = ? and id > ? order by id limit ?",
                        book,
                        after.orElse(""),
                        most)
                .fetch(row -> row.get("id", String.class))
                .toArray(String[]::new);
        var violations = new ArrayList<Violation>();
        overbooked(tx, book, places, violations);
        unitsTwice(tx, book, places, violations);
        return new AuditRound(
                violations, places.length < most ? Optional.empty() : Optional.of(places[places.length - 1]));
    }

    /// Every event of each place and dimension in the order of time; at one instant all of them count before we
    /// look. What is lent is left out: it was promised for its first instant only.
    private static void overbooked(Tx tx, String book, String[] places, List<Violation> violations) {
        try (var rows =
                tx.sql().resultQuery("""
                        select w.book, wanted.place, e.*
                          from (select ?::text as book) as w, lateral unnest(?::text[]) as wanted (place), lateral (
                               select c.dimension, calendar_micros(c.since) as at, c.amount as total, 0::bigint as change, null::uuid as holder,
                                      0::bigint as used
                                 from place_capacity c where c.book = w.book and c.place = wanted.place
                                union all
                               select c.dimension, calendar_micros(c.since), null, c.amount, null, 0
                                 from place_change c where c.book = w.book and c.place = wanted.place
                                union all
                               select d.dimension, calendar_micros(moment.at), null, 0, b.holder, moment.sign * d.amount
                                 from (select * from booking b
                                        where place_hash(b.book, b.place) = place_hash(w.book, wanted.place) and b.book = w.book
                                          and b.place = wanted.place and b.firm
                                          and b.during && tstzrange('-infinity', 'infinity') offset 0) b,
                                      lateral unnest(b.dimensions, b.amounts) as d (dimension, amount),
                                      lateral (values (lower(b.during), 1), (upper(b.during), -1)) as moment (at, sign)) as e
                        order by 2, 3, 4""", book, places).fetchSize(ROWS_AT_ONCE).fetchLazy()) {
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

    private static void unitsTwice(Tx tx, String book, String[] places, List<Violation> violations) {
        tx.sql()
                .resultQuery("""
                        with held as (
                            select u.booking, u.book, u.unit, u.during, b.holder, b.book as home, b.during as time
                              from (select ?::text as book) as w, lateral unnest(?::text[]) as wanted (place),
                                   lateral (select * from booking b
                                             where place_hash(b.book, b.place) = place_hash(w.book, wanted.place) and b.book = w.book
                                               and b.place = wanted.place
                                               and b.during && tstzrange('-infinity', 'infinity') offset 0) b
                              join booking_unit u on u.booking = b.id)
                        select h.book, h.unit, calendar_micros(lower(h.during * o.during)) as since,
                               calendar_micros(upper(h.during * o.during)) as until,
                               least(h.holder, c.holder) as holder, greatest(h.holder, c.holder) as other
                          from held h, lateral (select * from booking_unit o where o.book = h.book and o.unit = h.unit
                                                   and o.during && h.during and o.booking > h.booking offset 0) o
                          join booking c on c.id = o.booking
                         union all
                        select h.book, h.unit, calendar_micros(lower(h.during)), calendar_micros(upper(h.during)), h.holder, h.holder
                          from held h where h.during <> h.time or h.book <> h.home
                         order by 1, 2, 3""", book, places)
                .forEach(row -> violations.add(new Violation.UnitTwice(
                        row.get("book", String.class),
                        row.get("unit", String.class),
                        Sql.interval(row, "since", "until"),
                        List.of(row.get("holder", UUID.class), row.get("other", UUID.class)))));
    }
}
