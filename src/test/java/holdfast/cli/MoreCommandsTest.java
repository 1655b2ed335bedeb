package holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.CannotStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `up`, `doctor`, `backup` and `restore`, as far as they end by themselves.
class MoreCommandsTest {
    @Test
    void a_second_server_on_a_port_is_told_of_the_first() {
        try (var server = new FakeServer().on("GET /v1/health", "{\"state\":\"ok\"}")) {
            var ended = new Run()
                    .command("up", "--port", String.valueOf(server.url().getPort()));
            assertThat(ended.exit()).isEqualTo(ExitCode.FAILED);
            assertThat(ended.err()).contains("a Holdfast server runs at " + server.url() + " already");
        }
    }

    @Test
    void what_keeps_a_server_from_starting_is_told_in_words() {
        var ended = new Run()
                .launching(_ -> {
                    throw new CannotStartException("port 8580 is taken by process 7 (nginx)");
                })
                .command("up", "--port", "0");
        assertThat(ended.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(ended.err()).isEqualTo("holdfast: port 8580 is taken by process 7 (nginx)\n");
    }

    @Test
    void up_passes_on_what_it_is_told(@TempDir Path data) throws IOException {
        var site = Files.writeString(data.resolve("lab=1.graphml"), "<graphml/>");
        var seen = new java.util.concurrent.atomic.AtomicReference<ServerLauncher.Options>();
        var ended = new Run()
                .launching(options -> {
                    seen.set(options);
                    throw new CannotStartException("enough seen");
                })
                .command(
                        "up",
                        "--port",
                        "0",
                        "--data",
                        data.toString(),
                        "--database",
                        "jdbc:x",
                        "--site",
                        site + "=qemu");
        assertThat(ended.err()).contains("enough seen");
        assertThat(seen.get().sites()).containsExactly(new ServerLauncher.Site(site, "qemu"));
        assertThat(seen.get().firstSites())
                .hasSize(3)
                .allMatch(first -> first.driver().equals("auto"));
        assertThat(seen.get().database()).contains("jdbc:x");
        assertThat(seen.get().data()).isEqualTo(data);
        assertThat(new Run().command("up", "--site", "/nowhere=qemu").exit()).isEqualTo(ExitCode.NOT_THERE);
        assertThat(new Run().command("up", "--port", "70000").exit()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void the_doctor_tells_what_is_missing_and_the_way_out(@TempDir Path data) {
        var ill = new Run().command("doctor", "--data", data.toString());
        assertThat(ill.exit()).isEqualTo(ExitCode.MISSING);
        assertThat(ill.out())
                .contains("there is no QEMU; only simulated ones")
                .contains("virtual machines:\n  apt-get install qemu");
        var json = new Run()
                .on((_, _, _) -> new SubstrateCheck.Real("QEMU 7.2"))
                .command("doctor", "--data", data.toString(), "-o", "json");
        assertThat(json.out()).contains("\"words\" : \"QEMU 7.2\"");
    }

    @Test
    void backups_overwrite_nothing(@TempDir Path data) throws IOException {
        var copies = new Backups() {
            @Override
            public long save(Path from, Optional<String> database, Path file) {
                return 2048;
            }

            @Override
            public void restore(Path file, Path to, Optional<String> database) {}
        };
        var there = Files.writeString(data.resolve("there"), "x");
        var run = new Run().backedUpBy(copies);
        assertThat(run.command("backup", there.toString(), "--data", data.toString())
                        .exit())
                .isEqualTo(ExitCode.FAILED);
        assertThat(run.command("backup", data.resolve("new").toString(), "--data", data.toString())
                        .ok()
                        .out())
                .contains("(2 KB)");
        assertThat(run.command("backup", "x", "--data", data.resolve("none").toString())
                        .exit())
                .isEqualTo(ExitCode.NOT_THERE);
        assertThat(run.command("restore", there.toString(), "--data", data.toString())
                        .ok()
                        .out())
                .contains("holdfast up --data " + data);
        assertThat(run.command("restore", data.resolve("none").toString()).exit())
                .isEqualTo(ExitCode.NOT_THERE);
    }

    @Test
    void examples_in_short_form_are_read() {
        for (var name : List.of("one-vm", "two-vms", "gpu-and-nvme")) {
            var slice = SliceFile.read(Run.ROOT.resolve("examples/" + name + ".yaml"));
            assertThat(slice.path("name").asString()).isEqualTo(name);
            assertThat(slice.path("nodes")).isNotEmpty();
        }
    }
}
