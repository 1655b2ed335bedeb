package holdfast.sim;

import static holdfast.sim.Reserving.HOUR;
import static holdfast.sim.Reserving.MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.authority.Driver.Result;
import holdfast.broker.AllocationRequest;
import holdfast.broker.choice.Flavor;
import holdfast.engine.Resource;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What was wrong with Blazar at its cloud, as its release notes name it (promise.md 8): a regression case each.
final class BlazarBugsTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final World world = new World(7, test, false);
    private Reserving user;

    @BeforeEach
    void addCloud() {
        user = new Reserving(world);
    }

    @Test
    void hosts_of_a_lease_whose_start_fails_are_not_lost_bug_1847821() {
        var made = user.reserve(user.in(HOUR), user.hosts(4));
        assertThat(made.state()).isEqualTo("reserved");
        world.line = (verb, call) -> verb.equals("ensure") ? new Result.Failed("no such host") : call.get();
        user.pass(HOUR);
        assertThat(user.now(made).state()).isEqualTo("failed");
        assertThat(user.now(made).message().orElse("")).contains("no such host");
        world.line = (_, call) -> call.get();
        user.pass(MINUTE.multipliedBy(10));
        assertThat(world.cloud.list()).isEmpty();
        assertThat(user.reserve(user.in(Duration.ZERO), user.hosts(4)).state()).isEqualTo("active");
    }

    @Test
    void slots_are_kept_until_the_servers_in_them_are_gone_bug_1813252() {
        var made = user.reserve(user.in(Duration.ZERO), user.instances(2, new Flavor(1, 512, 1)));
        assertThat(made.state()).isEqualTo("active");
        var server = AllocationRequest.of("web", "tiny", "cirros").under(made.id());
        world.look(
                tx -> world.broker.allocations().create(tx, World.ALICE, server).orThrow());
        world.settle();
        assertThat(world.cloud.placed()).containsKey("web");
        world.line = (verb, call) -> verb.equals("remove") ? new Result.Later("it hangs") : call.get();
        user.pass(HOUR.plus(MINUTE));
        assertThat(user.now(made).state()).isEqualTo("ending");
        assertThat(world.cloud.placed()).containsKey("web");
        assertThat(isBooked(made)).isTrue();
        world.line = (_, call) -> {
            var answer = call.get();
            boolean held =
                    world.cloud.list().stream().anyMatch(key -> key.part().equals("held"));
            assertThat(held || world.cloud.placed().isEmpty())
                    .as("while there is a server there is what keeps its place")
                    .isTrue();
            return answer;
        };
        user.pass(HOUR);
        assertThat(user.now(made).state()).isEqualTo("ended");
        assertThat(world.cloud.list()).isEmpty();
        assertThat(isBooked(made)).isFalse();
    }

    private boolean isBooked(Resource reservation) {
        return user.bookings(reservation).stream()
                .anyMatch(booking -> booking.when().until().isAfter(world.now()));
    }
}
