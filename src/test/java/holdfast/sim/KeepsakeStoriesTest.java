package holdfast.sim;

import static holdfast.sim.Reserving.HOUR;
import static holdfast.sim.Reserving.MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.broker.AllocationRequest;
import holdfast.broker.ReservationChange;
import holdfast.broker.choice.BeforeEnd;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.engine.Resource;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What is done before reservations end: their servers are kept as images where that is wanted.
final class KeepsakeStoriesTest {
    private static final Duration HOURS = Duration.ofHours(3);

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final World world = new World(7, test);
    private final Reserving user = new Reserving(world);

    /// From in an hour on for three hours; its users are told an hour before its end.
    private Interval when() {
        return Interval.of(world.now().plus(HOUR), HOURS);
    }

    /// One that is active, with a server in it.
    private Resource running(String server, Item wanted) {
        var made = user.reserve(when(), wanted);
        user.pass(HOUR.plus(MINUTE));
        assertThat(user.now(made).state()).isEqualTo("active");
        start(made, server);
        return made;
    }

    private Resource start(Resource reservation, String server) {
        var request = AllocationRequest.of(server, "tiny", "cirros").under(reservation.id());
        var made = world.look(tx ->
                world.broker.allocations().create(tx, World.ALICE, request).orThrow());
        world.settle();
        assertThat(user.now(made).state()).isEqualTo("active");
        return made;
    }

    private void policy(String name, String value) {
        world.run(tx -> world.engine.settings().set(tx, name, Optional.of(value), "admin"));
    }

    @Test
    void servers_on_held_hosts_are_kept_once_before_the_end_and_their_images_stay() {
        var made = running("web", user.hosts(1).ending(BeforeEnd.SNAPSHOT));
        start(made, "db");
        var warnAt = Reserving.of(user.now(made)).warnAt().orElseThrow();
        assertThat(warnAt).isEqualTo(Reserving.of(made).when().until().minus(HOUR));
        user.pass(HOUR);
        assertThat(world.cloud.images()).isEmpty();
        user.pass(HOUR);
        assertThat(world.cloud.images()).containsExactly("reserved_db", "reserved_web");
        assertThat(user.told(made)).endsWith("reservation.expiring", "reservation.kept");
        var images = Reserving.of(user.now(made)).images().orElseThrow();
        assertThat(images.made()).containsExactlyInAnyOrder("reserved_db", "reserved_web");
        assertThat(images.waits()).isEmpty();
        assertThat(images.refusal()).isEmpty();

        start(made, "late");
        user.pass(HOUR.plus(MINUTE.multipliedBy(10)));
        assertThat(user.now(made).state()).isEqualTo("ended");
        assertThat(world.cloud.placed()).isEmpty();
        assertThat(world.cloud.images()).containsExactly("reserved_db", "reserved_web");
    }

    @Test
    void servers_in_held_slots_are_kept_and_so_are_those_of_loose_quantities() {
        running("slot", user.instances(1, new Flavor(1, 512, 1)).ending(BeforeEnd.SNAPSHOT));
        var amounts = new Capacities(Map.of("vcpu", 2L, "memory_mb", 2_048L, "instance", 2L));
        var loose = user.item(Need.Quantity.of(amounts, when())).ending(BeforeEnd.SNAPSHOT);
        running("loose", loose);
        user.pass(HOURS);
        assertThat(world.cloud.images()).containsExactly("reserved_loose", "reserved_slot");
    }

    @Test
    void nothing_is_kept_unless_it_is_wanted_or_operators_want_it_so() {
        running("plain", user.hosts(1));
        running("never", user.hosts(1).ending(BeforeEnd.NOTHING));
        user.pass(HOURS);
        assertThat(world.cloud.images()).isEmpty();

        policy("reservation.warning.snapshot", "true");
        policy("reservation.warning.minutes", "30");
        var warned = running("third", user.hosts(1).ending(BeforeEnd.SNAPSHOT));
        running("fourth", user.hosts(1).ending(BeforeEnd.NOTHING));
        assertThat(Reserving.of(user.now(warned)).warnAt())
                .contains(Reserving.of(warned).when().until().minus(MINUTE.multipliedBy(30)));
        user.pass(HOURS);
        assertThat(world.cloud.images()).containsExactly("reserved_third");
    }

    @Test
    void an_image_that_cannot_be_made_is_told_and_does_not_put_the_end_off() {
        var made = running("web", user.hosts(1).ending(BeforeEnd.SNAPSHOT));
        world.cloud.hostUp(world.cloud.placed().get("web"), false);
        user.pass(HOUR.multipliedBy(2));
        assertThat(user.told(made)).contains("reservation.expiring", "reservation.not-kept");
        assertThat(Reserving.of(user.now(made))
                        .images()
                        .orElseThrow()
                        .refusal()
                        .orElseThrow()
                        .message())
                .contains("no image of web");
        user.pass(HOUR);
        assertThat(user.now(made).state()).isEqualTo("ended");
    }

    @Test
    void what_is_not_kept_when_the_end_comes_is_given_up() {
        var made = running("web", user.hosts(1).ending(BeforeEnd.SNAPSHOT));
        user.pass(HOUR);
        world.cloud.goAway("a cable is cut");
        user.pass(HOUR.multipliedBy(2));
        assertThat(user.now(made).state()).isEqualTo("ending");
        world.cloud.comeBack();
        user.pass(MINUTE.multipliedBy(30));
        var over = user.now(made);
        assertThat(over.state()).isEqualTo("ended");
        assertThat(Reserving.of(over)
                        .images()
                        .orElseThrow()
                        .refusal()
                        .orElseThrow()
                        .message())
                .isEqualTo("it ended before the images of its servers were made");
        assertThat(world.cloud.images()).isEmpty();
    }

    @Test
    void when_the_end_moves_servers_are_kept_again_before_the_new_one() {
        var made = running("web", user.hosts(1).ending(BeforeEnd.SNAPSHOT));
        user.pass(HOUR.multipliedBy(2));
        assertThat(user.told(made)).endsWith("reservation.kept");
        var later = Reserving.of(made).when().until().plus(HOUR.multipliedBy(2));
        user.change(made, ReservationChange.NONE.until(later).warning(later.minus(HOUR)));
        assertThat(Reserving.of(user.now(made)).images()).isEmpty();
        user.pass(HOUR.multipliedBy(2));
        assertThat(user.told(made)).endsWith("reservation.updated", "reservation.expiring", "reservation.kept");
    }
}
