package holdfast.calendar;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jooq.Record;
import org.jooq.ResultQuery;

/// The statements that only read, each one for any number of places.
final class Views {
    /// The units that are held at places `w.places` of `w.book` in `w.during`.
    private static final String HELD = """
            select u.place, array_agg(distinct u.unit order by u.unit) as units
              from w, lateral unnest(w.places) as p (id),
                   lateral (select u.place, u.unit from booking_unit u
                             where place_hash(u.book, u.place) = place_hash(w.book, p.id) and u.book = w.book and u.place = p.id
                               and u.during && w.during offset 0) u
             group by u.place""";

    private Views() {}

    /// All places of the book if `places` is empty.
    static Map<String, Usage> usage(Tx tx, String book, Optional<Collection<String>> places, Interval when) {
        var wanted = places.map(Sql::sorted).orElseGet(() -> all(tx, book));
        var usages = new LinkedHashMap<String, Usage>();
        tx.sql()
                .resultQuery(
                        """
                        with w as (select ?::text as book, ?::text[] as places, tstzrange(?::timestamptz, ?::timestamptz) as during),
                             least as (select s.place, s.dimension, min(s.total) as total, max(s.used) as used, min(s.total - s.used) as free
                                         from calendar_steps(?, ?::text[], tstzrange(?::timestamptz, ?::timestamptz), null) s group by 1, 2),
                             amount as (select place, array_agg(dimension) as dimensions, array_agg(total) as total, array_agg(used) as used,
                                               array_agg(free) as free from least group by place),
                             held as (""" + HELD + """
                        )
                        select place.id, amount.*, held.units
                          from w join place on place.book = w.book and place.id = any (w.places)
                          left join amount on amount.place = place.id left join held on held.place = place.id
                         order by place.id""",
                        book,
                        wanted,
                        Sql.from(when),
                        Sql.until(when),
                        book,
                        wanted,
                        Sql.from(when),
                        Sql.until(when))
                .fetch()
                .forEach(row -> usages.put(row.get("id", String.class), usage(row)));
        return usages;
    }

    /// The units that are held at these places in the window; a place of which none is may be missing.
    static Map<String, Set<String>> heldUnits(Tx tx, String book, Collection<String> places, Interval when) {
        var units = new TreeMap<String, Set<String>>();
        tx.sql()
                .resultQuery(
                        "with w as (select ?::text as book, ?::text[] as places, " + Sql.RANGE + " as during) " + HELD,
                        book,
                        Sql.sorted(places),
                        Sql.from(when),
                        Sql.until(when))
                .forEach(row -> units.put(row.get("place", String.class), Sql.names(row, "units")));
        return units;
    }

    private static Usage usage(Record row) {
        return new Usage(
                Sql.capacities(row, "dimensions", "total"),
                Sql.capacities(row, "dimensions", "used"),
                Sql.capacities(row, "dimensions", "free"),
                Sql.names(row, "units"));
    }

    static String[] all(Tx tx, String book) {
        return tx.sql()
                .resultQuery("select id from place where book = ? order by id", book)
                .fetch()
                .map(row -> row.get("id", String.class))
                .toArray(String[]::new);
    }

    /// What there is, is booked, or is free at each instant of the window, by place; outside of the window the
    /// profiles are zero. Summed up here and not by `calendar_steps`, which would send a row for each dimension of
    /// each instant.
    static Map<String, Profile> profiles(
            Tx tx, String book, Collection<String> places, Interval when, Quantity quantity) {
        var builders = new TreeMap<String, ProfileBuilder>();
        places.forEach(place -> builders.put(place, new ProfileBuilder()));
        if (!Micros.isEmpty(when)) {
            totals(tx, book, builders, when);
            booked(tx, book, builders, when);
        }
        var profiles = new TreeMap<String, Profile>();
        builders.forEach((place, builder) ->
                profiles.put(place, builder.build(quantity, Micros.of(when.from()), Micros.of(when.until()))));
        return profiles;
    }

    private static void totals(Tx tx, String book, Map<String, ProfileBuilder> builders, Interval when) {
        var places = Sql.sorted(builders.keySet());
        tx.sql()
                .resultQuery("""
                        select c.place, c.dimension, calendar_micros(c.since) as since,
                               c.amount - lag(c.amount, 1, 0::bigint) over (partition by c.place, c.dimension order by c.since) as change
                          from place_capacity c where c.book = ? and c.place = any (?::text[]) and c.since < ?::timestamptz
                        union all
                        select c.place, c.dimension, calendar_micros(c.since), c.amount
                          from place_change c where c.book = ? and c.place = any (?::text[]) and c.since < ?::timestamptz""", book, places, Sql.until(when), book, places, Sql.until(when))
                .forEach(row -> of(builders, row)
                        .total(
                                row.get("since", Long.class),
                                row.get("dimension", String.class),
                                row.get("change", Long.class)));
    }

    private static void booked(Tx tx, String book, Map<String, ProfileBuilder> builders, Interval when) {
        try (var rows = tx.sql()
                .resultQuery("""
                        select wanted.place, calendar_micros(lower(b.during)) as since, calendar_micros(upper(b.during)) as until,
                               to_json(b.dimensions)::text as dimensions, b.amounts::text as amounts
                          from (select ?::text as book, tstzrange(?::timestamptz, ?::timestamptz) as during) as w,
                               lateral unnest(?::text[]) as wanted (place),
                               lateral (select b.during, b.dimensions, b.amounts from booking b
                                         where place_hash(b.book, b.place) = place_hash(w.book, wanted.place) and b.book = w.book
                                           and b.place = wanted.place and b.during && w.during and b.firm offset 0) b""", book, Sql.from(when), Sql.until(when), Sql.sorted(builders.keySet()))
                .fetchSize(10_000)
                .fetchLazy()) {
            var names = new HashMap<String, String[]>();
            for (var row : rows) {
                of(builders, row)
                        .booked(
                                row.get(1, Long.class),
                                row.get(2, Long.class),
                                names.computeIfAbsent(
                                        row.get(3, String.class), text -> Json.read(text, String[].class)),
                                amounts(row.get(4, String.class)));
            }
        }
    }

    /// Of `{1,2,3}`: a place may have a hundred thousand of them, and arrays take long to read.
    private static long[] amounts(String text) {
        var amounts = new long[text.length() / 2];
        int many = 0;
        long amount = 0;
        for (int i = 1; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter >= '0' && letter <= '9') {
                amount = amount * 10 + letter - '0';
            } else if (text.length() > 2) {
                amounts[many++] = amount;
                amount = 0;
            }
        }
        return Arrays.copyOf(amounts, many);
    }

    private static ProfileBuilder of(Map<String, ProfileBuilder> builders, Record row) {
        return Objects.requireNonNull(builders.get(row.get("place", String.class)));
    }

    /// What is lent at an instant, by place; places of which nothing is lent are left out.
    static Map<String, Capacities> lent(Tx tx, String book, Collection<String> places, Instant at) {
        var lent = new TreeMap<String, Capacities>();
        tx.sql()
                .resultQuery(
                        "select place, dimension, lent from calendar_lent(?, ?::text[], ?::timestamptz)",
                        book,
                        Sql.sorted(places),
                        Micros.sql(at))
                .forEach(row -> lent.merge(
                        row.get("place", String.class),
                        Capacities.of(row.get("dimension", String.class), row.get("lent", Long.class)),
                        Capacities::plus));
        return lent;
    }

    private static final String AT_PLACES = """
             from (select ?::text as book, tstzrange(?::timestamptz, ?::timestamptz) as during) w,
                  lateral unnest(?::text[]) as wanted (id),
                  lateral (select b.* from booking b where place_hash(b.book, b.place) = place_hash(w.book, wanted.id) and b.book = w.book
                                             and b.place = wanted.id and b.during && w.during offset 0) b
            """;

    static List<Booking> bookings(Tx tx, String book, Collection<String> places, Interval when, int limit) {
        return tx.sql()
                .resultQuery(
                        "select " + Sql.BOOKING_COLUMNS + AT_PLACES
                                + " order by b.place, lower(b.during), b.holder limit ?",
                        book,
                        Sql.from(when),
                        Sql.until(when),
                        Sql.sorted(places),
                        limit)
                .fetch(row -> Sql.booking(book, row));
    }

    static void forEachBooking(Tx tx, String book, Collection<String> places, Interval when, Consumer<Booking> to) {
        each(
                book,
                tx.sql()
                        .resultQuery(
                                "select " + Sql.BOOKING_WITHOUT_UNITS + AT_PLACES,
                                book,
                                Sql.from(when),
                                Sql.until(when),
                                Sql.sorted(places)),
                to);
    }

    static void forEachBooking(Tx tx, String book, Interval when, Consumer<Booking> to) {
        each(
                book,
                tx.sql()
                        .resultQuery(
                                "select " + Sql.BOOKING_WITHOUT_UNITS
                                        + " from booking b where b.book = ? and b.during && " + Sql.RANGE,
                                book,
                                Sql.from(when),
                                Sql.until(when)),
                to);
    }

    private static void each(String book, ResultQuery<?> query, Consumer<Booking> to) {
        try (var rows = query.fetchSize(10_000).fetchLazy()) {
            for (var row : rows) {
                to.accept(Sql.booking(book, row));
            }
        }
    }

    /// What is lent at an instant, one by one.
    static List<Booking> lentBookings(Tx tx, String book, Collection<String> places, Instant at) {
        return tx.sql()
                .resultQuery("select " + Sql.BOOKING_COLUMNS + """
                        from (select ?::text as book) as w, unnest(?::text[]) as wanted (id),
                             lateral (select * from booking b
                                       where place_hash(b.book, b.place) = place_hash(w.book, wanted.id) and b.book = w.book
                                         and b.place = wanted.id and b.during @> ?::timestamptz and not b.firm offset 0) b
                       order by b.place, lower(b.during), b.holder""", book, Sql.sorted(places), Micros.sql(at))
                .fetch(row -> Sql.booking(book, row));
    }

    /// The numbers of places, sorted; those that are not there are left out.
    static Map<String, Long> versions(Tx tx, String book, Collection<String> places) {
        var versions = new TreeMap<String, Long>();
        tx.sql()
                .resultQuery(
                        "select id, version from place where book = ? and id = any (?::text[])",
                        book,
                        Sql.sorted(places))
                .forEach(row -> versions.put(row.get("id", String.class), row.get("version", Long.class)));
        return versions;
    }

    /// When these units are held in the window.
    static Map<String, UnitTimeline> units(Tx tx, String book, Collection<String> units, Interval when) {
        var timelines = new TreeMap<String, UnitTimeline>();
        units.forEach(unit -> timelines.put(unit, new UnitTimeline()));
        tx.sql()
                .resultQuery("""
                        select u.unit, calendar_micros(lower(u.during)) as since, calendar_micros(upper(u.during)) as until
                          from (select ?::text as book, tstzrange(?::timestamptz, ?::timestamptz) as during) as w,
                               lateral unnest(?::text[]) as wanted (unit),
                               lateral (select u.unit, u.during from booking_unit u
                                         where u.book = w.book and u.unit = wanted.unit and u.during && w.during offset 0) u""", book, Sql.from(when), Sql.until(when), Sql.sorted(units))
                .forEach(row -> Objects.requireNonNull(timelines.get(row.get("unit", String.class)))
                        .hold(Sql.interval(row, "since", "until")));
        return timelines;
    }
}
