package holdfast.sim;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.authority.Authority;
import holdfast.authority.Cloud.Look;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import holdfast.authority.Lease;
import holdfast.broker.Allocation;
import holdfast.broker.AllocationRequest;
import holdfast.broker.Allocations;
import holdfast.broker.ItemChange;
import holdfast.broker.Reservation;
import holdfast.broker.ReservationChange;
import holdfast.broker.ReservationRequest;
import holdfast.broker.Reservations;
import holdfast.broker.choice.Affinity;
import holdfast.broker.choice.Ask.Prefer;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.PropertyQuery;
import holdfast.calendar.Calendar;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Random lives of a cloud, as [SimulationTest] has them of sites: reservations and servers come and go, messages are
/// lost, doubled and reordered, the provider fails for a while, the server dies.
///
/// One seed: `-Dholdfast.seed=42`; how many: `-Dholdfast.cloudSeeds=1000`.
final class ReservationSimulationTest {
    private static final int EVENTS = 60;
    private static final Result NO_ROUTE = new Result.Later("no route", Optional.of(Duration.ofSeconds(10)));

    @Test
    void whatever_happens_nothing_is_overbooked_lost_or_left() {
        var one = Long.getLong("holdfast.seed");
        long first = one == null ? 1 : one;
        long last = one == null ? Long.getLong("holdfast.cloudSeeds", 25) : one;
        var ends = new TreeMap<String, Integer>();
        try (var test = TestDatabase.fresh()) {
            for (long seed = first; seed <= last; seed++) {
                try {
                    new Run(seed, test, ends).run();
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError(
                            "seed " + seed + " (repeat it with -Dholdfast.seed=" + seed + "): " + e.getMessage(), e);
                }
            }
        }
        System.err.println("how they ended: " + ends);
        if (one == null) {
            assertThat(ends)
                    .as("the lives were lives")
                    .containsKeys(
                            "reservation ended",
                            "reservation cancelled",
                            "reservation expired",
                            "allocation deleted",
                            "allocation cancelled",
                            "reserved server seen");
        }
    }

    private static final class Run {
        private final Random dice;
        private final World world;
        private final Storm storm;
        private final Map<String, Integer> ends;
        private int things;
        private boolean away;

        Run(long seed, TestDatabase test, Map<String, Integer> ends) {
            this.ends = ends;
            dice = new Random(seed);
            world = new World(seed, test, false);
            storm = new Storm(world, dice);
        }

        void run() {
            world.withCloud();
            world.settle();
            world.line = this::line;
            storm.rage(EVENTS, this::happen, this::neverEver);
            away = false;
            world.line = (_, call) -> call.get();
            storm.end();
            world.settleFor(Duration.ofHours(6), Duration.ofHours(1));
            all(Allocations.TYPE).forEach(this::destroy);
            world.settleFor(Duration.ofHours(2), Duration.ofMinutes(30));
            neverEver();
            world.nothingIsLeft();
            for (var type : List.of(Reservations.TYPE, Allocations.TYPE)) {
                world.look(tx -> world.engine.resources().list(tx, Resources.typed(type), 1_000))
                        .forEach(one -> ends.merge(type + " " + one.state(), 1, Integer::sum));
            }
        }

        /// Calls and their answers are lost on the way, or the provider is away and answers nothing at all.
        private Object line(String verb, Supplier<Object> call) {
            return switch (verb) {
                case "ensure", "remove" -> {
                    int luck = away ? 0 : dice.nextInt(20);
                    var answer = luck == 0 ? NO_ROUTE : call.get();
                    yield luck < 2 ? NO_ROUTE : answer;
                }
                case "discover", "servers" -> away ? new Look.Away<>("no route", Optional.empty()) : call.get();
                default -> call.get();
            };
        }

        /// Nothing is overbooked, nothing is at the cloud without a lease, and nothing that is not booked.
        private void neverEver() {
            world.neverEver();
            var leases = all(Authority.LEASE).stream()
                    .collect(toMap(lease -> lease.id().toString(), lease -> lease));
            for (var key : world.cloud.list()) {
                assertThat(leases).as("lease of %s", key).containsKey(key.lease());
                var lease = leases.get(key.lease()).as(Lease.class);
                if (world.now().isBefore(lease.order().orElseThrow().term().until())) {
                    world.look(tx -> world.engine
                                    .resources()
                                    .find(tx, lease.sliver().value()))
                            .ifPresent(server -> isBooked(server, key));
                }
            }
        }

        /// A server for itself, or in what its reservation has.
        private void isBooked(Resource server, Key key) {
            var item = server.as(Allocation.class).item();
            if (item.isEmpty()) {
                isBooked("broker", server.id(), key);
            } else if (world.now().isBefore(reservation(server).when().until())) {
                isBooked("broker", item.get(), key);
                isBooked("broker.in", server.id(), key);
                ends.merge("reserved server seen", 1, Integer::sum);
            }
        }

        private Reservation reservation(Resource part) {
            return world.look(tx ->
                            world.engine.resources().find(tx, part.parent().orElseThrow()))
                    .orElseThrow()
                    .as(Reservation.class);
        }

        private void isBooked(String book, UUID holder, Key key) {
            var bookings = world.look(tx -> new Calendar().held(tx, book, holder));
            assertThat(bookings)
                    .as(() -> "bookings in " + book + " of " + key + "\n" + world.story(UUID.fromString(key.lease())))
                    .anySatisfy(booking -> assertThat(booking.when().until()).isAfter(world.now()));
        }

        private List<Resource> all(String type) {
            return world.look(tx -> world.engine.resources().ofType(tx, type, 1_000));
        }

        private void happen() {
            switch (dice.nextInt(22)) {
                case 0, 1 -> reserve();
                case 2, 3, 4 -> allocate();
                case 5 -> any(Reservations.TYPE).ifPresent(this::cancel);
                case 18, 19 -> any(Reservations.TYPE).ifPresent(this::update);
                case 20 -> away = dice.nextInt(3) == 0;
                case 6 -> any(Allocations.TYPE).ifPresent(this::destroy);
                case 7 -> world.advance(Duration.ofSeconds(dice.nextInt(90)));
                case 8 -> world.advance(Duration.ofMinutes(dice.nextInt(60)));
                case 9 -> storm.carryLate();
                case 10, 11, 12, 13 -> world.step();
                default -> storm.carry();
            }
        }

        private List<Resource> active() {
            return all(Reservations.TYPE).stream()
                    .filter(reservation -> reservation.state().equals("active"))
                    .toList();
        }

        private Optional<Resource> any(String type) {
            return any(all(type));
        }

        private Optional<Resource> any(List<Resource> all) {
            return all.isEmpty() ? Optional.empty() : Optional.of(all.get(dice.nextInt(all.size())));
        }

        private Instant soon() {
            return world.now().plus(dice.nextBoolean() ? Duration.ZERO : Duration.ofMinutes(dice.nextInt(120)));
        }

        private void reserve() {
            var when = Interval.of(soon(), Duration.ofMinutes(5 + dice.nextInt(120)));
            int count = 1 + dice.nextInt(3);
            var need = switch (dice.nextInt(3)) {
                case 0 -> new Need.Hosts(count, count, PropertyQuery.everything());
                case 1 ->
                    new Need.Instances(
                            new Flavor(8, 16_384, 80), count, count, Affinity.NONE, PropertyQuery.everything());
                default ->
                    Need.Quantity.of(
                            new Capacities(Map.of("vcpu", 8L * count, "memory_mb", 16_384L * count, "instance", 3L)),
                            when);
            };
            var item = Item.of(new UUID(90, ++things), need);
            var expiry = Optional.of(when.from().plus(Duration.ofMinutes(2))).filter(_ -> dice.nextInt(4) == 0);
            var offer = Optional.of(Duration.ofMinutes(3)).filter(_ -> dice.nextInt(6) == 0);
            var request = new ReservationRequest(
                    "r" + things,
                    when,
                    Optional.empty(),
                    expiry,
                    offer,
                    Optional.empty(),
                    dice.nextInt(100),
                    false,
                    Prefer.TIGHTEST,
                    List.of(item));
            world.look(tx -> world.broker.reservations().create(tx, World.ALICE, request));
        }

        private void allocate() {
            var request = AllocationRequest.of("a" + ++things, dice.nextBoolean() ? "large" : "small", "cirros");
            var wanted = switch (dice.nextInt(4)) {
                case 0 -> request;
                case 1 -> request.firm().until(world.now().plus(Duration.ofMinutes(1 + dice.nextInt(90))));
                default ->
                    any(dice.nextBoolean() ? all(Reservations.TYPE) : active())
                            .map(reservation -> request.under(reservation.id()))
                            .map(under -> dice.nextBoolean() ? under.waiting() : under)
                            .orElse(request);
            };
            world.look(tx -> world.broker.allocations().create(tx, World.ALICE, wanted));
        }

        private void update(Resource resource) {
            var reservation = resource.as(Reservation.class);
            var item = reservation.items().getFirst().item();
            var change = switch (dice.nextInt(4)) {
                case 0 -> ReservationChange.NONE.until(world.now().plus(Duration.ofMinutes(dice.nextInt(180))));
                case 1 -> ReservationChange.NONE.from(soon());
                case 2 -> ReservationChange.NONE.expiring(soon());
                default -> {
                    long count = 1L + dice.nextInt(3);
                    yield ReservationChange.NONE.of(List.of(
                            item.need() instanceof Need.Quantity
                                    ? ItemChange.amounts(item.id(), Map.of("vcpu", 8 * count))
                                    : ItemChange.count(item.id(), count, count)));
                }
            };
            world.look(tx -> world.broker.reservations().update(tx, resource.id(), change, "alice"));
        }

        private void cancel(Resource reservation) {
            world.look(tx -> world.broker.reservations().cancel(tx, reservation.id(), "alice"));
        }

        private void destroy(Resource allocation) {
            world.look(tx -> world.broker.allocations().destroy(tx, allocation.id(), "alice"));
        }
    }
}
