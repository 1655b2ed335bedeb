package holdfast.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.platform.Database;
import holdfast.platform.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is decided in memory is what the calendar would have decided, whoever else writes.
class HotTest extends CalendarFixture {
    private static final UUID SERVER = new UUID(7, 7);
    private static final PlaceId HOST = new PlaceId(BOOK, "host");
    private static final String OTHER_BOOK = "without memory";

    private HotServer admissions;

    @BeforeEach
    void a_server() {
        admissions = HotServer.of(SERVER, db.database(), calendar);
    }

    @AfterEach
    void stops() {
        admissions.close();
    }

    /// The same life in two books: one is booked through memory and the other through the calendar alone.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whatever_happens_memory_answers_as_the_calendar_does(long seed) {
        var random = new SplittableRandom(seed);
        for (var book : List.of(BOOK, OTHER_BOOK)) {
            for (var place : List.of("a", "b")) {
                in(tx ->
                        calendar.setTotal(tx, book, place, new Capacities(Map.of("core", 10L, "ram", 20L)), at(-1000)));
            }
        }
        int inMemory = 0;
        try (var elsewhere = HotServer.of(new UUID(8, 8), db.database(), calendar)) {
            for (int i = 0; i < 120; i++) {
                var server = random.nextInt(5) == 0 ? elsewhere : admissions;
                if (random.nextInt(8) == 0) {
                    server.heat(new PlaceId(BOOK, random.nextBoolean() ? "a" : "b"));
                }
                inMemory += server.isHot(BOOK, "a") ? 1 : 0;
                assertThat(happen(new SplittableRandom(seed * 1000 + i), i, BOOK, server))
                        .isEqualTo(happen(new SplittableRandom(seed * 1000 + i), i, OTHER_BOOK, null));
                var earlier = holder(random.nextInt(i + 1));
                in(tx -> theSameIsRead(server, tx));
                rolledBack(tx -> {
                    calendar.release(tx, BOOK, earlier, at(-1));
                    theSameIsRead(server, tx);
                });
            }
        }
        assertThat(inMemory).isPositive();
        assertThat(usage(BOOK)).isEqualTo(usage(OTHER_BOOK));
    }

    private boolean theSameIsRead(HotServer server, Tx tx) {
        var knowing = new Calendar(server.hot());
        for (var window : List.of(hours(0, 100), hours(7, 31))) {
            assertThat(steps(knowing, tx, window)).isEqualTo(steps(calendar, tx, window));
            assertThat(knowing.free(tx, BOOK, List.of("a", "b"), window))
                    .isEqualTo(calendar.free(tx, BOOK, List.of("a", "b"), window));
        }
        return true;
    }

    private static Map<String, List<Profile.Step>> steps(Calendar calendar, Tx tx, Interval window) {
        var steps = new TreeMap<String, List<Profile.Step>>();
        calendar.profiles(tx, BOOK, List.of("a", "b"), window, Quantity.FREE)
                .forEach((place, free) -> steps.put(place, free.steps(hours(-10, 200))));
        return steps;
    }

    private void rolledBack(Consumer<Tx> work) {
        assertThatThrownBy(() -> in(tx -> {
                    work.accept(tx);
                    throw new UnsupportedOperationException("rolled back");
                }))
                .hasMessage("rolled back");
    }

    @Test
    void the_least_of_a_hot_place_is_known_by_heart_and_its_units_are_read() {
        in(tx -> calendar.setTotal(tx, BOOK, "host", new Capacities(Map.of("core", 10L)), at(-1000)));
        admissions.heat(HOST);
        var four = new Capacities(Map.of("core", 4L));
        var three = new Capacities(Map.of("core", 3L));
        in(tx -> calendar.book(tx, new Booking(BOOK, holder(1), "host", hours(3, 5), four, Set.of("gpu-1"))));
        in(tx -> calendar.book(tx, new Booking(BOOK, holder(2), "host", hours(4, 6), three, Set.of())));
        var knowing = new Calendar(admissions.hot());
        Map<String, Free> early = in(tx -> knowing.free(tx, BOOK, List.of("host", "nowhere"), hours(0, 10)));
        assertThat(early).isEqualTo(Map.of("host", new Free(three, Set.of("gpu-1"))));
        Map<String, Free> late = in(tx -> knowing.free(tx, BOOK, List.of("host"), hours(5, 10)));
        assertThat(late).isEqualTo(Map.of("host", new Free(new Capacities(Map.of("core", 7L)), Set.of())));
        assertThat(admissions.isHot(BOOK, "host")).isTrue();
    }

    /// @param server through which it is booked; null = through the calendar
    /// @return what was answered
    private String happen(SplittableRandom random, int number, String book, @Nullable HotServer server) {
        var holder = holder(number);
        var earlier = holder(random.nextInt(number + 1));
        return switch (random.nextInt(12)) {
            case 0 ->
                in(tx -> calendar.release(tx, book, earlier, at(random.nextInt(40))))
                        .toString();
            case 1 -> said(in(tx -> calendar.extend(tx, book, earlier, some(random))));
            case 2 -> said(in(tx -> calendar.replace(tx, book, earlier, bookings(random, book, earlier))));
            case 3 -> {
                var change = Capacities.of("core", random.nextInt(-3, 4));
                yield in(tx -> calendar.changeTotal(tx, book, "a", some(random), change))
                                .orThrow()
                                .size() + " violations";
            }
            case 4 -> {
                var lent = bookings(random, book, holder).stream()
                        .map(Booking::lent)
                        .toList();
                yield said(asked(lent, server));
            }
            case 5 -> {
                var unit = new Booking(book, holder, "a", some(random), cores(1), Set.of("gpu"));
                yield said(asked(List.of(unit), server));
            }
            case 6 -> {
                var sameAgain = bookings(new SplittableRandom(number / 2), book, holder(1000 + number / 2));
                yield said(asked(sameAgain, server));
            }
            case 7 ->
                said(asked(List.of(new Booking(book, holder, "nowhere", some(random), cores(1), Set.of())), server));
            default -> said(asked(bookings(random, book, holder), server));
        };
    }

    private Answer<List<Booking>> asked(List<Booking> bookings, @Nullable HotServer server) {
        return server == null ? in(tx -> calendar.bookAll(tx, bookings)) : server.book(bookings);
    }

    /// The words of a refusal name instant, what is free there, and when it would fit.
    private static String said(Answer<List<Booking>> answer) {
        return switch (answer) {
            case Answer.Yes<List<Booking>>(var booked) ->
                booked.stream().map(HotTest::withoutBook).toList().toString();
            case Answer.No<List<Booking>>(var why) ->
                why.toString().replace(BOOK, "").replace(OTHER_BOOK, "");
        };
    }

    private static String withoutBook(Booking booking) {
        return booking.holder() + " " + booking.place() + " " + booking.when() + " " + booking.amount()
                + booking.units();
    }

    private static List<Booking> bookings(SplittableRandom random, String book, UUID holder) {
        var bookings = new ArrayList<Booking>();
        for (var place : random.nextBoolean() ? List.of("a") : List.of("a", "b")) {
            var amount = new Capacities(Map.of("core", random.nextLong(1, 6), "ram", random.nextLong(0, 9)));
            bookings.add(new Booking(book, holder, place, some(random), amount, Set.of()));
        }
        return bookings;
    }

    private static Interval some(SplittableRandom random) {
        int from = random.nextInt(40);
        return hours(from, from + random.nextInt(1, 30));
    }

    private Map<String, Usage> usage(String book) {
        return in(tx -> calendar.usage(tx, book, Optional.of(List.of("a", "b")), hours(0, 100)));
    }

    @Test
    void code_without_the_fence_or_with_an_old_one_fails_to_commit() {
        admissions.heat(HOST);
        assertThat(admissions.isHot(BOOK, "host")).isTrue();
        assertThatThrownBy(() -> insertBehind(Optional.empty())).hasMessageContaining("would be overbooked");
        var old = fence(SERVER, 1, version());
        assertThat(admissions.book(List.of(booking(1, cores(4))))).isInstanceOf(Answer.Yes.class);
        assertThatThrownBy(() -> insertBehind(Optional.of(old))).hasMessageContaining("would be overbooked");
        assertThatThrownBy(() -> insertBehind(Optional.of(fence(SERVER, 0, version()))))
                .hasMessageContaining("would be overbooked");
        assertThatThrownBy(() -> insertBehind(Optional.of(fence(new UUID(8, 8), 1, version()))))
                .hasMessageContaining("would be overbooked");
        assertThat(audit()).isEmpty();
        insertBehind(Optional.of(fence(SERVER, 1, version()))); // this is how far an owner is believed
        assertThat(audit()).hasSize(1);
    }

    private long version() {
        return in(tx -> calendar.versions(tx, BOOK, List.of("host"))).get("host");
    }

    private static String fence(UUID owner, long epoch, long version) {
        return """
               [{"book": "broker", "place": "host", "owner": "%s", "epoch": %d, "version": %d}]""".formatted(owner, epoch, version);
    }

    private void insertBehind(Optional<String> fence) {
        in(tx -> {
            fence.ifPresent(text -> tx.sql().fetch("select set_config('holdfast.fence', ?, true)", text));
            return tx.sql().execute("""
                    insert into booking (book, holder, place, during, dimensions, amounts)
                    values ('broker', gen_random_uuid(), 'host', tstzrange('2030-01-07T12:00Z', '2030-01-07T13:00Z'), '{core}', '{11}')""");
        });
    }

    @Test
    void a_place_that_is_asked_for_again_and_again_becomes_hot() {
        for (int i = 0; i < Admissions.HOT; i++) {
            assertThat(admissions.isHot(BOOK, "host")).isFalse();
            admissions.book(List.of(booking(i, cores(1)).during(hours(i, i + 1))));
        }
        for (int i = 0; !admissions.isHot(BOOK, "host"); i++) { // it is read beside
            admissions.book(List.of(booking(i, cores(1))));
        }
        var tooMuch = booking(7_000, cores(10));
        assertThat(refusal(admissions.book(List.of(tooMuch)))).isEqualTo(refusal(bookedAll(tooMuch)));
    }

    @Test
    void a_place_too_large_for_memory_is_served_all_the_same() {
        try (var small = HotServer.of(new Hot(SERVER, db.database(), 100), db.database(), calendar)) {
            booked(1, "host", hours(0, 1), cores(1));
            small.heat(HOST);
            assertThat(small.isHot(BOOK, "host")).isFalse();
            assertThat(small.book(List.of(booking(2, cores(9))))).isInstanceOf(Answer.Yes.class);
            assertThat(small.book(List.of(booking(3, cores(1))))).isInstanceOf(Answer.No.class);
        }
    }

    @Test
    void what_is_said_twice_is_booked_once() {
        admissions.heat(HOST);
        for (int i = 0; i < 2; i++) {
            assertThat(admissions.book(List.of(booking(1, cores(6)), booking(1, cores(6)))))
                    .isEqualTo(Answer.yes(List.of(booking(1, cores(6)), booking(1, cores(6)))));
        }
        assertThat(used(hours(0, 1))).isEqualTo(cores(6));
        assertThat(refusal(admissions.book(List.of(booking(1, cores(5))))).kind())
                .isEqualTo(Refusal.Kind.CLASH);
    }

    @Test
    void what_goes_along_with_a_booking_is_in_its_transaction() {
        admissions.heat(HOST);
        assertThat(admissions.book(List.of(booking(1, cores(4))), (tx, booked) -> calendar.held(tx, BOOK, holder(1))))
                .isEqualTo(Answer.yes(List.of(booking(1, cores(4)))));
        assertThatThrownBy(() -> admissions.book(List.of(booking(2, cores(4))), (_, _) -> {
                    throw new IllegalArgumentException("not that");
                }))
                .hasMessageContaining("not that");
        assertThat(held(2)).isEmpty();
        assertThat(admissions.book(List.of(booking(3, cores(6))))).isInstanceOf(Answer.Yes.class);
    }

    @Test
    void an_owner_that_is_silent_for_long_owns_the_place_no_more_and_leaves_no_news_behind() {
        admissions.heat(HOST);
        execute("update place set version = version + 9999");
        booked(1, "host", hours(0, 1), cores(10));
        assertThat(news()).isEqualTo(1);
        booked(2, "host", hours(5, 6), cores(1));
        assertThat(owners()).isZero();
        assertThat(admissions.book(List.of(booking(3, cores(1))))).isInstanceOf(Answer.No.class);
        pruned(at(-1), 10);
        assertThat(news()).isZero();
    }

    private long owners() {
        return in(tx -> tx.sql().fetchSingle("select count(owner) from place").get(0, Long.class));
    }

    private long news() {
        return in(tx -> tx.sql().fetchSingle("select count(*) from place_news").get(0, Long.class));
    }

    @Test
    void many_bookings_do_not_change_what_is_read_to_decide() {
        var oneConnection = Database.Options.standard().withPoolSize(1);
        try (var database = Database.openMigrated(db.url(), db.user(), db.password(), oneConnection);
                var server = HotServer.of(SERVER, database, calendar)) {
            in(tx -> {
                tx.sql().execute("set local session_replication_role = replica");
                return tx.sql().execute("""
                        insert into booking (book, holder, place, during, dimensions, amounts)
                        select 'broker', gen_random_uuid(), 'host', tstzrange(s.at, s.at + interval '1 second'), '{core}', '{1}'
                          from (select timestamptz '2030-01-08Z' + i * interval '1 second' as at from generate_series(1, 50000) i) s""");
            });
            execute("analyze booking");
            server.heat(HOST);
            assertThat(server.isHot(BOOK, "host")).isTrue();
            long heated = rowsRead(database, tx -> {});
            server.book(List.of(always(1)), (tx, booked) -> {
                        flush(tx);
                        return booked;
                    })
                    .orThrow();
            long booked = rowsRead(database, tx -> {});
            assertThat(booked - heated).isLessThan(10);
            long looked = rowsRead(database, tx -> calendar.book(tx, always(2)).orThrow());
            assertThat(looked - booked).isGreaterThan(50_000); // or the rows would not be counted
        }
    }

    private static Booking always(int holder) {
        return booking(holder, cores(1)).during(hours(0, 100_000));
    }

    /// How many rows of the calendar were read in all, `work` included.
    private static long rowsRead(Database database, Consumer<Tx> work) {
        database.inTransaction(tx -> {
            work.accept(tx);
            return flush(tx);
        });
        return database.inTransaction(tx -> tx.sql().fetchSingle("""
                        select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) from pg_stat_user_tables
                         where relname in ('booking', 'place_capacity', 'place_change')""").get(0, Long.class));
    }

    /// Makes the database count at the end of the transaction what this connection did so far.
    private static boolean flush(Tx tx) {
        return tx.sql().execute("select pg_stat_force_next_flush()") >= 0;
    }

    private static Booking booking(int holder, Capacities amount) {
        return new Booking(BOOK, holder(holder), "host", hours(0, 1), amount, Set.of());
    }
}
