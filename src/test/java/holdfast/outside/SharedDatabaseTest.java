package holdfast.outside;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two server processes on one database share the work; the simulated hosts are those of both.
class SharedDatabaseTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);

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
            var claimed = claims(postgres);
            assertThat(slices)
                    .as("they are under way")
                    .anySatisfy(slice -> assertThat(second.api().state(slice)).contains("Configuring"));
            Await.nothing("claims of the killed server", LIMIT, () -> stillHeld(claimed, claims(postgres)));
            assertThat(claimed.values())
                    .as("taken over before claims lapse by themselves")
                    .allSatisfy(lapse -> assertThat(lapse).isAfter(Instant.now()));
            for (var slice : slices)
                assertThat(second.api().await(slice, LIMIT, Api.SETTLED))
                        .as(second::log)
                        .isEqualTo("StableOK");
            var took = Duration.ofNanos(System.nanoTime() - killed);
            System.err.println("two slices were complete " + took.toMillis()
                    + " ms after one of two servers was killed; alone they take about 3 s");
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

    /// When the claims on processes lapse, whoever made them; each by its process and number.
    private static Map<String, Instant> claims(StoppablePostgres postgres) {
        try (var connection = postgres.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select id || ' ' || claim, run_after from process"
                        + " where result is null and runner is not null")) {
            var found = new HashMap<String, Instant>();
            while (rows.next())
                found.put(rows.getString(1), rows.getTimestamp(2).toInstant());
            return found;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /// Those that have neither ended nor been renewed.
    private static Set<String> stillHeld(Map<String, Instant> before, Map<String, Instant> now) {
        return before.entrySet().stream()
                .filter(now.entrySet()::contains)
                .map(Map.Entry::getKey)
                .collect(toSet());
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
