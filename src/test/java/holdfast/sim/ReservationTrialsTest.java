package holdfast.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.authority.CloudAuthority;
import holdfast.broker.ItemChange;
import holdfast.broker.Reservation;
import holdfast.broker.ReservationChange;
import holdfast.broker.ReservationRequest;
import holdfast.broker.Reservations;
import holdfast.broker.choice.Affinity;
import holdfast.broker.choice.Ask.Prefer;
import holdfast.broker.choice.BeforeEnd;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.FlexibleWindow;
import holdfast.broker.choice.FlexibleWindow.Mode;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.PropertyQuery;
import holdfast.broker.choice.Spread;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.SliceId;
import holdfast.core.SliverId;
import holdfast.core.Wanted;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.protocol.Message;
import holdfast.protocol.SliceInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The trials of [TrialsTest] for reservations and what clouds keep and make for them.
final class ReservationTrialsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    /// At each commit it takes some minutes: `-Dholdfast.stride=1`.
    private static final int STRIDE = Integer.getInteger("holdfast.stride", 14);

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    /// One reservation is changed before and after it begins and runs to its end, one expires, an offer lapses, one
    /// stands by, and a server is made whose order is changed.
    static final class Life implements Trials.Life {
        final World world;
        private Optional<Instant> begun = Optional.empty();

        Life(World world) {
            this.world = world;
        }

        @Override
        public void live() {
            world.settle();
            var provider = world.withCloud();
            world.settleFor(Duration.ofSeconds(5), Duration.ofSeconds(1));
            var start = begun.orElseGet(() -> world.now().plus(HOUR));
            begun = Optional.of(start);
            make("whole", start, Optional.empty(), Optional.empty(), hosts(1));
            make("slots", start, Optional.empty(), Optional.empty(), slots(2));
            make("expires", start, Optional.of(start.plusSeconds(600)), Optional.empty(), address(start));
            make("offer", start, Optional.empty(), Optional.of(Duration.ofMinutes(5)), hosts(2));
            standBy();
            awaitAfter("initialized");
            change("whole", "reserved", ReservationChange.NONE.until(end(start)));
            var sliver = new SliverId(new UUID(88, 1));
            var held = new Wanted.Hosts(new UUID(88, 2), "physics", List.of("host-4"));
            var term = new Interval(start, start.plus(HOUR));
            var slice = new SliceInfo(new SliceId(new UUID(88, 3)), "raw", "physics", "alice", List.of());
            send(new Message.Provide(sliver, slice, provider.id(), term, held));
            world.settle();
            send(new Message.Amend(sliver, 1, term, new Wanted.Hosts(held.item(), "physics", List.of("host-3"))));
            world.settleFor(Duration.between(world.now(), start.plusSeconds(60)), Duration.ofMinutes(61));
            send(new Message.Amend(sliver, 2, term, held));
            awaitAfter("starting");
            change("whole", "active", more());
            world.settleFor(HOUR.multipliedBy(3), Duration.ofMinutes(30));
            find("standby")
                    .filter(one -> one.removed().isEmpty())
                    .ifPresent(one -> world.look(tx -> world.broker
                            .reservations()
                            .cancel(tx, one.id(), "alice")
                            .orThrow()));
            world.settle();
        }

        /// It is put off again and again.
        private void standBy() {
            if (find("standby").isEmpty()) {
                var when = Interval.of(world.now(), HOUR);
                var flexible = new FlexibleWindow(Mode.STANDBY, when.from(), when.from(), HOUR, HOUR.multipliedBy(2));
                var need = Need.Quantity.of(Capacities.of("address", 1), when);
                var request = new ReservationRequest(
                        "standby",
                        when,
                        Optional.of(flexible),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        50,
                        false,
                        Prefer.TIGHTEST,
                        List.of(Item.of(id("standby"), need)));
                world.look(tx -> world.broker
                        .reservations()
                        .create(tx, World.ALICE, request)
                        .orThrow());
            }
            world.settle();
        }

        private static UUID id(String item) {
            return UUID.nameUUIDFromBytes(item.getBytes(UTF_8));
        }

        private void send(Message message) {
            world.run(tx -> world.engine.post().send(tx, "broker", CloudAuthority.NAME, message));
            world.settle();
        }

        private void make(String name, Instant start, Optional<Instant> expiry, Optional<Duration> offer, Need need) {
            if (world.now().isBefore(start) && find(name).isEmpty()) {
                var request = new ReservationRequest(
                        name,
                        Interval.of(start, HOUR.multipliedBy(2)),
                        Optional.empty(),
                        expiry,
                        offer,
                        Optional.of(start.plus(HOUR)),
                        50,
                        false,
                        Prefer.TIGHTEST,
                        List.of(Item.of(id(name), need).within(Spread.SITE).ending(BeforeEnd.SNAPSHOT)));
                world.look(tx -> {
                    var made = world.broker
                            .reservations()
                            .create(tx, World.ALICE, request)
                            .orThrow();
                    world.broker.reservations().remind(tx, made.id(), start);
                    return made;
                });
            }
            world.settle();
        }

        private static Instant end(Instant start) {
            return start.plus(HOUR).plusSeconds(1_800);
        }

        private static ReservationChange more() {
            return ReservationChange.NONE.of(List.of(ItemChange.count(id("whole"), 1, 2)));
        }

        /// What was cut off is tried again some seconds later.
        private void awaitAfter(String state) {
            for (int tries = 0;
                    tries < 10 && find("whole").orElseThrow().state().equals(state);
                    tries++) world.settleFor(Duration.ofSeconds(15), Duration.ofSeconds(15));
        }

        /// Until it is so, since a kill may have come before it was written.
        private void change(String name, String state, ReservationChange change) {
            var known = find(name).orElseThrow();
            if (known.state().equals(state) && !known.as(Reservation.class).isUpdating()) {
                world.look(tx -> world.broker
                        .reservations()
                        .update(tx, known.id(), change, "alice")
                        .orThrow());
            }
            world.settle();
        }

        Optional<Resource> find(String name) {
            return world.look(tx -> world.engine.resources().list(tx, Resources.typed(Reservations.TYPE), 100)).stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst();
        }

        private static Need hosts(long count) {
            return new Need.Hosts(count, count, PropertyQuery.everything());
        }

        private static Need slots(long count) {
            return new Need.Instances(
                    new Flavor(2, 2_048, 20), count, count, Affinity.NONE, PropertyQuery.everything());
        }

        private static Need address(Instant start) {
            return Need.Quantity.of(Capacities.of("address", 1), Interval.of(start, HOUR.multipliedBy(2)));
        }
    }

    private static void isWhole(Life life, String when) {
        var world = life.world;
        assertThat(Map.of(
                        "whole", life.find("whole").map(Resource::state).orElse("?"),
                        "expires", life.find("expires").map(Resource::state).orElse("?"),
                        "offer", life.find("offer").map(Resource::state).orElse("?")))
                .as(when)
                .isEqualTo(Map.of("whole", "ended", "expires", "expired", "offer", "lapsed"));
        var whole = life.find("whole").orElseThrow().as(Reservation.class);
        assertThat(whole.when().until())
                .as(when)
                .isEqualTo(Life.end(whole.when().from()));
        assertThat(whole.items().getFirst().placement()).as(when).hasSize(2);
        assertThat(world.states(life.find("whole").orElseThrow().id()))
                .as(when)
                .contains("reserved", "starting", "active", "ending", "ended");
        assertThat(world.ended)
                .as("told to the policy, " + when)
                .extracting(body -> body.at("/lease/name").stringValue())
                .contains("whole", "slots", "expires", "offer", "standby");
    }

    @Test
    void a_life_goes_on_after_a_kill_before_a_write() {
        Trials.killAtEach(() -> new World(7, test, false), STRIDE, false, Life::new, ReservationTrialsTest::isWhole);
    }

    @Test
    void a_life_goes_on_after_a_kill_after_a_write() {
        Trials.killAtEach(() -> new World(7, test, false), STRIDE, true, Life::new, ReservationTrialsTest::isWhole);
    }
}
