package holdfast.sim;

import static holdfast.sim.Reserving.HOUR;
import static holdfast.sim.Reserving.MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.broker.AllocationRequest;
import holdfast.broker.Allocations;
import holdfast.broker.ItemChange;
import holdfast.broker.ReservationChange;
import holdfast.broker.ReservationRequest;
import holdfast.broker.Reservations;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.broker.decisions.Decision;
import holdfast.broker.decisions.Decisions.Filter;
import holdfast.broker.decisions.Replay;
import holdfast.core.Interval;
import holdfast.engine.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The log of decisions, at a simulated cloud on simulated time: two zones with two hosts of 16 vcpu each.
final class DecisionsTest {
    private static final int EVENTS = 80;

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final World world = new World(7, test, false);
    private Reserving user;

    @BeforeEach
    void addCloud() {
        world.withCloud(false); // so that there are some who can make way
        user = new Reserving(world);
    }

    private List<Decision> log() {
        return log(Filter.ALL);
    }

    private List<Decision> log(Filter filter) {
        return world.look(tx -> world.broker.decisions().list(tx, filter, 10_000));
    }

    private List<Resource> all(String type) {
        return world.look(tx -> world.engine.resources().ofType(tx, type, 1_000));
    }

    /// Random days: reservations and servers come, change and go, hosts are lost and come back.
    private void live(Random dice) {
        for (int event = 0; event < EVENTS; event++) {
            switch (dice.nextInt(12)) {
                case 0, 1, 2, 3 -> reserve(dice);
                case 4, 5 -> one(dice, Reservations.TYPE).ifPresent(known -> update(dice, known));
                case 6 -> one(dice, Reservations.TYPE).ifPresent(user::cancel);
                case 7, 8 -> allocate(dice);
                case 9 -> world.cloud.hostUp("host-" + (1 + dice.nextInt(4)), dice.nextInt(3) > 0);
                default -> world.advance(Duration.ofMinutes(dice.nextInt(15)));
            }
            world.settle();
        }
    }

    /// One that waits for its start goes elsewhere.
    private void loseWhatWaits() {
        var made = user.reserve(user.in(HOUR), user.hosts(1));
        hosts(made).forEach(host -> world.cloud.hostUp(host, false));
        user.pass(MINUTE.multipliedBy(20));
    }

    /// Two hosts are taken early and two late, so that somebody has to move for who wants two all the time.
    private void makeWay() {
        var early = user.in(HOUR);
        var late = user.in(HOUR.multipliedBy(3));
        var first = user.reserve(early, user.hosts(2));
        var second = user.reserve(early, user.hosts(2));
        var third = user.reserve(late, user.hosts(2));
        boolean beside = hosts(first).equals(hosts(third));
        user.cancel(beside ? first : second);
        world.settle();
        var longest = new Interval(early.from(), late.until());
        var some = List.of(beside ? second : first, third, user.reserve(longest, user.hosts(2)));
        some.forEach(user::cancel);
        world.settle();
    }

    private static List<String> hosts(Resource reservation) {
        return Reserving.of(reservation).items().getFirst().placement().stream()
                .map(place -> place.place().substring(place.place().lastIndexOf('/') + 1))
                .toList();
    }

    private Optional<Resource> one(Random dice, String type) {
        var all = all(type);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(dice.nextInt(all.size())));
    }

    private void reserve(Random dice) {
        var when = Interval.of(world.now().plus(MINUTE.multipliedBy(dice.nextInt(90))), HOUR);
        int count = 1 + dice.nextInt(2);
        Item item = switch (dice.nextInt(4)) {
            case 0 -> user.hosts(count);
            case 1 -> user.vcpus(4L + dice.nextInt(20), when);
            default -> user.instances(count, new Flavor(6 + dice.nextInt(6), 16_384, 20));
        };
        user.ask(ReservationRequest.of("expo", when, List.of(item)));
    }

    private void update(Random dice, Resource known) {
        var item = Reserving.of(known).items().getFirst().item();
        long count = 1 + dice.nextInt(5);
        var change = dice.nextBoolean()
                ? ReservationChange.NONE.until(
                        Reserving.of(known).when().until().plus(MINUTE.multipliedBy(dice.nextInt(60))))
                : ReservationChange.NONE.of(List.of(
                        item.need() instanceof Need.Quantity
                                ? ItemChange.amounts(item.id(), Map.of("vcpu", 8 * count))
                                : ItemChange.count(item.id(), count, count)));
        user.update(known, change);
    }

    private void allocate(Random dice) {
        var request = AllocationRequest.of("server", dice.nextBoolean() ? "large" : "small", "cirros");
        var wanted = one(dice, Reservations.TYPE)
                .filter(_ -> dice.nextInt(3) > 0)
                .map(reservation -> request.under(reservation.id()).waiting())
                .orElseGet(() -> dice.nextBoolean()
                        ? request
                        : request.firm().until(world.now().plus(HOUR)));
        world.look(tx -> world.broker.allocations().create(tx, World.ALICE, wanted));
    }

    private static long count(List<Decision> log, String verb, boolean granted) {
        return log.stream()
                .filter(one -> one.matter().verb().name().equals(verb) && one.granted() == granted)
                .count();
    }

    @Test
    void replay_of_the_log_gives_the_same_answers() {
        makeWay();
        loseWhatWaits();
        live(new Random(20));
        var log = log();
        for (var verb : List.of("CREATE", "UPDATE", "ALLOCATE")) {
            assertThat(count(log, verb, true)).as("granted: %s", verb).isPositive();
            assertThat(count(log, verb, false)).as("refused: %s", verb).isPositive();
        }
        assertThat(count(log, "RELOCATE", true)).as("went elsewhere").isPositive();
        assertThat(log.stream().filter(one -> !one.answer().at("/granted/moves").isEmpty()))
                .as("others made way")
                .isNotEmpty();
        assertThat(log.stream().filter(one -> one.versions().isEmpty()))
                .as("without versions of places")
                .isEmpty();
        var replay = Replay.of(log);
        assertThat(replay.different()).isEmpty();
        assertThat(replay.skipped()).as("refused because more is in use").isLessThan(log.size() / 4);
        assertThat(replay.same()).isEqualTo(log.size() - replay.skipped());
    }

    @Test
    void a_tampered_entry_is_found() {
        user.reserve(user.in(HOUR), user.instances(2, new Flavor(4, 4_096, 10)));
        user.reserve(user.in(HOUR), user.instances(1, new Flavor(4, 4_096, 10)));
        var refused = Reserving.refusal(
                user.ask(ReservationRequest.of("much", user.in(HOUR), List.of(user.vcpus(1_000, user.in(HOUR))))));
        var log = log();
        assertThat(log).hasSize(3);
        assertThat(log.getLast().answer().at("/refused/message").stringValue()).isEqualTo(refused.message());
        assertThat(Replay.of(log).same()).isEqualTo(3);
        for (var lie : List.of(
                "answer = replace(answer::text, 'host-', 'toast-')::jsonb",
                "asked = jsonb_set(asked, '{items,0,need,flavor,vcpus}', '5')",
                "answer = '{\"refused\": {}}'",
                "given = '\\x00'")) {
            var number = log.get(1).number();
            var found = world.look(tx -> {
                tx.sql().execute("savepoint truth");
                tx.sql().execute("update decision set " + lie + " where seq = ?", number);
                var replay = Replay.of(world.broker.decisions().list(tx, Filter.ALL, 10));
                tx.sql().execute("rollback to savepoint truth");
                return replay;
            });
            assertThat(found.same()).as(lie).isEqualTo(1);
            assertThat(found.different().orElseThrow().decision().number())
                    .as(lie)
                    .isEqualTo(number);
        }
    }

    @Test
    void the_log_is_filtered_and_forgotten_when_it_is_old() {
        var first = user.reserve(user.in(HOUR), user.hosts(1));
        user.pass(MINUTE.multipliedBy(10));
        user.reserve(user.in(HOUR), user.hosts(1));
        var later = world.now();
        assertThat(all(Allocations.TYPE)).isEmpty();
        var of = new Filter(Optional.of(first.id()), Optional.empty(), Optional.empty(), Optional.empty(), 0);
        var until = new Filter(
                Optional.empty(), Optional.of("physics"), Optional.empty(), Optional.of(later.minus(MINUTE)), 0);
        var nobody = new Filter(Optional.empty(), Optional.of("bakers"), Optional.empty(), Optional.empty(), 0);
        assertThat(log(of)).hasSize(1);
        assertThat(log(until)).hasSize(1);
        assertThat(log(nobody)).isEmpty();
        int forgotten = world.look(tx -> world.broker.decisions().prune(tx, later.minus(MINUTE), 10));
        assertThat(forgotten).isEqualTo(1);
        assertThat(log()).hasSize(1);
    }
}
