package holdfast.outside;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import holdfast.platform.Ports;
import holdfast.protocol.rear.StepTexts;
import holdfast.protocol.rear.Workflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// A server that is a domain of its own: its site is the lab of the simulation, two hosts of 8 cores.
final class DomainServer implements AutoCloseable {
    static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Path LAB = ServerProcess.ROOT.resolve("src/test/resources/sim/lab-ad.graphml");

    private final Path data;
    private final int port = Ports.free();
    private final Path config;
    private ServerProcess server;

    DomainServer(Path scratch, String name) throws IOException, InterruptedException {
        this(scratch, name, name, "");
    }

    /// One of several nodes of a domain.
    ///
    /// @param more of the settings, such as `, role: supernode`
    DomainServer(Path scratch, String name, String domain, String more) throws IOException, InterruptedException {
        data = scratch.resolve(name);
        config = Files.writeString(
                scratch.resolve(name + ".yaml"),
                "federation: {nodeId: %s, domain: %s.example, advertised: \"127.0.0.1:%d\", port: %d, auth: none%s}"
                        .formatted(name, domain, port, port, more));
        server = start();
    }

    private ServerProcess start() throws IOException, InterruptedException {
        return ServerProcess.start(data, "--config", config.toString(), "--site", LAB + "=simulated");
    }

    /// Dies as by a power cut, and is started again on what it left.
    void dieAndRise() throws IOException, InterruptedException {
        server.kill();
        server = start();
    }

    /// Where other domains ask it.
    String address() {
        return "127.0.0.1:" + port;
    }

    Api api() {
        return server.api();
    }

    String token() {
        return server.token();
    }

    /// What a command writes that is given something to read.
    String piped(String input, String... words) throws IOException, InterruptedException {
        var ended = server.piped(input, words);
        assertThat(ended.exit()).as(ended.out()).isZero();
        return ended.out();
    }

    /// A command that must succeed.
    String cli(String... words) throws IOException, InterruptedException {
        var ended = server.cli(words);
        assertThat(ended.exit()).as(ended.out()).isZero();
        return ended.out();
    }

    static String slice(String name, int cores, boolean elsewhere) {
        return """
                {"name": "%s", "hours": 2, "elsewhere": %s,
                 "nodes": [{"name": "node1", "site": "LAB", "cores": %d, "ram": 8, "disk": 10}]}""".formatted(name, elsewhere, cores);
    }

    String create(String body) {
        var answer = api().ask("POST", "/v1/slices", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Json.tree(answer.body()).get("id").stringValue();
    }

    /// Takes both hosts of the lab, whole.
    void fill() {
        for (var name : List.of("own-1", "own-2")) {
            assertThat(api().await(create(slice(name, 8, false)), LIMIT, Api.SETTLED))
                    .isEqualTo("StableOK");
        }
    }

    /// @param collection which may have parameters
    Stream<JsonNode> all(String collection) {
        var more = collection.contains("?") ? "&" : "?";
        var page = api().get("/v1/" + collection + more + "limit=1000").path("data");
        return StreamSupport.stream(page.spliterator(), false);
    }

    /// Does now what it does again and again.
    void execute(String task) {
        task(task).forEach(one -> {
            var path = "/v1/tasks/" + one.path("id").asString() + "?action=execute";
            assertThat(api().ask("POST", path, "").statusCode()).isEqualTo(202);
        });
    }

    /// What came of it the last time.
    String said(String task) {
        return task(task)
                .map(one -> one.path("lastOutcome").asString(""))
                .findFirst()
                .orElse("");
    }

    private Stream<JsonNode> task(String name) {
        return all("tasks").filter(one -> one.path("name").asString().equals(name));
    }

    List<String> states(String collection) {
        return all(collection).map(one -> one.path("state").asString()).toList();
    }

    /// The name under which the first flavor is listed.
    String listed() {
        return all("flavors").findFirst().orElseThrow().path("listing").asString();
    }

    /// The numbers of all steps of a workflow that it has noted.
    Set<String> steps(Workflow workflow) {
        var noted = api().get("/v1/journal?kind=step&limit=1000").path("data");
        return StepTexts.numbers(
                workflow,
                noted.valueStream().map(entry -> entry.path("why").asString()).toList());
    }

    @Override
    public void close() {
        server.close();
    }
}
