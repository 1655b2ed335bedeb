package holdfast.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What is not firm uses what is left over, and is never in the way.
class LentTest extends CalendarFixture {
    @Test
    void what_is_lent_fits_at_its_first_instant_and_is_not_seen_by_what_is_firm() {
        booked(1, "host", hours(2, 4), cores(9));
        assertThat(lent(2, hours(0, 6), 6)).isInstanceOf(Answer.Yes.class);
        assertThat(lent(3, hours(1, 6), 4)).isInstanceOf(Answer.Yes.class);
        assertThat(refusal(lent(4, hours(1, 2), 1)))
                .isEqualTo(Refusal.noRoom(
                        "host has 0 core free at 2030-01-07T13:00:00Z where 1 are wanted, 1 too few; "
                                + "ask for less, for another time or for another place",
                        Optional.empty()));
        assertThat(lent(4, hours(2, 3), 1)).isInstanceOf(Answer.No.class);
        assertThat(booked(5, "host", hours(0, 2), cores(10))).isTrue();
        assertThat(used(hours(2, 4))).isEqualTo(cores(9));
        assertThat(free(List.of("host"), hours(4, 6)).get("host").least()).isEqualTo(cores(10));
        assertThat(audit()).isEmpty();
        assertThat(violations()).isEmpty();
    }

    @Test
    void a_firm_booking_grows_over_what_is_lent() {
        booked(1, "host", hours(0, 2), cores(4));
        lent(2, hours(0, 4), 6).orThrow();
        assertThat(modified(1, cores(10))).isTrue();
        assertThat(modified(1, hours(0, 9), cores(10))).isTrue();
        assertThat(modified(1, hours(0, 9), cores(11))).isFalse();
    }

    @Test
    void what_is_lent_is_told_for_an_instant() {
        in(tx -> calendar.setTotal(tx, BOOK, "other", cores(10), at(-1)));
        lent(1, hours(0, 2), 3).orThrow();
        lent(2, hours(1, 2), 4).orThrow();
        assertThat(lent(at(0))).isEqualTo(Map.of("host", cores(3)));
        assertThat(lent(at(1))).isEqualTo(Map.of("host", cores(7)));
        assertThat(lent(at(2))).isEmpty();
    }

    @Test
    void what_is_lent_may_go_on_but_not_begin_elsewhere_or_grow_where_there_is_no_room() {
        booked(1, "host", hours(2, 9), cores(9));
        lent(2, hours(0, 2), 8).orThrow();
        assertThat(extended(2, hours(0, 5))).isInstanceOf(Answer.Yes.class);
        assertThat(extended(2, hours(2, 5))).isInstanceOf(Answer.No.class);
        assertThat(changed(lending(2, hours(0, 5), 11))).isFalse();
        assertThat(changed(lending(2, hours(0, 5), 10))).isTrue();
        assertThat(changed(lending(2, hours(2, 5), 1))).isTrue();
    }

    @Test
    void what_is_lent_becomes_firm_if_there_is_room_for_all_of_its_time() {
        booked(1, "host", hours(3, 4), cores(9));
        lent(2, hours(0, 5), 6).orThrow();
        assertThat(modified(2, hours(0, 5), cores(6))).isFalse();
        assertThat(modified(2, hours(0, 3), cores(6))).isTrue();
        assertThat(held(2).getFirst().firm()).isTrue();
        assertThat(changed(lending(2, hours(0, 5), 6))).isTrue();
        assertThat(booked(3, "host", hours(0, 3), cores(10))).isTrue();
    }

    @Test
    void what_ends_firm_goes_on_lent() {
        booked(1, "host", hours(2, 4), cores(5));
        booked(2, "host", hours(0, 2), cores(10));
        assertThat(lent(2, new Interval(at(2), at(9)), 6)).isInstanceOf(Answer.No.class);
        assertThat(lent(2, new Interval(at(2), at(9)), 5)).isInstanceOf(Answer.Yes.class);
        assertThat(held(2)).extracting(Booking::firm).containsExactly(true, false);
    }

    @Test
    void what_is_lent_holds_no_unit() {
        assertThatThrownBy(() -> new Booking(
                        BOOK,
                        holder(1),
                        "host",
                        hours(0, 1),
                        Capacities.NONE,
                        Set.of("gpu"),
                        Booking.Kind.ALLOCATION,
                        false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[gpu]");
        lent(1, hours(0, 1), 1).orThrow();
        assertThatThrownBy(
                        () -> execute(
                                "insert into booking_unit (booking, unit, book, during) select id, 'gpu', book, during from booking"))
                .hasMessageContaining("cannot hold unit gpu");
        booked(2, "host", hours(0, 1), cores(1), "gpu");
        assertThatThrownBy(() -> execute("update booking set firm = false"))
                .hasMessageContaining("cannot hold unit gpu");
    }

    @Test
    void kind_and_firmness_are_kept_and_told_otherwise_is_a_clash() {
        var hold = new Booking(BOOK, holder(1), "host", hours(0, 1), cores(1), Set.of(), Booking.Kind.HOLD, true);
        assertThat(answered(hold).orThrow()).isEqualTo(hold);
        assertThat(held(1)).containsExactly(hold);
        assertThat(answered(hold)).isInstanceOf(Answer.Yes.class);
        assertThat(refusal(answered(hold.lent())).message()).contains("(hold)").contains("(lent, hold)");
        assertThat(refusal(answered(hold.as(Booking.Kind.RESERVATION))).kind()).isEqualTo(Refusal.Kind.CLASH);
    }

    @Test
    void code_that_lends_more_than_there_is_fails_to_commit() {
        booked(1, "host", hours(0, 2), cores(6));
        assertThatThrownBy(() -> execute(insertLent(2, 0, 4, 5)))
                .hasMessageContaining("would be overbooked: 11 core of 10 at 2030-01-07")
                .hasMessageContaining("with what is lent");
        execute(insertLent(2, 0, 4, 4));
        assertThatThrownBy(() -> execute(insertLent(3, 1, 4, 1))).hasMessageContaining("would be overbooked");
        execute(insertLent(3, 2, 4, 6));
        for (var wrong : List.of(
                "update booking set amounts = '{7}' where amounts = '{6}' and not firm",
                "update booking set during = tstzrange('2030-01-07T13:00Z', upper(during)) where amounts = '{6}' and not firm",
                "update booking set dimensions = '{ram}' where not firm")) {
            assertThatThrownBy(() -> execute(wrong)).hasMessageContaining("would be overbooked");
        }
        execute("update booking set firm = false where firm");
        assertThatThrownBy(() -> execute("update booking set amounts = '{7}' where amounts = '{6}'"))
                .hasMessageContaining("would be overbooked");
        assertThat(used(hours(0, 9))).isEqualTo(Capacities.NONE);
    }

    // ------------------------------------------------------------------------------------------------------------

    private static Booking lending(int holder, Interval when, long cores) {
        return new Booking(BOOK, holder(holder), "host", when, cores(cores), Set.of()).lent();
    }

    private Answer<Booking> lent(int holder, Interval when, long cores) {
        return answered(lending(holder, when, cores));
    }

    private Map<String, Capacities> lent(Instant at) {
        return in(tx -> calendar.lent(tx, BOOK, List.of("host", "other", "nowhere"), at));
    }

    private boolean changed(Booking wanted) {
        return in(tx -> calendar.modify(tx, wanted)) instanceof Answer.Yes;
    }

    private static String insertLent(int holder, int from, int until, int cores) {
        return """
                insert into booking (book, holder, place, during, dimensions, amounts, kind, firm)
                values ('broker', '%s', 'host', tstzrange('%s', '%s'), '{core}', '{%d}', 'allocation', false)""".formatted(holder(holder), at(from), at(until), cores);
    }
}
