package holdfast.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two server processes on one database share the work; the simulated hosts are those of both.
class SharedDatabaseTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /// Far less than the 30 s after which a claim lapses by itself.
    private static final Duration TAKE_OVER = Duration.ofSeconds(15);

    @TempDir
    private Path scratch;

    @Test
    void what_a_killed_server_had_claimed_is_finished_by_the_other() throws Exception {
        try (var postgres = new StoppablePostgres(scratch.resolve("database"));
                var first = server("first", postgres);
                var second = server("second", postgres)) {
            var free = second.api().free();
            var slices = new ArrayList<String>();
            for (int n = 0; n < 2; n++) slices.add(first.api().create("shared-" + n));
            Await.that("the hosts to be at work", LIMIT, () -> !things().isEmpty());
            first.kill();
            long killed = System.nanoTime();
            assertThat(slices)
                    .as("they are under way")
                    .anySatisfy(slice -> assertThat(second.api().state(slice)).contains("Configuring"));
            for (var slice : slices)
                assertThat(second.api().await(slice, LIMIT, Api.SETTLED))
                        .as(second::log)
                        .isEqualTo("StableOK");
            var took = Duration.ofNanos(System.nanoTime() - killed);
            System.err.println("two slices were complete " + took.toMillis()
                    + " ms after one of two servers was killed; alone they take about 3 s");
            assertThat(took).isLessThan(TAKE_OVER);
            assertThat(things()).as("each machine and device once").hasSize(6);
            assertNothingWasMadeTwice();

            for (var slice : slices) second.api().delete(slice);
            for (var slice : slices) second.api().await(slice, LIMIT, Set.of("Dead"));
            Await.that("all to be free", LIMIT, () -> second.api().free().equals(free));
            assertThat(things()).isEmpty();
        }
    }

    @Test
    void both_servers_work_and_see_the_same() throws Exception {
        try (var postgres = new StoppablePostgres(scratch.resolve("database"));
                var first = server("first", postgres);
                var second = server("second", postgres)) {
            var slices = new ArrayList<String>();
            for (int n = 0; n < 4; n++)
                slices.add((n % 2 == 0 ? first : second).api().create("together-" + n, n < 2 ? "RENC" : "UKY"));
            for (var slice : slices) {
                assertThat(first.api().await(slice, LIMIT, Api.SETTLED))
                        .as(() -> first.log() + second.log())
                        .isEqualTo("StableOK");
                assertThat(second.api().state(slice)).contains("StableOK");
            }
            assertThat(things()).hasSize(12);
            assertNothingWasMadeTwice();
            for (var slice : slices) second.api().delete(slice);
            for (var slice : slices) first.api().await(slice, LIMIT, Set.of("Dead"));
            assertThat(things()).isEmpty();
        }
    }

    private ServerProcess server(String name, StoppablePostgres postgres) throws Exception {
        var config = Files.writeString(
                scratch.resolve(name + ".yaml"),
                "simulated: {machineMillis: 1500, deviceMillis: 500, directory: " + hosts() + "}\n");
        var arguments = new ArrayList<>(List.of(ServerProcess.simulatedSites()));
        arguments.addAll(List.of("--database", postgres.url(), "--config", config.toString()));
        return ServerProcess.start(scratch.resolve(name), postgres.access(), arguments.toArray(String[]::new));
    }

    private Path hosts() {
        return scratch.resolve("hosts");
    }

    private Set<String> things() {
        return new TreeSet<>(SimulatedHosts.things(hosts()));
    }

    private void assertNothingWasMadeTwice() {
        assertThat(SimulatedHosts.madeMoreThanOnce(hosts())).isEmpty();
    }
}
