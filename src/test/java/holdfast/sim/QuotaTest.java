package holdfast.sim;

import static holdfast.sim.Reserving.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.broker.ItemChange;
import holdfast.broker.ReservationChange;
import holdfast.broker.ReservationRequest;
import holdfast.broker.decisions.Decisions.Filter;
import holdfast.broker.decisions.Replay;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How much projects may reserve, at a simulated cloud on simulated time.
final class QuotaTest {
    private static final Caller BOB = new Caller("bob", "biology", false);

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final World world = new World(7, test, false);
    private Reserving user;

    @BeforeEach
    void addCloud() {
        user = new Reserving(world);
    }

    private void setting(String name, String value) {
        world.run(tx -> world.engine.settings().set(tx, name, Optional.of(value), "admin"));
        world.boot();
        world.settle();
    }

    private Answer<Resource> ask(Caller caller, long vcpus, Interval when) {
        var request = ReservationRequest.of("expo", when, List.of(user.vcpus(vcpus, when)));
        return world.look(tx -> world.broker.reservations().create(tx, caller, request));
    }

    private Refusal refused(Caller caller, long vcpus, Interval when) {
        return Reserving.refusal(ask(caller, vcpus, when));
    }

    private Interval hours(int hours) {
        return Interval.of(world.now().plus(HOUR), HOUR.multipliedBy(hours));
    }

    @Test
    void hoarding_is_refused_by_the_hours_ahead() {
        setting("reservation.hours.ahead", "vcpu=100, biology/vcpu=20");
        var made = user.reserve(hours(8), user.vcpus(10, hours(8)));
        var before = user.booked("vcpu", hours(8));
        var why = refused(World.ALICE, 3, hours(7));
        assertThat(why.kind()).isEqualTo(Refusal.Kind.NOT_YOURS);
        assertThat(why.wish()).contains("policy");
        assertThat(why.message())
                .startsWith("project physics would have 101 hours of vcpu reserved from now on; it may have 100");
        assertThat(user.booked("vcpu", hours(8))).isEqualTo(before);
        assertThat(world.count("reservation")).isEqualTo(1);
        assertThat(refused(BOB, 3, hours(7)).message()).contains("have 21 hours", "may have 20");
        ask(BOB, 10, hours(2)).orThrow();
        ask(World.ALICE, 10, hours(2)).orThrow();
        user.pass(HOUR.multipliedBy(2));
        ask(World.ALICE, 10, hours(2)).orThrow();
        user.cancel(made);
        ask(World.ALICE, 7, hours(10)).orThrow();
    }

    @Test
    void a_change_is_refused_only_if_there_is_more_ahead_than_before() {
        var item = user.vcpus(10, hours(10));
        var made = user.reserve(hours(10), item);
        setting("reservation.hours.ahead", "vcpu=50");
        var why = user.refused(
                made, ReservationChange.NONE.of(List.of(ItemChange.amounts(item.id(), Map.of("vcpu", 11L)))));
        assertThat(why.message()).contains("have 110 hours of vcpu", "may have 50");
        assertThat(user.booked("vcpu", hours(10))).isEqualTo(10);
        user.change(made, ReservationChange.NONE.of(List.of(ItemChange.amounts(item.id(), Map.of("vcpu", 9L)))));
        assertThat(user.booked("vcpu", hours(10))).isEqualTo(9);
    }

    @Test
    void what_the_hours_ahead_forbid_is_in_the_log_of_decisions_and_replay_goes_over_it() {
        var item = user.vcpus(5, hours(10));
        var made = user.reserve(hours(10), item);
        setting("reservation.hours.ahead", "vcpu=60");
        var created = refused(World.ALICE, 2, hours(10));
        var changed = user.refused(
                made, ReservationChange.NONE.of(List.of(ItemChange.amounts(item.id(), Map.of("vcpu", 7L)))));
        ask(World.ALICE, 1, hours(10)).orThrow();
        var log = world.look(tx -> world.broker.decisions().list(tx, Filter.ALL, 10));
        assertThat(log.stream().map(one -> one.matter().verb() + (one.granted() ? " granted" : " refused")))
                .containsExactly("CREATE granted", "CREATE refused", "UPDATE refused", "CREATE granted");
        assertThat(log.get(1).answer().at("/refused/message").stringValue()).isEqualTo(created.message());
        assertThat(log.get(1)
                        .asked()
                        .at("/items/0/need/steps/0/amount/amounts/vcpu")
                        .asLong())
                .as("what was asked for")
                .isEqualTo(2);
        assertThat(log.get(2).answer().at("/refused/message").stringValue()).isEqualTo(changed.message());
        assertThat(log.get(2).matter().reservation()).contains(made.id());
        var replay = Replay.of(log);
        assertThat(replay.different()).isEmpty();
        assertThat(replay.same()).isEqualTo(2);
        assertThat(replay.skipped()).isEqualTo(2);
    }

    @Test
    void projects_that_are_exempt_may_reserve_for_longer() {
        setting("reservation.longest.hours", "5");
        setting("reservation.longest.exempt", "biology, chemistry");
        assertThat(refused(World.ALICE, 1, hours(6)).message())
                .isEqualTo("it would last 6 hours; the longest is 5 hours");
        ask(BOB, 1, hours(6)).orThrow();
        assertThat(refused(BOB, 1, hours(24 * 731)).message()).contains("at most 730 days ahead");
    }

    @Test
    void a_setting_that_is_none_is_refused_with_what_it_must_be() {
        var rule = world.engine
                .settings()
                .find("reservation.hours.ahead")
                .orElseThrow()
                .rule();
        assertThat(rule.broken("vcpu=100,physics/vcpu=20, ")).isEmpty();
        assertThat(rule.broken("vcpu").orElseThrow()).contains("such as vcpu=5000 for each project");
        assertThat(rule.broken("vcpu=-1")).isPresent();
        assertThat(rule.broken("a b/vcpu=1")).isPresent();
    }
}
