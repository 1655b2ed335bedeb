package holdfast.calendar;

import static holdfast.calendar.Race.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.TestDatabase;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Never overbooked, whoever writes at the same time, and whether or not they ask the calendar.
class CalendarRaceTest {
    private static final Instant NOON = Instant.parse("2030-01-07T12:00:00Z");
    private static final String BOOK = "broker";

    @AutoClose
    private static final TestDatabase db = TestDatabase.fresh();

    private final Calendar calendar = new Calendar(Duration.ZERO);

    @BeforeEach
    void a_place_of_a_hundred_cores() {
        db.empty();
        for (var place : List.of("a", "b", "c")) {
            db.database().inTransaction(tx -> calendar.setTotal(tx, BOOK, place, Capacities.of("core", 100), NOON));
        }
    }

    @Test
    void of_64_who_want_one_unit_one_wins_and_all_others_are_refused() {
        var answers = together(
                64,
                racer -> db.database()
                        .inTransaction(tx -> calendar.book(
                                tx,
                                new Booking(
                                        BOOK, new UUID(0, racer), "a", hours(0, 1), Capacities.NONE, Set.of("gpu")))));
        assertThat(answers).filteredOn(answer -> answer instanceof Answer.Yes).hasSize(1);
        assertThat(count("booking")).isEqualTo(1);
    }

    @Test
    void of_64_who_want_one_unit_through_different_places_one_wins() {
        var places = List.of("a", "b", "c");
        var answers = together(
                64,
                racer -> db.database()
                        .inTransaction(tx -> calendar.book(
                                tx,
                                new Booking(
                                        BOOK,
                                        new UUID(0, racer),
                                        places.get(racer % 3),
                                        hours(0, 1),
                                        Capacities.of("core", 1),
                                        Set.of("gpu")))));
        assertThat(answers).filteredOn(answer -> answer instanceof Answer.Yes).hasSize(1);
        assertThat(count("booking")).isEqualTo(1);
    }

    @Test
    void eight_who_book_extend_and_release_at_random_never_exceed_the_total() {
        var accepted = together(8, racer -> {
            var random = new SplittableRandom(racer);
            int yes = 0;
            for (int i = 0; i < 150; i++) {
                var holder = new UUID(racer, i);
                var when = someHours(random);
                var amount = Capacities.of("core", random.nextInt(1, 40));
                var place = random.nextInt(4) == 0 ? "b" : "a";
                var answer = db.database()
                        .inTransaction(
                                tx -> calendar.book(tx, new Booking(BOOK, holder, place, when, amount, Set.of())));
                yes += answer instanceof Answer.Yes ? 1 : 0;
                var earlier = new UUID(racer, random.nextInt(i + 1));
                if (random.nextInt(3) == 0) {
                    db.database().inTransaction(tx -> calendar.extend(tx, BOOK, earlier, someHours(random)));
                } else if (random.nextInt(3) == 0) {
                    db.database().inTransaction(tx -> calendar.release(tx, BOOK, earlier, NOON));
                }
            }
            return yes;
        });
        assertThat(accepted).allMatch(yes -> yes > 0);
        assertNothingOverbooked();
        assertThat(peak("a")).isBetween(90L, 100L);
    }

    @Test
    void those_who_book_many_places_in_any_order_do_not_wait_for_each_other_for_ever() {
        var answers = together(16, racer -> {
            var bookings = new ArrayList<Booking>();
            var random = new SplittableRandom(racer);
            for (int i = 0; i < 6; i++) {
                var place = List.of("a", "b", "c").get(random.nextInt(3));
                bookings.add(
                        new Booking(BOOK, new UUID(racer, i), place, hours(0, 1), Capacities.of("core", 5), Set.of()));
            }
            return db.database().inTransaction(tx -> calendar.bookAll(tx, bookings));
        });
        assertThat(answers)
                .anyMatch(answer -> answer instanceof Answer.Yes)
                .anyMatch(answer -> answer instanceof Answer.No);
        assertNothingOverbooked();
        assertThat(count("booking") % 6).isZero();
    }

    @Test
    void code_that_inserts_without_looking_fails() {
        assertThat(insertBlindly(1, "a", 0, 2, 60)).isEmpty();
        assertThat(insertBlindly(2, "a", 1, 3, 60)).hasValueSatisfying(failure -> {
            assertThat(failure.getSQLState()).isEqualTo("23514");
            assertThat(failure.getMessage())
                    .contains("place a of book broker would be overbooked: 120 core of 100 at 2030-01-07 13:00:00");
        });
        assertThat(insertBlindly(3, "a", 2, 3, 60)).isEmpty();
        assertNothingOverbooked();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                Connection.TRANSACTION_READ_COMMITTED,
                Connection.TRANSACTION_REPEATABLE_READ,
                Connection.TRANSACTION_SERIALIZABLE
            })
    void code_that_inserts_without_looking_fails_at_the_same_time_too(int isolation) {
        var failures = together(8, racer -> {
            int failed = 0;
            try (var connection = db.database().connect()) {
                connection.setAutoCommit(false);
                connection.setTransactionIsolation(isolation);
                var random = new SplittableRandom(racer);
                for (int i = 0; i < 60; i++) {
                    var from = random.nextInt(40);
                    failed += insertBlindly(
                                            connection,
                                            new UUID(racer, i),
                                            "a",
                                            from,
                                            from + random.nextInt(1, 30),
                                            random.nextInt(1, 40))
                                    .isPresent()
                            ? 1
                            : 0;
                }
            }
            return failed;
        });
        assertThat(failures).allMatch(failed -> failed > 0);
        assertThat(count("booking")).isPositive();
        assertNothingOverbooked();
    }

    @Test
    void code_that_moves_or_grows_bookings_without_looking_fails() {
        insertBlindly(1, "a", 0, 2, 60);
        insertBlindly(2, "a", 2, 4, 60);
        for (var wrong : List.of(
                "update booking set during = tstzrange(lower(during), '2030-01-07T15:00Z') where amounts = '{60}'",
                "update booking set amounts = '{101}'",
                "update booking set amounts = '{60,50}', dimensions = '{core,core}'",
                "update booking set dimensions = '{ram}'",
                "insert into booking (book, holder, place, during, dimensions, amounts)"
                        + " select book, gen_random_uuid(), place, during, dimensions, amounts from booking")) {
            assertThatThrownBy(() -> execute(wrong)).hasMessageContaining("would be overbooked");
        }
        assertThatThrownBy(() -> execute("update booking set during = tstzrange(lower(during), upper(during), '[]')"))
                .hasMessageContaining("booking_during_half_open");
        assertThatThrownBy(() -> execute("update booking set amounts = '{-5}'"))
                .hasMessageContaining("booking_amounts_positive");
        assertThatThrownBy(() -> execute("delete from place where id = 'a'")).hasMessageContaining("foreign key");
        execute("update booking set amounts = '{40}'");
        execute("update booking set during = tstzrange('2030-01-07T12:00Z', '2030-01-08T12:00Z')");
        assertNothingOverbooked();
    }

    @Test
    void code_that_gives_a_unit_away_twice_fails() {
        db.database()
                .inTransaction(tx -> calendar.book(
                        tx, new Booking(BOOK, new UUID(0, 1), "a", hours(0, 2), Capacities.NONE, Set.of("gpu"))));
        insertBlindly(2, "a", 1, 3, 1);
        assertThatThrownBy(() -> execute("""
                        insert into booking_unit (booking, unit, book, during)
                        select id, 'gpu', book, during from booking where amounts = '{1}'""")).hasMessageContaining("booking_unit_alone");
        assertThatThrownBy(() -> execute("""
                        insert into booking_unit (booking, unit, book, during)
                        select id, 'gpu', 'another book', tstzrange('2031-01-01', '2031-01-02') from booking where amounts = '{1}'""")).hasMessageContaining("booking_unit_alone");
        execute("""
                insert into booking_unit (booking, unit, book, during)
                select id, 'other', 'another book', tstzrange('2031-01-01', '2031-01-02') from booking where amounts = '{1}'""");
        insertBlindly(3, "a", 3, 4, 1);
        execute("""
                insert into booking_unit (booking, unit, book, during)
                select id, 'gpu', book, during from booking where holder = '00000000-0000-0000-0000-000000000003'""");
        assertThatThrownBy(() -> execute("""
                        update booking set during = tstzrange('2030-01-07T13:00Z', upper(during))
                         where holder = '00000000-0000-0000-0000-000000000003'""")).hasMessageContaining("booking_unit_alone");
        assertNothingOverbooked();
    }

    @Test
    void code_that_takes_a_booking_elsewhere_takes_its_units_along() {
        db.database()
                .inTransaction(tx -> calendar.book(
                        tx, new Booking(BOOK, new UUID(0, 1), "a", hours(0, 2), Capacities.NONE, Set.of("gpu"))));
        execute("update booking set place = 'b' where place = 'a'");
        var free = db.database().inTransaction(tx -> calendar.free(tx, BOOK, List.of("a", "b"), hours(0, 2)));
        assertThat(free.get("a").unitsTaken()).isEmpty();
        assertThat(free.get("b").unitsTaken()).containsExactly("gpu");
    }

    @Test
    void a_loss_and_bookings_at_the_same_time_leave_no_booking_that_came_after_the_loss() {
        together(9, racer -> {
            if (racer == 0) {
                return db.database()
                        .inTransaction(
                                tx -> calendar.changeTotal(tx, BOOK, "a", hours(0, 100), Capacities.of("core", -90)))
                        .orThrow();
            }
            for (int i = 0; i < 20; i++) {
                var holder = new UUID(racer, i);
                db.database()
                        .inTransaction(tx -> calendar.book(
                                tx, new Booking(BOOK, holder, "a", hours(0, 1), Capacities.of("core", 1), Set.of())));
            }
            return List.<Violation>of();
        });
        long before = peak("a");
        assertThat(before).isGreaterThanOrEqualTo(10);
        assertThat(
                        db.database()
                                        .inTransaction(tx -> calendar.book(
                                                tx,
                                                new Booking(
                                                        BOOK,
                                                        new UUID(99, 1),
                                                        "a",
                                                        hours(0, 1),
                                                        Capacities.of("core", 1),
                                                        Set.of())))
                                instanceof Answer.No)
                .isTrue();
    }

    // ------------------------------------------------------------------------------------------------------------------

    private Optional<SQLException> insertBlindly(int holder, String place, int from, int until, int cores) {
        try (var connection = db.database().connect()) {
            connection.setAutoCommit(false);
            return insertBlindly(connection, new UUID(0, holder), place, from, until, cores);
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    /// What failed, if anything did: at the statement or at the commit.
    private static Optional<SQLException> insertBlindly(
            Connection connection, UUID holder, String place, int from, int until, int cores) throws SQLException {
        try (var insert = connection.prepareStatement("""
                insert into booking (book, holder, place, during, dimensions, amounts)
                values ('broker', ?, ?, tstzrange(?::timestamptz, ?::timestamptz), '{core}', array[?::bigint])""")) {
            insert.setObject(1, holder);
            insert.setString(2, place);
            insert.setString(3, at(from).toString());
            insert.setString(4, at(until).toString());
            insert.setLong(5, cores);
            insert.executeUpdate();
            connection.commit();
            return Optional.empty();
        } catch (SQLException failure) {
            connection.rollback();
            return Optional.of(failure);
        }
    }

    private static void execute(String sql) {
        db.database().inTransaction(tx -> tx.sql().execute(sql));
    }

    private static int count(String table) {
        return db.database().inTransaction(tx -> tx.sql().fetchCount(DSL.table(table)));
    }

    private long peak(String place) {
        return db.database()
                .inTransaction(tx -> calendar.usage(tx, BOOK, Optional.of(List.of(place)), hours(0, 1000)))
                .get(place)
                .used()
                .get("core");
    }

    private void assertNothingOverbooked() {
        List<Violation> violations = db.database().inTransaction(calendar::audit);
        assertThat(violations).isEmpty();
    }

    private static Interval someHours(SplittableRandom random) {
        int from = random.nextInt(40);
        return hours(from, from + random.nextInt(1, 30));
    }

    private static Instant at(int hour) {
        return NOON.plus(Duration.ofHours(hour));
    }

    private static Interval hours(int from, int until) {
        return new Interval(at(from), at(until));
    }
}
