package holdfast.sim;

import static holdfast.db.Tables.NOTICE;
import static holdfast.sim.Reserving.HOUR;
import static holdfast.sim.Reserving.MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.authority.Driver;
import holdfast.broker.CapacityEntries.Outcome;
import holdfast.broker.CapacityEntries.Wish;
import holdfast.broker.ProviderSupply;
import holdfast.broker.Reservation;
import holdfast.broker.ReservationRequest;
import holdfast.broker.choice.Ask.Prefer;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Placement;
import holdfast.calendar.Calendar;
import holdfast.calendar.Entry.Origin;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Capacity that is lost under reservations and comes back, at a simulated cloud on simulated time: two zones with two
/// hosts of 16 vcpu each, looked at every 10 minutes.
final class LossStoriesTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final World world = new World(7, test, false);
    private Reserving user;

    @BeforeEach
    void addCloud() {
        user = new Reserving(world);
    }

    private void up(boolean up, String... hosts) {
        for (var host : hosts) {
            world.cloud.hostUp(host, up);
        }
        user.pass(MINUTE.multipliedBy(10));
    }

    private Resource reserve(String name, int priority, Interval when, Item... items) {
        var request = new ReservationRequest(
                name,
                when,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                priority,
                false,
                Prefer.TIGHTEST,
                List.of(items));
        var made = user.ask(request).orThrow();
        world.settle();
        return user.now(made);
    }

    private Item north(long vcpus, Interval when) {
        return user.vcpus(vcpus, when)
                .in(world.look(tx -> new Calendar().places(tx, "broker")).stream()
                        .filter(place -> place.endsWith("/a/north"))
                        .toList());
    }

    private boolean atRisk(Resource reservation) {
        return now(reservation).atRisk();
    }

    private Reservation now(Resource reservation) {
        return Reserving.of(user.now(reservation));
    }

    private List<String> hosts(Resource reservation) {
        return now(reservation).items().getFirst().placement().stream()
                .map(Placement::place)
                .map(place -> place.substring(place.lastIndexOf('/') + 1))
                .toList();
    }

    private JsonNode lastTold(Resource reservation) {
        return world.look(tx -> Json.tree(tx.sql()
                .select(NOTICE.DATA)
                .from(NOTICE)
                .where(NOTICE.OBJECT.eq(reservation.id()))
                .orderBy(NOTICE.SEQ.desc())
                .limit(1)
                .fetchSingle(NOTICE.DATA)
                .data()));
    }

    @Test
    void capacity_lost_hurts_the_weakest_is_healed_repaid_and_told() {
        var when = user.in(HOUR);
        var strong = reserve("strong", 80, when, north(16, when));
        var weak = reserve("weak", 20, when, north(16, when));
        up(false, "host-1");
        assertThat(atRisk(strong)).isFalse();
        assertThat(user.told(strong)).containsExactly("reservation.reserved");
        assertThat(atRisk(weak)).isTrue();
        assertThat(now(weak).degraded()).as("it has not begun").isFalse();
        assertThat(user.told(weak)).containsExactly("reservation.reserved", "reservation.at-risk");
        var told = lastTold(weak);
        assertThat(told.get("since").stringValue()).isEqualTo(when.from().toString());
        assertThat(told.at("/lost/0/place").stringValue()).isEqualTo("north");
        assertThat(told.at("/lost/0/amounts")).isEqualTo(Json.tree("{\"vcpu\": 16}"));
        assertThat(user.booked("vcpu", when)).as("what it had stays booked").isEqualTo(32);
        user.pass(MINUTE.multipliedBy(20));
        assertThat(user.told(weak)).as("it is told once").hasSize(2);
        up(true, "host-1");
        assertThat(atRisk(weak)).isFalse();
        assertThat(user.told(weak)).endsWith("reservation.at-risk", "reservation.restored");
        assertThat(user.told(strong)).hasSize(1);
    }

    @Test
    void what_waits_for_its_start_goes_elsewhere_and_hears_of_nothing_else() {
        var when = user.in(HOUR);
        var made = user.reserve(when, user.vcpus(24, when));
        boolean north = hosts(made).contains("north");
        up(false, north ? "host-1" : "host-3", north ? "host-2" : "host-4");
        assertThat(hosts(made)).containsExactly(north ? "south" : "north");
        assertThat(atRisk(made)).isFalse();
        assertThat(user.told(made)).containsExactly("reservation.reserved", "reservation.relocated");
        assertThat(user.booked("vcpu", when)).isEqualTo(24);
    }

    @Test
    void what_a_provider_keeps_goes_elsewhere_when_the_provider_has_agreed() {
        var when = user.in(HOUR);
        var made = user.reserve(when, user.hosts(1));
        var lost = hosts(made).getFirst();
        up(false, lost);
        assertThat(hosts(made)).hasSize(1).doesNotContain(lost);
        assertThat(atRisk(made)).isFalse();
        assertThat(now(made).isUpdating()).isFalse();
        assertThat(user.told(made)).containsExactly("reservation.reserved", "reservation.relocated");
        var told = lastTold(made);
        assertThat(told.get("from").toString()).isEqualTo("[\"" + lost + "\"]");
        assertThat(told.get("to").toString()).isEqualTo("[\"" + hosts(made).getFirst() + "\"]");
        user.pass(HOUR);
        assertThat(user.now(made).state()).isEqualTo("active");
        user.pass(HOUR.multipliedBy(2));
        up(true, lost);
        world.nothingIsLeft();
    }

    @Test
    void who_could_go_elsewhere_and_does_not_get_there_soon_hears_of_the_loss() {
        var when = user.in(HOUR);
        var made = user.reserve(when, user.hosts(1));
        world.line = (verb, call) ->
                verb.equals("ensure") ? new Driver.Result.Later("waiting for a better day") : call.get();
        up(false, hosts(made).getFirst());
        assertThat(now(made).isUpdating()).isTrue();
        user.pass(MINUTE.multipliedBy(10));
        assertThat(user.told(made)).containsExactly("reservation.reserved", "reservation.at-risk");
        world.line = (_, call) -> call.get();
        user.pass(MINUTE.multipliedBy(10));
        assertThat(atRisk(made)).isFalse();
        assertThat(user.told(made)).endsWith("reservation.at-risk", "reservation.relocated");
    }

    @Test
    void what_runs_is_degraded_until_its_host_is_back() {
        var when = user.in(HOUR);
        var made = user.reserve(when, user.hosts(1));
        user.pass(HOUR.plus(MINUTE));
        up(false, hosts(made).getFirst());
        assertThat(lastTold(made).get("lost").toString()).contains("vcpu").doesNotContain("whole");
        assertThat(user.now(made).state()).isEqualTo("active");
        assertThat(now(made)).matches(Reservation::atRisk).matches(Reservation::degraded);
        up(true, hosts(made).getFirst());
        assertThat(now(made)).matches(one -> !one.atRisk()).matches(one -> !one.degraded());
        assertThat(user.told(made)).endsWith("reservation.at-risk", "reservation.restored");
    }

    @Test
    void what_comes_back_in_part_goes_to_the_strongest() {
        var when = user.in(HOUR.multipliedBy(3));
        var first = reserve("first", 80, when, north(16, when));
        var second = reserve("second", 50, when, north(8, when));
        var third = reserve("third", 20, when, north(8, when));
        up(false, "host-1", "host-2");
        assertThat(List.of(atRisk(first), atRisk(second), atRisk(third))).containsOnly(true);
        up(true, "host-1");
        assertThat(List.of(atRisk(first), atRisk(second), atRisk(third))).containsExactly(false, true, true);
        user.cancel(first);
        user.pass(MINUTE.multipliedBy(10));
        assertThat(List.of(atRisk(second), atRisk(third)))
                .as("there is room for both when the first has gone")
                .containsOnly(false);
    }

    @Test
    void a_rehearsal_names_who_is_then_really_hurt() {
        var when = user.in(HOUR);
        var strong = reserve("strong", 80, when, north(16, when));
        var weak = reserve("weak", 20, when, north(16, when));
        var wish = new Wish(
                Optional.of("north"),
                Optional.empty(),
                when,
                Optional.of(Capacities.NONE.minus(Capacities.of("vcpu", 16))),
                Origin.PLANNED,
                "new cables",
                true);
        var rehearsed = world.look(tx ->
                world.broker.entries().rehearse(tx, World.ALICE, pool(tx), wish).orThrow());
        world.settle();
        assertThat(rehearsed.hurt()).extracting(Resource::id).containsExactly(weak.id());
        assertThat(atRisk(weak)).isFalse();
        var done = world.look(tx ->
                world.broker.entries().add(tx, World.ALICE, pool(tx), wish).orThrow());
        world.settle();
        assertThat(done.hurt()).extracting(Resource::id).containsExactly(weak.id());
        assertThat(List.of(atRisk(strong), atRisk(weak))).containsExactly(false, true);
        world.run(tx -> world.broker
                .entries()
                .remove(tx, pool(tx), done.entry().id(), false)
                .orThrow());
        world.settle();
        assertThat(atRisk(weak)).isFalse();
    }

    private static Wish less(String zone, long vcpus, Interval when) {
        return new Wish(
                Optional.of(zone),
                Optional.empty(),
                when,
                Optional.of(Capacities.NONE.minus(Capacities.of("vcpu", vcpus))),
                Origin.PLANNED,
                "new cables",
                true);
    }

    private Outcome force(Wish wish) {
        var done = world.look(tx ->
                world.broker.entries().add(tx, World.ALICE, pool(tx), wish).orThrow());
        world.settle();
        return done;
    }

    @Test
    void who_can_go_elsewhere_hears_nothing_of_a_forced_loss_and_who_cannot_is_told() {
        var when = user.in(HOUR);
        var stays = reserve("stays", 20, when, north(16, when));
        var goes = reserve("goes", 50, when, user.vcpus(16, when));
        assertThat(hosts(goes)).as("the tightest").containsExactly("north");
        var done = force(less("north", 32, when));
        assertThat(done.hurt()).extracting(Resource::id).containsExactlyInAnyOrder(stays.id(), goes.id());
        assertThat(hosts(goes)).containsExactly("south");
        assertThat(user.told(goes)).containsExactly("reservation.reserved", "reservation.relocated");
        assertThat(user.told(stays)).containsExactly("reservation.reserved", "reservation.at-risk");
    }

    @Test
    void a_rehearsal_takes_first_from_those_who_are_at_risk_already() {
        var when = user.in(HOUR);
        reserve("strong", 90, when, north(12, when));
        var lost = reserve("lost", 30, when, north(20, when));
        var weaker = reserve("weaker", 10, when, user.vcpus(16, when));
        force(less("north", 4, when));
        assertThat(List.of(atRisk(lost), atRisk(weaker))).containsExactly(true, false);
        var wish = new Wish(
                Optional.empty(),
                Optional.empty(),
                when,
                Optional.of(Capacities.NONE.minus(Capacities.of("vcpu", 20))),
                Origin.PLANNED,
                "smaller quota",
                true);
        var rehearsed = world.look(tx ->
                world.broker.entries().rehearse(tx, World.ALICE, pool(tx), wish).orThrow());
        assertThat(rehearsed.hurt()).extracting(Resource::id).containsExactly(lost.id());
        var done = force(wish);
        assertThat(done.hurt()).extracting(Resource::id).containsExactly(lost.id());
        assertThat(user.told(weaker)).containsExactly("reservation.reserved");
    }

    @Test
    void a_rehearsal_says_where_those_would_go_who_are_hurt_and_changes_nothing() {
        var when = user.in(HOUR);
        var goes = reserve("goes", 50, when, user.hosts(1));
        var lost = hosts(goes).getFirst();
        reserve("there", 90, when, user.hosts(2));
        var told = user.told(goes);
        var away = new Wish(
                Optional.empty(),
                Optional.of(lost),
                Interval.since(world.now()),
                Optional.empty(),
                Origin.PLANNED,
                "cables",
                true);
        var rehearsed = world.look(tx ->
                world.broker.entries().rehearse(tx, World.ALICE, pool(tx), away).orThrow());
        world.settle();
        assertThat(rehearsed.hurt()).extracting(Resource::id).containsExactly(goes.id());
        assertThat(hosts(goes)).containsExactly(lost);
        assertThat(user.told(goes)).isEqualTo(told);
        assertThat(now(goes)).isEqualTo(Reserving.of(goes));
        up(false, lost);
        assertThat(rehearsed.ways()).containsOnlyKeys(goes.id());
        assertThat(rehearsed.ways().get(goes.id()))
                .as("it went where it was to go")
                .isEqualTo(hosts(goes))
                .doesNotContain(lost);
    }

    @Test
    void a_rehearsal_says_nothing_of_those_who_could_go_nowhere() {
        var when = user.in(HOUR);
        var all = reserve("all", 50, when, user.hosts(4));
        var away = new Wish(
                Optional.empty(),
                Optional.of(hosts(all).getFirst()),
                Interval.since(world.now()),
                Optional.empty(),
                Origin.PLANNED,
                "cables",
                true);
        var rehearsed = world.look(tx ->
                world.broker.entries().rehearse(tx, World.ALICE, pool(tx), away).orThrow());
        assertThat(rehearsed.hurt()).hasSize(1);
        assertThat(rehearsed.ways()).isEmpty();
    }

    private Resource pool(Tx tx) {
        return world.engine.resources().ofType(tx, ProviderSupply.POOL, 10).getFirst();
    }
}
