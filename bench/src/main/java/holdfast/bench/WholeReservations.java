package holdfast.bench;

import holdfast.authority.Authorities;
import holdfast.authority.CloudAuthority;
import holdfast.authority.Provider;
import holdfast.authority.Providers;
import holdfast.broker.Broker;
import holdfast.broker.Desk;
import holdfast.broker.ReservationRequest;
import holdfast.broker.Supply;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.calendar.Calendar;
import holdfast.calendar.Hot;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Capacities;
import holdfast.core.CloudSupply;
import holdfast.core.CloudSupply.Host;
import holdfast.core.Interval;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.drivers.simulated.SimulatedCloud;
import holdfast.engine.Engine;
import holdfast.inventory.Models;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;

/// What a user gets: a reservation with its decision, its bookings in account and zone, notice and timers, at a
/// simulated cloud.
final class WholeReservations {
    private static final Caller USER = new Caller("bench", "bench", false);
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Stage stage;
    private final Platform platform = Platform.real();
    private final Engine engine;
    private final Broker broker;
    private final Desk desk;
    private final Instant start = platform.now().plus(Duration.ofDays(1));

    private WholeReservations(Stage stage, int hosts) throws InterruptedException {
        this.stage = stage;
        var database = stage.database();
        engine = new Engine(platform, database);
        var hot = new Hot(engine.id(), database);
        var calendar = new Calendar(hot);
        broker = new Broker(
                "broker",
                platform,
                engine,
                calendar,
                new Supply("broker", platform, engine, calendar, new Models(platform)));
        desk = broker.desk(database, hot);
        var cloud = new SimulatedCloud(plan(hosts), InstantSource.system(), Optional.empty(), Optional.empty());
        var providers = new Providers(platform, database, engine, Secrets.of(new byte[32]), (_, _, _) -> cloud, "broker");
        var clouds = new CloudAuthority(platform, engine, providers);
        new Authorities(platform, database, engine, List.of(), Optional.of(clouds));
        engine.start(List.of(broker, clouds), false);
        var account = new Provider.Account("simulated", "", Optional.empty(), "", "", "", "", List.of(), true, 0, 600);
        database.inTransaction(tx -> providers
                .add(tx, "cloud", "admins", account, Optional.empty(), "bench")
                .orThrow());
    }

    /// One zone with much room, so that nearly all is granted.
    private static CloudPlan plan(int hosts) {
        var small = CloudPlan.SMALL.supply();
        var those = IntStream.rangeClosed(1, hosts)
                .mapToObj(n -> new Host(
                        "host-" + n,
                        "hypervisor-" + n,
                        "north",
                        true,
                        Map.of("vcpu", 100_000L, "memory_mb", 100_000_000L, "disk_gb", 1_000_000L, "instance", 100_000L),
                        Map.of("hypervisor_type", "simulated")))
                .toList();
        return CloudPlan.SMALL.with(new CloudSupply(
                those,
                Map.of("instance", 100_000_000L, "vcpu", 100_000_000L, "memory_mb", 100_000_000_000L, "address", 8L),
                List.of("north"),
                small.flavors(),
                small.images(),
                small.networks(),
                true));
    }

    static void measure(int hosts, int[] clients, int[] rates, long nanos) throws Exception {
        try (var stage = Stage.open()) {
            var bench = new WholeReservations(stage, hosts);
            try (var _ = Sampler.start(stage.database())) {
                bench.awaitSupply();
                Report.title("calendar: whole reservations of 1 vCPU at a cloud of " + hosts + " hosts");
                for (int many : clients) {
                    var before = Cpu.now(stage.postgres());
                    var crowd = Crowd.ask(many, nanos, bench::reserve);
                    Report.served("reserve, " + many + (many == 1 ? " client" : " clients"), crowd.nanos(), crowd.perSecond());
                    Report.line(
                            "    CPU for each: Java + PostgreSQL",
                            Cpu.now(stage.postgres()).since(before).perUnit(crowd.nanos().length));
                    if (crowd.yes() == 0) {
                        throw new IllegalStateException("nothing was reserved");
                    }
                }
                for (int perSecond : rates) {
                    var crowd = Crowd.paced(1_000, perSecond, 3 * nanos, bench::reserve);
                    Report.served("reserve, %,d asked for each second".formatted(perSecond), crowd.nanos(), crowd.perSecond());
                }
            } finally {
                bench.desk.close();
                bench.engine.stop();
            }
        }
    }

    private void awaitSupply() throws Exception {
        long began = System.nanoTime();
        var random = new SplittableRandom(1);
        while (!reserve(random)) {
            if (System.nanoTime() - began > LIMIT.toNanos()) {
                throw new IllegalStateException("the cloud cannot be reserved after " + LIMIT);
            }
            engine.changed().await(engine.changed().count(), Duration.ofMillis(50));
        }
    }

    private boolean reserve(SplittableRandom random) {
        var from = start.plusSeconds(random.nextLong(300 * 86_400));
        var when = new Interval(from, from.plus(Duration.ofHours(random.nextInt(1, 49))));
        var item = Item.of(UUID.randomUUID(), Need.Quantity.of(new Capacities(Map.of("vcpu", 1L)), when));
        var request = ReservationRequest.of("bench", when, List.of(item));
        return desk.reserve(USER, request, (_, _) -> {}) instanceof Answer.Yes;
    }
}
