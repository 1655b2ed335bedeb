package holdfast.broker;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.broker.CapacityMap.Course;
import holdfast.broker.CapacityMap.Standings;
import holdfast.broker.Directory.Where;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.Quadruple;
import holdfast.calendar.Booking;
import holdfast.calendar.Booking.Kind;
import holdfast.calendar.Calendar;
import holdfast.calendar.Profile;
import holdfast.calendar.Whole;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Copies;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.engine.Engine;
import holdfast.platform.Platform;
import holdfast.protocol.Message;
import holdfast.protocol.Offer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The lab has two zones with two hosts of 16 vcpu and 1,000 instances each. Now is eight o'clock.
final class CapacityMapTest {
    private static final Instant NOW = Instant.parse("2030-01-07T08:00:00Z");
    private static final UUID LAB = new UUID(1, 2);
    private static final String BROKER = "broker";
    private static final Where NORTH = new Where(Optional.empty(), Optional.of("north"));

    @AutoClose
    final TestDatabase db = TestDatabase.fresh();

    private final Platform platform = Platform.seeded(7, InstantSource.fixed(NOW));
    private final Engine engine = new Engine(platform, db.database());
    private final Calendar calendar = new Calendar();
    private final Units units = new Units();
    private final CapacityMap map = new CapacityMap(
            BROKER,
            platform,
            engine.resources(),
            calendar,
            new Snapshots(BROKER, engine, calendar, units, new FloatingAddresses(), new Items()));

    @BeforeEach
    void seeTheLab() {
        var supply = new ProviderSupply(BROKER, platform, engine, calendar, units);
        var offer = new Offer("lab", 0, true, CloudPlan.SMALL.supply());
        db.database().inTransaction(tx -> supply.updated(tx, new Message.UpdateSupply(LAB, 1, Optional.of(offer))));
    }

    private static Interval hours(double from, double until) {
        return new Interval(at(from), at(until));
    }

    private static Instant at(double hour) {
        return NOW.plusSeconds(Math.round(hour * 3_600));
    }

    /// Books vcpus in a zone, as a reservation does.
    private UUID book(int holder, String zone, Interval when, long vcpus, Kind kind, boolean firm) {
        var id = new UUID(9, holder);
        for (var place : List.of(Places.account(LAB), Places.zone(LAB, zone))) {
            db.database()
                    .inTransaction(tx -> calendar.book(
                            tx,
                            new Booking(BROKER, id, place, when, Capacities.of("vcpu", vcpus), Set.of(), kind, firm)))
                    .orThrow();
        }
        return id;
    }

    private UUID reserve(int holder, String zone, Interval when, long vcpus) {
        return book(holder, zone, when, vcpus, Kind.RESERVATION, true);
    }

    /// Takes a part of what an item has.
    private void allocate(UUID item, Interval has, long of, Interval when, long vcpus) {
        db.database().inTransaction(tx -> {
            calendar.carve(
                    tx, BROKER + ".in", item.toString(), List.of(new Profile.Step(has, Capacities.of("vcpu", of))));
            return calendar.book(
                            tx,
                            new Booking(
                                    BROKER + ".in",
                                    new UUID(10, item.getLeastSignificantBits()),
                                    item.toString(),
                                    when,
                                    Capacities.of("vcpu", vcpus),
                                    Set.of(),
                                    Kind.ALLOCATION,
                                    true))
                    .orThrow();
        });
    }

    private Standings standings(Where where, Interval when) {
        return db.database().inTransaction(tx -> map.quadruple(tx, where, when)).orThrow();
    }

    private Quadruple now(Where where) {
        return standings(where, CapacityMap.instant(NOW)).whole().quadruple();
    }

    private Course course(Where where, Interval when, boolean inclusive, int limit) {
        return db.database()
                .inTransaction(tx -> map.profile(tx, where, when, inclusive, limit))
                .orThrow();
    }

    private static List<String> vcpus(Course course) {
        return course.moments().stream()
                .map(moment -> Duration.between(NOW, moment.when().from()).toMinutes() + " "
                        + moment.quadruple().available().get("vcpu") + "/"
                        + moment.quadruple().total().get("vcpu"))
                .toList();
    }

    @Test
    void the_profile_of_a_window_is_the_one_made_by_hand_inclusive_and_exclusive() {
        reserve(1, "north", hours(0, 10), 4); // begins before and ends after
        reserve(2, "north", hours(1, 3), 8); // begins before
        reserve(3, "north", hours(4, 5), 16); // lies inside
        reserve(4, "north", hours(5, 7), 2); // ends after
        reserve(5, "north", hours(7, 8), 5); // begins when the window ends
        reserve(6, "south", hours(4, 5), 1); // elsewhere
        book(7, "north", hours(2, 6), 3, Kind.ALLOCATION, true); // lies inside, to both ends
        db.database()
                .inTransaction(tx -> calendar.changeTotal(
                        tx, BROKER, Places.zone(LAB, "north"), hours(4.5, 5.5), Capacities.of("vcpu", -1)))
                .orThrow();
        assertThat(vcpus(course(NORTH, hours(2, 6), true, 100)))
                .containsExactly("120 17/32", "180 25/32", "240 9/32", "270 8/31", "300 22/31", "330 23/32");
        assertThat(vcpus(course(NORTH, hours(2, 6), false, 100)))
                .containsExactly("120 29/32", "240 13/32", "270 12/31", "300 28/31", "330 29/32");
    }

    @Test
    void a_profile_that_is_too_long_is_cut_and_says_so() {
        for (int i = 0; i < 6; i++) {
            reserve(i, "south", hours(2 * i + 1, 2 * i + 2), i + 1);
        }
        var cut = course(Where.EVERYWHERE, hours(0, 24), true, 4);
        assertThat(vcpus(cut)).containsExactly("0 64/64", "60 63/64", "120 64/64", "180 62/64");
        assertThat(cut.truncated()).isTrue();
        var whole = course(Where.EVERYWHERE, hours(0, 24), true, 13);
        assertThat(whole.moments()).hasSize(13);
        assertThat(whole.truncated()).isFalse();
    }

    @Test
    void total_is_what_is_available_reserved_and_allocated_at_a_thousand_instants() {
        var random = new Random(11);
        for (int i = 0; i < 40; i++) {
            double from = random.nextInt(40);
            var when = hours(from, from + 1 + random.nextInt(8));
            var zone = random.nextBoolean() ? "north" : "south";
            switch (random.nextInt(4)) {
                case 0 -> reserve(i, zone, when, 1);
                case 1 -> {
                    var item = reserve(i, zone, when, 2);
                    allocate(
                            item, when, 2, new Interval(when.from(), when.from().plusSeconds(1_800)), 1);
                }
                case 2 -> book(i, zone, when, 1, Kind.ALLOCATION, true);
                default -> book(i, zone, when, 1, Kind.ALLOCATION, false);
            }
        }
        for (int n = 0; n < 1_000; n++) {
            var at = NOW.plusSeconds(random.nextInt(48 * 3_600));
            var where = n % 2 == 0 ? Where.EVERYWHERE : NORTH;
            var all = standings(where, CapacityMap.instant(at)).whole().quadruple();
            assertThat(all.available().plus(all.reserved()).plus(all.allocated()))
                    .isEqualTo(all.total());
            assertThat(all.committed().get("vcpu"))
                    .isGreaterThanOrEqualTo(all.reserved().get("vcpu"));
        }
    }

    @Test
    void what_is_allocated_under_a_reservation_is_reserved_no_more() {
        var item = reserve(1, "north", hours(0, 4), 10);
        allocate(item, hours(0, 4), 10, hours(0, 2), 4);
        book(2, "north", hours(0, 4), 3, Kind.ALLOCATION, true);
        book(3, "north", hours(0, 4), 2, Kind.ALLOCATION, false);
        var here = now(NORTH);
        assertThat(figures(here, "vcpu"))
                .isEqualTo(Map.of("total", 32L, "available", 17L, "reserved", 6L, "allocated", 9L));
        assertThat(here.committed().get("vcpu")).isEqualTo(10);
        assertThat(here.reclaimable().get("vcpu")).isEqualTo(2);
        assertThat(figures(now(new Where(Optional.of("lab"), Optional.of("south"))), "vcpu"))
                .isEqualTo(Map.of("total", 32L, "available", 32L, "reserved", 0L, "allocated", 0L));
        var later = standings(NORTH, CapacityMap.instant(at(3))).whole().quadruple();
        assertThat(figures(later, "vcpu"))
                .as("what is lent is not seen in the future, and what was inside is over")
                .isEqualTo(Map.of("total", 32L, "available", 19L, "reserved", 10L, "allocated", 3L));
    }

    private static Map<String, Long> figures(Quadruple quadruple, String dimension) {
        return Map.of(
                "total", quadruple.total().get(dimension),
                "available", quadruple.available().get(dimension),
                "reserved", quadruple.reserved().get(dimension),
                "allocated", quadruple.allocated().get(dimension));
    }

    @Test
    void over_a_window_each_dimension_is_that_of_its_worst_instant() {
        reserve(1, "north", hours(1, 2), 10);
        reserve(2, "south", hours(3, 4), 20);
        ToLongFunction<Where> least = where ->
                standings(where, hours(0, 5)).whole().quadruple().available().get("vcpu");
        assertThat(least.applyAsLong(NORTH)).isEqualTo(22);
        assertThat(least.applyAsLong(Where.EVERYWHERE)).isEqualTo(44);
        assertThat(standings(Where.EVERYWHERE, hours(0, 5)).parts())
                .extracting(part -> part.area().words() + " "
                        + part.standing().quadruple().available().get("vcpu"))
                .containsExactly("lab 44", "lab/north 22", "lab/south 12");
    }

    @Test
    void an_account_that_has_less_than_its_zones_says_so() {
        db.database()
                .inTransaction(
                        tx -> calendar.setTotal(tx, BROKER, Places.account(LAB), Capacities.of("vcpu", 20), NOW));
        reserve(1, "south", hours(1, 2), 4);
        var all =
                standings(Where.EVERYWHERE, CapacityMap.instant(at(1))).whole().quadruple();
        assertThat(figures(all, "vcpu"))
                .isEqualTo(Map.of("total", 20L, "available", 16L, "reserved", 4L, "allocated", 0L));
    }

    @Test
    void what_is_not_limited_is_told_apart() {
        var account = standings(Where.EVERYWHERE, CapacityMap.instant(NOW)).whole();
        assertThat(account.dimensions()).containsExactly("address", "instance", "memory_mb", "vcpu");
        assertThat(account.unlimited()).contains("router", "volume_gb");
        assertThat(account.quadruple().total().get("instance")).isEqualTo(4_000);
        assertThat(account.quadruple().total().amounts()).doesNotContainKey("router");
        assertThat(now(NORTH).total().get("address")).isZero();
    }

    @Test
    void capacity_that_was_lost_below_what_is_reserved_is_missing() {
        reserve(1, "north", hours(1, 2), 30);
        db.database()
                .inTransaction(tx -> calendar.changeTotal(
                        tx, BROKER, Places.zone(LAB, "north"), hours(0, 5), Capacities.of("vcpu", -32)))
                .orThrow();
        assertThat(figures(standings(NORTH, hours(0, 5)).whole().quadruple(), "vcpu"))
                .isEqualTo(Map.of("total", 0L, "available", -30L, "reserved", 30L, "allocated", 0L));
    }

    private CapacityMap.Room room(Where where, Interval when, long wanted) {
        return db.database()
                .inTransaction(tx -> map.flavor(tx, where, new Flavor(8, 16_384, 80), when, wanted))
                .orThrow();
    }

    @Test
    void so_many_of_a_flavor_fit_and_more_of_them_later() {
        for (var host : List.of("host-1", "host-2")) {
            for (var place : List.of(Places.account(LAB), Places.zone(LAB, "north"), Places.host(LAB, host))) {
                var amount = Capacities.of("vcpu", 12);
                db.database()
                        .inTransaction(tx -> calendar.book(
                                tx,
                                new Booking(
                                        BROKER,
                                        Copies.id("test", host),
                                        place,
                                        hours(1, 3),
                                        place.contains("/h/") ? amount.plus(Capacities.of(Whole.DIMENSION, 1)) : amount,
                                        Set.of(),
                                        Kind.RESERVATION,
                                        true)))
                        .orThrow();
            }
        }
        assertThat(room(Where.EVERYWHERE, hours(0, 1), 8)).isEqualTo(new CapacityMap.Room(8, Optional.of(NOW)));
        assertThat(room(Where.EVERYWHERE, hours(0, 2), 8)).isEqualTo(new CapacityMap.Room(4, Optional.of(at(3))));
        assertThat(room(NORTH, hours(0, 2), 1)).isEqualTo(new CapacityMap.Room(0, Optional.of(at(3))));
        assertThat(room(new Where(Optional.of("lab"), Optional.of("south")), hours(0, 2), 5))
                .as("there are never so many")
                .isEqualTo(new CapacityMap.Room(4, Optional.empty()));
    }

    @Test
    void a_zone_that_there_is_not_is_refused_with_those_that_there_are() {
        var asked = db.database()
                .inTransaction(tx -> map.quadruple(tx, new Where(Optional.empty(), Optional.of("west")), hours(0, 1)));
        assertThat(asked)
                .isEqualTo(Answer.no(Refusal.malformed("zone", "zone is 'west'; there are: lab/north, lab/south")));
    }
}
