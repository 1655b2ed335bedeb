package holdfast.bench;

import holdfast.platform.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Other ways never to overbook (promise.md 6.5), each as a team would write it by hand: one pool with so many claims
/// over a year, one dimension, no units, no words for a refusal.
final class CalendarMethods implements AutoCloseable {
    /// The most that is taken at one instant of a window, by a sweep over the claims that overlap it.
    private static final String PEAK = """
            with w as (select tstzrange(?::timestamptz, ?::timestamptz) as during),
                 c as (select greatest(lower(c.during), lower(w.during)) as since, upper(c.during) as until, c.amount
                         from w, bench_claim c where c.pool = 0 and c.during && w.during),
                 e as (select since as at, amount from c union all select until, -amount from c)
            select coalesce(max(peak), 0) from (select sum(sum(amount)) over (order by at) as peak from e group by at) p""";

    private static final String INSERT =
            "insert into bench_claim (pool, during, amount) values (0, tstzrange(?::timestamptz, ?::timestamptz), ?)";
    private static final int PLENTY = 1_000_000;

    private final Database database;
    private final int lanes;
    private final Queue<Connection> open = new ConcurrentLinkedQueue<>();

    private CalendarMethods(Database database, int lanes) {
        this.database = database;
        this.lanes = lanes;
    }

    /// One way to do it.
    ///
    /// @param client a client with a connection of its own
    record Method(String name, Crowd.Client client) {}

    /// @param claims how many there are already
    static CalendarMethods fill(Database database, int claims) throws SQLException {
        int lanes = Math.max(10, claims / 100);
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("""
                    drop table if exists bench_claim, bench_pool, bench_slot, bench_lane;
                    create table bench_pool (id int primary key);
                    insert into bench_pool values (0);
                    create table bench_claim (id bigint generated always as identity primary key, pool int not null, during tstzrange not null,
                                              amount int not null);
                    insert into bench_claim (pool, during, amount)
                    select 0, tstzrange(b.since, b.since + (1 + floor(random() * 48)) * interval '1 hour'), 1 + floor(random() * 4)
                      from (select timestamptz '2031-01-01Z' + floor(random() * 31536000) * interval '1 second' as since
                              from generate_series(1, %1$d) i offset 0) b;
                    create index on bench_claim using gist (pool, during);
                    create table bench_slot (pool int, hour timestamptz, used int not null check (used <= %2$d), primary key (pool, hour));
                    insert into bench_slot
                    select 0, h, 0 from generate_series(timestamptz '2031-01-01Z', timestamptz '2032-01-04Z', interval '1 hour') h;
                    create table bench_lane (lane int, during tstzrange, exclude using gist (lane with =, during with &&));
                    insert into bench_lane
                    select 1 + i %% %3$d, tstzrange(b.since, b.since + (1 + floor(random() * 48)) * interval '1 hour')
                      from (select i, timestamptz '2031-01-01Z' + i / %3$d * interval '87 hours' as since from generate_series(0, %1$d - 1) i
                            offset 0) b;
                    """.formatted(claims, PLENTY, lanes));
            statement.execute("vacuum analyze bench_claim, bench_slot, bench_lane");
        }
        return new CalendarMethods(database, lanes);
    }

    List<Method> all() {
        return List.of(
                new Method("c serializable, sweep, retry", this::serializable),
                new Method("d row lock on the pool, sweep", () -> locked("select 1 from bench_pool where id = 0 for update")),
                new Method("e advisory lock, sweep", () -> locked("select pg_advisory_xact_lock(0)")),
                new Method("f hourly slots with a check", this::slots),
                new Method("h lanes with an exclusion", this::lanes));
    }

    /// Ends the connections of all clients.
    void leave() throws SQLException {
        for (var connection = open.poll(); connection != null; connection = open.poll()) {
            connection.close();
        }
    }

    @Override
    public void close() throws SQLException {
        leave();
    }

    private Connection connect(int isolation) throws SQLException {
        var connection = database.connect();
        open.add(connection);
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(isolation);
        try (var statement = connection.createStatement()) {
            statement.execute("set enable_seqscan = off; set jit = off"); // as the product does
        }
        return connection;
    }

    private Crowd.Question serializable() throws SQLException {
        var connection = connect(Connection.TRANSACTION_SERIALIZABLE);
        var peak = connection.prepareStatement(PEAK);
        var insert = connection.prepareStatement(INSERT);
        return random -> {
            var claim = Claim.of(random);
            while (true) {
                try {
                    return sweep(connection, peak, insert, claim);
                } catch (SQLException e) {
                    retry(connection, e);
                }
            }
        };
    }

    private Crowd.Question locked(String how) throws SQLException {
        var connection = connect(Connection.TRANSACTION_READ_COMMITTED);
        var lock = connection.prepareStatement(how);
        var peak = connection.prepareStatement(PEAK);
        var insert = connection.prepareStatement(INSERT);
        return random -> {
            lock.execute();
            return sweep(connection, peak, insert, Claim.of(random));
        };
    }

    private static boolean sweep(Connection connection, PreparedStatement peak, PreparedStatement insert, Claim claim)
            throws SQLException {
        claim.window(peak, 1);
        boolean fits;
        try (var rows = peak.executeQuery()) {
            rows.next();
            fits = rows.getLong(1) + claim.amount <= PLENTY;
        }
        if (fits) {
            claim.window(insert, 1);
            insert.setInt(3, claim.amount);
            insert.executeUpdate();
        }
        connection.commit();
        return fits;
    }

    /// Locked first in the order of hours, or two that overlap would wait for each other for ever.
    private Crowd.Question slots() throws SQLException {
        var connection = connect(Connection.TRANSACTION_READ_COMMITTED);
        var update = connection.prepareStatement("""
                with mine as (select pool, hour from bench_slot
                               where pool = 0 and hour >= date_trunc('hour', ?::timestamptz) and hour < ?::timestamptz order by hour for update)
                update bench_slot s set used = s.used + ? from mine where s.pool = mine.pool and s.hour = mine.hour""");
        var insert = connection.prepareStatement(INSERT);
        return random -> {
            var claim = Claim.of(random);
            claim.window(update, 1);
            update.setInt(3, claim.amount);
            update.executeUpdate();
            claim.window(insert, 1);
            insert.setInt(3, claim.amount);
            insert.executeUpdate();
            connection.commit();
            return true;
        };
    }

    /// Takes any one lane that is free.
    private Crowd.Question lanes() throws SQLException {
        var connection = connect(Connection.TRANSACTION_READ_COMMITTED);
        var insert = connection.prepareStatement("""
                insert into bench_lane
                select l, w.during
                  from (select tstzrange(?::timestamptz, ?::timestamptz) as during) w, generate_series(?, ?) l
                 where not exists (select 1 from bench_lane b where b.lane = l and b.during && w.during) limit 1""");
        return random -> {
            var claim = Claim.of(random);
            while (true) {
                try {
                    claim.window(insert, 1);
                    insert.setInt(3, random.nextInt(1, lanes + 1)); // or all would want the first
                    insert.setInt(4, lanes);
                    boolean found = insert.executeUpdate() == 1;
                    connection.commit();
                    return found;
                } catch (SQLException e) {
                    retry(connection, e);
                }
            }
        };
    }

    private static void retry(Connection connection, SQLException e) throws SQLException {
        connection.rollback();
        if (!List.of("40001", "40P01", "23P01").contains(e.getSQLState())) {
            throw e;
        }
    }

    private record Claim(Instant from, Instant until, int amount) {
        static Claim of(SplittableRandom random) {
            var window = FullCalendar.window(random, random.nextInt(1, 49));
            return new Claim(window.from(), window.until(), random.nextInt(1, 5));
        }

        void window(PreparedStatement statement, int at) throws SQLException {
            statement.setString(at, from.toString());
            statement.setString(at + 1, until.toString());
        }
    }
}
