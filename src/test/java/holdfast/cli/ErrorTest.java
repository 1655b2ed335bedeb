package holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErrorTest {
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_server_that_is_not_there_is_named_with_how_to_start_one() {
        var url = "http://127.0.0.1:" + Ports.free();
        var ended = Run.against(URI.create(url)).command("slice", "list");
        assertThat(ended.exit()).isEqualTo(ExitCode.NO_SERVER);
        assertThat(ended.err()).isEqualTo("""
                holdfast: no Holdfast server at %s: nothing listens there
                  start one with:  holdfast up
                  or name another with --server URL or HOLDFAST_SERVER
                """.formatted(url));
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void a_wrong_token_and_a_missing_one_have_different_ways_out() {
        var wrong = Run.against(server).with("HOLDFAST_TOKEN", "other").command("status");
        assertThat(wrong.exit()).isEqualTo(ExitCode.NO_SERVER);
        assertThat(wrong.err()).contains("the token given is not the one of " + server.url());
        var missing = Run.against(server).without("HOLDFAST_TOKEN").command("status");
        assertThat(missing.exit()).isEqualTo(ExitCode.NO_SERVER);
        assertThat(missing.err()).contains("no token was found").contains("--token-file");
    }

    @Test
    void the_token_is_read_from_the_data_directory_or_a_named_file(@TempDir Path data) throws IOException {
        Files.writeString(data.resolve("token"), FakeServer.TOKEN + "\n");
        server.on("GET /v1/status", "{\"version\":\"1\"}");
        Run.against(server)
                .without("HOLDFAST_TOKEN")
                .command("status", "--data", data.toString())
                .ok();
        Run.against(server)
                .without("HOLDFAST_TOKEN")
                .with("HOLDFAST_DATA", data.toString())
                .command("status")
                .ok();
        Run.against(server)
                .with("HOLDFAST_TOKEN", "x")
                .command("status", "--token-file", data.resolve("token").toString())
                .ok();
        var gone = Run.against(server)
                .command("status", "--token-file", data.resolve("gone").toString());
        assertThat(gone.exit()).isEqualTo(ExitCode.NO_SERVER);
        assertThat(gone.err()).contains("there is no file " + data.resolve("gone"));
    }

    @Test
    void a_token_is_never_written_to_the_screen(@TempDir Path data) throws IOException {
        Files.writeString(data.resolve("token"), "two secrets\n");
        var ended = Run.against(server)
                .command("status", "--token-file", data.resolve("token").toString());
        assertThat(ended.exit()).isEqualTo(ExitCode.NO_SERVER);
        assertThat(ended.err()).doesNotContain("secrets");
    }

    @Test
    void what_is_not_there_has_its_own_exit_status() {
        server.on(
                "GET /v1/slices/nope?include=slivers",
                404,
                FakeServer.error(404, "NotThere", "there is no slice nope"));
        var ended = Run.against(server).command("slice", "show", "nope");
        assertThat(ended.exit()).isEqualTo(ExitCode.NOT_THERE);
        assertThat(ended.err()).isEqualTo("holdfast: there is no slice nope\n");
    }

    @Test
    void no_room_tells_from_when_there_is_some() {
        server.on("POST /v1/slices", 507, """
                {"type":"error","status":507,"code":"NoRoom","message":"RENC has no Tesla T4 free","earliest":"2031-04-06T12:00:00Z"}""");
        var ended = Run.against(server)
                .command(
                        "slice",
                        "create",
                        Run.ROOT.resolve("examples/gpu-and-nvme.yaml").toString());
        assertThat(ended.exit()).isEqualTo(ExitCode.NO_ROOM);
        assertThat(ended.err()).isEqualTo("""
                holdfast: RENC has no Tesla T4 free
                  there is room from 2031-04-06 08:00:  --start '2031-04-06 08:00'
                """);
    }

    @Test
    void everything_that_is_wrong_is_told_with_its_field() {
        server.on("POST /v1/slices", 400, """
                {"type":"error","status":400,"code":"Malformed","message":"there is no site RENK","fieldName":"nodes.node1.site","details":[
                 {"code":"Malformed","message":"there is no site RENK","fieldName":"nodes.node1.site"},
                 {"code":"Malformed","message":"a name is missing","fieldName":"nodes[1].name"}]}""");
        var ended = Run.against(server)
                .command(
                        "slice",
                        "create",
                        Run.ROOT.resolve("examples/one-vm.yaml").toString());
        assertThat(ended.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(ended.err()).isEqualTo("""
                holdfast: there is no site RENK
                  at nodes.node1.site
                  also: a name is missing (at nodes[1].name)
                """);
    }

    @Test
    void a_database_that_is_away_is_worth_another_try() {
        server.on("GET /v1/status", 503, FakeServer.error(503, "Unavailable", "the database is away"));
        var ended = Run.against(server).command("status");
        assertThat(ended.exit()).isEqualTo(ExitCode.NO_SERVER);
        assertThat(ended.err()).contains("the database is away").contains("try again in 5 s");
    }

    @Test
    void another_program_on_the_port_is_not_taken_for_a_server() {
        server.onText("GET /v1/status", "<html>welcome</html>");
        var ended = Run.against(server).command("status");
        assertThat(ended.exit()).isEqualTo(ExitCode.NO_SERVER);
        assertThat(ended.err()).contains("does not look like Holdfast");
    }

    @Test
    void a_wrong_command_line_names_the_help_that_would_tell() {
        var ended = new Run().command("capacity", "--levle", "2");
        assertThat(ended.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(ended.err()).contains("--levle").contains("--level").contains("holdfast capacity --help");
        assertThat(new Run().command("slice").exit()).isEqualTo(ExitCode.USAGE);
        assertThat(new Run().command("capacity", "--level", "7").exit()).isEqualTo(ExitCode.USAGE);
        assertThat(new Run().command("capacity", "--start", "tomorrow").err())
                .contains("--start is not a time: tomorrow");
        assertThat(new Run().command("status", "--server", "ftp://x").err())
                .contains("write it like http://127.0.0.1:8580");
    }

    @Test
    void an_unsound_advertisement_is_refused_with_every_fault(@TempDir Path directory) throws IOException {
        var broken = directory.resolve("broken.graphml");
        Files.writeString(broken, "<graphml><graph>");
        var ended = new Run().command("site", "load", broken.toString());
        assertThat(ended.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(ended.err()).contains("broken.graphml").contains("line");
        assertThat(new Run()
                        .command("site", "load", directory.resolve("none").toString())
                        .exit())
                .isEqualTo(ExitCode.USAGE);
    }
}
