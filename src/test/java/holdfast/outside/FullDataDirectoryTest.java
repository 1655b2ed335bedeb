package holdfast.outside;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The disk of the data directory is full for a while. Needs root, for a small file system of its own.
class FullDataDirectoryTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private Path scratch;

    @Test
    void on_a_full_disk_changes_are_refused_and_nothing_is_lost() throws Exception {
        var disk = Files.createDirectory(scratch.resolve("disk"));
        Assumptions.assumeTrue(mounted(disk), "a small file system can be mounted");
        try {
            var data = disk.resolve("data");
            var ballast = disk.resolve("ballast");
            try (var server = ServerProcess.start(data, ServerProcess.simulatedSites())) {
                var free = server.api().free();
                server.api().await(server.api().create("before"), LIMIT, Set.of("StableOK"));

                fill(ballast);
                var accepted = new ArrayList<String>();
                int tries = 0;
                var last = server.api().ask("POST", "/v1/slices", Api.slice("during-" + tries));
                while (last.statusCode() == 201 && tries < 300) { // what PostgreSQL has already reserved is used first
                    accepted.add(Json.tree(last.body()).get("id").stringValue());
                    tries++;
                    fill(ballast);
                    last = server.api().ask("POST", "/v1/slices", Api.slice("during-" + tries));
                }
                System.err.println("full disk: after " + tries + " slices: " + last.statusCode() + " " + last.body());
                assertThat(last.statusCode()).as(last.body()).isEqualTo(503);
                assertThat(last.headers().firstValue("Retry-After")).isPresent();
                assertThat(last.body()).contains("disk is full");

                Files.delete(ballast);
                long freed = System.nanoTime();
                var after = server.api().create("after-the-full-disk");
                Await.that(
                        "all to be settled",
                        LIMIT,
                        () -> accepted.stream()
                                .allMatch(slice -> Api.SETTLED.contains(
                                        server.api().state(slice).orElseThrow())));
                server.api().await(after, LIMIT, Api.SETTLED);
                System.err.println("full disk: all settled " + (System.nanoTime() - freed) / 1_000_000
                        + " ms after there was room");
                assertThat(server.api().state("before")).contains("StableOK");

                accepted.add(after);
                for (var slice : accepted) {
                    server.api().delete(slice);
                    server.api().await(slice, LIMIT, Set.of("Dead"));
                }
                assertThat(server.api().present("slices")).hasSize(1);
                server.api().delete("before");
                server.api().await("before", LIMIT, Set.of("Dead"));
                server.api().awaitFree(free, LIMIT);
                server.api().await(server.api().create("kept"), LIMIT, Set.of("StableOK"));
            }
            try (var server = ServerProcess.start(data, ServerProcess.simulatedSites())) {
                assertThat(server.api().state("kept"))
                        .as("and still after a restart")
                        .contains("StableOK");
            }
        } finally {
            run("umount", disk.toString());
        }
    }

    private static boolean mounted(Path disk) throws IOException, InterruptedException {
        if (run("mount", "-t", "tmpfs", "-o", "size=200m,mode=700", "tmpfs", disk.toString()) == 0) return true;
        System.err.println("SKIPPED: no test saw a full disk: only root may mount a small file system");
        return false;
    }

    /// Takes all room that is left.
    private static void fill(Path file) throws IOException {
        try (var channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            for (int size = 1 << 20; size >= 1; ) {
                try {
                    if (channel.write(ByteBuffer.allocate(size)) < size) size /= 2;
                } catch (IOException _) {
                    size /= 2;
                }
            }
        }
    }

    private static int run(String... words) throws IOException, InterruptedException {
        return new ProcessBuilder(words).inheritIO().start().waitFor();
    }
}
