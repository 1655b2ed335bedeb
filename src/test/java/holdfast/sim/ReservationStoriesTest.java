package holdfast.sim;

import static holdfast.db.Tables.NOTICE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.authority.Provider;
import holdfast.broker.Reservation;
import holdfast.broker.ReservationRequest;
import holdfast.broker.choice.Affinity;
import holdfast.broker.choice.Alternatives.Kind;
import holdfast.broker.choice.Ask.Prefer;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.FlexibleWindow;
import holdfast.broker.choice.FlexibleWindow.Mode;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.PropertyQuery;
import holdfast.broker.choice.Spread;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Reservations from request to end, at a simulated cloud on simulated time.
final class ReservationStoriesTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final World world = new World(7, test);
    private int items;

    @BeforeEach
    void addCloud() {
        world.withCloud();
    }

    private Item item(Need need) {
        return Item.of(new UUID(77, ++items), need);
    }

    private Item hosts(long count) {
        return item(new Need.Hosts(count, count, PropertyQuery.everything()));
    }

    private Item instances(long count, Flavor flavor) {
        return item(new Need.Instances(flavor, count, count, Affinity.NONE, PropertyQuery.everything()));
    }

    private Item vcpus(long count, Interval when) {
        return item(Need.Quantity.of(Capacities.of("vcpu", count), when));
    }

    private Item address(Interval when) {
        return item(Need.Quantity.of(Capacities.of("address", 1), when)).within(Spread.SITE);
    }

    /// From `after` from now on, for an hour.
    private Interval in(Duration after) {
        return Interval.of(world.now().plus(after), HOUR);
    }

    private Answer<Resource> ask(ReservationRequest request) {
        return world.look(tx -> world.broker.reservations().create(tx, World.ALICE, request));
    }

    private Resource reserve(Interval when, Item... wanted) {
        var made = ask(ReservationRequest.of("expo", when, List.of(wanted))).orThrow();
        world.settle();
        return now(made);
    }

    private Refusal refused(ReservationRequest request) {
        return switch (ask(request)) {
            case Answer.Yes<Resource>(var made) -> throw new AssertionError("made: " + made);
            case Answer.No<Resource>(var why) -> why;
        };
    }

    private Resource now(Resource reservation) {
        return world.look(
                tx -> world.engine.resources().find(tx, reservation.id()).orElseThrow());
    }

    private Resource cancel(Resource reservation) {
        return world.look(tx -> world.broker
                .reservations()
                .cancel(tx, reservation.id(), "alice")
                .orThrow());
    }

    private void pass(Duration time) {
        world.settleFor(time, Duration.ofMinutes(10));
    }

    private List<String> told(Resource reservation) {
        return world.look(tx -> tx.sql()
                .select(NOTICE.TYPE)
                .from(NOTICE)
                .where(NOTICE.OBJECT.eq(reservation.id()))
                .orderBy(NOTICE.SEQ)
                .fetch(NOTICE.TYPE));
    }

    /// How much of an amount is booked at all accounts in a window.
    private long booked(String dimension, Interval when) {
        return world.look(tx -> new Calendar()
                .usage(tx, "broker", when).entrySet().stream()
                        .filter(usage -> usage.getKey().matches("p/[^/]+"))
                        .mapToLong(usage -> usage.getValue().used().get(dimension))
                        .sum());
    }

    @Test
    void a_reservation_for_the_future_is_reserved_at_once_and_seen() {
        var when = in(HOUR.multipliedBy(24));
        var made = reserve(when, vcpus(10, when));
        assertThat(made.state()).isEqualTo("reserved");
        assertThat(booked("vcpu", when)).isEqualTo(10);
        assertThat(booked("vcpu", in(HOUR))).isZero();
        assertThat(told(made)).containsExactly("reservation.reserved");
    }

    @Test
    void whole_hosts_are_kept_at_the_provider_from_promise_to_end() {
        var made = reserve(in(HOUR), hosts(2));
        assertThat(made.state()).isEqualTo("reserved");
        assertThat(world.cloud.list()).hasSize(1);
        pass(HOUR);
        assertThat(now(made).state()).isEqualTo("active");
        pass(HOUR);
        assertThat(now(made).state()).isEqualTo("ended");
        assertThat(told(made))
                .containsExactly(
                        "reservation.reserved",
                        "reservation.starting",
                        "reservation.active",
                        "reservation.ending",
                        "reservation.ended");
        world.nothingIsLeft();
    }

    @Test
    void one_for_now_begins_at_once() {
        var made = reserve(in(Duration.ZERO), instances(3, new Flavor(2, 2_048, 20)));
        assertThat(made.state()).isEqualTo("active");
        assertThat(made.as(Reservation.class)
                        .items()
                        .getFirst()
                        .hold()
                        .orElseThrow()
                        .phase())
                .isEqualTo(Reservation.Hold.Phase.OPEN);
    }

    @Test
    void a_refusal_names_dimension_instant_and_deficit_and_leaves_nothing() {
        var when = in(HOUR);
        reserve(when, vcpus(25, when));
        var more = vcpus(10, when);
        var why = refused(ReservationRequest.of("more", when, List.of(more.in(zone("north")))));
        var certificate = why.certificate().orElseThrow();
        assertThat(certificate.dimension()).isEqualTo("vcpu");
        assertThat(certificate.at()).isEqualTo(when.from());
        assertThat(certificate.wanted() - certificate.free()).isEqualTo(3);
        assertThat(booked("vcpu", when)).isEqualTo(25);
    }

    /// The place of a zone.
    private List<String> zone(String name) {
        return world.look(tx -> new Calendar().places(tx, "broker")).stream()
                .filter(place -> place.endsWith("/a/" + name))
                .toList();
    }

    @Test
    void what_is_offered_instead_is_accepted_when_it_is_sent() {
        var when = in(HOUR);
        reserve(when, hosts(3));
        var request = ReservationRequest.of("more", when, List.of(hosts(2)));
        var why = refused(request);
        var instead = world.instead(request, why);
        var later = instead.stream()
                .filter(one -> one.kind() == Kind.EARLIEST)
                .findFirst()
                .orElseThrow();
        assertThat(later.request().when()).isEqualTo(Interval.of(when.until(), HOUR));
        assertThat(reserve(later.request().when(), later.request().items().toArray(Item[]::new))
                        .state())
                .isEqualTo("reserved");
    }

    @Test
    void a_time_that_policy_does_not_allow_is_refused_with_the_limit() {
        var long_ = Interval.of(world.now(), Duration.ofHours(9_000));
        assertThat(refused(ReservationRequest.of("long", long_, List.of(hosts(1))))
                        .message())
                .isEqualTo("it would last 9000 hours; the longest is 8760 hours");
        var past = Interval.of(world.now().minus(HOUR), HOUR.multipliedBy(2));
        assertThat(refused(ReservationRequest.of("past", past, List.of(hosts(1))))
                        .field())
                .contains("start");
        var skewed = new Interval(world.now().minusSeconds(30), world.now().plus(HOUR));
        assertThat(reserve(skewed, vcpus(1, in(Duration.ZERO)))
                        .as(Reservation.class)
                        .when()
                        .from())
                .isEqualTo(world.now());
    }

    private ReservationRequest offer(Interval when, Duration ttl, Item wanted) {
        return new ReservationRequest(
                "offer",
                when,
                Optional.empty(),
                Optional.empty(),
                Optional.of(ttl),
                Optional.empty(),
                50,
                false,
                Prefer.TIGHTEST,
                List.of(wanted));
    }

    @Test
    void an_offer_holds_capacity_until_it_lapses() {
        var when = in(HOUR);
        var made = ask(offer(when, MINUTE, hosts(4))).orThrow();
        world.settle();
        assertThat(now(made).state()).isEqualTo("held");
        assertThat(refused(ReservationRequest.of("other", when, List.of(hosts(1))))
                        .kind())
                .isEqualTo(Refusal.Kind.NO_ROOM);
        world.settleFor(MINUTE, MINUTE);
        assertThat(now(made).state()).isEqualTo("lapsed");
        assertThat(reserve(when, hosts(4)).state()).isEqualTo("reserved");
    }

    @Test
    void an_offer_that_is_taken_does_not_lapse() {
        var when = in(HOUR);
        var made = ask(offer(when, MINUTE, hosts(4))).orThrow();
        world.look(tx ->
                world.broker.reservations().confirm(tx, made.id(), "alice").orThrow());
        world.settleFor(MINUTE.multipliedBy(2), MINUTE);
        assertThat(now(made).state()).isEqualTo("reserved");
        var twice = world.look(tx -> world.broker.reservations().confirm(tx, made.id(), "alice"));
        assertThat(twice).isInstanceOf(Answer.No.class);
    }

    @Test
    void cancelled_before_or_during_it_leaves_the_calendar_as_it_was() {
        var later = reserve(in(HOUR), hosts(2));
        assertThat(cancel(later).state()).isEqualTo("cancelling");
        world.settle();
        assertThat(now(later).state()).isEqualTo("cancelled");
        var running = reserve(in(Duration.ZERO), hosts(2), instances(2, new Flavor(1, 512, 1)));
        assertThat(running.state()).isEqualTo("active");
        cancel(running);
        world.settle();
        assertThat(now(running).state()).isEqualTo("cancelled");
        world.nothingIsLeft();
        var again = world.look(tx -> world.broker.reservations().cancel(tx, running.id(), "alice"));
        assertThat(again).isInstanceOf(Answer.No.class);
    }

    @Test
    void capacity_is_free_only_when_the_provider_says_that_nothing_is_left() {
        var when = in(Duration.ZERO);
        var running = reserve(when, hosts(4));
        world.cloud.goAway("no route");
        cancel(running);
        world.settle();
        assertThat(now(running).state()).isEqualTo("cancelling");
        assertThat(refused(ReservationRequest.of("next", in(Duration.ZERO), List.of(hosts(1))))
                        .kind())
                .isEqualTo(Refusal.Kind.NO_ROOM);
        world.cloud.comeBack();
        world.settleFor(MINUTE, Duration.ofSeconds(10));
        assertThat(now(running).state()).isEqualTo("cancelled");
        assertThat(reserve(in(Duration.ZERO), hosts(4)).state()).isEqualTo("active");
    }

    @Test
    void what_cannot_be_taken_away_in_time_stays_booked_until_it_is_gone() {
        var running = reserve(in(Duration.ZERO), hosts(4));
        world.cloud.goAway("no route");
        world.settleFor(HOUR, MINUTE.multipliedBy(10));
        world.settleFor(MINUTE.multipliedBy(15), Duration.ofSeconds(10));
        assertThat(now(running).state()).isEqualTo("ending");
        assertThat(refused(ReservationRequest.of("next", in(Duration.ZERO), List.of(hosts(1))))
                        .kind())
                .isEqualTo(Refusal.Kind.NO_ROOM);
        world.cloud.comeBack();
        world.settleFor(MINUTE.multipliedBy(15), MINUTE);
        assertThat(now(running).state()).isEqualTo("ended");
        world.nothingIsLeft();
    }

    @Test
    void what_expires_unused_is_given_back_and_told() {
        var when = in(HOUR);
        var made = ask(expiring(when, when.from().plus(MINUTE.multipliedBy(20)), vcpus(2, when)))
                .orThrow();
        pass(HOUR);
        assertThat(now(made).state()).isEqualTo("active");
        pass(MINUTE.multipliedBy(20));
        assertThat(now(made).state()).isEqualTo("expired");
        assertThat(told(made)).endsWith("reservation.expiring", "reservation.expired");
        world.nothingIsLeft();
    }

    @Test
    void a_provider_that_does_not_keep_it_is_a_rejection_and_frees_everything() {
        world.cloud.goAway("no route");
        var made = ask(ReservationRequest.of(
                        "lost", in(HOUR.multipliedBy(2)), List.of(hosts(2), vcpus(1, in(HOUR.multipliedBy(2))))))
                .orThrow();
        world.settle();
        assertThat(now(made).state()).isEqualTo("initialized");
        world.settleFor(Duration.ofMinutes(16), Duration.ofSeconds(10));
        world.cloud.comeBack();
        world.settleFor(Duration.ofMinutes(2), Duration.ofSeconds(10));
        assertThat(now(made).state()).isEqualTo("rejected");
        assertThat(now(made).message().orElse("")).contains("no route");
        world.nothingIsLeft();
    }

    @Test
    void a_start_that_is_to_be_found_is_the_earliest_at_which_there_is_room() {
        var busy = in(HOUR);
        reserve(busy, hosts(4));
        var flexible =
                new FlexibleWindow(Mode.FIX, busy.from(), busy.from().plus(HOUR.multipliedBy(5)), HOUR, Duration.ZERO);
        var request = new ReservationRequest(
                "sometime",
                Interval.of(busy.from(), HOUR),
                Optional.of(flexible),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                50,
                false,
                Prefer.TIGHTEST,
                List.of(hosts(1)));
        var made = ask(request).orThrow();
        assertThat(now(made).as(Reservation.class).when()).isEqualTo(Interval.of(busy.until(), HOUR));
    }

    @Test
    void a_server_that_was_down_over_start_and_end_leaves_nothing_behind() {
        var made = reserve(in(HOUR), hosts(2));
        world.advance(HOUR.multipliedBy(5));
        world.boot();
        world.settle();
        world.settleFor(MINUTE, Duration.ofSeconds(10));
        assertThat(now(made).state()).isEqualTo("ended");
        world.nothingIsLeft();
    }

    @Test
    void somebody_elses_item_makes_way_where_no_provider_keeps_it() {
        account(false, Duration.ZERO);
        var early = in(HOUR);
        var late = in(HOUR.multipliedBy(3));
        var first = reserve(early, hosts(4));
        cancel(first);
        world.settle();
        // two hosts are taken early and two late, so that nobody could have any host for all of the time
        var long_ = new Interval(early.from(), late.until());
        reserve(early, hosts(2));
        reserve(late, hosts(2));
        assertThat(reserve(long_, hosts(2)).state()).isEqualTo("reserved");
    }

    @Test
    void an_item_that_a_provider_keeps_makes_way_and_the_provider_follows() {
        var early = in(HOUR);
        var late = in(HOUR.multipliedBy(3));
        var inSouth = reserve(early, hosts(2).in(zone("south")));
        var first = reserve(early, hosts(2), address(early));
        var inNorth = reserve(late, hosts(2).in(zone("north")));
        var second = reserve(late, hosts(2), address(late));
        cancel(inSouth);
        cancel(inNorth);
        world.settle();
        world.cloud.goAway("no route");
        var request = ReservationRequest.of("long", new Interval(early.from(), late.until()), List.of(hosts(2)));
        var made = world.look(tx ->
                world.broker.reservations().create(tx, World.ALICE, request).orThrow());
        world.settle();
        var moved = told(first).contains("reservation.updated") ? first : second;
        var stayed = moved == first ? second : first;
        assertThat(told(moved)).containsExactly("reservation.reserved", "reservation.updated");
        assertThat(told(stayed)).containsExactly("reservation.reserved");
        assertThat(now(moved).as(Reservation.class).isUpdating())
                .as("its provider has still to follow")
                .isTrue();
        world.cloud.comeBack();
        world.settleFor(MINUTE.multipliedBy(2), Duration.ofSeconds(10));
        assertThat(now(moved).as(Reservation.class).isUpdating()).isFalse();
        assertThat(now(made).state()).isEqualTo("reserved");
        assertThat(hostsOf(now(moved))).doesNotContainAnyElementsOf(hostsOf(now(made)));
        world.settleFor(HOUR, MINUTE.multipliedBy(10));
        assertThat(now(first).state()).isEqualTo("active");
        assertThat(now(made).state()).isEqualTo("active");
        world.settleFor(HOUR.multipliedBy(2), MINUTE.multipliedBy(10));
        assertThat(now(second).state()).isEqualTo("active");
        world.settleFor(HOUR.multipliedBy(2), MINUTE.multipliedBy(10));
        assertThat(now(made).state()).isEqualTo("ended");
        world.nothingIsLeft();
    }

    private static List<String> hostsOf(Resource reservation) {
        return reservation.as(Reservation.class).items().getFirst().placement().stream()
                .map(holdfast.broker.choice.Placement::place)
                .toList();
    }

    @Test
    void an_item_that_is_pinned_does_not_make_way() {
        var early = in(HOUR);
        var late = in(HOUR.multipliedBy(3));
        var inSouth = reserve(early, hosts(2).in(zone("south")));
        var first = pinned(early, hosts(2));
        var inNorth = reserve(late, hosts(2).in(zone("north")));
        var second = pinned(late, hosts(2));
        cancel(inSouth);
        cancel(inNorth);
        world.settle();
        var why = refused(ReservationRequest.of("long", new Interval(early.from(), late.until()), List.of(hosts(2))));
        assertThat(why.kind()).isEqualTo(Refusal.Kind.NO_ROOM);
        assertThat(told(first)).containsExactly("reservation.reserved");
        assertThat(told(second)).containsExactly("reservation.reserved");
    }

    private Resource pinned(Interval when, Item item) {
        var plain = ReservationRequest.of("expo", when, List.of(item));
        var request = new ReservationRequest(
                plain.name(),
                plain.when(),
                plain.flexible(),
                plain.expiry(),
                plain.offer(),
                plain.warnAt(),
                plain.priority(),
                true,
                plain.prefer(),
                plain.items());
        var made = world.look(tx ->
                world.broker.reservations().create(tx, World.ALICE, request).orThrow());
        world.settle();
        return now(made);
    }

    @Test
    void nobody_else_gets_what_is_still_there_right_after_its_end() {
        var running = reserve(in(Duration.ZERO), hosts(4));
        world.cloud.goAway("no route");
        world.settleFor(HOUR, MINUTE.multipliedBy(10));
        world.settleFor(MINUTE, Duration.ofSeconds(10));
        assertThat(now(running).state()).isEqualTo("ending");
        assertThat(refused(ReservationRequest.of("next", in(Duration.ZERO), List.of(hosts(1))))
                        .kind())
                .isEqualTo(Refusal.Kind.NO_ROOM);
        world.cloud.comeBack();
        world.settleFor(MINUTE.multipliedBy(2), Duration.ofSeconds(10));
        assertThat(now(running).state()).isEqualTo("ended");
        assertThat(reserve(in(Duration.ZERO), hosts(4)).state()).isEqualTo("active");
    }

    @Test
    void who_comes_next_is_told_when_the_one_before_cannot_be_taken_away() {
        var running = reserve(in(Duration.ZERO), hosts(4));
        var next = reserve(in(HOUR), hosts(4));
        world.cloud.goAway("no route");
        world.settleFor(HOUR, MINUTE.multipliedBy(10));
        world.settleFor(MINUTE, Duration.ofSeconds(10));
        assertThat(told(next)).doesNotContain("reservation.at-risk");
        world.settleFor(MINUTE.multipliedBy(11), Duration.ofSeconds(10));
        assertThat(told(next)).contains("reservation.at-risk");
        world.cloud.comeBack();
        world.settleFor(MINUTE.multipliedBy(15), MINUTE);
        assertThat(now(running).state()).isEqualTo("ended");
        assertThat(now(next).state()).isEqualTo("active");
        assertThat(reserve(in(HOUR), hosts(4)).state()).isEqualTo("reserved");
    }

    @Test
    void a_host_is_cleaned_also_when_it_is_given_up_early() {
        account(true, Duration.ofMinutes(10));
        var running = reserve(in(Duration.ZERO), hosts(4));
        world.settleFor(MINUTE.multipliedBy(20), MINUTE.multipliedBy(10));
        cancel(running);
        world.settle();
        assertThat(now(running).state()).isEqualTo("cancelled");
        assertThat(refused(ReservationRequest.of("soon", in(MINUTE.multipliedBy(9)), List.of(hosts(1))))
                        .kind())
                .isEqualTo(Refusal.Kind.NO_ROOM);
        var later = reserve(in(MINUTE.multipliedBy(11)), hosts(4));
        assertThat(later.state()).isEqualTo("reserved");
        cancel(later);
        world.settle();
        assertThat(reserve(in(MINUTE.multipliedBy(10)), hosts(4)).state()).isEqualTo("reserved");
    }

    private static ReservationRequest expiring(Interval when, Instant expiry, Item wanted) {
        return new ReservationRequest(
                "short",
                when,
                Optional.empty(),
                Optional.of(expiry),
                Optional.empty(),
                Optional.empty(),
                50,
                false,
                Prefer.TIGHTEST,
                List.of(wanted));
    }

    @Test
    void what_a_provider_has_opened_expires_if_nobody_uses_it() {
        var when = in(Duration.ZERO);
        var made = ask(expiring(when, when.from().plus(MINUTE.multipliedBy(20)), hosts(2)))
                .orThrow();
        world.settle();
        world.settleFor(MINUTE.multipliedBy(30), MINUTE.multipliedBy(10));
        assertThat(now(made).state()).isEqualTo("expired");
        assertThat(told(made)).doesNotContain("reservation.reduced").endsWith("reservation.expired");
        world.nothingIsLeft();
    }

    @Test
    void an_expiry_that_is_not_in_the_term_is_refused() {
        var when = in(HOUR);
        assertThat(refused(expiring(when, when.until(), hosts(1))).field()).contains("expiry");
        assertThat(refused(expiring(when, when.from().minusSeconds(1), hosts(1)))
                        .field())
                .contains("expiry");
    }

    @Test
    void an_item_whose_hosts_are_kept_from_others_is_not_spread_over_providers() {
        var when = in(HOUR);
        var wanted = hosts(1).within(Spread.ANYWHERE);
        assertThat(reserve(when, wanted).state()).isEqualTo("reserved");
        world.look(tx -> world.providers
                .add(tx, "second", "admins", account(true, 0), Optional.empty(), "admin")
                .orThrow());
        world.settle();
        assertThat(refused(ReservationRequest.of("wide", when, List.of(hosts(1).within(Spread.ANYWHERE))))
                        .field())
                .contains("within");
        assertThat(reserve(when, vcpus(1, when).within(Spread.ANYWHERE)).state())
                .isEqualTo("reserved");
    }

    @Test
    void what_begins_while_others_decide_on_it_is_not_moved() throws Exception {
        account(false, Duration.ZERO);
        var early = in(HOUR);
        var late = in(HOUR.multipliedBy(3));
        var inSouth = reserve(early, hosts(2).in(zone("south")));
        var first = reserve(early, hosts(2));
        var inNorth = reserve(late, hosts(2).in(zone("north")));
        var second = reserve(late, hosts(2));
        cancel(inSouth);
        cancel(inNorth);
        world.settle();
        var locked = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var begins = threads.submit(() -> world.look(tx -> {
                for (var one : List.of(first, second)) {
                    var now = world.engine.resources().lock(tx, one.id()).orElseThrow();
                    world.engine
                            .resources()
                            .update(tx, now.state(), now.withState("starting", Optional.empty()), "test", "begins");
                }
                tx.sql().execute("update reservation_item set movable = false");
                locked.countDown();
                return comes(go);
            }));
            assertThat(comes(locked)).isTrue();
            var decides = threads.submit(() -> refused(
                    ReservationRequest.of("long", new Interval(early.from(), late.until()), List.of(hosts(2)))));
            for (int look = 0; waits() == 0 && look < 20_000; look++) {
                Thread.onSpinWait();
            }
            go.countDown();
            assertThat(begins.get(1, TimeUnit.MINUTES)).isTrue();
            assertThat(decides.get(1, TimeUnit.MINUTES).kind()).isEqualTo(Refusal.Kind.NO_ROOM);
        }
        assertThat(told(first)).doesNotContain("reservation.updated");
        assertThat(told(second)).doesNotContain("reservation.updated");
    }

    private static boolean comes(CountDownLatch signal) {
        try {
            return signal.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// How many wait for locks.
    private long waits() {
        return world.look(tx -> tx.sql()
                .fetchSingle(
                        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")
                .get(0, Long.class));
    }

    private static Provider.Account account(boolean enforced, int cleaningSeconds) {
        return new Provider.Account(
                "simulated", "", Optional.empty(), "", "", "", "", List.of(), enforced, cleaningSeconds, 600);
    }

    private void account(boolean enforced, Duration cleaning) {
        var account = account(enforced, Math.toIntExact(cleaning.toSeconds()));
        world.look(tx -> world.providers
                .change(tx, world.withCloudIn(tx).id(), account, Optional.empty(), "admin")
                .orThrow());
        world.settle();
    }
}
