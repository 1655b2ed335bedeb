package holdfast.sim;

import static holdfast.sim.Reserving.HOUR;
import static holdfast.sim.Reserving.MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.authority.Authority;
import holdfast.authority.Cloud.Order;
import holdfast.authority.Driver;
import holdfast.authority.Driver.Key;
import holdfast.authority.Lease;
import holdfast.broker.Allocation;
import holdfast.broker.AllocationRequest;
import holdfast.broker.ItemChange;
import holdfast.broker.Reservation.Hold;
import holdfast.broker.ReservationChange;
import holdfast.broker.ReservationRequest;
import holdfast.broker.choice.Ask.Prefer;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.Placement;
import holdfast.calendar.Booking;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.core.Wanted;
import holdfast.engine.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Reservations whose instances and hosts are in use: they shrink and expire down to their use and no further
/// (promise.md 4.4). The simulated cloud has four hosts of 16 vcpu; a server takes 8, and is put where the last one is.
final class UseStoriesTest {
    private static final Flavor LARGE = new Flavor(8, 16_384, 80);

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final World world = new World(7, test, false);
    private Reserving user;
    private int servers;

    @BeforeEach
    void addCloud() {
        user = new Reserving(world);
    }

    private AllocationRequest next(Resource reservation) {
        return AllocationRequest.of("web-" + ++servers, "large", "cirros").under(reservation.id());
    }

    private Resource server(Resource reservation) {
        var made = world.look(tx -> world.broker
                .allocations()
                .create(tx, World.ALICE, next(reservation))
                .orThrow());
        world.settle();
        assertThat(user.now(made).state()).isEqualTo("active");
        return user.now(made);
    }

    private void destroy(Resource server) {
        world.run(tx ->
                world.broker.allocations().destroy(tx, server.id(), "alice").orThrow());
        world.settle();
    }

    private static String host(Resource server) {
        return server.as(Allocation.class).facts().get("server.host");
    }

    /// Six slots on three hosts, of which one on the second and one on the third are in use; or these three hosts.
    private Resource inUse(Item wanted) {
        return inUse(user.reserve(user.in(Duration.ZERO), wanted));
    }

    private Resource inUse(Resource made) {
        var all = List.of(server(made), server(made), server(made), server(made), server(made));
        destroy(all.get(0));
        destroy(all.get(1));
        destroy(all.get(2));
        assertThat(host(all.get(3))).isNotEqualTo(host(all.get(4)));
        return user.now(made);
    }

    private Set<String> used() {
        return Set.copyOf(world.cloud.placed().values());
    }

    private static Map<String, Long> slots(Resource reservation, int item) {
        return Reserving.of(reservation).items().get(item).placement().stream()
                .collect(Collectors.toMap(
                        one -> one.place().substring(one.place().lastIndexOf('/') + 1), Placement::slots));
    }

    private static ReservationChange count(Resource reservation, long count) {
        var item = Reserving.of(reservation).items().getFirst().item().id();
        return ReservationChange.NONE.of(List.of(ItemChange.count(item, count, count)));
    }

    /// What the provider keeps for an item.
    private Wanted kept(Resource reservation, int item) {
        var id = Reserving.of(reservation).items().get(item).item().id();
        return world.look(tx -> world.engine.resources().ofType(tx, Authority.LEASE, 100)).stream()
                .map(lease -> lease.as(Lease.class))
                .filter(lease -> lease.sliver().equals(new SliverId(id)))
                .flatMap(lease -> lease.order().stream())
                .map(Lease.Order::wanted)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void running_instances_shrink_to_those_in_use_and_no_further_and_hosts_in_use_stay() {
        var made = inUse(user.instances(6, LARGE));
        assertThat(slots(made, 0)).hasSize(3);
        assertThat(user.refused(made, count(made, 1)).message())
                .isEqualTo("of its instances 2 are in use, which is more than 1; destroy some first");
        var less = user.change(made, count(made, 3));
        assertThat(less.state()).isEqualTo("active");
        assertThat(slots(less, 0).values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(3);
        assertThat(slots(less, 0).keySet()).containsAll(used());
        var least = user.change(less, count(less, 2));
        assertThat(slots(least, 0).keySet()).isEqualTo(used());
        assertThat(((Wanted.Slots) kept(least, 0)).slots().keySet()).isEqualTo(used());
        assertThat(user.booked("vcpu", new Interval(world.now(), world.now().plus(MINUTE))))
                .isEqualTo(16);
        assertThat(world.cloud.placed()).as("nobody was thrown out").hasSize(2);
        assertThat(refused(made).kind()).isEqualTo(Refusal.Kind.NO_ROOM);
        user.pass(HOUR);
        assertThat(user.now(made).state()).isEqualTo("ended");
        world.nothingIsLeft();
    }

    private Refusal refused(Resource reservation) {
        return Reserving.refusal(
                world.look(tx -> world.broker.allocations().create(tx, World.ALICE, next(reservation))));
    }

    @Test
    void running_hosts_shrink_to_those_in_use_and_no_further() {
        var made = inUse(user.hosts(3));
        assertThat(user.refused(made, count(made, 1)).kind()).isEqualTo(Refusal.Kind.CLASH);
        var less = user.change(made, count(made, 2));
        assertThat(slots(less, 0).keySet()).isEqualTo(used());
        assertThat(((Wanted.Hosts) kept(less, 0)).hosts()).containsExactlyInAnyOrderElementsOf(used());
        assertThat(user.now(user.reserve(user.in(Duration.ZERO), user.hosts(2))).state())
                .isEqualTo("active");
        assertThat(world.cloud.placed()).hasSize(2);
    }

    @Test
    void while_a_provider_is_asked_to_give_slots_back_nobody_gets_one_of_them() {
        var made = inUse(user.instances(6, LARGE));
        world.cloud.goAway("no route");
        user.update(made, count(made, 2)).orThrow();
        assertThat(Reserving.of(user.now(made)).isUpdating()).isTrue();
        assertThat(refused(made).kind()).isEqualTo(Refusal.Kind.NO_ROOM);
    }

    private Resource expiring(Item... items) {
        var when = Interval.of(world.now(), HOUR.multipliedBy(3));
        var made = user.ask(new ReservationRequest(
                        "expo",
                        when,
                        Optional.empty(),
                        Optional.of(when.from().plus(HOUR)),
                        Optional.empty(),
                        Optional.empty(),
                        50,
                        false,
                        Prefer.TIGHTEST,
                        List.of(items)))
                .orThrow();
        world.settle();
        return user.now(made);
    }

    @Test
    void instances_and_hosts_that_expire_half_used_are_cut_to_the_hosts_in_use() {
        for (var item : List.of(user.instances(6, LARGE), user.hosts(3))) {
            var made = inUse(expiring(item));
            user.pass(HOUR);
            var less = user.now(made);
            assertThat(less.state()).isEqualTo("active");
            assertThat(slots(less, 0).keySet()).isEqualTo(used());
            assertThat(user.told(made)).containsOnlyOnce("reservation.reduced").doesNotContain("reservation.updated");
            assertThat(Reserving.of(less).released().get("vcpu"))
                    .isEqualTo(item.need() instanceof Need.Hosts ? 16 : 32);
            assertThat(user.booked("vcpu", new Interval(world.now(), world.now().plus(MINUTE))))
                    .isEqualTo(item.need() instanceof Need.Hosts ? 32 : 16);
            assertThat(user.bookings(less))
                    .filteredOn(booking -> booking.when().until().isAfter(world.now()))
                    .filteredOn(booking -> booking.place().contains("/h/"))
                    .extracting(Booking::place)
                    .hasSize(2);
            assertThat(world.cloud.placed()).as("nobody was thrown out").hasSize(2);
            user.cancel(made);
            world.settle();
            world.nothingIsLeft();
        }
    }

    @Test
    void an_item_that_nobody_uses_is_let_go_of_and_the_other_stays() {
        var made = expiring(user.instances(2, LARGE), user.hosts(1));
        var one = server(made);
        user.pass(HOUR);
        var less = Reserving.of(user.now(made));
        assertThat(less.items().get(0).placement()).hasSize(1);
        assertThat(less.items().get(1).placement()).isEmpty();
        assertThat(less.items().get(1).hold().orElseThrow().phase()).isEqualTo(Hold.Phase.CLOSED);
        assertThat(less.released().get("vcpu")).isEqualTo(24);
        var longer = ReservationChange.NONE.until(less.when().until().plus(HOUR));
        assertThat(user.change(made, longer).state()).isEqualTo("active");
        assertThat(Reserving.of(user.now(made)).items().get(1).placement())
                .as("what was given back does not come again")
                .isEmpty();
        var more = ReservationChange.NONE.of(
                List.of(ItemChange.count(less.items().get(1).item().id(), 2, 2)));
        assertThat(user.refused(made, more).message()).contains("given back");
        assertThat(user.now(one).state()).isEqualTo("active");
        user.pass(HOUR.multipliedBy(4));
        assertThat(user.now(made).state()).isEqualTo("ended");
        world.nothingIsLeft();
    }

    @Test
    void what_is_open_and_used_by_nobody_expires() {
        var made = expiring(user.instances(2, LARGE), user.hosts(1));
        user.pass(HOUR);
        assertThat(user.now(made).state()).isEqualTo("expired");
        world.nothingIsLeft();
    }

    @Test
    void if_the_provider_does_not_give_back_what_is_unused_all_stays_as_it_is() {
        var made = inUse(expiring(user.instances(6, LARGE)));
        var before = slots(made, 0);
        world.cloud.goAway("no route");
        user.pass(HOUR);
        assertThat(Reserving.of(user.now(made)).isUpdating()).isTrue();
        user.pass(HOUR);
        assertThat(slots(user.now(made), 0)).isEqualTo(before);
        world.cloud.comeBack();
        user.pass(MINUTE.multipliedBy(30));
        var settled = Reserving.of(user.now(made));
        assertThat(settled.isUpdating()).isFalse();
        user.pass(HOUR);
        assertThat(user.now(made).state()).isEqualTo("ended");
        world.nothingIsLeft();
    }

    @Test
    void servers_that_users_make_at_the_provider_in_what_is_kept_for_them_are_its_use() {
        var made = expiring(user.instances(4, LARGE));
        var item = Reserving.of(made).items().getFirst().item().id();
        var theirs = new Key(new UUID(4, 4).toString(), "server");
        var wanted = new Wanted.Server(
                "mine", item.toString(), "image-1", List.of(), Optional.empty(), Optional.of(item), Map.of());
        var cloud = world.cloud.sharedWith("carol");
        assertThat(cloud.ensure(theirs, new Order.Server(wanted, true))).isNotInstanceOf(Driver.Result.Failed.class);
        user.pass(MINUTE.multipliedBy(20));
        server(made);
        assertThat(user.refused(made, count(made, 1)).message()).startsWith("of its instances 2 are in use");
        user.pass(HOUR);
        assertThat(slots(user.now(made), 0).values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(2);
        assertThat(world.cloud.placed()).containsKeys("mine", "web-1");
        cloud.remove(theirs);
        user.pass(MINUTE.multipliedBy(20));
        var one = user.change(made, count(made, 1));
        assertThat(slots(one, 0).keySet()).isEqualTo(used());
        user.pass(HOUR.multipliedBy(3));
        assertThat(user.now(made).state()).isEqualTo("ended");
        world.nothingIsLeft();
    }
}
