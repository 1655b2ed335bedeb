package holdfast.outside;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.outside.ServerProcess.Ended;
import holdfast.platform.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a user or an operator gets wrong, through the real command line and the real interface: the text says what is
/// wrong and what to do, the exit status says of which kind it is, and nothing is half-built.
class BadInputTest {
    @TempDir
    private static Path scratch;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        server = ServerProcess.start(scratch.resolve("data"), ServerProcess.simulatedSites());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void a_site_that_does_not_exist_is_named_with_those_that_do() throws Exception {
        refused(slice("mars").replace("RENC", "MARS"), 1, "MARS", "RENC", "UKY");
    }

    @Test
    void a_model_that_no_host_has_is_named() throws Exception {
        refused(slice("model").replace("Tesla T4", "Tesla T5"), 1, "Tesla T5");
    }

    @Test
    void a_type_of_component_that_does_not_exist_is_named_with_the_nearest() throws Exception {
        refused(slice("type").replace("GPU", "GPX"), 1, "GPX", "GPU");
    }

    @Test
    void more_cores_than_any_host_has_are_refused_with_the_most_there_are() throws Exception {
        refused(slice("cores").replace("\"cores\": 2", "\"cores\": 4000"), 1, "4000", "64");
    }

    @Test
    void a_slice_for_last_year_is_refused() throws Exception {
        refused(
                slice("past").replace("\"hours\": 2", "\"start\": \"2020-01-01T00:00:00Z\", \"hours\": 2"),
                1,
                "2020-01-01",
                "past");
    }

    @Test
    void a_malformed_graph_is_refused_with_its_line() throws Exception {
        var graph = Files.readString(ServerProcess.ROOT.resolve("examples/fabric/asm-one-vm-two-pci.graphml"));
        var lines = graph.lines().toList();
        var file = Files.write(scratch.resolve("broken.graphml"), lines.subList(0, lines.size() / 2));
        var free = server.api().free();
        var ended = server.cli("slice", "create", file.toString());
        assertThat(ended.exit()).as(ended.out()).isEqualTo(1);
        assertThat(ended.out()).containsPattern("line \\d+").doesNotContain("\tat ", "Exception");
        assertNothingIsKept(free);
    }

    @Test
    void a_second_slice_that_wants_the_last_free_device_is_told_when_there_is_room() throws Exception {
        var free = server.api().free();
        var first = create(fpga("first-fpga"));
        assertThat(first.exit()).as(first.out()).isZero();
        var taken = server.api().free();

        var second = create(fpga("second-fpga"));
        assertThat(second.exit()).as(second.out()).isEqualTo(4);
        assertThat(second.out()).contains("FPGA Xilinx-U280", "earliest start").doesNotContain("Exception");
        var error = server.api().get("/v1/slices/second-fpga?include=slivers").at("/slivers/0/error");
        assertThat(error.path("code").stringValue()).isEqualTo("NoRoom");
        assertThat(Instant.parse(error.path("earliest").stringValue()))
                .as("when the first ends")
                .isBetween(Instant.now().plusSeconds(7000), Instant.now().plusSeconds(7200));
        assertThat(server.api().free()).as("nothing half-built").isEqualTo(taken);
        assertThat(server.api().present("slices")).hasSize(1);

        var gone = server.cli("slice", "delete", "first-fpga");
        assertThat(gone.exit()).as(gone.out()).isZero();
        assertNothingIsKept(free);
        var third = create(fpga("third-fpga"));
        assertThat(third.exit())
                .as("what was given back can be had again: " + third.out())
                .isZero();
        assertThat(server.cli("slice", "delete", "third-fpga").exit()).isZero();
        assertNothingIsKept(free);
    }

    @Test
    void a_wrong_token_lets_nobody_in() throws Exception {
        var token = Files.writeString(scratch.resolve("wrong-token"), "not-the-token");
        var ended =
                ServerProcess.run(scratch, "slice", "list", "--server", server.url(), "--token-file", token.toString());
        assertThat(ended.exit()).as(ended.out()).isEqualTo(5);
        assertThat(ended.out()).contains("--token-file").doesNotContain("Exception");
        var answer = new Api(server.url(), "not-the-token").ask("POST", "/v1/slices", slice("intruder"));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(Json.tree(answer.body()).path("code").stringValue()).isEqualTo("Unauthorized");
    }

    @Test
    void a_port_that_is_taken_is_refused_with_who_has_it() throws Exception {
        try (var holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var ended = up("taken-port", Map.of(), "--port", String.valueOf(holder.getLocalPort()));
            assertThat(ended.exit()).as(ended.out()).isEqualTo(1);
            assertThat(ended.out())
                    .contains(String.valueOf(holder.getLocalPort()), "taken", "--port")
                    .contains(String.valueOf(ProcessHandle.current().pid()))
                    .doesNotContain("Exception");
        }
    }

    @Test
    void a_port_that_another_server_of_ours_has_is_refused_with_how_to_reach_it() throws Exception {
        var ended = up("second-server", Map.of(), "--port", String.valueOf(server.port()));
        assertThat(ended.exit()).as(ended.out()).isEqualTo(1);
        assertThat(ended.out()).contains(server.url(), "already").doesNotContain("Exception");
        assertThat(scratch.resolve("second-server")).doesNotExist();
    }

    @Test
    void a_data_directory_in_use_is_refused_with_the_process_that_uses_it() throws Exception {
        var ended = up("data", Map.of(), "--port", "0");
        assertThat(ended.exit()).as(ended.out()).isEqualTo(1);
        assertThat(ended.out()).contains("in use", String.valueOf(server.pid())).doesNotContain("Exception");
    }

    @Test
    void a_file_in_place_of_the_data_directory_is_refused_and_left_alone() throws Exception {
        var file = Files.writeString(scratch.resolve("a-file"), "mine");
        var ended = up("a-file", Map.of(), "--port", "0");
        assertThat(ended.exit()).as(ended.out()).isEqualTo(1);
        assertThat(ended.out()).contains(file.toString()).doesNotContain("Exception");
        assertThat(file).hasContent("mine");
    }

    /// Where not even root may write.
    @Test
    void a_data_directory_that_cannot_be_written_is_refused() throws Exception {
        var ended = ServerProcess.run(scratch, "up", "--data", "/proc/holdfast", "--port", "0");
        assertThat(ended.exit()).as(ended.out()).isEqualTo(1);
        assertThat(ended.out())
                .contains("/proc/holdfast")
                .contains("cannot be written")
                .doesNotContain("Exception");
    }

    @Test
    void settings_with_a_field_that_does_not_exist_are_refused_with_its_name() throws Exception {
        var config = Files.writeString(scratch.resolve("settings.yaml"), "slices: {longestDay: 3}\n");
        var ended = up("bad-settings", Map.of(), "--port", "0", "--config", config.toString());
        assertThat(ended.exit()).as(ended.out()).isEqualTo(1);
        assertThat(ended.out())
                .contains(config.toString(), "longestDay", "longestDays")
                .doesNotContain("Exception", "holdfast.Settings");
        assertThat(scratch.resolve("bad-settings")).doesNotExist();
    }

    @Test
    void a_database_that_is_not_there_is_refused_with_its_address() throws Exception {
        var ended = up("no-database", Map.of(), "--port", "0", "--database", "jdbc:postgresql://127.0.0.1:1/holdfast");
        assertThat(ended.exit()).as(ended.out()).isEqualTo(1);
        assertThat(ended.out()).contains("127.0.0.1:1").doesNotContain("Exception");
    }

    private static String slice(String name) {
        return Api.slice(name + "-slice");
    }

    /// RENC has one FPGA.
    private static String fpga(String name) {
        return """
                {"name": "%s", "hours": 2, "nodes": [{"name": "node1", "site": "RENC", "cores": 2, "ram": 8, "disk": 10,
                 "components": [{"name": "fpga1", "type": "FPGA", "model": "Xilinx-U280"}]}]}""".formatted(name);
    }

    private static Ended create(String slice) throws IOException, InterruptedException {
        var file = Files.writeString(Files.createTempFile(scratch, "slice-", ".yaml"), slice);
        return server.cli("slice", "create", file.toString());
    }

    private static void refused(String slice, int exit, String... words) throws Exception {
        var free = server.api().free();
        var ended = create(slice);
        assertThat(ended.exit()).as(ended.out()).isEqualTo(exit);
        assertThat(ended.out()).contains(List.of(words)).doesNotContain("Exception");
        assertNothingIsKept(free);
    }

    private static void assertNothingIsKept(String free) {
        var api = server.api();
        assertThat(api.free()).isEqualTo(free);
        for (var type : List.of("slices", "slivers", "leases", "tickets"))
            assertThat(api.present(type)).as(type).isEmpty();
    }

    private static Ended up(String data, Map<String, String> environment, String... more)
            throws IOException, InterruptedException {
        var words = new java.util.ArrayList<>(
                List.of("up", "--data", scratch.resolve(data).toString()));
        words.addAll(List.of(ServerProcess.simulatedSites()));
        words.addAll(List.of(more));
        return ServerProcess.run(scratch, environment, words.toArray(String[]::new));
    }
}
