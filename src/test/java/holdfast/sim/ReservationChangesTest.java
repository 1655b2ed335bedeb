package holdfast.sim;

import static holdfast.sim.Reserving.HOUR;
import static holdfast.sim.Reserving.MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.authority.Authority;
import holdfast.authority.Driver;
import holdfast.authority.Lease;
import holdfast.broker.ItemChange;
import holdfast.broker.Reservation;
import holdfast.broker.ReservationChange;
import holdfast.broker.Update;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.Item;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Profile;
import holdfast.core.Capacities;
import holdfast.core.CloudSupply;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.engine.Resource;
import holdfast.protocol.Message.Amended;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Reservations that change while they wait or run, at a simulated cloud on simulated time.
final class ReservationChangesTest {
    private static final ReservationChange NOTHING = ReservationChange.NONE;

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final World world = new World(7, test, false);
    private Reserving user;

    @BeforeEach
    void addCloud() {
        user = new Reserving(world);
    }

    private static ReservationChange vcpus(Item item, long count) {
        return NOTHING.of(List.of(ItemChange.amounts(item.id(), Map.of("vcpu", count))));
    }

    private static ReservationChange count(Item item, long count) {
        return NOTHING.of(List.of(ItemChange.count(item.id(), count, count)));
    }

    private static Interval when(Resource reservation) {
        return Reserving.of(reservation).when();
    }

    @Test
    void window_and_amount_change_both_ways_or_not_at_all() {
        var when = user.in(HOUR);
        var wanted = user.vcpus(10, when);
        var made = user.reserve(when, wanted);
        var later = Interval.of(when.from().plus(HOUR), HOUR.multipliedBy(2));
        var moved = user.change(
                made,
                NOTHING.from(later.from())
                        .until(later.until())
                        .named("fair")
                        .of(vcpus(wanted, 12).items()));
        assertThat(when(moved)).isEqualTo(later);
        assertThat(moved.name()).isEqualTo("fair");
        assertThat(user.booked("vcpu", when)).isZero();
        assertThat(user.booked("vcpu", later)).isEqualTo(12);
        var back = user.change(
                moved,
                NOTHING.from(when.from())
                        .until(when.until())
                        .of(vcpus(wanted, 8).items()));
        assertThat(when(back)).isEqualTo(when);
        assertThat(user.booked("vcpu", when)).isEqualTo(8);
        assertThat(user.booked("vcpu", later)).isZero();
        assertThat(user.told(made))
                .containsExactly("reservation.reserved", "reservation.updated", "reservation.updated");
    }

    @Test
    void it_may_begin_at_once_and_become_another_thing_in_one_change() {
        var wanted = user.hosts(1);
        var made = user.reserve(user.in(HOUR), wanted);
        var changed =
                user.change(made, NOTHING.from(world.now()).of(count(wanted, 2).items()));
        assertThat(changed.state()).isEqualTo("active");
        assertThat(Reserving.of(changed).isUpdating()).isFalse();
        assertThat(Reserving.of(changed).items().getFirst().placement()).hasSize(2);
        assertThat(world.mail()).as("nothing is tried for ever").isEmpty();
        user.pass(HOUR.multipliedBy(3));
        assertThat(user.now(made).state()).isEqualTo("ended");
        world.nothingIsLeft();
    }

    @Test
    void if_a_provider_does_not_agree_to_begin_at_once_with_another_thing_it_begins_as_it_was_to() {
        var wanted = user.hosts(1);
        var made = user.reserve(user.in(HOUR), wanted);
        var refused = new AtomicBoolean();
        world.line = (verb, call) -> verb.equals("ensure") && refused.compareAndSet(false, true)
                ? new Driver.Result.Failed("not that one")
                : call.get();
        user.change(made, NOTHING.from(world.now()).of(count(wanted, 2).items()));
        user.pass(MINUTE.multipliedBy(30));
        assertThat(user.now(made).state()).isEqualTo("reserved");
        assertThat(when(user.now(made))).isEqualTo(when(made));
        user.pass(HOUR);
        assertThat(user.now(made).state()).isEqualTo("active");
        assertThat(Reserving.of(user.now(made)).items().getFirst().placement()).hasSize(1);
        user.pass(HOUR.multipliedBy(2));
        world.nothingIsLeft();
    }

    @Test
    void a_refused_change_names_dimension_instant_and_deficit_and_leaves_all_as_it_was() {
        var when = user.in(HOUR);
        var other = user.in(HOUR.multipliedBy(2));
        user.reserve(other, user.vcpus(20, other).in(zone("north")));
        var wanted = user.vcpus(10, when);
        var made = user.reserve(when, wanted.in(zone("north")));
        var before = user.now(made);
        var booked = user.bookings(made);
        var why = user.refused(
                made,
                NOTHING.named("more")
                        .until(when.until().plus(HOUR))
                        .of(vcpus(wanted, 14).items()));
        var certificate = why.certificate().orElseThrow();
        assertThat(certificate.dimension()).isEqualTo("vcpu");
        assertThat(certificate.at()).isEqualTo(other.from());
        assertThat(certificate.wanted() - certificate.free()).isEqualTo(2);
        assertThat(user.now(made)).isEqualTo(before);
        assertThat(user.bookings(made)).isEqualTo(booked);
    }

    /// The place of a zone.
    private List<String> zone(String name) {
        return world.look(tx -> new Calendar().places(tx, "broker")).stream()
                .filter(place -> place.endsWith("/a/" + name))
                .toList();
    }

    @Test
    void what_it_has_does_not_compete_with_what_it_gets() {
        var when = user.in(HOUR);
        var made = user.reserve(when, user.hosts(4));
        var half = Duration.ofMinutes(30);
        var moved = user.change(
                made, NOTHING.from(when.from().plus(half)).until(when.until().plus(half)));
        assertThat(when(moved)).isEqualTo(Interval.of(when.from().plus(half), HOUR));
        assertThat(user.bookings(made)).extracting(Booking::when).containsOnly(when(moved));
        assertThat(order(made).term()).isEqualTo(when(moved));
        user.pass(HOUR.multipliedBy(3));
        assertThat(user.now(made).state()).isEqualTo("ended");
        world.nothingIsLeft();
    }

    /// What the provider was asked for, for the first item.
    private Lease.Order order(Resource reservation) {
        return order(reservation, 0);
    }

    private Lease.Order order(Resource reservation, int item) {
        var id = Reserving.of(reservation).items().get(item).item().id();
        return world.look(tx -> world.engine.resources().ofType(tx, Authority.LEASE, 100)).stream()
                .map(lease -> lease.as(Lease.class))
                .filter(lease -> lease.sliver().equals(new SliverId(id)))
                .flatMap(lease -> lease.order().stream())
                .findFirst()
                .orElseThrow();
    }

    /// Books in the book of what is inside of items, as an allocation does.
    private void use(Item item, Interval when, long has, long vcpus) {
        world.run(tx -> {
            var calendar = new Calendar();
            var place = item.id().toString();
            calendar.carve(tx, "broker.in", place, List.of(new Profile.Step(when, Capacities.of("vcpu", has))));
            calendar.book(
                            tx,
                            new Booking(
                                    "broker.in",
                                    new UUID(99, 1),
                                    place,
                                    when,
                                    Capacities.of("vcpu", vcpus),
                                    Set.of(),
                                    Booking.Kind.ALLOCATION,
                                    true))
                    .orThrow();
        });
    }

    @Test
    void a_running_one_grows_and_never_shrinks_below_its_use() {
        var when = user.in(Duration.ZERO);
        var wanted = user.vcpus(10, when);
        var made = user.reserve(when, wanted);
        use(wanted, when, 10, 6);
        user.pass(MINUTE.multipliedBy(20));
        assertThat(user.change(made, vcpus(wanted, 16)).state()).isEqualTo("active");
        var now = world.now();
        assertThat(user.booked("vcpu", new Interval(when.from(), now))).isEqualTo(10);
        assertThat(user.booked("vcpu", new Interval(now, when.until()))).isEqualTo(16);
        assertThat(user.refused(made, vcpus(wanted, 5)).message())
                .isEqualTo("capacity.vcpu is 5; 6 are allocated, destroy some first");
        user.change(made, vcpus(wanted, 6));
        assertThat(user.booked("vcpu", new Interval(now, when.until()))).isEqualTo(6);
        var used = world.look(tx -> new Calendar().usage(tx, "broker.in", new Interval(now, when.until())));
        assertThat(used.get(wanted.id().toString()).total().get("vcpu")).isEqualTo(6);
    }

    @Test
    void what_is_inside_lasts_as_long_as_the_item() {
        var when = user.in(Duration.ZERO);
        var wanted = user.vcpus(10, when);
        var made = user.reserve(when, wanted);
        use(wanted, when, 10, 6);
        var longer = when.until().plus(HOUR);
        user.change(made, NOTHING.until(longer));
        assertThat(inside()).extracting(Booking::when).containsExactly(new Interval(when.from(), longer));
        var shorter = when.until().minus(MINUTE);
        user.change(made, NOTHING.until(shorter));
        assertThat(inside()).extracting(Booking::when).containsExactly(new Interval(when.from(), shorter));
    }

    private List<Booking> inside() {
        return world.look(tx -> new Calendar().held(tx, "broker.in", new UUID(99, 1)));
    }

    @Test
    void its_start_is_past_once_it_has_begun_and_its_end_may_move() {
        var when = user.in(Duration.ZERO);
        var made = user.reserve(when, user.instances(3, new Flavor(2, 2_048, 20)));
        user.pass(MINUTE.multipliedBy(20));
        assertThat(user.refused(made, NOTHING.from(world.now().plus(MINUTE))).message())
                .startsWith("it started at");
        var longer = when.until().plus(HOUR);
        var prolonged = user.change(made, NOTHING.until(longer));
        assertThat(prolonged.state()).isEqualTo("active");
        assertThat(when(prolonged)).isEqualTo(new Interval(when.from(), longer));
        assertThat(order(made).term()).isEqualTo(when(prolonged));
        user.pass(HOUR);
        assertThat(user.now(made).state()).isEqualTo("active");
        var shorter = world.now().plus(MINUTE.multipliedBy(5));
        user.change(made, NOTHING.until(shorter));
        user.pass(MINUTE.multipliedBy(10));
        assertThat(user.now(made).state()).isEqualTo("ended");
        world.nothingIsLeft();
    }

    @Test
    void an_end_that_is_now_ends_it() {
        var made = user.reserve(user.in(Duration.ZERO), user.hosts(2));
        user.pass(MINUTE.multipliedBy(20));
        var ended = user.change(made, NOTHING.until(world.now().minusSeconds(30)));
        assertThat(ended.state()).isEqualTo("ended");
        assertThat(when(ended).until()).isEqualTo(world.now());
        world.nothingIsLeft();
    }

    @Test
    void hosts_are_gained_and_lost_also_while_it_runs() {
        var wanted = user.hosts(2);
        var made = user.reserve(user.in(HOUR), wanted);
        user.change(made, count(wanted, 1));
        assertThat(Reserving.of(user.now(made)).items().getFirst().placement()).hasSize(1);
        user.pass(HOUR);
        var kept = Reserving.of(user.now(made)).items().getFirst().placement();
        var more = user.change(made, count(wanted, 3));
        assertThat(Reserving.of(more).items().getFirst().placement()).hasSize(3).containsAll(kept);
        var less = user.change(made, count(wanted, 2));
        assertThat(Reserving.of(less).items().getFirst().placement()).hasSize(2);
    }

    @Test
    void what_is_booked_is_what_is_needed_before_and_after_until_all_providers_agree() {
        var when = user.in(HOUR);
        var made = user.reserve(when, user.hosts(2));
        var later = Interval.of(when.from().plus(HOUR), HOUR);
        var asked = user.update(made, NOTHING.from(later.from()).until(later.until()))
                .orThrow();
        assertThat(Reserving.of(asked).isUpdating()).isTrue();
        assertThat(when(asked)).isEqualTo(when);
        assertThat(user.bookings(made))
                .extracting(Booking::when)
                .containsOnly(new Interval(when.from(), later.until()));
        assertThat(user.refused(made, NOTHING.until(when.until().plus(HOUR))).kind())
                .isEqualTo(Refusal.Kind.CLASH);
        assertThat(user.update(made, NOTHING.named("other")).orThrow().name()).isEqualTo("other");
        world.settle();
        assertThat(Reserving.of(user.now(made)).isUpdating()).isFalse();
        assertThat(user.now(made).name()).isEqualTo("other");
        assertThat(user.bookings(made)).extracting(Booking::when).containsOnly(later);
    }

    /// The cloud loses a host and nobody knows yet.
    private void loseHost(String name) {
        var small = CloudPlan.SMALL;
        var supply = small.supply();
        var left = supply.hosts().stream()
                .filter(host -> !host.name().equals(name))
                .toList();
        world.cloud.become(new CloudPlan(
                new CloudSupply(
                        left,
                        supply.limits(),
                        supply.zones(),
                        supply.flavors(),
                        supply.images(),
                        supply.networks(),
                        supply.keeper()),
                small.boot(),
                small.farewell(),
                small.password()));
    }

    @Test
    void if_one_provider_does_not_agree_the_others_take_it_back_and_all_is_as_it_was() {
        var when = user.in(HOUR);
        var few = user.instances(1, new Flavor(2, 2_048, 20)).in(zone("north"));
        var many = user.hosts(1).in(zone("south"));
        var made = user.reserve(when, few, many);
        var before = user.now(made);
        var booked = user.bookings(made);
        var other = Reserving.of(before)
                        .items()
                        .get(1)
                        .placement()
                        .getFirst()
                        .place()
                        .endsWith("host-3")
                ? "host-4"
                : "host-3";
        loseHost(other);
        var change = NOTHING.until(when.until().plus(HOUR))
                .of(List.of(ItemChange.count(few.id(), 4, 4), ItemChange.count(many.id(), 2, 2)));
        var after = user.change(made, change);
        assertThat(Reserving.of(after).isUpdating()).isFalse();
        assertThat(Reserving.of(after).update()).get().isInstanceOf(Update.Refused.class);
        assertThat(when(after)).isEqualTo(when);
        assertThat(Reserving.of(after).items().stream().map(Reservation.Part::item))
                .isEqualTo(Reserving.of(before).items().stream()
                        .map(Reservation.Part::item)
                        .toList());
        assertThat(user.bookings(made)).containsExactlyInAnyOrderElementsOf(booked);
        for (int item = 0; item < 2; item++) {
            assertThat(order(made, item).term()).isEqualTo(when);
        }
        assertThat(user.told(made)).containsExactly("reservation.reserved", "reservation.not-updated");
        user.pass(HOUR.multipliedBy(3));
        assertThat(user.now(made).state()).isEqualTo("ended");
    }

    @Test
    void a_start_that_comes_during_a_change_waits_for_its_outcome() {
        var when = user.in(HOUR);
        var made = user.reserve(when, user.hosts(2));
        world.cloud.goAway("no route");
        var wanted = Reserving.of(made).items().getFirst().item();
        user.update(made, count(wanted, 3)).orThrow();
        world.settleFor(HOUR.plus(MINUTE), MINUTE.multipliedBy(2));
        world.cloud.comeBack();
        world.settleFor(MINUTE, Duration.ofSeconds(10));
        assertThat(user.now(made).state()).isEqualTo("active");
        assertThat(Reserving.of(user.now(made)).isUpdating()).isFalse();
        user.pass(HOUR);
        assertThat(user.now(made).state()).isEqualTo("ended");
        world.nothingIsLeft();
    }

    @Test
    void cancel_and_end_work_during_a_change() {
        var cancelled = user.reserve(user.in(Duration.ZERO), user.hosts(1));
        var ended = user.reserve(user.in(Duration.ZERO), user.hosts(1));
        world.cloud.goAway("no route");
        for (var one : List.of(cancelled, ended)) {
            user.update(one, count(Reserving.of(one).items().getFirst().item(), 2))
                    .orThrow();
        }
        world.settle();
        user.cancel(cancelled);
        world.settleFor(HOUR, MINUTE.multipliedBy(10));
        world.cloud.comeBack();
        world.settleFor(MINUTE.multipliedBy(15), Duration.ofSeconds(30));
        assertThat(user.now(cancelled).state()).isEqualTo("cancelled");
        assertThat(user.now(ended).state()).isEqualTo("ended");
        world.nothingIsLeft();
    }

    @Test
    void answers_that_come_twice_or_late_change_nothing() {
        var when = user.in(HOUR);
        var made = user.reserve(when, user.hosts(2));
        user.change(made, NOTHING.until(when.until().plus(HOUR)));
        var known = user.now(made);
        var sliver = new SliverId(Reserving.of(made).items().getFirst().item().id());
        for (var late : List.of(
                new Amended(sliver, 1, Optional.empty()),
                new Amended(sliver, 1, Optional.of(Refusal.broken("no"))),
                new Amended(sliver, 0, Optional.empty()),
                new Amended(new SliverId(new UUID(0, 1)), 1, Optional.empty()))) {
            world.run(tx -> world.broker.on(tx, "clouds", late));
        }
        assertThat(user.now(made)).isEqualTo(known);
        user.update(made, NOTHING.until(when.until())).orThrow();
        world.run(tx -> world.broker.on(tx, "clouds", new Amended(sliver, 1, Optional.empty())));
        assertThat(Reserving.of(user.now(made)).isUpdating()).isTrue();
        world.settle();
        assertThat(when(user.now(made))).isEqualTo(when);
    }

    @Test
    void warning_start_and_end_follow_the_new_times() {
        var when = user.in(HOUR);
        var made = user.reserve(when, user.vcpus(4, when));
        var later = new Interval(when.from().plus(HOUR), when.until().plus(HOUR));
        user.change(
                made,
                NOTHING.from(later.from())
                        .until(later.until())
                        .warning(later.until().minus(MINUTE.multipliedBy(10))));
        user.pass(HOUR.plus(MINUTE.multipliedBy(30)));
        assertThat(user.now(made).state()).isEqualTo("reserved");
        user.pass(MINUTE.multipliedBy(60));
        assertThat(user.now(made).state()).isEqualTo("active");
        user.pass(MINUTE.multipliedBy(20));
        assertThat(user.told(made)).endsWith("reservation.active", "reservation.expiring");
        user.change(
                made,
                NOTHING.until(later.until().plus(HOUR)).warning(later.until().plus(MINUTE)));
        user.pass(HOUR);
        assertThat(user.told(made)).endsWith("reservation.updated", "reservation.expiring");
        user.pass(MINUTE.multipliedBy(20));
        assertThat(user.now(made).state()).isEqualTo("ended");
        assertThat(user.change(made, NOTHING.named("past")).name()).isEqualTo("past");
        assertThat(user.refused(made, NOTHING.until(Instant.MAX)).message()).endsWith("only its name can change");
    }
}
