package holdfast.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Things that are still there when their time is over.
class OverrunTest extends CalendarFixture {
    private final Entries entries = new Entries(calendar);
    private final AtomicInteger ids = new AtomicInteger();

    @Test
    void a_successor_sees_what_is_still_there_as_lost() {
        booked(1, "host", hours(0, 2), cores(7));
        booked(2, "host", hours(2, 4), cores(7));
        booked(3, "host", hours(3, 4), cores(3));
        assertThat(heldOn()).isFalse();
        var lost = List.<Violation>of(
                new Violation.Overbooked(BOOK, "host", "core", hours(2, 3), 4, List.of(holder(2))),
                new Violation.Overbooked(BOOK, "host", "core", hours(3, 4), 7, List.of(holder(2), holder(3))));
        assertThat(overrun(1)).isEqualTo(lost);
        assertThat(overrun(1)).isEmpty();
        assertThat(violations()).isEqualTo(lost);
        assertThat(booked(4, "host", hours(5, 6), cores(4))).isFalse();
        gone(at(3));
        assertThat(violations())
                .containsExactly(new Violation.Overbooked(BOOK, "host", "core", hours(2, 3), 4, List.of(holder(2))));
        assertThat(booked(4, "host", hours(5, 6), cores(10))).isTrue();
    }

    @Test
    void where_nobody_comes_the_booking_goes_on_until_it_is_gone() {
        in(tx -> calendar.setTotal(tx, BOOK, "other", cores(10), at(-1)));
        bookedAll(
                new Booking(BOOK, holder(1), "host", hours(0, 2), cores(7), Set.of()),
                new Booking(BOOK, holder(1), "other", hours(0, 2), cores(7), Set.of()));
        booked(2, "other", hours(2, 3), cores(4));
        assertThat(overrun(1)).hasSize(1);
        assertThat(held(1)).extracting(booking -> booking.when().until()).containsExactly(Instant.MAX, at(2));
        assertThat(listed("host")).isEmpty();
        assertThat(listed("other")).extracting(Entry::origin).containsExactly(Entry.Origin.OVERRUN);
        gone(at(5));
        assertThat(held(1)).extracting(booking -> booking.when().until()).containsExactly(at(5), at(2));
        assertThat(listed("other")).isEmpty();
    }

    @Test
    void of_a_demand_in_steps_the_last_one_goes_on() {
        bookedAll(
                new Booking(BOOK, holder(1), "host", hours(0, 2), cores(7), Set.of("gpu")),
                new Booking(BOOK, holder(1), "host", hours(2, 4), cores(3), Set.of()));
        assertThat(heldOn()).isTrue();
        assertThat(held(1)).extracting(booking -> booking.when().until()).containsExactly(at(2), Instant.MAX);
        assertThat(booked(2, "host", hours(7, 8), cores(8))).isFalse();
    }

    @Test
    void what_was_lent_and_does_not_go_is_lost_to_those_who_come() {
        answered(new Booking(BOOK, holder(1), "host", hours(0, 2), cores(7), Set.of()).lent())
                .orThrow();
        booked(2, "host", hours(2, 4), cores(7));
        assertThat(overrun(1)).hasSize(1);
        assertThat(listed("host")).extracting(Entry::change).containsExactly(cores(-7));
    }

    @Test
    void both_sides_of_a_cleaned_host_go_on() {
        in(tx -> calendar.setTotal(tx, BOOK, "host", Whole.total(cores(10)), at(-1000)));
        var lease = Whole.alone(
                new Booking(BOOK, holder(1), "host", hours(0, 2), cores(10), Set.of()), Duration.ofHours(1));
        in(tx -> calendar.bookAll(tx, lease)).orThrow();
        assertThat(overrun(1)).isEmpty();
        assertThat(held(1)).allMatch(booking -> booking.when().until().equals(Instant.MAX));
    }

    private boolean heldOn() {
        return in(tx -> calendar.holdOn(tx, BOOK, holder(1)));
    }

    private void gone(Instant at) {
        in(tx -> entries.gone(tx, BOOK, holder(1), at));
    }

    private List<Violation> overrun(int holder) {
        return in(tx ->
                entries.overrun(tx, BOOK, holder(holder), "lab", at(2), () -> new UUID(8, ids.incrementAndGet())));
    }

    private List<Entry> listed(String place) {
        return in(tx -> entries.list(tx, BOOK, List.of(place), new Interval(at(0), Instant.MAX)));
    }
}
