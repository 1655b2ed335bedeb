package holdfast.sim;

import static holdfast.db.Tables.NOTICE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.authority.Provider;
import holdfast.broker.Allocation;
import holdfast.broker.Allocation.Priority;
import holdfast.broker.AllocationRequest;
import holdfast.broker.ReservationRequest;
import holdfast.broker.choice.Affinity;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.FlexibleWindow;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.PropertyQuery;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.drivers.simulated.SimulatedCloud;
import holdfast.engine.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers under reservations and without one, at a simulated cloud on simulated time.
final class AllocationStoriesTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Flavor LARGE = new Flavor(8, 16_384, 80);
    private static final AllocationRequest SERVER = AllocationRequest.of("web", "large", "cirros");

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final World world = new World(7, test);
    private int items;

    @BeforeEach
    void addCloud() {
        world.withCloud();
    }

    private Item item(Need need) {
        return Item.of(new UUID(78, ++items), need);
    }

    private Item hosts(long count) {
        return item(new Need.Hosts(count, count, PropertyQuery.everything()));
    }

    private Item slots(long count, Flavor flavor) {
        return item(new Need.Instances(flavor, count, count, Affinity.NONE, PropertyQuery.everything()));
    }

    /// From `after` from now on, for an hour.
    private Interval in(Duration after) {
        return Interval.of(world.now().plus(after), HOUR);
    }

    private Item quantity(Interval when, long vcpus) {
        var amounts = Map.of("vcpu", vcpus, "memory_mb", 40_000L, "instance", 10L);
        return item(Need.Quantity.of(new Capacities(amounts), when));
    }

    private Resource reserve(Interval when, Item... wanted) {
        var request = ReservationRequest.of("expo", when, List.of(wanted));
        var made = world.look(tx ->
                world.broker.reservations().create(tx, World.ALICE, request).orThrow());
        world.settle();
        return now(made);
    }

    private Answer<Resource> ask(Caller caller, AllocationRequest request) {
        return world.look(tx -> world.broker.allocations().create(tx, caller, request));
    }

    private Resource create(AllocationRequest request) {
        var made = ask(World.ALICE, request).orThrow();
        world.settle();
        return now(made);
    }

    private Refusal refused(AllocationRequest request) {
        return refused(World.ALICE, request);
    }

    private Refusal refused(Caller caller, AllocationRequest request) {
        return switch (ask(caller, request)) {
            case Answer.Yes<Resource>(var made) -> throw new AssertionError("made: " + made);
            case Answer.No<Resource>(var why) -> why;
        };
    }

    private Resource destroy(Resource allocation) {
        return world.look(tx ->
                world.broker.allocations().destroy(tx, allocation.id(), "alice").orThrow());
    }

    private Resource cancel(Resource reservation) {
        return world.look(tx -> world.broker
                .reservations()
                .cancel(tx, reservation.id(), "alice")
                .orThrow());
    }

    private Resource now(Resource resource) {
        return world.look(tx -> world.engine.resources().find(tx, resource.id()).orElseThrow());
    }

    private Priority priority(Resource allocation) {
        return allocation.as(Allocation.class).priority(allocation.state());
    }

    private void pass(Duration time) {
        world.settleFor(time, MINUTE);
    }

    /// What is told of a thing, with the instants.
    private Map<String, Instant> told(Resource resource) {
        return world.look(tx -> tx.sql()
                .select(NOTICE.TYPE, NOTICE.AT)
                .from(NOTICE)
                .where(NOTICE.OBJECT.eq(resource.id()))
                .orderBy(NOTICE.SEQ)
                .fetchMap(NOTICE.TYPE, NOTICE.AT));
    }

    /// How much of the first item of a reservation is in use.
    private Capacities used(Resource reservation) {
        var item = reservation
                .as(holdfast.broker.Reservation.class)
                .items()
                .getFirst()
                .item()
                .id()
                .toString();
        var usage = world.look(tx -> new Calendar().usage(tx, "broker.in", Interval.of(world.now(), MINUTE)));
        return usage.containsKey(item) ? usage.get(item).used() : Capacities.NONE;
    }

    @Test
    void under_a_reservation_it_takes_from_what_remains_with_high_priority() {
        var reservation = reserve(in(Duration.ZERO), slots(2, LARGE));
        var first = create(SERVER.under(reservation.id()));
        assertThat(first.state()).isEqualTo("active");
        assertThat(priority(first)).isEqualTo(Priority.HIGH);
        assertThat(first.as(Allocation.class).serverId()).isPresent();
        assertThat(used(reservation))
                .isEqualTo(new Capacities(Map.of("vcpu", 8L, "memory_mb", 16_384L, "instance", 1L)));
        assertThat(create(SERVER.under(reservation.id())).state()).isEqualTo("active");
        var why = refused(SERVER.under(reservation.id()));
        assertThat(why.kind()).isEqualTo(Refusal.Kind.NO_ROOM);
        assertThat(why.certificate().orElseThrow().free()).isZero();
        assertThat(told(first).keySet())
                .containsExactly("allocation.initialized", "allocation.building", "allocation.active");
        pass(HOUR);
        assertThat(now(first).state()).isEqualTo("deleted");
        assertThat(now(reservation).state()).isEqualTo("ended");
        world.nothingIsLeft();
    }

    @Test
    void whole_hosts_are_filled_one_after_the_other_and_never_beyond() {
        var reservation = reserve(in(Duration.ZERO), hosts(2));
        var places = new ArrayList<String>();
        for (int i = 0; i < 4; i++) {
            var made = create(SERVER.under(reservation.id()));
            assertThat(made.state()).isEqualTo("active");
            places.add(made.as(Allocation.class).facts().get("server.host"));
        }
        assertThat(places).isSorted().containsOnly("host-1", "host-2");
        assertThat(refused(SERVER.under(reservation.id())).kind()).isEqualTo(Refusal.Kind.NO_ROOM);
    }

    @Test
    void loose_quantities_are_used_up_to_what_they_are() {
        var when = in(Duration.ZERO);
        var reservation = reserve(when, quantity(when, 17));
        create(SERVER.under(reservation.id()));
        create(SERVER.under(reservation.id()));
        var certificate = refused(SERVER.under(reservation.id())).certificate().orElseThrow();
        assertThat(certificate.dimension()).isIn("vcpu", "memory_mb");
        assertThat(create(AllocationRequest.of("small", "tiny", "cirros").under(reservation.id()))
                        .state())
                .isEqualTo("active");
        assertThat(cancel(reservation).state()).isEqualTo("cancelling");
        world.settle();
        assertThat(now(reservation).state()).isEqualTo("cancelled");
        world.nothingIsLeft();
    }

    @Test
    void without_one_it_is_lent_or_firm_and_low() {
        var lent = create(SERVER);
        assertThat(lent.state()).isEqualTo("active");
        assertThat(priority(lent)).isEqualTo(Priority.LOW);
        assertThat(lent.as(Allocation.class).firm()).isFalse();
        var firm = create(SERVER.firm());
        assertThat(priority(firm)).isEqualTo(Priority.LOW);
        assertThat(firm.as(Allocation.class).firm()).isTrue();
        // what is lent is not seen by what is reserved for later; what is firm is
        var why = world.look(tx -> world.broker
                .reservations()
                .create(tx, World.ALICE, ReservationRequest.of("all", in(HOUR), List.of(hosts(4)))));
        assertThat(why).isInstanceOf(Answer.No.class);
        destroy(firm);
        world.settle();
        assertThat(reserve(in(HOUR), hosts(4)).state()).isEqualTo("reserved");
        assertThat(refused(SERVER.firm()).kind()).isEqualTo(Refusal.Kind.NO_ROOM);
        assertThat(create(SERVER).state()).isEqualTo("active");
        assertThat(create(SERVER.firm().until(world.now().plus(MINUTE))).state())
                .isEqualTo("active");
    }

    @Test
    void a_firm_one_ends_when_it_was_to_end() {
        var firm = create(SERVER.firm().until(world.now().plus(HOUR)));
        pass(HOUR);
        assertThat(now(firm).state()).isEqualTo("deleted");
        world.nothingIsLeft();
    }

    @Test
    void before_the_start_over_the_rest_or_of_nobody_it_is_rejected_with_the_reason() {
        var start = world.now().plus(HOUR);
        var later = reserve(in(HOUR), slots(1, LARGE));
        var early = refused(SERVER.under(later.id()));
        assertThat(early.kind()).isEqualTo(Refusal.Kind.CLASH);
        assertThat(early.message()).contains("reserved").contains(start.toString());
        var nobody = refused(SERVER.under(new UUID(5, 5)));
        assertThat(nobody.kind()).isEqualTo(Refusal.Kind.NOT_THERE);
        var bob = new Caller("bob", "chemistry", false);
        assertThat(refused(bob, SERVER.under(later.id())).message()).isEqualTo("there is no reservation " + later.id());
        var running = reserve(in(Duration.ZERO), slots(1, new Flavor(2, 2_048, 20)));
        assertThat(refused(SERVER.under(running.id())).field()).contains("flavor");
        assertThat(refused(AllocationRequest.of("web", "huge", "cirros").under(running.id()))
                        .message())
                .contains("huge", "tiny, small, large");
        assertThat(refused(SERVER.under(running.id()).until(world.now().plus(HOUR.multipliedBy(3))))
                        .field())
                .contains("end");
        pass(HOUR);
        assertThat(refused(SERVER.under(running.id())).message()).contains("ended");
    }

    @Test
    void capacity_returns_only_when_the_provider_says_gone() {
        var reservation = reserve(in(Duration.ZERO), slots(1, LARGE));
        var server = create(SERVER.under(reservation.id()));
        world.cloud.goAway("no route");
        assertThat(destroy(server).state()).isEqualTo("deleting");
        world.settle();
        assertThat(refused(SERVER.under(reservation.id())).kind()).isEqualTo(Refusal.Kind.NO_ROOM);
        world.cloud.comeBack();
        pass(MINUTE);
        assertThat(now(server).state()).isEqualTo("deleted");
        assertThat(used(reservation)).isEqualTo(Capacities.NONE);
        assertThat(create(SERVER.under(reservation.id())).state()).isEqualTo("active");
    }

    @Test
    void what_was_planned_runs_within_two_seconds_of_the_start() {
        var reservation = reserve(in(HOUR), slots(2, LARGE));
        var planned = create(SERVER.under(reservation.id()).waiting());
        assertThat(planned.state()).isEqualTo("scheduled");
        assertThat(priority(planned)).isEqualTo(Priority.NORMAL);
        create(SERVER.under(reservation.id()).waiting());
        assertThat(refused(SERVER.under(reservation.id()).waiting()).kind()).isEqualTo(Refusal.Kind.NO_ROOM);
        world.settleFor(HOUR.minus(MINUTE), MINUTE);
        world.settleFor(MINUTE.plusSeconds(2), Duration.ofSeconds(1));
        assertThat(now(planned).state()).isEqualTo("active");
        assertThat(told(planned).get("allocation.active"))
                .isBeforeOrEqualTo(reservation
                        .as(holdfast.broker.Reservation.class)
                        .when()
                        .from()
                        .plusSeconds(2));
    }

    @Test
    void what_was_planned_is_cancelled_with_its_reservation() {
        var reservation = reserve(in(HOUR), slots(2, LARGE));
        var planned = create(SERVER.under(reservation.id()).waiting());
        cancel(reservation);
        world.settle();
        assertThat(now(planned).state()).isEqualTo("cancelled");
        world.nothingIsLeft();
    }

    @Test
    void what_was_lent_is_told_and_gone_before_a_reservation_starts() {
        var start = world.now().plus(HOUR);
        var before = create(SERVER);
        var all = reserve(in(HOUR), hosts(4));
        var after = create(SERVER);
        pass(Duration.ofMinutes(49));
        assertThat(told(before)).doesNotContainKey("allocation.preempted");
        pass(Duration.ofMinutes(10));
        for (var victim : List.of(before, after)) {
            assertThat(told(victim).get("allocation.preempted")).isEqualTo(start.minus(MINUTE.multipliedBy(10)));
            assertThat(now(victim).state()).isEqualTo("deleted");
            assertThat(told(victim).get("allocation.deleted")).isBefore(start);
        }
        pass(MINUTE);
        assertThat(now(all).state()).isEqualTo("active");
    }

    @Test
    void hosts_on_which_somebody_would_have_to_leave_are_taken_last() {
        var lent = create(SERVER);
        var three = reserve(in(HOUR), hosts(3));
        pass(HOUR.plus(MINUTE));
        assertThat(now(three).state()).isEqualTo("active");
        assertThat(now(lent).state()).isEqualTo("active");
        assertThat(told(lent)).doesNotContainKey("allocation.preempted");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 20})
    void what_is_lent_of_one_that_stands_by_stays_until_it_is_activated_and_is_gone_before_it_starts(int minutes) {
        var recall = MINUTE.multipliedBy(minutes);
        var now = in(Duration.ZERO);
        var flexible = new FlexibleWindow(FlexibleWindow.Mode.STANDBY, now.from(), now.from(), HOUR, recall);
        var wanted = ReservationRequest.of("expo", now, List.of(hosts(4)));
        var request = new ReservationRequest(
                wanted.name(),
                wanted.when(),
                Optional.of(flexible),
                wanted.expiry(),
                wanted.offer(),
                wanted.warnAt(),
                wanted.priority(),
                wanted.pinned(),
                wanted.prefer(),
                wanted.items());
        var standing = now(world.look(tx ->
                world.broker.reservations().create(tx, World.ALICE, request).orThrow()));
        world.settle();
        var lent = List.of(create(SERVER), create(SERVER));
        pass(recall.plus(MINUTE.multipliedBy(2)));
        assertThat(lent).allSatisfy(one -> assertThat(now(one).state()).isEqualTo("active"));
        assertThat(refused(SERVER.firm()).kind()).isEqualTo(Refusal.Kind.NO_ROOM);
        world.look(tx ->
                world.broker.reservations().activate(tx, standing.id(), "alice").orThrow());
        var start = world.now().plus(recall);
        pass(recall.minus(MINUTE));
        for (var one : lent) {
            assertThat(told(one).get("allocation.preempted")).isBefore(start);
            assertThat(now(one).state()).isEqualTo("deleted");
        }
        pass(MINUTE);
        assertThat(now(standing).state()).isEqualTo("active");
        assertThat(world.cloud.placed()).isEmpty();
    }

    private static AllocationRequest firmIn(String zone) {
        return new AllocationRequest(
                "web",
                "large",
                "cirros",
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(zone),
                false,
                Optional.empty(),
                false,
                Map.of());
    }

    @Test
    void a_server_goes_into_a_zone_that_was_named_and_to_no_other_provider() {
        var first = world.withCloud().id();
        var second = new SimulatedCloud(CloudPlan.SMALL, world::now, Optional.empty(), Optional.empty());
        world.clouds = (id, _, _) -> id.equals(first) ? world.cloud : second;
        var account = new Provider.Account("simulated", "", Optional.empty(), "", "", "", "", List.of(), true, 0, 600);
        var other = world.look(tx -> world.providers
                        .add(tx, "second", "admins", account, Optional.empty(), "admin")
                        .orThrow())
                .id();
        world.settle();
        for (var provider : List.of(first, other)) {
            var north = firmIn("p/" + provider + "/a/north");
            for (int i = 0; i < 4; i++) {
                assertThat(create(north).as(Allocation.class).provider()).isEqualTo(provider);
            }
            assertThat(refused(north).kind())
                    .as("its zone is full, and there is room elsewhere")
                    .isEqualTo(Refusal.Kind.NO_ROOM);
        }
    }

    @Test
    void what_is_lent_and_in_nobodys_way_stays() {
        var lent = new ArrayList<Resource>();
        for (int i = 0; i < 3; i++) {
            lent.add(create(SERVER));
            pass(MINUTE);
        }
        assertThat(lent.stream().map(one -> one.as(Allocation.class).facts().get("server.host")))
                .containsExactly("host-1", "host-1", "host-2");
        var beside = reserve(in(HOUR), slots(1, LARGE));
        var instead = reserve(in(HOUR), slots(5, LARGE));
        pass(HOUR);
        assertThat(create(SERVER.under(beside.id())).as(Allocation.class).facts())
                .containsEntry("server.host", "host-2");
        assertThat(now(instead).state()).isEqualTo("active");
        assertThat(lent.stream().map(one -> now(one).state())).containsExactly("active", "active", "deleted");
    }

    @Test
    void a_reservation_for_now_does_not_wait_for_the_notice() {
        var lent = create(SERVER);
        var all = reserve(in(Duration.ZERO), hosts(4));
        pass(MINUTE);
        assertThat(now(lent).state()).isEqualTo("deleted");
        assertThat(now(all).state()).isEqualTo("active");
    }

    @Test
    void who_would_have_to_leave_at_once_is_not_let_in() {
        reserve(in(MINUTE.multipliedBy(5)), hosts(4));
        assertThat(refused(SERVER).kind()).isEqualTo(Refusal.Kind.NO_ROOM);
    }

    @Test
    void a_server_that_cannot_be_made_gives_its_room_back_and_says_why() {
        var when = in(Duration.ZERO);
        var reservation = reserve(when, quantity(when, 8));
        world.cloud.become(CloudPlan.SMALL.with(new holdfast.core.CloudSupply(
                CloudPlan.SMALL.supply().hosts(),
                CloudPlan.SMALL.supply().limits(),
                CloudPlan.SMALL.supply().zones(),
                CloudPlan.SMALL.supply().flavors(),
                List.of(),
                List.of(),
                true)));
        var failed = create(SERVER.under(reservation.id()));
        assertThat(failed.state()).isEqualTo("error");
        assertThat(failed.message().orElse("")).contains("there is no image");
        assertThat(used(reservation)).isEqualTo(Capacities.NONE);
        destroy(failed);
        world.settle();
        assertThat(now(failed).state()).isEqualTo("deleted");
    }

    @Test
    void one_that_the_provider_lost_is_told_and_its_room_is_free() {
        var reservation = reserve(in(Duration.ZERO), slots(1, LARGE));
        var server = create(SERVER.under(reservation.id()));
        var key = world.cloud.list().stream()
                .filter(one -> one.part().equals("server"))
                .findFirst()
                .orElseThrow();
        world.cloud.loseSilently(key);
        pass(MINUTE.multipliedBy(25));
        assertThat(now(server).state()).isEqualTo("lost");
        assertThat(told(server)).containsKey("allocation.lost");
        assertThat(used(reservation)).isEqualTo(Capacities.NONE);
        assertThat(create(SERVER.under(reservation.id())).state()).isEqualTo("active");
    }

    @Test
    void a_reservation_ends_only_when_its_servers_are_gone() {
        var when = in(Duration.ZERO);
        var reservation = reserve(when, quantity(when, 8));
        create(SERVER.under(reservation.id()));
        world.cloud.goAway("no route");
        pass(HOUR);
        assertThat(now(reservation).state()).isEqualTo("ending");
        var next = ReservationRequest.of("next", in(Duration.ZERO), List.of(hosts(4)));
        var answer = world.look(tx -> world.broker.reservations().create(tx, World.ALICE, next));
        assertThat(answer).isInstanceOf(Answer.No.class);
        world.cloud.comeBack();
        pass(MINUTE);
        assertThat(now(reservation).state()).isEqualTo("ended");
        world.nothingIsLeft();
    }
}
