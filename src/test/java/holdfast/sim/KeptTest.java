package holdfast.sim;

import static holdfast.sim.Reserving.MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.authority.Driver;
import holdfast.core.Interval;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Providers that are late with what they are to keep, at a simulated cloud on simulated time.
final class KeptTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final World world = new World(7, test, false);
    private Reserving user;

    @BeforeEach
    void addCloud() {
        user = new Reserving(world);
    }

    @Test
    void what_no_provider_has_ready_before_its_term_is_over_is_over_and_nothing_of_it_is_left() {
        world.line = (verb, call) -> verb.equals("ensure") ? new Driver.Result.Later("not ready yet") : call.get();
        var when = Interval.of(world.now().plus(MINUTE), MINUTE.multipliedBy(5));
        var made = user.reserve(when, user.hosts(1));
        world.settleFor(MINUTE.multipliedBy(4), MINUTE);
        assertThat(user.now(made).state()).as("in the middle of its term").isEqualTo("initialized");
        world.settleFor(MINUTE.multipliedBy(4), MINUTE);
        assertThat(user.now(made).state()).isEqualTo("ended");
        assertThat(user.told(made)).doesNotContain("reservation.reserved").endsWith("reservation.ended");
        assertThat(user.bookings(made))
                .allSatisfy(booking -> assertThat(booking.when().until()).isBeforeOrEqualTo(world.now()));
        world.nothingIsLeft();
    }

    @Test
    void what_is_late_and_ready_in_its_term_begins_then() {
        var late = world.now().plus(MINUTE.multipliedBy(3));
        world.line = (verb, call) -> verb.equals("ensure") && world.now().isBefore(late)
                ? new Driver.Result.Later("not ready yet")
                : call.get();
        var made = user.reserve(Interval.of(world.now().plus(MINUTE), MINUTE.multipliedBy(10)), user.hosts(1));
        world.settleFor(MINUTE.multipliedBy(5), MINUTE);
        assertThat(user.now(made).state()).isEqualTo("active");
        world.settleFor(MINUTE.multipliedBy(10), MINUTE);
        assertThat(user.now(made).state()).isEqualTo("ended");
        world.nothingIsLeft();
    }
}
