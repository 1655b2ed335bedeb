package holdfast.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.platform.Tx;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CalendarTest extends CalendarFixture {
    /// Each holder has an hour.
    private static final String MANY = """
            insert into booking (book, holder, place, during, dimensions, amounts)
            select 'broker', lpad(to_hex(n), 32, '0')::uuid, 'host',
                   tstzrange('2030-01-07 12:00Z'::timestamptz + n * interval '1 hour', '2030-01-07 13:00Z'::timestamptz + n * interval '1 hour'),
                   '{core}', '{1}'
              from generate_series(1, 20000) n""";

    @Test
    void what_ends_at_noon_and_what_starts_at_noon_do_not_touch() {
        assertThat(booked(1, "host", hours(-2, 0), cores(10), "gpu")).isTrue();
        assertThat(booked(2, "host", hours(0, 2), cores(10), "gpu")).isTrue();
        assertThat(booked(3, "host", hours(2, 4), cores(10), "gpu")).isTrue();
        assertThat(booked(4, "host", hours(-1, 3), cores(1))).isFalse();
    }

    @Test
    void a_term_that_ends_between_two_microseconds_still_meets_the_next_one() {
        var seam = NOON.plusNanos(1_234);
        assertThat(book(holder(1), "host", new Interval(at(-1), seam), cores(10)))
                .isInstanceOf(Answer.Yes.class);
        assertThat(book(holder(2), "host", new Interval(seam, at(1)), cores(10)))
                .isInstanceOf(Answer.Yes.class);
        assertThat(held(1).getFirst().when().until()).isEqualTo(NOON.plusNanos(1_000));
        var refusal = refusal(book(holder(3), "host", new Interval(NOON, NOON.plusNanos(10)), cores(1)));
        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.MALFORMED);
    }

    @Test
    void three_short_ones_after_another_take_the_room_of_one() {
        assertThat(booked(1, "host", hours(0, 24), cores(6))).isTrue();
        for (int hour = 0; hour < 24; hour++) {
            assertThat(booked(10 + hour, "host", hours(hour, hour + 1), cores(4)))
                    .isTrue();
        }
        assertThat(booked(99, "host", hours(5, 6), cores(1))).isFalse();
        assertThat(used(hours(0, 24))).isEqualTo(cores(10));
    }

    @Test
    void a_refusal_names_place_dimension_instant_deficit_and_the_earliest_start() {
        booked(1, "host", hours(2, 5), cores(8));
        booked(2, "host", hours(5, 6), cores(4));
        var refusal = refusal(book(holder(3), "host", hours(0, 4), cores(5)));
        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.NO_ROOM);
        assertThat(refusal.message())
                .isEqualTo("host has 2 core free at 2030-01-07T14:00:00Z where 5 are wanted, 3 too few; "
                        + "the same fits from 2030-01-07T17:00:00Z on");
        assertThat(refusal.earliest()).contains(at(5));
        assertThat(booked(3, "host", hours(5, 9), cores(5))).isTrue();
    }

    @Test
    void a_refusal_over_a_unit_names_it_and_when_it_is_held() {
        booked(1, "host", hours(1, 2), Capacities.NONE, "gpu-1");
        var refusal = refusal(book(holder(2), "host", hours(0, 3), Capacities.NONE, "gpu-0", "gpu-1"));
        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.NO_ROOM);
        assertThat(refusal.message())
                .startsWith("unit gpu-1 of host is held from 2030-01-07T13:00:00Z until 2030-01-07T14:00:00Z;");
        assertThat(refusal.earliest()).contains(at(2));
        assertThat(held(2)).isEmpty();
    }

    @Test
    void a_dimension_that_the_place_does_not_have_has_no_room() {
        var refusal = refusal(book(holder(1), "host", hours(0, 1), Capacities.of("fpga", 1)));
        assertThat(refusal.message()).startsWith("host has 0 fpga free at 2030-01-07T12:00:00Z where 1 are wanted");
        assertThat(refusal.earliest()).isEmpty();
    }

    @Test
    void a_place_that_nobody_described_is_not_there() {
        assertThat(refusal(book(holder(1), "elsewhere", hours(0, 1), cores(1))).kind())
                .isEqualTo(Refusal.Kind.NOT_THERE);
    }

    @Test
    void told_twice_is_once_and_told_otherwise_is_a_clash() {
        var first = book(holder(1), "host", hours(0, 1), cores(6), "gpu");
        assertThat(book(holder(1), "host", hours(0, 1), cores(6), "gpu")).isEqualTo(first);
        assertThat(used(hours(0, 1))).isEqualTo(cores(6));
        assertThat(refusal(book(holder(1), "host", hours(0, 1), cores(5), "gpu"))
                        .kind())
                .isEqualTo(Refusal.Kind.CLASH);
        assertThat(held(1)).hasSize(1);
    }

    @Test
    void the_books_of_two_actors_do_not_see_each_other() {
        in(tx -> calendar.setTotal(tx, "authority", "host", cores(10), at(-1)));
        assertThat(booked(1, "host", hours(0, 1), cores(10), "gpu")).isTrue();
        var other = new Booking("authority", holder(1), "host", hours(0, 1), cores(10), Set.of("gpu"));
        assertThat(answered(other)).isInstanceOf(Answer.Yes.class);
    }

    @Test
    void several_bookings_are_all_or_nothing() {
        in(tx -> calendar.setTotal(tx, BOOK, "other", cores(3), at(-1)));
        var one = new Booking(BOOK, holder(1), "host", hours(0, 1), cores(4), Set.of("gpu"));
        var two = new Booking(BOOK, holder(1), "other", hours(0, 1), cores(4), Set.of());
        assertThat(bookedAll(one, two)).isInstanceOf(Answer.No.class);
        assertThat(used(hours(0, 1))).isEqualTo(Capacities.NONE);
        assertThat(held(1)).isEmpty();
        assertThat(booked(2, "host", hours(0, 1), cores(10), "gpu")).isTrue();
    }

    @Test
    void several_bookings_of_one_place_count_together() {
        var one = new Booking(BOOK, holder(1), "host", hours(0, 2), cores(6), Set.of());
        var two = new Booking(BOOK, holder(1), "host", hours(1, 3), cores(6), Set.of());
        assertThat(refusal(bookedAll(one, two)).message()).startsWith("host has 4 core free at 2030-01-07T13:00:00Z");
    }

    @Test
    void a_unit_is_held_once_even_if_it_is_asked_for_at_another_place() {
        in(tx -> calendar.setTotal(tx, BOOK, "other", cores(10), at(-1)));
        assertThat(booked(1, "host", hours(0, 1), cores(1), "gpu")).isTrue();
        assertThat(booked(2, "other", hours(0, 1), cores(1), "gpu")).isFalse();
    }

    @Test
    void release_before_the_start_leaves_nothing() {
        booked(1, "host", hours(1, 3), cores(10), "gpu");
        assertThat(released(1, at(1))).isEqualTo(1);
        assertThat(held(1)).isEmpty();
        assertThat(booked(2, "host", hours(1, 3), cores(10), "gpu")).isTrue();
    }

    @Test
    void release_in_the_middle_keeps_the_past_and_frees_the_rest() {
        booked(1, "host", hours(0, 4), cores(10), "gpu");
        assertThat(released(1, at(1))).isEqualTo(1);
        assertThat(released(1, at(1))).isZero();
        assertThat(released(1, at(2))).isZero();
        assertThat(held(1).getFirst().when()).isEqualTo(hours(0, 1));
        assertThat(booked(2, "host", hours(0, 2), cores(1))).isFalse();
        assertThat(booked(3, "host", hours(1, 4), cores(10), "gpu")).isTrue();
    }

    @Test
    void release_ends_all_that_the_holder_has_at_the_same_instant() {
        booked(1, "host", hours(0, 4), cores(3));
        booked(1, "host", hours(0, 6), cores(4));
        booked(1, "host", hours(3, 6), cores(1));
        assertThat(released(1, at(2))).isEqualTo(3);
        assertThat(held(1)).extracting(Booking::when).containsExactly(hours(0, 2), hours(0, 2));
        assertThat(used(hours(0, 9))).isEqualTo(cores(7));
    }

    @Test
    void release_of_a_stranger_does_nothing() {
        assertThat(released(7, NOON)).isZero();
    }

    @Test
    void an_extension_does_not_compete_with_itself() {
        booked(1, "host", hours(0, 2), cores(7), "gpu");
        assertThat(extended(1, hours(0, 5))).isInstanceOf(Answer.Yes.class);
        var held = held(1);
        assertThat(held).containsExactly(new Booking(BOOK, holder(1), "host", hours(0, 5), cores(7), Set.of("gpu")));
        assertThat(booked(2, "host", hours(4, 5), cores(4))).isFalse();
        assertThat(booked(2, "host", hours(4, 5), cores(3), "gpu")).isFalse();
    }

    @Test
    void an_extension_into_somebody_elses_booking_is_refused_and_changes_nothing() {
        in(tx -> calendar.setTotal(tx, BOOK, "other", cores(10), at(-1)));
        booked(1, "host", hours(0, 2), cores(7), "gpu");
        booked(1, "other", hours(0, 2), cores(7));
        booked(2, "other", hours(4, 5), cores(7));
        var before = held(1);
        var refusal = refusal(extended(1, hours(0, 5)));
        assertThat(refusal.message()).startsWith("other has 3 core free at 2030-01-07T16:00:00Z where 7 are wanted");
        assertThat(held(1)).isEqualTo(before);
        assertThat(booked(3, "host", hours(2, 4), cores(10), "gpu")).isTrue();
        assertThat(refusal(extended(1, hours(0, 3))).message()).contains("host");
    }

    @Test
    void an_extension_of_a_held_unit_stops_at_the_next_holder() {
        booked(1, "host", hours(0, 2), Capacities.NONE, "gpu");
        booked(2, "host", hours(3, 4), Capacities.NONE, "gpu");
        assertThat(extended(1, hours(0, 3))).isInstanceOf(Answer.Yes.class);
        assertThat(refusal(extended(1, hours(0, 4))).message()).startsWith("unit gpu of host is held");
        assertThat(extended(1, hours(0, 1))).isInstanceOf(Answer.Yes.class);
        assertThat(booked(3, "host", hours(1, 3), Capacities.NONE, "gpu")).isTrue();
    }

    @Test
    void a_booking_may_grow_by_what_is_free_beside_it() {
        booked(1, "host", hours(0, 2), cores(4), "gpu-0");
        booked(2, "host", hours(0, 2), cores(3), "gpu-1");
        assertThat(modified(1, cores(8), "gpu-0")).isFalse();
        assertThat(modified(1, cores(7), "gpu-0", "gpu-1")).isFalse();
        assertThat(modified(1, cores(7), "gpu-0", "gpu-2")).isTrue();
        assertThat(modified(1, cores(1), "gpu-2")).isTrue();
        assertThat(booked(3, "host", hours(0, 2), cores(6), "gpu-0")).isTrue();
    }

    /// The index of times begins with the place: looked up by the time alone, all of it is read.
    @Test
    void what_a_holder_has_already_is_looked_up_by_the_holder_however_much_is_booked() {
        execute("set local session_replication_role = replica; " + MANY + "; analyze booking");
        in(tx -> {
            var again = new Booking(BOOK, holder(7), "host", hours(7, 8), cores(1), Set.of());
            assertThat(calendar.book(tx, again)).isInstanceOf(Answer.Yes.class);
            assertThat(scans(tx, "booking_by_holder")).isPositive();
            assertThat(scans(tx, "booking_by_time")).isZero();
            return true;
        });
    }

    /// How often this transaction has looked something up in an index.
    private static long scans(Tx tx, String index) {
        return tx.sql()
                .fetchSingle("select pg_stat_get_xact_numscans(?::regclass)", index)
                .get(0, long.class);
    }
}
