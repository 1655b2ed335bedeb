package holdfast.sim;

import static holdfast.db.Tables.NOTICE;
import static holdfast.sim.Reserving.HOUR;
import static holdfast.sim.Reserving.MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.broker.ReservationChange;
import holdfast.broker.ReservationRequest;
import holdfast.broker.choice.Ask.Prefer;
import holdfast.broker.choice.FlexibleWindow;
import holdfast.broker.choice.FlexibleWindow.Mode;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.Spread;
import holdfast.broker.choice.Step;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Profile;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// From when to when reservations last: what policy says, what expires, and starts that are not known yet.
final class ReservationTermsTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final World world = new World(7, test, false);
    private Reserving user;

    @BeforeEach
    void addCloud() {
        user = new Reserving(world);
    }

    private static ReservationRequest request(
            Interval when, Optional<FlexibleWindow> flexible, Optional<Instant> expiry, Item... items) {
        return new ReservationRequest(
                "expo",
                when,
                flexible,
                expiry,
                Optional.empty(),
                Optional.empty(),
                50,
                false,
                Prefer.TIGHTEST,
                List.of(items));
    }

    private Resource make(ReservationRequest request) {
        var made = user.ask(request).orThrow();
        world.settle();
        return user.now(made);
    }

    private void setting(String name, String value) {
        world.run(tx -> world.engine.settings().set(tx, name, Optional.of(value), "admin"));
        world.boot();
        world.settle();
    }

    /// What the last notice of this type says.
    private JsonNode told(Resource reservation, String type) {
        return world.look(tx -> tx.sql()
                .select(NOTICE.DATA)
                .from(NOTICE)
                .where(NOTICE.OBJECT.eq(reservation.id()), NOTICE.TYPE.eq("reservation." + type))
                .orderBy(NOTICE.SEQ.desc())
                .limit(1)
                .fetchSingle(row -> Json.tree(row.get(NOTICE.DATA).data())));
    }

    @Test
    void one_for_now_is_good_for_as_long_as_policy_says_and_tells_what_it_gives_back() {
        var when = Interval.of(world.now(), HOUR.multipliedBy(24));
        var made = make(request(when, Optional.empty(), Optional.empty(), user.vcpus(10, when))
                .forNow(false));
        var until = world.now().plus(HOUR.multipliedBy(10));
        assertThat(Reserving.of(made).expiry()).contains(until);
        user.pass(HOUR.multipliedBy(10).minus(MINUTE.multipliedBy(10)));
        assertThat(user.now(made).state()).isEqualTo("active");
        user.pass(MINUTE.multipliedBy(10));
        assertThat(user.now(made).state()).isEqualTo("expired");
        assertThat(told(made, "expired").at("/released/vcpu").longValue()).isEqualTo(10);
        assertThat(user.booked("vcpu", Interval.of(world.now(), HOUR))).isZero();
    }

    @Test
    void what_policy_says_can_be_set() {
        setting("reservation.validity.minutes", "0");
        setting("reservation.longest.hours", "5");
        setting("reservation.start.most.days", "2");
        var now = user.in(Duration.ZERO);
        var made = make(request(now, Optional.empty(), Optional.empty(), user.vcpus(1, now))
                .forNow(false));
        assertThat(Reserving.of(made).expiry()).isEmpty();
        assertThat(refused(Interval.of(world.now(), HOUR.multipliedBy(6))))
                .isEqualTo("it would last 6 hours; the longest is 5 hours");
        assertThat(refused(user.in(Duration.ofDays(3)))).contains("at most 2 days ahead");
        assertThat(user.refused(made, ReservationChange.NONE.until(now.from().plus(HOUR.multipliedBy(6))))
                        .message())
                .isEqualTo("it would last 6 hours; the longest is 5 hours");
    }

    private String refused(Interval when) {
        return Reserving.refusal(user.ask(request(when, Optional.empty(), Optional.empty(), user.vcpus(1, when))))
                .message();
    }

    @Test
    void what_expires_half_used_is_cut_to_its_use() {
        var when = Interval.of(world.now(), HOUR.multipliedBy(5));
        var much = user.vcpus(10, when);
        var unused = user.vcpus(3, when);
        var made = make(request(when, Optional.empty(), Optional.of(when.from().plus(HOUR)), much, unused));
        use(much, when, 10, 4);
        user.pass(HOUR);
        assertThat(user.now(made).state()).isEqualTo("active");
        assertThat(user.booked("vcpu", new Interval(world.now(), when.until()))).isEqualTo(4);
        assertThat(told(made, "reduced").at("/released/vcpu").longValue()).isEqualTo(9);
        user.pass(HOUR.multipliedBy(4));
        assertThat(user.now(made).state()).isEqualTo("ended");
        assertThat(user.told(made)).doesNotContain("reservation.expired").containsOnlyOnce("reservation.reduced");
    }

    /// Books in the book of what is inside of items, as an allocation does.
    private void use(Item item, Interval when, long has, long vcpus) {
        world.run(tx -> {
            var calendar = new Calendar();
            var place = item.id().toString();
            calendar.carve(tx, "broker.in", place, List.of(new Profile.Step(when, Capacities.of("vcpu", has))));
            var booking = new Booking(
                    "broker.in",
                    new UUID(99, 1),
                    place,
                    when,
                    new Capacities(Map.of("vcpu", vcpus)),
                    Set.of(),
                    Booking.Kind.ALLOCATION,
                    true);
            calendar.book(tx, booking).orThrow();
        });
    }

    @Test
    void what_is_given_up_tells_what_it_gives_back() {
        var when = user.in(HOUR);
        var made = user.reserve(when, user.vcpus(10, when), user.hosts(1));
        user.cancel(made);
        world.settle();
        assertThat(told(made, "cancelled").at("/released/vcpu").longValue()).isEqualTo(26);
    }

    @Test
    void a_demand_in_steps_is_admitted_step_by_step_and_moves_with_its_term() {
        var when = Interval.of(world.now().plus(HOUR), HOUR.multipliedBy(3));
        var middle = new Interval(when.from().plus(HOUR), when.until().minus(HOUR));
        user.reserve(
                middle,
                user.item(Need.Quantity.of(Capacities.of("vcpu", 40), middle)).within(Spread.SITE));
        var steps = new Need.Quantity(List.of(
                new Step(new Interval(when.from(), middle.from()), Capacities.of("vcpu", 30)),
                new Step(middle, Capacities.of("vcpu", 20)),
                new Step(new Interval(middle.until(), when.until()), Capacities.of("vcpu", 30))));
        var made = make(request(
                when, Optional.empty(), Optional.empty(), user.item(steps).within(Spread.SITE)));
        assertThat(user.booked("vcpu", middle)).isEqualTo(60);
        assertThat(user.booked("vcpu", new Interval(middle.until(), when.until())))
                .isEqualTo(30);
        var same = request(
                when, Optional.empty(), Optional.empty(), user.item(steps).within(Spread.SITE));
        assertThat(Reserving.refusal(user.ask(same)).certificate().orElseThrow().at())
                .isEqualTo(middle.from());
        var change = ReservationChange.NONE
                .from(when.from().plus(Duration.ofDays(1)))
                .until(when.until().plus(Duration.ofDays(1)));
        assertThat(user.change(made, change).state()).isEqualTo("reserved");
        assertThat(user.booked("vcpu", when)).isEqualTo(40);
        var tomorrow = middle.from().plus(Duration.ofDays(1));
        assertThat(user.booked("vcpu", Interval.of(tomorrow.minus(HOUR), HOUR))).isEqualTo(30);
        assertThat(user.booked("vcpu", Interval.of(tomorrow, HOUR))).isEqualTo(20);
    }

    private static final Duration LONG = Duration.ofHours(4);

    @Test
    void an_envelope_is_claimed_whole_and_cut_to_its_duration_when_it_is_activated() {
        var first = user.in(HOUR);
        var envelope = new Interval(first.from(), first.from().plus(LONG).plus(HOUR));
        var flexible =
                new FlexibleWindow(Mode.ENVELOPE, first.from(), first.from().plus(LONG), HOUR, Duration.ZERO);
        var made = make(request(first, Optional.of(flexible), Optional.empty(), user.vcpus(10, first), user.hosts(1)));
        assertThat(Reserving.of(made).when()).isEqualTo(envelope);
        assertThat(user.booked("vcpu", envelope)).isEqualTo(26);
        assertThat(user.booked("vcpu", new Interval(envelope.until().minus(MINUTE), envelope.until())))
                .isEqualTo(26);
        assertThat(activate(made).kind()).isEqualTo(Refusal.Kind.CLASH);
        user.pass(HOUR.multipliedBy(2));
        world.look(tx ->
                world.broker.reservations().activate(tx, made.id(), "alice").orThrow());
        world.settle();
        var active = user.now(made);
        assertThat(active.state()).isEqualTo("active");
        assertThat(Reserving.of(active).when()).isEqualTo(user.in(Duration.ZERO));
        assertThat(user.booked("vcpu", new Interval(world.now().plus(HOUR), envelope.until())))
                .isZero();
        assertThat(user.booked("vcpu", user.in(Duration.ZERO))).isEqualTo(26);
        assertThat(activate(made).message()).contains("nothing to activate");
        user.pass(HOUR);
        assertThat(user.now(made).state()).isEqualTo("ended");
        world.nothingIsLeft();
    }

    private Refusal activate(Resource reservation) {
        return Reserving.refusal(world.look(tx -> world.broker.reservations().activate(tx, reservation.id(), "alice")));
    }

    @Test
    void one_that_stands_by_is_lent_and_there_in_time_when_it_is_activated() {
        var now = user.in(Duration.ZERO);
        var recall = MINUTE.multipliedBy(20);
        var flexible = new FlexibleWindow(Mode.STANDBY, now.from(), now.from(), HOUR, recall);
        var made = make(request(now, Optional.of(flexible), Optional.empty(), user.hosts(4)));
        assertThat(made.state()).isEqualTo("reserved");
        for (int turn = 0; turn < 5; turn++) {
            var begins = Reserving.of(user.now(made)).when().from();
            assertThat(begins)
                    .isBetween(
                            world.now().plus(recall.dividedBy(2)), world.now().plus(recall));
            lend();
            assertThat(refused(user.in(HOUR))).isNotEmpty();
            user.pass(MINUTE.multipliedBy(10));
        }
        world.look(tx ->
                world.broker.reservations().activate(tx, made.id(), "alice").orThrow());
        world.settle();
        var term = Interval.of(world.now().plus(recall), HOUR);
        assertThat(Reserving.of(user.now(made)).when()).isEqualTo(term);
        assertThat(user.booked("vcpu", Interval.since(term.until()))).isZero();
        user.pass(recall);
        assertThat(user.now(made).state()).isEqualTo("active");
        user.pass(HOUR);
        assertThat(user.now(made).state()).isEqualTo("ended");
        world.nothingIsLeft();
    }

    @Test
    void one_that_stands_by_is_over_when_policy_says_that_it_lasts_no_longer() {
        setting("reservation.longest.hours", "2");
        var now = user.in(Duration.ZERO);
        var flexible = new FlexibleWindow(Mode.STANDBY, now.from(), now.from(), HOUR, MINUTE.multipliedBy(20));
        var made = make(request(now, Optional.of(flexible), Optional.empty(), user.hosts(4)));
        assertThat(Reserving.of(made).when().until())
                .isEqualTo(now.from().plus(MINUTE.multipliedBy(20)).plus(HOUR.multipliedBy(2)));
        user.pass(HOUR.multipliedBy(3));
        assertThat(user.now(made).state()).isEqualTo("ended");
        world.nothingIsLeft();
    }

    @Test
    void policy_limits_all_of_the_time_in_which_one_may_be() {
        setting("reservation.start.most.days", "2");
        var now = user.in(Duration.ZERO);
        var late = now.from().plus(Duration.ofHours(9_000));
        var envelope = new FlexibleWindow(Mode.ENVELOPE, now.from(), late, HOUR, Duration.ZERO);
        assertThat(refusal(request(now, Optional.of(envelope), Optional.empty(), user.hosts(1))))
                .isEqualTo("it would last 9001 hours; the longest is 8760 hours");
        make(request(Interval.of(now.from(), Duration.ofDays(3)), Optional.empty(), Optional.empty(), user.hosts(4)));
        var fix = new FlexibleWindow(Mode.FIX, now.from(), late, HOUR, Duration.ZERO);
        assertThat(refusal(request(now, Optional.of(fix), Optional.empty(), user.hosts(1))))
                .contains("host");
    }

    private String refusal(ReservationRequest request) {
        return Reserving.refusal(user.ask(request)).message();
    }

    /// Somebody gets a host for five minutes, until it is needed.
    private void lend() {
        world.run(tx -> {
            var host = new Calendar()
                    .places(tx, "broker").stream()
                            .filter(place -> place.contains("/h/"))
                            .findFirst()
                            .orElseThrow();
            var lent = new Booking(
                    "broker",
                    UUID.nameUUIDFromBytes(world.now().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                    host,
                    Interval.of(world.now(), MINUTE.multipliedBy(5)),
                    Capacities.of("vcpu", 16),
                    Set.of(),
                    Booking.Kind.ALLOCATION,
                    false);
            new Calendar().book(tx, lent).orThrow();
        });
    }

    @Test
    void nothing_is_offered_instead_of_what_is_over_by_now() {
        var request = request(Interval.of(world.now(), MINUTE), Optional.empty(), Optional.empty(), user.hosts(5));
        var why = Reserving.refusal(user.ask(request));
        world.advance(MINUTE);
        assertThat(world.instead(request, why)).isEmpty();
    }
}
