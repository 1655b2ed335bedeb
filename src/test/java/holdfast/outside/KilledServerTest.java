package holdfast.outside;

import static holdfast.outside.ServerProcess.runs;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.drivers.qemu.Substrate;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server is killed (signal 9) at random moments while it builds and takes down slices, and started again on the
/// same data directory. Each slice is then complete or cleanly gone, nothing is leaked and nothing is there twice.
class KilledServerTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int ROUNDS = 6;

    @TempDir
    private Path scratch;

    private Path data() {
        return scratch.resolve("data");
    }

    @Test
    void a_server_killed_at_random_moments_goes_on_where_it_was() throws Exception {
        long seed = Long.getLong("holdfast.seed", 20_260_101);
        var random = new SplittableRandom(seed);
        var config = Files.writeString(
                scratch.resolve("settings.yaml"), "simulated: {machineMillis: 400, deviceMillis: 200}\n");
        var arguments = arguments(config, "simulated");
        var server = ServerProcess.start(data(), arguments);
        try {
            var free = server.api().free();
            for (int round = 0; round < ROUNDS; round++) {
                var what = "seed " + seed + ", round " + round;
                server = round % 2 == 0
                        ? killedWhileBuilding(server, what, "round-" + round, random.nextInt(1400), arguments)
                        : killedWhileTakingDown(server, what, "round-" + round, random.nextInt(150), arguments);
                assertNothingIsLeft(server, what, free);
                assertThat(SimulatedHosts.madeMoreThanOnce(hosts())).as(what).isEmpty();
            }
        } finally {
            server.close();
        }
    }

    @Test
    void real_guests_are_neither_lost_nor_left_behind_by_a_killed_server() throws Exception {
        takeGuest();
        var config = Files.writeString(scratch.resolve("settings.yaml"), "qemu: {memoryMib: 96}\n");
        var arguments = arguments(config, "qemu");
        var random = new SplittableRandom(7);
        var server = ServerProcess.start(data(), arguments);
        try {
            var free = server.api().free();
            server = killedWhileBuilding(server, "QEMU", "real-1", 500 + random.nextInt(3000), arguments);
            assertNothingIsLeft(server, "QEMU, building", free);
            server = killedWhileTakingDown(server, "QEMU", "real-2", random.nextInt(400), arguments);
            assertNothingIsLeft(server, "QEMU, taking down", free);
        } finally {
            server.close();
            for (long guest : guests()) ProcessHandle.of(guest).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /// Gives the data directory the guest that the tests of this build share, or skips loudly where none can run.
    private void takeGuest() throws IOException {
        var shared = Files.createDirectories(ServerProcess.ROOT.resolve("target/guest"));
        if (Substrate.find(shared, InstantSource.system(), line -> System.err.println("guest: " + line))
                instanceof Substrate.Unusable(var missing, var wayOut)) {
            System.err.println("SKIPPED: no server with real guests was killed. Missing: " + missing
                    + ". Mend it with: " + wayOut);
            Assumptions.abort("no real guests: " + missing);
        }
        var own = Files.createDirectories(data().resolve("guest"));
        try (var files = Files.walk(shared)) {
            for (var file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                var copy = own.resolve(shared.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    private String[] arguments(Path config, String driver) {
        return Stream.concat(Stream.of("--config", config.toString()), Stream.of(ServerProcess.sites(driver)))
                .toArray(String[]::new);
    }

    /// The order is given while the clock already runs, so that the server may die before it has taken it.
    private ServerProcess killedWhileBuilding(
            ServerProcess server, String what, String slice, int millis, String[] arguments) throws Exception {
        var api = server.api();
        var reply = new CompletableFuture<HttpResponse<String>>();
        var order = Thread.ofVirtual().start(() -> {
            try {
                reply.complete(api.call("POST", "/v1/slices", Api.slice(slice)));
            } catch (IOException | InterruptedException e) {
                reply.completeExceptionally(e); // killed before it answered: either all is known or nothing
            }
        });
        Await.pass(millis);
        var again = killedAndStarted(server, arguments);
        order.join();
        boolean accepted = !reply.isCompletedExceptionally();
        if (accepted)
            assertThat(reply.join().statusCode()).as(reply.join().body()).isEqualTo(201);
        var known = again.api().state(slice);
        System.err.printf(
                "%s: killed %d ms after the order; accepted: %s, then it was %s%n", what, millis, accepted, known);
        if (accepted)
            assertThat(known).as(what + ": what was accepted is known").isPresent();
        if (known.isEmpty()) return again;
        var state = again.api().await(slice, LIMIT, Api.SETTLED);
        assertThat(state).as(() -> what + again.log()).isIn("StableOK", "Dead");
        if (state.equals("StableOK")) {
            assertIsThereOnce(again, what);
            again.api().delete(slice);
            again.api().await(slice, LIMIT, Set.of("Dead"));
        }
        return again;
    }

    private ServerProcess killedWhileTakingDown(
            ServerProcess server, String what, String slice, int millis, String[] arguments) throws Exception {
        var api = server.api();
        api.create(slice);
        assertThat(api.await(slice, LIMIT, Api.SETTLED)).isEqualTo("StableOK");
        api.delete(slice);
        Await.pass(millis);
        var again = killedAndStarted(server, arguments);
        System.err.printf(
                "%s: killed %d ms after the deletion, then it was %s%n",
                what, millis, again.api().state(slice));
        again.api().await(slice, LIMIT, Set.of("Dead"));
        return again;
    }

    private ServerProcess killedAndStarted(ServerProcess server, String[] arguments) throws Exception {
        long database = server.postgres();
        server.kill();
        Await.that("the database to end with its server", LIMIT, () -> !runs(database));
        return ServerProcess.start(data(), arguments);
    }

    /// One lease and one ticket at the site, and on the host what belongs to the lease.
    private void assertIsThereOnce(ServerProcess server, String what) throws IOException {
        assertThat(server.api().present("leases"))
                .as(what)
                .singleElement()
                .asString()
                .endsWith(" active");
        assertThat(server.api().present("tickets")).as(what).hasSize(1);
        var lease = server.api().present("leases").getFirst().split(" ")[0];
        if (Files.exists(hosts().resolve("renc-am.json")))
            assertThat(SimulatedHosts.things(hosts()))
                    .as(what)
                    .containsExactlyInAnyOrder(lease + " vm", lease + " gpu1", lease + " nvme1");
        else assertThat(guests()).as(what + ": guests").hasSize(1);
    }

    private void assertNothingIsLeft(ServerProcess server, String what, String free) throws IOException {
        var api = server.api();
        Await.that(what + ": all to be free", LIMIT, () -> api.free().equals(free));
        for (var type : List.of("slices", "slivers", "leases", "tickets"))
            assertThat(api.present(type)).as(what + ": " + type).isEmpty();
        Await.that(
                what + ": no process but those that come again",
                LIMIT,
                () -> api.openProcesses().stream().allMatch(Api.COME_AGAIN::contains));
        if (Files.exists(hosts().resolve("renc-am.json")))
            assertThat(SimulatedHosts.things(hosts())).as(what).isEmpty();
        assertThat(guests()).as(what + ": guests").isEmpty();
    }

    private Path hosts() {
        return data().resolve("hosts");
    }

    /// QEMU processes that work in our data directory.
    private List<Long> guests() {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> {
                    try {
                        return Path.of("/proc", pid.toString(), "cwd")
                                        .toRealPath()
                                        .startsWith(data())
                                && Files.readString(Path.of("/proc", pid.toString(), "comm"))
                                        .startsWith("qemu");
                    } catch (IOException _) {
                        return false;
                    }
                })
                .toList();
    }
}
