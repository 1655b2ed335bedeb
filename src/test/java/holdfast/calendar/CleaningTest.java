package holdfast.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.core.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The time between two who do not share.
class CleaningTest extends CalendarFixture {
    private static final Duration CLEANING = Duration.ofMinutes(15);

    @BeforeEach
    void a_host_to_share() {
        in(tx -> calendar.setTotal(tx, BOOK, "host", Whole.total(cores(10)), at(-1000)));
    }

    @Test
    void a_gap_is_kept_to_the_second_and_instances_need_none() {
        assertThat(alone(1, at(0), at(2))).isTrue();
        var clean = at(2).plus(CLEANING);
        assertThat(alone(2, clean.minusSeconds(1), at(4))).isFalse();
        assertThat(shared(2, clean.minusSeconds(1), at(4), 1)).isFalse();
        assertThat(shared(2, clean, at(4), 4)).isTrue();
        assertThat(shared(3, at(4), at(6), 10)).isTrue();
        assertThat(shared(4, at(3), at(4), 6)).isTrue();
        assertThat(alone(5, at(6).plus(CLEANING).minusSeconds(1), at(8))).isFalse();
        assertThat(alone(5, at(6).plus(CLEANING), at(8))).isTrue();
        assertThat(alone(6, at(-2), at(0))).isFalse();
        assertThat(alone(6, at(-2), at(0).minus(CLEANING))).isTrue();
        assertThat(audit()).isEmpty();
    }

    @Test
    void the_gap_takes_nothing_of_what_the_host_has() {
        alone(1, at(0), at(2));
        var gap = new Interval(at(2), at(2).plus(CLEANING));
        assertThat(used(gap).get("core")).isZero();
        assertThat(used(gap).get(Whole.DIMENSION)).isEqualTo(Whole.ALL);
    }

    @Test
    void without_cleaning_one_follows_the_other_at_once_and_it_is_one_booking() {
        var booking = new Booking(BOOK, holder(1), "host", hours(0, 2), cores(10), Set.of());
        var endless = new Booking(BOOK, holder(2), "host", new Interval(at(2), Instant.MAX), cores(10), Set.of());
        assertThat(Whole.alone(booking, Duration.ZERO)).hasSize(1);
        assertThat(Whole.alone(endless, CLEANING)).hasSize(1);
        assertThat(bookedAll(Whole.alone(booking, Duration.ZERO))).isTrue();
        assertThat(bookedAll(Whole.alone(endless, CLEANING))).isTrue();
    }

    private boolean alone(int holder, Instant from, Instant until) {
        return bookedAll(Whole.alone(
                new Booking(BOOK, holder(holder), "host", new Interval(from, until), cores(10), Set.of()), CLEANING));
    }

    private boolean shared(int holder, Instant from, Instant until, long cores) {
        return bookedAll(Whole.shared(
                new Booking(BOOK, holder(holder), "host", new Interval(from, until), cores(cores), Set.of()),
                cores,
                CLEANING));
    }

    private boolean bookedAll(List<Booking> bookings) {
        return in(tx -> calendar.bookAll(tx, bookings)) instanceof Answer.Yes;
    }
}
