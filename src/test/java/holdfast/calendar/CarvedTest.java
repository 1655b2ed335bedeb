package holdfast.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.core.Answer;
import holdfast.core.Interval;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is taken out of something that is booked itself: a second book, whose places are the bookings of the first.
class CarvedTest extends CalendarFixture {
    private static final String INSIDE = "broker.in";
    private static final String ITEM = holder(1).toString();

    @BeforeEach
    void a_reservation_in_two_steps() {
        var steps = List.of(new Profile.Step(hours(0, 2), cores(4)), new Profile.Step(hours(2, 4), cores(8)));
        in(tx -> calendar.replace(
                        tx,
                        BOOK,
                        holder(1),
                        steps.stream()
                                .map(step -> new Booking(BOOK, holder(1), "host", step.when(), step.amount(), Set.of()))
                                .toList()))
                .orThrow();
        assertThat(carved(steps)).isEmpty();
    }

    @Test
    void inside_a_reservation_the_database_lets_nobody_take_more() {
        assertThat(taken(2, hours(0, 4), 3)).isTrue();
        assertThat(taken(3, hours(1, 3), 2)).isFalse();
        assertThat(taken(3, hours(2, 4), 5)).isTrue();
        assertThat(taken(4, hours(-1, 1), 1)).isFalse();
        assertThat(taken(4, hours(3, 5), 1)).isFalse();
        assertThat(taken(4, hours(0, 2), 1)).isTrue();
        assertThatThrownBy(() -> execute("""
                        insert into booking (book, holder, place, during, dimensions, amounts)
                        values ('broker.in', gen_random_uuid(), '%s', tstzrange('%s', '%s'), '{core}', '{1}')""".formatted(ITEM, at(1), at(2))))
                .hasMessageContaining("would be overbooked: 5 core of 4");
        assertThat(used(hours(0, 4))).isEqualTo(cores(8));
        assertThat(audit()).isEmpty();
    }

    @Test
    void carving_again_is_the_same_and_other_steps_show_what_no_longer_fits() {
        taken(2, hours(0, 4), 4);
        var smaller = List.of(new Profile.Step(hours(0, 3), cores(4)));
        assertThat(carved(smaller))
                .containsExactly(new Violation.Overbooked(INSIDE, ITEM, "core", hours(3, 4), 4, List.of(holder(2))));
        var endless = List.of(new Profile.Step(new Interval(at(0), Instant.MAX), cores(4)));
        assertThat(carved(endless)).isEmpty();
        assertThat(carved(endless)).isEmpty();
        assertThat(taken(3, hours(3, 9), 1)).isFalse();
        assertThat(taken(3, hours(4, 9), 4)).isTrue();
        assertThat(carved(List.of())).extracting(Violation::when).containsExactly(hours(0, 4), hours(4, 9));
    }

    private List<Violation> carved(List<Profile.Step> steps) {
        return in(tx -> calendar.carve(tx, INSIDE, ITEM, steps));
    }

    private boolean taken(int holder, Interval when, long cores) {
        return answered(new Booking(
                        INSIDE, holder(holder), ITEM, when, cores(cores), Set.of(), Booking.Kind.ALLOCATION, true))
                instanceof Answer.Yes;
    }
}
