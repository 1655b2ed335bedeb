package holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `slice create`, `watch` and `delete`: what they send, and how they follow what becomes of it.
class SliceTest {
    private static final String EVENTS = "/v1/slices/" + Samples.ID + "/events";
    private static final String FILE =
            Run.ROOT.resolve("examples/gpu-and-nvme.yaml").toString();

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private static String configuring(String sliver) {
        return Samples.slice("Configuring", sliver);
    }

    @Test
    void each_change_is_told_until_the_slice_is_ready() {
        server.on("POST /v1/slices", 201, configuring(Samples.sliver("ticketing", "")));
        server.stream(
                EVENTS,
                configuring(Samples.sliver("ticketing", "")),
                configuring(Samples.sliver("ticketed", ",\"host\":\"renc-w3\"")),
                configuring(Samples.sliver("redeeming", ",\"host\":\"renc-w3\"")),
                configuring(
                        Samples.sliver("redeeming", Samples.progress(2, "create-vm", "waiting for the guest to boot"))),
                configuring(Samples.sliver("redeeming", Samples.progress(3, "attach-gpu1", ""))),
                Samples.slice("StableOK", Samples.ACTIVE));
        var ended = Run.against(server).command("slice", "create", FILE).ok();
        Run.isGolden("slice-create.err.txt", ended.err());
        Run.isGolden("slice-create.txt", ended.out());
    }

    @Test
    void with_json_only_the_slice_is_on_standard_output() {
        server.on("POST /v1/slices", 201, configuring("")).stream(EVENTS, Samples.slice("StableOK", Samples.ACTIVE));
        var ended = Run.against(server)
                .command("slice", "create", FILE, "-o", "json")
                .ok();
        assertThat(Json.tree(ended.out()).path("state").asString()).isEqualTo("StableOK");
        assertThat(ended.err()).contains("slice demo  StableOK");
    }

    @Test
    void a_slice_that_finds_no_room_ends_with_that_exit_status() {
        server.on("POST /v1/slices", 201, configuring(Samples.sliver("ticketing", "")));
        server.stream(EVENTS, Samples.slice("Closing", Samples.REFUSED), Samples.slice("Dead", Samples.REFUSED));
        var ended = Run.against(server).command("slice", "create", FILE);
        assertThat(ended.exit()).isEqualTo(ExitCode.NO_ROOM);
        assertThat(ended.out()).contains("no host at RENC has GPU Tesla T4").contains("Nothing of it is left");
    }

    @Test
    void a_slice_that_breaks_ends_with_failure() {
        var broken = Samples.sliver("failed", ",\"error\":{\"code\":\"Broken\",\"message\":\"QEMU refuses gpu1\"}");
        server.on("POST /v1/slices", 201, configuring("")).stream(EVENTS, Samples.slice("StableError", broken));
        assertThat(Run.against(server).command("slice", "create", FILE).exit()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void a_stream_that_breaks_off_is_taken_up_again() {
        server.on("POST /v1/slices", 201, configuring(Samples.sliver("ticketing", "")));
        server.stream(EVENTS, configuring(Samples.sliver("ticketing", "")));
        server.on("GET " + EVENTS, 503, FakeServer.error(503, "Unavailable", "the database is away"));
        server.stream(EVENTS, Samples.slice("StableOK", Samples.ACTIVE));
        var ended = Run.against(server).command("slice", "create", FILE).ok();
        assertThat(ended.err()).containsOnlyOnce("the server is away; trying again");
    }

    @Test
    void a_server_that_stays_away_is_given_up() {
        server.on("POST /v1/slices", 201, configuring(""));
        server.on("GET " + EVENTS, 503, FakeServer.error(503, "Unavailable", "the database is away"));
        var ended = Run.against(server).clockThatRuns(70).command("slice", "create", FILE);
        assertThat(ended.exit()).isEqualTo(ExitCode.NO_SERVER);
        assertThat(ended.err()).contains("it has been away for two minutes");
    }

    @Test
    void a_reservation_for_later_is_done_when_it_is_promised() {
        var later = Samples.slice("AllocatedOK", Samples.sliver("ticketed", ",\"host\":\"renc-w3\""))
                .replace("2031-04-05T12:00:00Z\",\"end", "2031-04-06T06:00:00Z\",\"end");
        server.on("POST /v1/slices", 201, configuring("")).stream(EVENTS, Samples.slice("AllocatedOK", ""), later);
        var ended = Run.against(server)
                .command("slice", "create", FILE, "--start", "2031-04-06 02:00")
                .ok();
        assertThat(ended.out()).contains("it will be built at 2031-04-06 02:00");
        assertThat(Json.tree(server.posted()).path("start").asString()).isEqualTo("2031-04-06T06:00:00Z");
    }

    @Test
    void options_go_before_what_the_file_says(@TempDir Path directory) throws IOException {
        var key = directory.resolve("id.pub");
        Files.writeString(key, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGq1 me@here\n");
        server.on("POST /v1/slices", 201, configuring(""));
        Run.against(server)
                .command(
                        "slice",
                        "create",
                        FILE,
                        "--name",
                        "mine",
                        "--end",
                        "+2h",
                        "--ssh-key",
                        key.toString(),
                        "--no-wait")
                .ok();
        var sent = Json.tree(server.posted());
        assertThat(sent.path("name").asString()).isEqualTo("mine");
        assertThat(sent.path("end").asString()).isEqualTo("2031-04-05T14:00:00Z");
        assertThat(sent.has("hours")).isFalse();
        assertThat(sent.path("sshKeys").path(0).asString())
                .isEqualTo("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGq1 me@here");
        assertThat(sent.path("nodes")
                        .path(0)
                        .path("components")
                        .path(1)
                        .path("model")
                        .asString())
                .isEqualTo("P4510");
        assertThat(server.asked()).containsExactly("POST /v1/slices");
    }

    @Test
    void a_private_key_is_not_sent(@TempDir Path directory) throws IOException {
        var key = directory.resolve("id");
        Files.writeString(key, "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n");
        var ended = Run.against(server).command("slice", "create", FILE, "--ssh-key", key.toString());
        assertThat(ended.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(ended.err()).contains("that is the private one");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void graphs_are_sent_as_graphml_in_whichever_form_they_come(@TempDir Path directory) throws IOException {
        server.on("POST /v1/slices", 201, configuring(""));
        var graphMl = Run.ROOT.resolve("examples/fabric/asm-one-vm-two-pci.graphml");
        Run.against(server)
                .command("slice", "create", graphMl.toString(), "--no-wait")
                .ok();
        var sent = Json.tree(server.posted());
        assertThat(sent.path("name").asString()).isEqualTo("asm-one-vm-two-pci");
        assertThat(sent.path("graph").asString()).isEqualTo(Files.readString(graphMl));

        var nodeLink = directory.resolve("slice.json");
        Files.writeString(
                nodeLink,
                holdfast.inventory.NodeLink.write(holdfast.inventory.GraphMl.read(Files.readString(graphMl))));
        server.requests.clear();
        Run.against(server)
                .command("slice", "create", nodeLink.toString(), "--no-wait")
                .ok();
        var graph = holdfast.inventory.GraphMl.read(
                Json.tree(server.posted()).path("graph").asString());
        assertThat(graph).isEqualTo(holdfast.inventory.GraphMl.read(Files.readString(graphMl)));
    }

    @Test
    void a_file_that_is_no_slice_is_refused_with_its_line(@TempDir Path directory) throws IOException {
        var file = directory.resolve("bad.yaml");
        Files.writeString(file, "name: x\nnodes: [\n  {name: a\n");
        assertThat(Run.against(server)
                        .command("slice", "create", file.toString())
                        .err())
                .contains("bad.yaml, line ");
        Files.writeString(file, "hello\n");
        assertThat(Run.against(server)
                        .command("slice", "create", file.toString())
                        .err())
                .contains("does not describe a slice");
        Files.writeString(file, "");
        assertThat(Run.against(server)
                        .command("slice", "create", file.toString())
                        .err())
                .contains("is empty");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThat(Run.against(server)
                        .command("slice", "create", file.toString())
                        .err())
                .contains("not a text in UTF-8");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void a_dry_run_keeps_nothing() {
        server.on("POST /v1/slices?dryRun=true", Samples.slice("", Samples.sliver("", "")));
        var ended = Run.against(server)
                .command("slice", "create", FILE, "--dry-run")
                .ok();
        Run.isGolden("slice-dry-run.txt", ended.out());
        assertThat(server.asked()).containsExactly("POST /v1/slices?dryRun=true");
    }

    @Test
    void watching_writes_a_line_of_json_for_each_change() {
        server.on("GET /v1/slices/demo", Samples.slice("Configuring", ""));
        server.stream(EVENTS, configuring(""), Samples.slice("StableOK", ""));
        var ended = Run.against(server)
                .command("slice", "watch", "demo", "--until-settled", "-o", "json")
                .ok();
        assertThat(ended.out().lines().map(line -> Json.tree(line).path("state").asString()))
                .containsExactly("Configuring", "StableOK");
    }

    @Test
    void on_a_terminal_progress_is_redrawn_in_place() {
        server.on("GET /v1/slices/demo", Samples.slice("Configuring", ""));
        server.stream(
                EVENTS,
                configuring(Samples.sliver("redeeming", Samples.progress(3, "attach-gpu1", ""))),
                Samples.slice("StableOK", Samples.ACTIVE));
        var ended = Run.against(server)
                .terminal(80)
                .command("slice", "watch", "demo", "--until-settled")
                .ok();
        Run.isGolden("slice-watch-terminal.txt", ended.out().replace("\033", "<ESC>"));
    }

    @Test
    void deleting_waits_until_each_slice_is_gone() {
        server.on("DELETE /v1/slices/demo", 202, Samples.slice("Closing", ""));
        server.stream(EVENTS, Samples.slice("Closing", ""), Samples.slice("Dead", ""));
        assertThat(Run.against(server).command("slice", "delete", "demo").ok().out())
                .isEqualTo("demo is gone\n");
        server.on("DELETE /v1/slices/other", 202, Samples.slice("Closing", ""));
        assertThat(Run.against(server)
                        .command("slice", "delete", "other", "--no-wait")
                        .ok()
                        .out())
                .contains("is being taken down");
    }
}
