package holdfast.calendar;

import holdfast.core.Interval;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

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
                          from calendar_book(?, ?::uuid, ?, tstzrange(?::timestamptz, ?::timestamptz), ?::text[], ?::bigint[], ?::text[], ?, ?)""",
                        booking.book(),
                        booking.holder(),
                        booking.place(),
                        Sql.from(booking.when()),
                        Sql.until(booking.when()),
                        Sql.dimensions(booking.amount()),
                        Sql.amounts(booking.amount()),
                        Sql.sorted(booking.units()),
                        booking.kind().word(),
                        booking.firm())
                .fetchSingle();
        tx.lastLocked();
        var verdict = row.get("verdict", String.class);
        return switch (verdict) {
            case "written" -> new Outcome.Written(row.get("booking", Long.class));
            case "there" -> new Outcome.There(byId(tx, booking.book(), row.get("booking", Long.class)));
            case "nowhere" -> new Outcome.NoPlace();
            case "held" -> new Outcome.UnitHeld(row.get("name", String.class), Sql.interval(row, "since", "until"));
            case "lost" -> new Outcome.UnitLost();
            case "short" ->
                new Outcome.Short(new Shortage(
                        row.get("name", String.class),
                        Micros.instant(row.get("since", Long.class)),
                        row.get("wanted", Long.class),
                        row.get("free", Long.class)));
            default -> throw new IllegalStateException("calendar_book answered " + verdict);
        };
    }

    private record Plain(
            String book,
            UUID holder,
            String place,
            String since,
            String until,
            Collection<String> dimensions,
            Collection<Long> amounts,
            String kind) {
        static Plain of(Booking booking) {
            return new Plain(
                    booking.book(),
                    booking.holder(),
                    booking.place(),
                    Sql.from(booking.when()),
                    Sql.until(booking.when()),
                    booking.amount().amounts().keySet(),
                    booking.amount().amounts().values(),
                    booking.kind().word());
        }
    }

    /// Writes firm bookings without units, all of them or none.
    ///
    /// @return whether they fit
    static boolean insertAll(Tx tx, List<Booking> bookings) {
        return tx.sql()
                .resultQuery("select calendar_book_many(?::jsonb) as written", rows(bookings))
                .fetchSingle()
                .get("written", Boolean.class);
    }

    static String rows(List<Booking> bookings) {
        return Json.text(bookings.stream().map(Plain::of).toList());
    }

    /// Which of these holders have something in their book already.
    static Set<UUID> holding(Tx tx, List<Booking> bookings) {
        return Set.copyOf(tx.sql()
                .resultQuery(
                        """
                        select distinct w.holder from unnest(?::text[], ?::uuid[]) as w (book, holder)
                         where exists (select 1 from booking b where b.book = w.book and b.holder = w.holder)""",
                        strings(bookings, Booking::book),
                        bookings.stream().map(Booking::holder).toArray(UUID[]::new))
                .fetch(row -> row.get("holder", UUID.class)));
    }

    private static Booking byId(Tx tx, String book, long id) {
        return Sql.booking(
                book,
                tx.sql()
                        .resultQuery("select " + Sql.BOOKING_COLUMNS + " from booking b where b.id = ?", id)
                        .fetchSingle());
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

    /// A booking and the number of its row.
    record Row(long id, Booking booking) {}

    /// Where bookings would not fit.
    ///
    /// @param used what would be taken in all, of what is lent too if not `firm`
    record Overbooked(String book, String place, String dimension, Instant at, long used, long total, boolean firm) {}

    /// Rows that take nothing yet, for [#rewrite] to fill.
    static List<Long> insertEmpty(Tx tx, List<Booking> bookings) {
        return tx.sql()
                .resultQuery(
                        """
                        insert into booking (book, holder, place, during, dimensions, amounts)
                        select t.book, t.holder, t.place, tstzrange('-infinity', 'infinity'), '{}', '{}'
                          from unnest(?::text[], ?::uuid[], ?::text[]) as t (book, holder, place)
                        returning id""",
                        strings(bookings, Booking::book),
                        bookings.stream().map(Booking::holder).toArray(UUID[]::new),
                        strings(bookings, Booking::place))
                .fetch(row -> row.get("id", Long.class));
    }

    /// Writes new contents of rows in one statement, without their units; where it does not fit nothing is written.
    static Optional<Overbooked> rewrite(Tx tx, List<Row> rows) {
        var bookings = rows.stream().map(Row::booking).toList();
        var of = new ArrayList<Long>();
        var dimensions = new ArrayList<String>();
        var amounts = new ArrayList<Long>();
        rows.forEach(row -> row.booking().amount().amounts().forEach((dimension, amount) -> {
            of.add(row.id());
            dimensions.add(dimension);
            amounts.add(amount);
        }));
        // Written anew and not moved along: a clash is then a missing row and not an error that ends the transaction.
        tx.sql().execute("delete from booking_unit where booking = any (?::bigint[])", (Object) ids(rows));
        return tx.sql()
                .resultQuery(
                        """
                        select book, place, dimension, calendar_micros(at) as at, used, total, firm
                          from calendar_rewrite(?::bigint[], ?::text[], ?::uuid[], ?::text[], ?::timestamptz[], ?::timestamptz[], ?::text[],
                                                ?::boolean[], ?::bigint[], ?::text[], ?::bigint[])""",
                        ids(rows),
                        strings(bookings, Booking::book),
                        bookings.stream().map(Booking::holder).toArray(UUID[]::new),
                        strings(bookings, Booking::place),
                        strings(bookings, booking -> Sql.from(booking.when())),
                        strings(bookings, booking -> Sql.until(booking.when())),
                        strings(bookings, booking -> booking.kind().word()),
                        bookings.stream().map(Booking::firm).toArray(Boolean[]::new),
                        of.toArray(Long[]::new),
                        dimensions.toArray(String[]::new),
                        amounts.toArray(Long[]::new))
                .fetchOptional(row -> new Overbooked(
                        row.get("book", String.class),
                        row.get("place", String.class),
                        row.get("dimension", String.class),
                        Micros.instant(row.get("at", Long.class)),
                        row.get("used", Long.class),
                        row.get("total", Long.class),
                        row.get("firm", Boolean.class)));
    }

    /// Writes the units of rows that have none; false if one of them was held, and then the transaction must go
    /// back.
    static boolean insertUnits(Tx tx, List<Row> rows) {
        var of = new ArrayList<Long>();
        var units = new ArrayList<String>();
        rows.forEach(row -> row.booking().units().forEach(unit -> {
            of.add(row.id());
            units.add(unit);
        }));
        return of.isEmpty()
                || units.size() == tx.sql().execute("""
                                insert into booking_unit (booking, unit, book, during)
                                select b.id, w.unit, b.book, b.during
                                  from unnest(?::bigint[], ?::text[]) as w (id, unit) join booking b on b.id = w.id
                                on conflict do nothing""", of.toArray(Long[]::new), units.toArray(String[]::new));
    }

    private static String[] strings(List<Booking> bookings, Function<Booking, String> part) {
        return bookings.stream().map(part).toArray(String[]::new);
    }

    private static Long[] ids(Collection<Row> rows) {
        return rows.stream().map(Row::id).toArray(Long[]::new);
    }

    static void delete(Tx tx, Collection<Long> ids) {
        tx.sql().execute("delete from booking where id = any (?::bigint[])", (Object) ids.toArray(Long[]::new));
    }

    /// What these holders have, by start, place and row.
    static List<Row> of(Tx tx, String book, Set<UUID> holders) {
        return tx.sql()
                .resultQuery(
                        "select " + Sql.BOOKING_COLUMNS
                                + " from booking b where b.book = ? and b.holder = any (?::uuid[]) order by lower(b.during), b.place, b.id",
                        book,
                        holders.toArray(UUID[]::new))
                .fetch(row -> new Row(row.get("id", Long.class), Sql.booking(book, row)));
    }

    /// Takes the locks of the places in the order of their ids, which is the same for everybody, and tells which of
    /// them there are. Who has them waits for no lock that others take before.
    static Set<String> lock(Tx tx, String book, Collection<String> places) {
        var found = tx.sql()
                .resultQuery(
                        "select id from place where book = ? and id = any (?::text[]) order by id for no key update",
                        book,
                        Sql.sorted(places))
                .fetch(row -> row.get("id", String.class));
        tx.lastLocked();
        return new HashSet<>(found);
    }

    /// Ends what is held at `at`: deletes what has not begun by then, shortens the rest.
    static int end(Tx tx, Collection<Row> rows, String at) {
        var ids = ids(rows);
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
