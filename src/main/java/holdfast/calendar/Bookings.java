package holdfast.calendar;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.platform.Tx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Record;

/// The statements on bookings. Whoever calls the writing ones holds the locks of their places.
final class Bookings {
    private Bookings() {}

    /// What became of an attempt to write a booking.
    sealed interface Outcome {
        record Written(long id) implements Outcome {}

        /// The holder has a booking of this place and time already.
        record There(Booking booking) implements Outcome {}

        record NoPlace() implements Outcome {}

        record Short(Shortage shortage) implements Outcome {}

        record UnitHeld(String unit, Interval when) implements Outcome {}

        /// A unit was held through another place, and given back at the moment when we looked.
        record UnitLost() implements Outcome {}
    }

    /// Takes the lock of the place, and writes if it may.
    static Outcome insert(Tx tx, Booking booking) {
        var row = tx.sql()
                .resultQuery(
                        """
                        select verdict, booking, name, calendar_micros(since) as since, calendar_micros(until) as until, wanted, free
                          from calendar_book(?, ?::uuid, ?, tstzrange(?::timestamptz, ?::timestamptz), ?::text[], ?::bigint[], ?::text[])""",
                        booking.book(),
                        booking.holder(),
                        booking.place(),
                        Sql.from(booking.when()),
                        Sql.until(booking.when()),
                        Sql.dimensions(booking.amount()),
                        Sql.amounts(booking.amount()),
                        Sql.sorted(booking.units()))
                .fetchSingle();
        var verdict = row.get("verdict", String.class);
        return switch (verdict) {
            case "written" -> new Outcome.Written(row.get("booking", Long.class));
            case "there" -> new Outcome.There(byId(tx, booking.book(), row.get("booking", Long.class)));
            case "nowhere" -> new Outcome.NoPlace();
            case "held" -> new Outcome.UnitHeld(row.get("name", String.class), Sql.interval(row, "since", "until"));
            case "lost" -> new Outcome.UnitLost();
            case "short" -> new Outcome.Short(shortage(row, "name", "since"));
            default -> throw new IllegalStateException("calendar_book answered " + verdict);
        };
    }

    private static Booking byId(Tx tx, String book, long id) {
        return Sql.booking(
                book,
                tx.sql()
                        .resultQuery("select " + Sql.BOOKING_COLUMNS + " from booking b where b.id = ?", id)
                        .fetchSingle());
    }

    /// The first instant of the window with too little, not counting what `without` holds.
    static Optional<Shortage> shortage(
            Tx tx, String book, String place, Interval window, Capacities amount, UUID without) {
        return tx.sql()
                .resultQuery(
                        "select dimension, calendar_micros(at) as at, wanted, free from calendar_shortage(?, ?, "
                                + Sql.RANGE + ", ?::text[], ?::bigint[], ?::uuid)",
                        book,
                        place,
                        Sql.from(window),
                        Sql.until(window),
                        Sql.dimensions(amount),
                        Sql.amounts(amount),
                        without)
                .fetchOptional()
                .map(row -> shortage(row, "dimension", "at"));
    }

    private static Shortage shortage(Record row, String dimension, String at) {
        return new Shortage(
                row.get(dimension, String.class),
                Micros.instant(row.get(at, Long.class)),
                row.get("wanted", Long.class),
                row.get("free", Long.class));
    }

    /// One of the units that somebody else holds in the window, the earliest first.
    static Optional<Outcome.UnitHeld> heldByOthers(Tx tx, Booking booking) {
        return tx.sql()
                .resultQuery(
                        "select unit, calendar_micros(since) as since, calendar_micros(until) as until from calendar_unit_held(?, ?::text[], "
                                + Sql.RANGE + ", ?::uuid)",
                        booking.book(),
                        Sql.sorted(booking.units()),
                        Sql.from(booking.when()),
                        Sql.until(booking.when()),
                        booking.holder())
                .fetchOptional()
                .map(row -> new Outcome.UnitHeld(row.get("unit", String.class), Sql.interval(row, "since", "until")));
    }

    /// Writes new contents of a booking; false if a unit was lost to another place, and then the transaction must
    /// go back.
    static boolean update(Tx tx, long id, Booking booking) {
        // Written anew and not moved along: a clash is then a missing row and not an error that ends the transaction.
        tx.sql().execute("delete from booking_unit where booking = ?", id);
        tx.sql()
                .execute(
                        "update booking set during = " + Sql.RANGE
                                + ", dimensions = ?::text[], amounts = ?::bigint[] where id = ?",
                        Sql.from(booking.when()),
                        Sql.until(booking.when()),
                        Sql.dimensions(booking.amount()),
                        Sql.amounts(booking.amount()),
                        id);
        int written = tx.sql().execute("""
                insert into booking_unit (booking, unit, book, during)
                select b.id, u.unit, b.book, b.during from booking b, lateral unnest(?::text[]) as u (unit) where b.id = ?
                on conflict do nothing""", Sql.sorted(booking.units()), id);
        return written == booking.units().size();
    }

    static void delete(Tx tx, Collection<Long> ids) {
        tx.sql().execute("delete from booking where id = any (?::bigint[])", (Object) ids.toArray(Long[]::new));
    }

    /// A booking and the number of its row.
    record Row(long id, Booking booking) {}

    static List<Row> of(Tx tx, String book, UUID holder) {
        return tx.sql()
                .resultQuery(
                        "select " + Sql.BOOKING_COLUMNS
                                + " from booking b where b.book = ? and b.holder = ?::uuid order by lower(b.during), b.place, b.id",
                        book,
                        holder)
                .fetch(row -> new Row(row.get("id", Long.class), Sql.booking(book, row)));
    }

    /// Takes the locks of the places in the order of their ids, which is the same for everybody, and tells which of
    /// them there are.
    static Set<String> lock(Tx tx, String book, Collection<String> places) {
        var found = tx.sql()
                .resultQuery(
                        "select id from place where book = ? and id = any (?::text[]) order by id for no key update",
                        book,
                        Sql.sorted(places))
                .fetch(row -> row.get("id", String.class));
        return new HashSet<>(found);
    }

    /// Ends what is held at `at`: deletes what has not begun by then, shortens the rest.
    static int end(Tx tx, Collection<Row> rows, String at) {
        var ids = rows.stream().map(Row::id).toArray(Long[]::new);
        int deleted = tx.sql()
                .execute(
                        "delete from booking where id = any (?::bigint[]) and lower(during) >= ?::timestamptz",
                        ids,
                        at);
        int cut = tx.sql().execute("""
                update booking set during = tstzrange(lower(during), ?::timestamptz)
                 where id = any (?::bigint[]) and lower(during) < ?::timestamptz and upper(during) > ?::timestamptz""", at, ids, at, at);
        return deleted + cut;
    }

    /// Forgets bookings that ended at or before `before`, the oldest first.
    static int prune(Tx tx, String before, int limit) {
        var old = tx.sql().resultQuery("""
                        select id, book, place from booking where upper(during) <= ?::timestamptz
                         order by upper(during), id limit ?""", before, limit).fetch();
        var ids = new ArrayList<Long>();
        old.forEach(row -> ids.add(row.get("id", Long.class)));
        if (ids.isEmpty()) {
            return 0;
        }
        // Deleting takes these locks too, but after those of the rows; whoever extends one of them takes them the other
        // way round.
        tx.sql()
                .execute(
                        """
                select 1 from place join (select distinct * from unnest(?::text[], ?::text[]) as t (book, id)) touched using (book, id)
                 order by place.book, place.id for no key update of place""",
                        old.map(row -> row.get("book", String.class)).toArray(String[]::new),
                        old.map(row -> row.get("place", String.class)).toArray(String[]::new));
        return tx.sql()
                .execute(
                        "delete from booking where id = any (?::bigint[]) and upper(during) <= ?::timestamptz",
                        ids.toArray(Long[]::new),
                        before);
    }
}
