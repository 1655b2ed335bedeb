package holdfast.outside;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The database goes away for ten seconds while a slice is being built: requests are told so at once, nothing is lost,
/// and all goes on when it is back.
class DatabaseAwayTest {
    private static final long AWAY_MILLIS = 10_000;
    /// Less than the 30 s for which a connection waits; without much else to do it takes 3 to 5 s.
    private static final long AT_ONCE_MILLIS = 20_000;

    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private Path scratch;

    @Test
    void a_slice_is_built_though_the_database_was_stopped_for_ten_seconds() throws Exception {
        try (var postgres = new StoppablePostgres(scratch.resolve("database"));
                var server = server(postgres)) {
            var id = server.api().create("through-an-outage");
            Await.pass(300);
            postgres.stop();
            long since = System.nanoTime();

            Await.that("health to tell", LIMIT, () -> health(server) == 503);
            var health = server.api().ask("GET", "/v1/health", "");
            assertThat(Json.tree(health.body()).path("state").stringValue()).isEqualTo("degraded");
            assertThat(Json.tree(health.body()).path("database").stringValue()).isEqualTo("away");
            long asked = System.nanoTime();
            var refused = server.api().ask("POST", "/v1/slices", Api.slice("in-the-outage"));
            System.err.println("the database is away: 503 after " + millis(asked) + " ms, Retry-After "
                    + refused.headers().firstValue("Retry-After"));
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(millis(asked)).isLessThan(AT_ONCE_MILLIS);
            var command = server.cli("slice", "list");
            assertThat(command.exit()).as(command.out()).isEqualTo(5);
            assertThat(command.out())
                    .contains("database is away", "try again in")
                    .doesNotContain("Exception");

            Await.pass(Math.max(0, AWAY_MILLIS - millis(since)));
            postgres.start();
            long back = System.nanoTime();
            var state = server.api().await(id, LIMIT, Api.SETTLED);
            System.err.println("the slice was settled " + millis(back) + " ms after the database was back");
            assertThat(state).as(server::log).isEqualTo("StableOK");
            assertThat(health(server)).isEqualTo(200);
            assertThat(server.api().state("in-the-outage"))
                    .as("what was refused is not there")
                    .isEmpty();
            server.api().delete(id);
            server.api().await(id, LIMIT, Set.of("Dead"));
            assertThat(server.log())
                    .as("known troubles come without stack traces")
                    .doesNotContain("\n\tat ");
        }
    }

    /// A database that is there but says nothing, as behind a network that swallows packets.
    @Test
    void health_tells_that_the_database_hangs_and_all_goes_on_when_it_does() throws Exception {
        try (var postgres = new StoppablePostgres(scratch.resolve("database"));
                var server = server(postgres)) {
            var id = server.api().create("through-a-standstill");
            Await.pass(300);
            postgres.freeze();
            long since = System.nanoTime();
            try {
                long asked = System.nanoTime();
                int health = health(server);
                System.err.println("the database hangs: health " + health + " after " + millis(asked) + " ms");
                assertThat(health).isEqualTo(503);
                assertThat(millis(asked)).isLessThan(AT_ONCE_MILLIS);
            } finally {
                Await.pass(Math.max(0, AWAY_MILLIS - millis(since)));
                postgres.thaw();
            }
            long back = System.nanoTime();
            assertThat(server.api().await(id, LIMIT, Api.SETTLED))
                    .as(server::log)
                    .isEqualTo("StableOK");
            System.err.println("the slice was settled " + millis(back) + " ms after the database went on");
            Await.that("health to tell that all is well", LIMIT, () -> health(server) == 200);
        }
    }

    private ServerProcess server(StoppablePostgres postgres) throws Exception {
        var config = Files.writeString(
                scratch.resolve("settings.yaml"), "simulated: {machineMillis: 1500, deviceMillis: 500}\n");
        var arguments = new ArrayList<>(List.of(ServerProcess.simulatedSites()));
        arguments.addAll(List.of("--database", postgres.url(), "--config", config.toString()));
        return ServerProcess.start(scratch.resolve("data"), postgres.access(), arguments.toArray(String[]::new));
    }

    private static int health(ServerProcess server) {
        return server.api().ask("GET", "/v1/health", "").statusCode();
    }

    private static long millis(long since) {
        return (System.nanoTime() - since) / 1_000_000;
    }
}
