package holdfast.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.authority.Driver;
import holdfast.broker.Allocation;
import holdfast.broker.AllocationRequest;
import holdfast.broker.Allocations;
import holdfast.broker.ReservationRequest;
import holdfast.broker.Reservations;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.PropertyQuery;
import holdfast.core.Interval;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The trials of [TrialsTest] for servers of users: from request to end, and a provider that dies in between.
final class AllocationTrialsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    /// Longer than a call that was lost is waited for.
    private static final Duration SHORT = Duration.ofSeconds(20);

    /// At each commit it takes some minutes: `-Dholdfast.stride=1`.
    private static final int STRIDE = Integer.getInteger("holdfast.stride", 14);

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    /// What is lent leaves for a reservation, in which one server was planned, one is made and destroyed, and one
    /// is there at its end. A firm one comes after it.
    static final class Life implements Trials.Life {
        private static final List<String> SERVERS = List.of("lent", "planned", "made", "kept", "firm");

        final World world;
        private final Duration pause;
        private Optional<Instant> begun = Optional.empty();

        Life(World world) {
            this(world, Duration.ZERO);
        }

        /// @param pause after each thing that happens
        Life(World world, Duration pause) {
            this.world = world;
            this.pause = pause;
        }

        @Override
        public void live() {
            world.settle();
            world.withCloud();
            world.settleFor(SHORT, Duration.ofSeconds(5)); // a first look that was cut off is tried again
            var start = begun.orElseGet(() -> world.now().plus(Duration.ofHours(1)));
            begun = Optional.of(start);
            server("lent", request -> request);
            until(start.minus(MINUTE.multipliedBy(59))); // what was cut off is tried again before more is due
            reserve(start);
            server("planned", request -> request.under(reservation()).waiting());
            until(start.minus(MINUTE.multipliedBy(10)));
            until(start.minus(MINUTE));
            until(start);
            until(start.plus(MINUTE));
            server("made", request -> request.under(reservation()));
            server("kept", request -> request.under(reservation()));
            destroy("made");
            until(start.plus(MINUTE.multipliedBy(2)));
            until(start.plus(MINUTE.multipliedBy(60)));
            until(start.plus(MINUTE.multipliedBy(61)));
            server("firm", request -> request.firm().until(start.plus(MINUTE.multipliedBy(90))));
            until(start.plus(MINUTE.multipliedBy(62)));
            until(start.plus(MINUTE.multipliedBy(90)));
            until(start.plus(MINUTE.multipliedBy(130)));
        }

        private void until(Instant instant) {
            world.settle();
            if (world.now().isBefore(instant)) {
                world.advance(Duration.between(world.now(), instant));
            }
            rest();
        }

        private void rest() {
            world.settleFor(pause, Duration.ofSeconds(10));
        }

        private void reserve(Instant start) {
            if (find(Reservations.TYPE, "expo").isEmpty()) {
                var need = new Need.Hosts(4, 4, PropertyQuery.everything());
                var item = Item.of(UUID.nameUUIDFromBytes("expo".getBytes(UTF_8)), need);
                var request = ReservationRequest.of("expo", Interval.of(start, MINUTE.multipliedBy(60)), List.of(item));
                world.look(tx -> world.broker
                        .reservations()
                        .create(tx, World.ALICE, request)
                        .orThrow());
            }
            rest();
        }

        private UUID reservation() {
            return find(Reservations.TYPE, "expo").orElseThrow().id();
        }

        private void server(String name, UnaryOperator<AllocationRequest> how) {
            if (find(Allocations.TYPE, name).isEmpty()) {
                var request = how.apply(AllocationRequest.of(name, "large", "cirros"));
                world.look(tx -> world.broker
                        .allocations()
                        .create(tx, World.ALICE, request)
                        .orThrow());
            }
            rest();
        }

        private void destroy(String name) {
            find(Allocations.TYPE, name)
                    .filter(server -> server.state().equals("active"))
                    .ifPresent(server -> world.look(tx -> world.broker
                            .allocations()
                            .destroy(tx, server.id(), "alice")
                            .orThrow()));
            rest();
        }

        Optional<Resource> find(String type, String name) {
            return world.look(tx -> world.engine.resources().list(tx, Resources.typed(type), 100)).stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst();
        }

        /// All states through which a server went. One whose own time is over may be gone before that was seen
        /// here, since its provider looks at the clock, too.
        String story(String name) {
            var states = world.states(find(Allocations.TYPE, name).orElseThrow().id());
            var story = states.stream().distinct().collect(Collectors.joining(" "));
            return name.equals("firm") ? story.replace("active deleted", "active deleting deleted") : story;
        }
    }

    private static void isWhole(Life life, String when) {
        var whole = "initialized building active deleting deleted";
        assertThat(Life.SERVERS.stream().collect(Collectors.toMap(name -> name, life::story)))
                .as(when)
                .isEqualTo(Map.of(
                        "lent", whole,
                        "planned", "scheduled " + whole,
                        "made", whole,
                        "kept", whole,
                        "firm", whole));
        assertThat(life.find(Reservations.TYPE, "expo").orElseThrow().state())
                .as(when)
                .isEqualTo("ended");
    }

    @Test
    void a_life_goes_on_after_a_kill_before_a_write() {
        Trials.killAtEach(() -> new World(7, test, false), STRIDE, false, Life::new, AllocationTrialsTest::isWhole);
    }

    @Test
    void a_life_goes_on_after_a_kill_after_a_write() {
        Trials.killAtEach(() -> new World(7, test, false), STRIDE, true, Life::new, AllocationTrialsTest::isWhole);
    }

    /// The provider dies at one of its calls: before it does anything, or when it has done it and could not say so.
    private World dying(int call, boolean deaf) {
        var world = new World(7, test, false);
        var calls = new AtomicInteger();
        world.line = (verb, real) -> {
            boolean orders = verb.equals("ensure") || verb.equals("remove");
            boolean dies = orders && calls.incrementAndGet() == call;
            if (dies && !deaf) {
                var _ = real.get();
            }
            return dies ? new Driver.Result.Later("no route", Optional.of(Duration.ofSeconds(10))) : real.get();
        };
        return world;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_provider_dead_at_every_step_of_create_start_and_end_loses_and_doubles_nothing(boolean deaf) {
        var calls = new AtomicInteger();
        var first = new World(7, test, false);
        first.line = (verb, real) -> {
            calls.addAndGet(verb.equals("ensure") || verb.equals("remove") ? 1 : 0);
            return real.get();
        };
        new Life(first, SHORT).live();
        assertThat(calls.get()).isGreaterThan(10);
        for (int call = 1; call <= calls.get(); call++) {
            var life = new Life(dying(call, deaf), SHORT);
            life.live();
            isWhole(life, "dead at call " + call);
            assertThat(Life.SERVERS.stream()
                            .map(name -> life.find(Allocations.TYPE, name).orElseThrow())
                            .flatMap(server -> server.as(Allocation.class).serverId().stream()))
                    .as("dead at call " + call)
                    .containsExactlyInAnyOrder("server-1", "server-2", "server-3", "server-4", "server-5");
            life.world.neverEver();
            life.world.nothingIsLeft();
        }
    }
}
