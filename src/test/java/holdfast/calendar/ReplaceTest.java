package holdfast.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// All of a holder, or of many, at once.
class ReplaceTest extends CalendarFixture {
    @Test
    void steps_of_one_holder_change_together_or_not_at_all() {
        var day = List.of(step(hours(0, 2), 4), step(hours(2, 4), 10), step(hours(4, 6), 2));
        assertThat(replaced(day).orThrow()).isEqualTo(day);
        assertThat(held(1)).isEqualTo(day);
        assertThat(booked(2, "host", hours(0, 2), cores(6))).isTrue();
        assertThat(booked(3, "host", hours(4, 6), cores(8))).isTrue();
        var refusal = refusal(replaced(List.of(step(hours(0, 3), 4), step(hours(3, 5), 5))));
        assertThat(refusal.message())
                .startsWith("host has 2 core free at 2030-01-07T16:00:00Z where 5 are wanted, 3 too few");
        assertThat(held(1)).isEqualTo(day);
        var later = List.of(step(hours(1, 3), 4), step(hours(3, 4), 10));
        assertThat(replaced(later)).isInstanceOf(Answer.Yes.class);
        assertThat(held(1)).isEqualTo(later);
        assertThat(booked(4, "host", hours(0, 1), cores(4))).isTrue();
        assertThat(replaced(List.of())).isInstanceOf(Answer.Yes.class);
        assertThat(held(1)).isEmpty();
        assertThat(used(hours(1, 2))).isEqualTo(cores(6));
    }

    @Test
    void what_one_had_does_not_count_against_what_one_gets_also_for_units() {
        replaced(List.of(
                        new Booking(BOOK, holder(1), "host", hours(0, 2), cores(10), Set.of("gpu-0")),
                        new Booking(BOOK, holder(1), "host", hours(2, 4), cores(10), Set.of("gpu-1"))))
                .orThrow();
        booked(2, "host", hours(4, 6), Capacities.NONE, "gpu-2");
        var exchanged = List.of(
                new Booking(BOOK, holder(1), "host", hours(0, 2), cores(9), Set.of("gpu-1")),
                new Booking(BOOK, holder(1), "host", hours(2, 5), cores(10), Set.of("gpu-0")));
        assertThat(replaced(exchanged)).isInstanceOf(Answer.Yes.class);
        assertThat(held(1)).isEqualTo(exchanged);
        var taken = List.of(new Booking(BOOK, holder(1), "host", hours(0, 5), cores(1), Set.of("gpu-2")));
        assertThat(refusal(replaced(taken)).message()).startsWith("unit gpu-2 of host is held from");
        assertThat(held(1)).isEqualTo(exchanged);
        assertThat(audit()).isEmpty();
    }

    @Test
    void where_capacity_was_lost_taking_no_more_than_before_always_works() {
        replaced(List.of(step(hours(0, 10), 8))).orThrow();
        in(tx -> calendar.changeTotal(tx, BOOK, "host", hours(2, 8), cores(-9)).orThrow());
        assertThat(replaced(List.of(step(hours(0, 3), 8), step(hours(3, 10), 7))))
                .isInstanceOf(Answer.Yes.class);
        assertThat(replaced(List.of(step(hours(0, 3), 7), step(hours(3, 10), 8))))
                .isInstanceOf(Answer.No.class);
        assertThat(replaced(List.of(step(hours(0, 12), 7)))).isInstanceOf(Answer.Yes.class);
        assertThat(held(1)).containsExactly(step(hours(0, 12), 7));
    }

    @Test
    void the_same_place_and_time_twice_is_refused() {
        var refusal = refusal(replaced(List.of(step(hours(0, 2), 1), step(hours(0, 2), 2))));
        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.MALFORMED);
        assertThat(held(1)).isEmpty();
    }

    @Test
    void unknown_places_are_refused_and_strangers_are_not_moved() {
        booked(1, "host", hours(0, 1), cores(1));
        var elsewhere = new Booking(BOOK, holder(1), "elsewhere", hours(0, 1), cores(1), Set.of());
        assertThat(refusal(replaced(List.of(elsewhere))).kind()).isEqualTo(Refusal.Kind.NOT_THERE);
        assertThat(held(1)).hasSize(1);
        assertThatThrownBy(() -> new Move(BOOK, holder(2), List.of(elsewhere)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void two_who_change_hosts_need_no_room_beside_them() {
        in(tx -> calendar.setTotal(tx, BOOK, "other", cores(10), at(-1)));
        booked(1, "host", hours(0, 4), cores(10), "host:alone");
        booked(2, "other", hours(1, 3), cores(10), "other:alone");
        var one = new Booking(BOOK, holder(1), "other", hours(0, 4), cores(10), Set.of("other:alone"));
        var two = new Booking(BOOK, holder(2), "host", hours(1, 3), cores(10), Set.of("host:alone"));
        assertThat(replaced(List.of(one))).isInstanceOf(Answer.No.class);
        var moved = movedAll(new Move(BOOK, holder(1), List.of(one)), new Move(BOOK, holder(2), List.of(two)));
        assertThat(moved.orThrow()).containsExactly(one, two);
        assertThat(held(1)).containsExactly(one);
        assertThat(held(2)).containsExactly(two);
        assertThat(audit()).isEmpty();
    }

    @Test
    void a_move_makes_room_for_somebody_new_or_leaves_everybody_where_they_are() {
        in(tx -> calendar.setTotal(tx, BOOK, "other", cores(6), at(-1)));
        booked(1, "host", hours(0, 4), cores(6));
        var aside = new Booking(BOOK, holder(1), "other", hours(0, 4), cores(6), Set.of());
        var large = new Booking(BOOK, holder(2), "host", hours(0, 4), cores(10), Set.of());
        var larger = new Booking(BOOK, holder(2), "host", hours(0, 4), cores(11), Set.of());
        var refused = movedAll(new Move(BOOK, holder(1), List.of(aside)), new Move(BOOK, holder(2), List.of(larger)));
        assertThat(refusal(refused).message()).startsWith("host has 10 core free");
        assertThat(held(1)).extracting(Booking::place).containsExactly("host");
        assertThat(held(2)).isEmpty();
        movedAll(new Move(BOOK, holder(1), List.of(aside)), new Move(BOOK, holder(2), List.of(large)))
                .orThrow();
        assertThat(held(1)).containsExactly(aside);
        assertThat(held(2)).containsExactly(large);
    }

    @Test
    void versions_rise_with_each_change_of_a_place_and_with_no_other() {
        in(tx -> calendar.setTotal(tx, BOOK, "other", cores(10), at(-1)));
        var before = versions();
        booked(1, "host", hours(0, 1), cores(1));
        var after = versions();
        assertThat(after).containsOnlyKeys("host", "other").containsEntry("other", before.get("other"));
        assertThat(after.get("host")).isGreaterThan(before.get("host"));
        assertThat(booked(2, "host", hours(0, 1), cores(10))).isFalse();
        replaced(held(1)).orThrow();
        assertThat(versions()).isEqualTo(after);
    }

    // ------------------------------------------------------------------------------------------------------------

    private static Booking step(Interval when, long cores) {
        return new Booking(BOOK, holder(1), "host", when, cores(cores), Set.of(), Booking.Kind.RESERVATION, true);
    }

    private Answer<List<Booking>> replaced(List<Booking> bookings) {
        return in(tx -> calendar.replace(tx, BOOK, holder(1), bookings));
    }

    private Answer<List<Booking>> movedAll(Move... moves) {
        return in(tx -> calendar.moveAll(tx, List.of(moves)));
    }

    private Map<String, Long> versions() {
        return in(tx -> calendar.versions(tx, BOOK, List.of("host", "other", "nowhere")));
    }
}
