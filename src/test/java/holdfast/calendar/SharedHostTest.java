package holdfast.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.core.Answer;
import holdfast.core.Interval;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whole hosts and machines on them in one calendar.
class SharedHostTest extends CalendarFixture {
    @BeforeEach
    void a_host_to_share() {
        in(tx -> calendar.setTotal(tx, BOOK, "host", Whole.total(cores(10)), at(-1000)));
    }

    @Test
    void host_and_instance_leases_share_a_host_at_different_times() {
        assertThat(shared(1, hours(0, 2), 3)).isTrue();
        assertThat(shared(2, hours(1, 4), 3)).isTrue();
        assertThat(alone(3, hours(3, 5), 10)).isFalse();
        assertThat(alone(3, hours(4, 6), 10)).isTrue();
        assertThat(shared(4, hours(5, 7), 1)).isFalse();
        assertThat(shared(4, hours(6, 7), 10)).isTrue();
        assertThat(alone(5, hours(5, 6), 1)).isFalse();
    }

    @Test
    void who_is_alone_stays_alone_when_the_host_grows() {
        assertThat(alone(1, hours(0, 2), 10)).isTrue();
        in(tx -> calendar.changeTotal(tx, BOOK, "host", hours(0, 9), cores(10)).orThrow());
        assertThat(shared(2, hours(1, 2), 1)).isFalse();
        assertThat(shared(2, hours(2, 3), 20)).isTrue();
    }

    @Test
    void code_that_puts_a_machine_beside_somebody_alone_fails() {
        alone(1, hours(0, 2), 4);
        assertThatThrownBy(() -> execute("""
                        insert into booking (book, holder, place, during, dimensions, amounts)
                        values ('broker', gen_random_uuid(), 'host', tstzrange('%s', '%s'), '{core,whole}', '{1,1}')""".formatted(at(1), at(3)))).hasMessageContaining("1000001 whole of 1000000");
    }

    @Test
    void a_machine_moves_aside_so_that_somebody_can_be_alone() {
        in(tx -> calendar.setTotal(tx, BOOK, "other", Whole.total(cores(10)), at(-1000)));
        shared(1, hours(0, 4), 3);
        var aside =
                Whole.shared(new Booking(BOOK, holder(1), "other", hours(0, 4), cores(3), Set.of()), 1, Duration.ZERO);
        var alone = Whole.alone(
                new Booking(BOOK, holder(2), "host", hours(1, 3), cores(10), Set.of()), Duration.ofHours(1));
        var moves = List.of(new Move(BOOK, holder(1), aside), new Move(BOOK, holder(2), alone));
        in(tx -> calendar.moveAll(tx, moves)).orThrow();
        assertThat(held(2)).hasSize(2);
        assertThat(audit()).isEmpty();
    }

    private boolean alone(int holder, Interval when, long cores) {
        return bookedAll(
                Whole.alone(new Booking(BOOK, holder(holder), "host", when, cores(cores), Set.of()), Duration.ZERO));
    }

    private boolean shared(int holder, Interval when, long cores) {
        return bookedAll(Whole.shared(
                new Booking(BOOK, holder(holder), "host", when, cores(cores), Set.of()), 1, Duration.ZERO));
    }

    private boolean bookedAll(List<Booking> bookings) {
        return in(tx -> calendar.bookAll(tx, bookings)) instanceof Answer.Yes;
    }
}
