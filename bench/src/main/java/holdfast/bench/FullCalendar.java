package holdfast.bench;

import holdfast.calendar.Booking;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.platform.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;

/// A book with many bookings over one year: a tenth of them in one hot place, the others spread over 10,000 places.
/// Each lasts between 1 and 48 hours and takes 1 to 4 of each dimension. Nothing is ever full, so that each admission
/// looks at all that is there.
///
/// @param last the number of the last booking that was loaded
record FullCalendar(Database database, int bookings, int dimensions, long last) {
    static final String BOOK = "bench";
    static final String HOT = "hot";
    static final int PLACES = 10_000;
    static final Instant START = Instant.parse("2031-01-01T00:00:00Z");
    static final Interval YEAR = new Interval(START, START.plus(Duration.ofDays(365)));

    /// Written past the triggers, which would look at each place once more, and with indexes made at the end.
    private static final String FILL = """
            insert into place (book, id) select 'bench', 'p/' || i from generate_series(0, %1$d - 1) i union all select 'bench', 'hot';
            insert into place_capacity (book, place, dimension, since, amount)
            select 'bench', p.id, 'd' || d, '-infinity', 1000000 from place p, generate_series(1, %3$d) d;
            insert into booking (book, holder, place, during, dimensions, amounts)
            select 'bench', gen_random_uuid(), case when b.i %% 10 = 0 then 'hot' else 'p/' || floor(random() * %1$d) end,
                   tstzrange(b.since, b.since + (1 + floor(random() * 48)) * interval '1 hour'),
                   (select array_agg('d' || d order by d) from generate_series(1, %3$d) d),
                   (select array_agg((1 + floor(random() * 4))::bigint) from generate_series(1, %3$d) d where b.i is not null)
              from (select i, timestamptz '2031-01-01Z' + floor(random() * 31536000) * interval '1 second' as since
                      from generate_series(1, %2$d) i offset 0) b""";

    private static final String FILLED = "bench_filled";

    /// As it was filled before, in a database that was kept, or filled now.
    static FullCalendar in(Database database, int bookings, int dimensions) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("create table if not exists " + FILLED + " (last bigint not null)");
            try (var rows = statement.executeQuery("select last from " + FILLED)) {
                if (rows.next()) {
                    var filled = new FullCalendar(database, bookings, dimensions, rows.getLong(1));
                    filled.restore();
                    return filled;
                }
            }
            var filled = fill(database, bookings, dimensions);
            statement.execute("insert into " + FILLED + " values (" + filled.last + ")");
            return filled;
        }
    }

    static FullCalendar fill(Database database, int bookings, int dimensions) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("set session_replication_role = replica");
            statement.execute("set maintenance_work_mem = '256MB'");
            statement.execute("truncate place, booking cascade");
            var indexes = new TreeMap<String, String>();
            try (var rows = statement.executeQuery(
                    "select indexname, indexdef from pg_indexes where tablename = 'booking' and indexname <> 'booking_pkey'")) {
                while (rows.next()) {
                    indexes.put(rows.getString(1), rows.getString(2));
                }
            }
            for (var name : indexes.keySet()) {
                statement.execute("drop index " + name);
            }
            statement.execute("select setseed(0.5)");
            statement.execute(FILL.formatted(PLACES, bookings, dimensions));
            for (var definition : indexes.values()) {
                statement.execute(definition);
            }
            connection.commit();
            connection.setAutoCommit(true);
            statement.execute("vacuum analyze booking, place, place_capacity");
            try (var rows = statement.executeQuery("select max(id) from booking")) {
                rows.next();
                return new FullCalendar(database, bookings, dimensions, rows.getLong(1));
            }
        }
    }

    /// As it was when it had been filled, so that what was measured before costs nothing now.
    void restore() throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("set session_replication_role = replica");
            statement.execute("delete from booking where id > " + last);
            statement.execute("update place set version = version + 1, owner = null where version > 0");
            statement.execute("set session_replication_role = origin");
            statement.execute("vacuum booking, place");
        }
    }

    Booking hot(SplittableRandom random) {
        return booking(HOT, random);
    }

    Booking spread(SplittableRandom random) {
        return booking("p/" + random.nextInt(PLACES), random);
    }

    /// As the bookings are spread: each tenth is for the hot place.
    Booking mixed(SplittableRandom random) {
        return random.nextInt(10) == 0 ? hot(random) : spread(random);
    }

    private Booking booking(String place, SplittableRandom random) {
        var amounts = new TreeMap<String, Long>();
        for (int d = 1; d <= dimensions; d++) {
            amounts.put("d" + d, random.nextLong(1, 5));
        }
        return new Booking(
                BOOK,
                new UUID(random.nextLong(), random.nextLong()),
                place,
                window(random, random.nextInt(1, 49)),
                new Capacities(amounts),
                Set.of());
    }

    /// Somewhere in the year.
    static Interval window(SplittableRandom random, int hours) {
        var from = START.plusSeconds(random.nextLong(31_536_000));
        return new Interval(from, from.plus(Duration.ofHours(hours)));
    }
}
