package holdfast.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/// A calendar on a real database with one host of ten cores, and short words to speak to it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CalendarFixture {
    static final Instant NOON = Instant.parse("2030-01-07T12:00:00Z");
    static final String BOOK = "broker";

    @AutoClose
    final TestDatabase db = TestDatabase.fresh();

    final Calendar calendar = new Calendar();

    @BeforeEach
    void a_host_with_ten_cores() {
        db.empty();
        in(tx -> calendar.setTotal(tx, BOOK, "host", cores(10), at(-1000)));
    }

    <R> R in(Function<Tx, R> work) {
        return db.database().inTransaction(work);
    }

    Answer<Booking> book(UUID holder, String place, Interval when, Capacities amount, String... units) {
        return in(tx -> calendar.book(tx, new Booking(BOOK, holder, place, when, amount, Set.of(units))));
    }

    void execute(String sql) {
        in(tx -> tx.sql().execute(sql));
    }

    boolean booked(int holder, String place, Interval when, Capacities amount, String... units) {
        return book(holder(holder), place, when, amount, units) instanceof Answer.Yes;
    }

    Answer<Slot> searched(List<Candidate> candidates, Capacities amount, int hours, int horizon) {
        return in(tx -> calendar.earliest(tx, BOOK, candidates, amount, Duration.ofHours(hours), NOON, at(horizon)));
    }

    List<Booking> held(int holder) {
        return in(tx -> calendar.held(tx, BOOK, holder(holder)));
    }

    int released(int holder, Instant at) {
        return in(tx -> calendar.release(tx, BOOK, holder(holder), at));
    }

    Answer<List<Booking>> extended(int holder, Interval when) {
        return in(tx -> calendar.extend(tx, BOOK, holder(holder), when));
    }

    Answer<List<Booking>> bookedAll(Booking... bookings) {
        return in(tx -> calendar.bookAll(tx, List.of(bookings)));
    }

    Answer<Booking> answered(Booking booking) {
        return in(tx -> calendar.book(tx, booking));
    }

    Optional<Refusal> removed(Instant now) {
        return in(tx -> calendar.removePlace(tx, BOOK, "host", now));
    }

    int pruned(Instant before, int limit) {
        return in(tx -> calendar.prune(tx, before, limit));
    }

    List<Violation> audit() {
        return in(calendar::audit);
    }

    List<Violation> violations() {
        return in(tx -> calendar.violations(tx, BOOK, at(0)));
    }

    List<String> places() {
        return in(tx -> calendar.places(tx, BOOK));
    }

    Map<String, Usage> usage(Interval when) {
        return in(tx -> calendar.usage(tx, BOOK, Optional.empty(), when));
    }

    Map<String, Free> free(List<String> places, Interval when) {
        return in(tx -> calendar.free(tx, BOOK, places, when));
    }

    List<Interval> windows(Capacities amount, Interval when) {
        return in(tx -> calendar.freeWindows(tx, BOOK, "host", amount, when));
    }

    Map<String, List<Interval>> windows(List<String> units, Interval when) {
        return in(tx -> calendar.freeWindows(tx, BOOK, units, when));
    }

    boolean modified(int holder, Capacities amount, String... units) {
        return modified(holder, hours(0, 2), amount, units);
    }

    boolean modified(int holder, Interval when, Capacities amount, String... units) {
        return in(tx -> calendar.modify(tx, new Booking(BOOK, holder(holder), "host", when, amount, Set.of(units))))
                instanceof Answer.Yes;
    }

    Slot earliest(List<Candidate> candidates, Capacities amount, int hours) {
        return searched(candidates, amount, hours, 1000).orThrow();
    }

    Capacities used(Interval when) {
        return in(tx -> calendar.usage(tx, BOOK, Optional.of(List.of("host")), when))
                .get("host")
                .used();
    }

    static Refusal refusal(Answer<?> answer) {
        assertThat(answer).isInstanceOf(Answer.No.class);
        return ((Answer.No<?>) answer).why();
    }

    static Capacities cores(long cores) {
        return Capacities.of("core", cores);
    }

    static UUID holder(int number) {
        return new UUID(0, number);
    }

    static Instant at(int hour) {
        return NOON.plus(Duration.ofHours(hour));
    }

    static Interval hours(int from, int until) {
        return new Interval(at(from), at(until));
    }
}
