package holdfast.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Backup and restore as an operator does it.
class BackupRoundTripTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private Path scratch;

    @Test
    void a_restored_server_has_the_same_slices_and_goes_on_with_them() throws Exception {
        var data = scratch.resolve("data");
        var backup = scratch.resolve("holdfast.backup");
        String slices;
        String free;
        String empty;
        try (var server = ServerProcess.start(data, ServerProcess.simulatedSites())) {
            empty = server.api().free();
            server.api().await(server.api().create("kept-1"), LIMIT, Set.of("StableOK"));
            server.api().await(server.api().create("kept-2"), LIMIT, Set.of("StableOK"));
            slices = list(server);
            free = server.api().free();

            var early = ServerProcess.run(scratch, "backup", backup.toString(), "--data", data.toString());
            assertThat(early.exit()).as("while the server runs: " + early.out()).isEqualTo(1);
            assertThat(early.out()).contains("in use").doesNotContain("Exception");
            assertThat(backup).doesNotExist();
        }

        var saved = ServerProcess.run(scratch, "backup", backup.toString(), "--data", data.toString());
        assertThat(saved.exit()).as(saved.out()).isZero();
        var again = ServerProcess.run(scratch, "backup", backup.toString(), "--data", data.toString());
        assertThat(again.exit())
                .as("a backup overwrites nothing: " + again.out())
                .isEqualTo(1);

        var other = scratch.resolve("other");
        var restored = ServerProcess.run(scratch, "restore", backup.toString(), "--data", other.toString());
        assertThat(restored.exit()).as(restored.out()).isZero();
        var twice = ServerProcess.run(scratch, "restore", backup.toString(), "--data", other.toString());
        assertThat(twice.exit()).as("only into an empty one: " + twice.out()).isEqualTo(1);
        assertThat(twice.out()).doesNotContain("Exception");
        copyHosts(data, other);

        try (var server = ServerProcess.start(other, ServerProcess.simulatedSites())) {
            assertThat(list(server)).isEqualTo(slices);
            assertThat(server.api().free()).isEqualTo(free);
            for (var slice : java.util.List.of("kept-1", "kept-2")) {
                server.api().delete(slice);
                server.api().await(slice, LIMIT, Set.of("Dead"));
            }
            server.api().awaitFree(empty, LIMIT);
            assertThat(SimulatedHosts.things(other.resolve("hosts"))).isEmpty();
        }
    }

    private static String list(ServerProcess server) throws Exception {
        var ended = server.cli("slice", "list");
        assertThat(ended.exit()).as(ended.out()).isZero();
        assertThat(ended.out()).contains("kept-1", "kept-2", "StableOK");
        return ended.out();
    }

    /// What a backup does not hold and an operator copies: here, the hosts.
    private static void copyHosts(Path from, Path to) throws Exception {
        var hosts = Files.createDirectories(to.resolve("hosts"));
        Files.copy(from.resolve("hosts/renc-am.json"), hosts.resolve("renc-am.json"));
    }
}
