package holdfast.sim;

import static holdfast.db.Tables.PROCESS;
import static holdfast.db.Tables.RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Authority;
import holdfast.authority.Driver;
import holdfast.authority.Lease;
import holdfast.broker.Allocations;
import holdfast.broker.Reservations;
import holdfast.broker.Tickets;
import holdfast.calendar.Calendar;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.engine.Resource;
import holdfast.orchestrator.Orchestrator;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// What holds of a [World], whatever happens in it.
final class Invariants {
    /// What is there because somebody wants it, and for no longer.
    private static final List<String> OF_USE = List.of(
            Orchestrator.SLICE,
            Orchestrator.SLIVER,
            Reservations.TYPE,
            Allocations.TYPE,
            Tickets.TYPE,
            Authority.LEASE,
            "lending",
            "borrowing",
            "transaction",
            "contract");

    private Invariants() {}

    /// What must never be, looked for after each event.
    static void neverEver(World world, Tx tx) {
        assertThat(new Calendar().audit(tx)).as("overbooked").isEmpty();
        var live = new HashMap<String, Resource>();
        world.engine
                .resources()
                .list(tx, RESOURCE.TYPE.eq(Authority.LEASE), 10_000)
                .forEach(lease -> live.put(lease.id().toString(), lease));
        world.substrates.forEach((site, substrate) -> {
            var functions = new HashSet<String>();
            substrate.present.forEach((key, spec) -> {
                var lease = live.get(key.lease());
                assertThat(lease).as("%s has %s without a lease", site, key).isNotNull();
                assertThat(lease.state())
                        .as(() -> site + " has " + key + " of a lease that is over\n" + world.storyIn(tx, lease.id()))
                        .isIn("creating", "active", "closing", "close_failed");
                if (spec instanceof Driver.Spec.Device device) {
                    var host = lease.as(Lease.class)
                            .ticket()
                            .orElseThrow()
                            .placement()
                            .host();
                    assertThat(functions.add(host + " " + device.bdf()))
                            .as("%s of %s is in two machines", device.bdf(), host)
                            .isTrue();
                }
            });
        });
    }

    /// What must be true when all is over.
    static void nothingIsLeft(World world, Tx tx) {
        world.substrates.forEach((site, substrate) -> {
            assertThat(substrate.present).as("left at " + site).isEmpty();
            assertThat(substrate.slices).as("slices left at " + site).isEmpty();
        });
        assertThat(world.cloud.list()).as("left at the cloud").isEmpty();
        for (var type : OF_USE) {
            assertThat(world.engine.resources().ofType(tx, type, 1000)).as(type).isEmpty();
        }
        assertThat(world.engine
                        .processes()
                        .list(
                                tx,
                                PROCESS.RESULT
                                        .isNull()
                                        .and(PROCESS.NAME.notIn("site.observe", "provider.sync", "task.execute")),
                                1000))
                .as("processes")
                .isEmpty();
        assertThat(world.engine.post().pending(tx, 1000)).as("mail").isEmpty();
        var forever = new Interval(world.now(), world.now().plus(Duration.ofDays(1000)));
        for (var book : List.of("broker", "broker.in", "broker.market", "lab-am", "north-am")) {
            new Calendar().usage(tx, book, Optional.empty(), forever).forEach((place, usage) -> {
                assertThat(usage.used().equals(Capacities.NONE))
                        .as("%s of %s still booked: %s", place, book, usage)
                        .isTrue();
                assertThat(usage.units()).as("units of %s", place).isEmpty();
            });
        }
    }
}
