package holdfast.sim;

import static holdfast.sim.Reserving.HOUR;
import static holdfast.sim.Reserving.MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.broker.AllocationRequest;
import holdfast.broker.Directory;
import holdfast.broker.ReservationChange;
import holdfast.broker.ReservationRequest;
import holdfast.broker.Thing;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.CloudSupply;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.engine.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Things that exist and are claimed for a time (promise.md 4.7), at a simulated cloud on simulated time.
final class ElementStoriesTest {
    private static final AllocationRequest SERVER = AllocationRequest.of("web", "tiny", "cirros");

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final World world = new World(7, test, false);
    private Reserving user;

    @BeforeEach
    void addCloud() {
        user = new Reserving(world);
    }

    private Need.Element element(Thing.Kind kind, String name, boolean exclusive) {
        var thing =
                world.look(tx -> Directory.read(tx, world.engine.resources()).thing(kind, Optional.empty(), name));
        return new Need.Element(thing.orElseThrow().place(), exclusive);
    }

    private Item item(Need.Element... elements) {
        return user.item(new Need.Elements(List.of(elements)));
    }

    private Item network(boolean exclusive) {
        return item(element(Thing.Kind.NETWORK, "inside", exclusive));
    }

    private Item server(Resource allocation) {
        return item(element(Thing.Kind.SERVER, allocation.id().toString(), false));
    }

    private Item reservation(Resource other) {
        return item(element(Thing.Kind.RESERVATION, other.id().toString(), false));
    }

    private Refusal refused(Interval when, Item item) {
        return Reserving.refusal(user.ask(ReservationRequest.of("other", when, List.of(item))));
    }

    private Resource allocate(AllocationRequest request) {
        var made = world.look(tx ->
                world.broker.allocations().create(tx, World.ALICE, request).orThrow());
        world.settle();
        return user.now(made);
    }

    private Refusal destroyed(Resource allocation) {
        return Reserving.refusal(world.look(tx -> world.broker.allocations().destroy(tx, allocation.id(), "alice")));
    }

    private Refusal cancelled(Resource reservation) {
        return Reserving.refusal(world.look(tx -> world.broker.reservations().cancel(tx, reservation.id(), "alice")));
    }

    @Test
    void a_network_is_shared_by_many_or_held_by_one_at_a_time() {
        var when = user.in(HOUR);
        assertThat(user.reserve(when, network(false)).state()).isEqualTo("reserved");
        assertThat(user.reserve(when, network(false)).state()).isEqualTo("reserved");
        var why = refused(when, network(true));
        assertThat(why.wish()).contains("element");
        assertThat(why.kind()).isEqualTo(Refusal.Kind.NO_ROOM);
        var later = Interval.of(when.until(), HOUR);
        var alone = user.reserve(later, network(true));
        assertThat(refused(later, network(false)).wish()).contains("element");
        user.cancel(alone);
        assertThat(user.reserve(later, network(false)).state()).isEqualTo("reserved");
        user.pass(HOUR.multipliedBy(4));
        world.nothingIsLeft();
    }

    @Test
    void what_is_not_there_or_not_ones_own_is_refused_with_the_wish_to_relax() {
        var when = user.in(HOUR);
        for (var kind : Thing.Kind.values()) {
            for (var name : List.of("nothing", new UUID(5, 5).toString())) {
                var why = refused(when, item(element(kind, name, false)));
                assertThat(why.wish()).as(kind + " " + name).contains("element");
                assertThat(why.kind()).isEqualTo(Refusal.Kind.MALFORMED);
            }
        }
        var hers = allocate(SERVER.firm());
        var bob = new Caller("bob", "chemistry", false);
        var request = ReservationRequest.of("mine", when, List.of(server(hers)));
        var why = world.look(tx -> world.broker.reservations().create(tx, bob, request));
        assertThat(Reserving.refusal(why).wish()).contains("element");
    }

    @Test
    void a_server_that_is_claimed_is_not_destroyed_before_that_is_over() {
        var server = allocate(SERVER.firm());
        var claim = user.reserve(user.in(HOUR), server(server));
        var why = destroyed(server);
        assertThat(why.kind()).isEqualTo(Refusal.Kind.CLASH);
        assertThat(why.message()).contains("claimed by reservation expo (" + claim.id() + ")");
        assertThat(user.now(server).state()).isEqualTo("active");
        user.pass(HOUR.multipliedBy(2));
        assertThat(user.now(claim).state()).isEqualTo("ended");
        world.run(tx ->
                world.broker.allocations().destroy(tx, server.id(), "alice").orThrow());
        world.settle();
        assertThat(user.now(server).state()).isEqualTo("deleted");
        world.nothingIsLeft();
    }

    @Test
    void a_server_can_be_claimed_as_long_as_it_is_to_be_there() {
        assertThat(refused(user.in(HOUR), server(allocate(SERVER))).message())
                .as("what is lent may have to leave")
                .contains("not there");
        var server = allocate(SERVER.firm().until(world.now().plus(HOUR)));
        assertThat(refused(user.in(HOUR), server(server)).wish()).contains("element");
        assertThat(user.reserve(user.in(Duration.ZERO), server(server)).state()).isEqualTo("active");
    }

    @Test
    void who_claims_a_server_that_vanishes_is_told() {
        var server = allocate(SERVER.firm());
        var when = user.in(HOUR.multipliedBy(2));
        var claim = user.reserve(when, server(server));
        var key = world.cloud.list().stream()
                .filter(one -> one.part().equals("server"))
                .findFirst()
                .orElseThrow();
        world.cloud.loseSilently(key);
        user.pass(MINUTE.multipliedBy(30));
        assertThat(user.now(server).state()).isEqualTo("lost");
        assertThat(Reserving.of(user.now(claim)).atRisk()).isTrue();
        assertThat(user.told(claim)).containsExactly("reservation.reserved", "reservation.at-risk");
    }

    private void networks(List<CloudSupply.Network> networks) {
        var small = CloudPlan.SMALL;
        var supply = small.supply();
        world.cloud.become(small.with(new CloudSupply(
                supply.hosts(),
                supply.limits(),
                supply.zones(),
                supply.flavors(),
                supply.images(),
                networks,
                supply.keeper())));
        user.pass(MINUTE.multipliedBy(10));
    }

    @Test
    void who_claims_a_network_that_vanishes_is_told_and_again_when_it_is_back() {
        var waits = user.reserve(user.in(HOUR.multipliedBy(2)), network(true));
        var runs = user.reserve(user.in(Duration.ZERO), network(false));
        var image = user.reserve(user.in(HOUR), item(element(Thing.Kind.IMAGE, "cirros", false)));
        networks(List.of());
        for (var claim : List.of(waits, runs)) {
            assertThat(Reserving.of(user.now(claim)).atRisk()).isTrue();
            assertThat(user.told(claim)).endsWith("reservation.at-risk");
        }
        assertThat(Reserving.of(user.now(image)).atRisk()).isFalse();
        assertThat(refused(user.in(HOUR), network(false)).wish()).contains("element");
        networks(CloudPlan.SMALL.supply().networks());
        for (var claim : List.of(waits, runs)) {
            assertThat(Reserving.of(user.now(claim)).atRisk()).isFalse();
            assertThat(user.told(claim)).endsWith("reservation.at-risk", "reservation.restored");
        }
    }

    @Test
    void a_host_is_an_element_too() {
        var when = user.in(HOUR);
        var alone = user.reserve(when, item(element(Thing.Kind.HOST, "host-1", true)));
        assertThat(alone.state()).isEqualTo("reserved");
        assertThat(user.ask(ReservationRequest.of("all", when, List.of(user.hosts(4)))))
                .isInstanceOf(Answer.No.class);
        assertThat(user.reserve(when, user.hosts(3)).state()).isEqualTo("reserved");
        assertThat(refused(when, item(element(Thing.Kind.HOST, "host-1", false)))
                        .wish())
                .contains("element");
    }

    @Test
    void a_reservation_that_is_claimed_stays_and_its_claimant_lies_inside_of_it() {
        var when = Interval.of(world.now().plus(HOUR), HOUR.multipliedBy(3));
        var whole = user.reserve(when, user.vcpus(4, when));
        var inside = new Interval(when.from().plus(HOUR), when.until().minus(HOUR));
        var claim = user.reserve(inside, reservation(whole));
        assertThat(refused(Interval.of(when.until().minus(MINUTE), HOUR), reservation(whole))
                        .wish())
                .contains("element");
        assertThat(refused(inside, reservation(claim)).wish()).as("one level").contains("element");
        assertThat(cancelled(whole).message()).contains(claim.id().toString());
        assertThat(user.refused(
                                whole,
                                ReservationChange.NONE.until(inside.until().minus(MINUTE)))
                        .message())
                .contains("claimed by reservation expo");
        assertThat(user.change(whole, ReservationChange.NONE.until(inside.until()))
                        .state())
                .isEqualTo("reserved");
        user.cancel(claim);
        world.settle();
        assertThat(user.cancel(whole).state()).isEqualTo("cancelled");
        world.settle();
        world.nothingIsLeft();
    }
}
