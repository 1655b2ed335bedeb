package holdfast.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.engine.Hooks;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.ProcessDefinition.Ending;
import holdfast.engine.Processes;
import holdfast.engine.Resource;
import holdfast.engine.Step;
import holdfast.engine.handlers.Calls;
import holdfast.engine.handlers.Handlers;
import holdfast.engine.handlers.Merging;
import holdfast.engine.handlers.View;
import holdfast.engine.types.Move;
import holdfast.engine.types.ResourceType;
import holdfast.engine.types.Types;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// The handlers in `examples/handlers`, run by the commands of their pages. What they register is stored by the test.
@Timeout(120)
class ExampleHandlersTest {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("holdfast.root", ".")).toAbsolutePath().resolve("examples/handlers");
    private static final Pattern COMMAND = Pattern.compile("```sh\n(.*?)\n```", Pattern.DOTALL);
    private static final Pattern BODY = Pattern.compile("-d '(.*)'");

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(test, SimulatedSettings.PERFECT);

    @TempDir
    private Path scratch;

    private final Platform platform = Platform.real();
    private final Types types = new Types();
    private final Handlers handlers = new Handlers(
            domain.database,
            domain.engine.resources(),
            new Calls(platform, domain.engine.processes(), View.PLAIN),
            new Merging(types));
    private final Map<String, Hooks.Plan> plans = new ConcurrentHashMap<>();
    private final List<Process> running = new ArrayList<>();

    ExampleHandlersTest() {
        types.replace(List.of(new ResourceType(
                "instance",
                "instances",
                Optional.empty(),
                "",
                List.of(),
                List.of(),
                false,
                ResourceType.Rights.ALL,
                ResourceType.Origin.FILE)));
        define("instance.start", Move.of(Set.of("stopped"), "starting", "running", "failed"));
        define("instance.remove", Move.of(Set.of("running"), "removing", "removed", "failed"));
    }

    private void define(String process, Move move) {
        domain.engine.definitions().add(ProcessDefinition.of(process, move, _ -> steps(process), Ending.NONE));
    }

    private List<Step> steps(String process) {
        var plan = plans.getOrDefault(process, Hooks.Plan.NONE);
        return Stream.of(
                        plan.on().stream().map(hook -> handlers.step(hook, "logic")),
                        Stream.of(Step.of("own", _ -> Outcome.done())),
                        plan.after().stream().map(hook -> handlers.step(hook, "post")))
                .flatMap(steps -> steps)
                .toList();
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (var process : running) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    /// The commands of an example's page: how it is registered, and how it is run.
    private static List<String> commands(String example) throws IOException {
        var commands = COMMAND.matcher(
                        Files.readString(EXAMPLES.resolve(example).resolve("README.md")))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(commands).hasSize(2);
        return commands;
    }

    private void register(String command) {
        var body = BODY.matcher(command);
        assertThat(body.find()).isTrue();
        JsonNode handler = Json.tree(body.group(1));
        insert("externalHandler", handler.path("name").asString(), "active", handler);
        for (var process : List.of("instance.start", "instance.remove")) {
            plans.put(process, handlers.plan(process));
        }
    }

    /// Runs a copy, so that nothing is left in the examples.
    private Path run(String example, String command) throws IOException {
        for (var folder : new HashSet<>(List.of("python", example))) {
            var to = Files.createDirectories(scratch.resolve(folder));
            try (var files = Files.list(EXAMPLES.resolve(folder))) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        var builder = new ProcessBuilder("sh", "-c", command)
                .directory(scratch.resolve(example).toFile())
                .inheritIO();
        builder.environment().put("HOLDFAST_URL", domain.server.address().toString());
        builder.environment().put("HOLDFAST_TOKEN", domain.admin);
        running.add(builder.start());
        return scratch.resolve(example);
    }

    private UUID insert(String type, String name, String state, Object data) {
        return domain.database.inTransaction(tx -> {
            var fresh = domain.engine
                    .resources()
                    .fresh(platform.newId(), type, "broker", Optional.empty(), name, state, "default", data);
            domain.engine.resources().insert(tx, fresh, "test", "");
            return fresh.id();
        });
    }

    private void schedule(String process, UUID instance) {
        domain.database
                .inTransaction(
                        tx -> domain.engine.processes().schedule(tx, Processes.Request.now(process, instance, "test")))
                .orThrow();
    }

    private Resource look(UUID id) {
        return domain.database
                .inTransaction(tx -> domain.engine.resources().find(tx, id))
                .orElseThrow();
    }

    private void awaitState(UUID instance, String state) {
        domain.waitFor(() -> look(instance).state().equals(state));
    }

    @ParameterizedTest
    @CsvSource({"python, Python", "shell, shell", "node, JavaScript"})
    void an_example_takes_part_when_it_is_run_as_its_page_says(String example, String language) throws Exception {
        var commands = commands(example);
        register(commands.getFirst());
        var instance = insert("instance", "web-1", "stopped", Map.of());
        schedule("instance.start", instance);
        run(example, commands.getLast());
        awaitState(instance, "running");
        assertThat(look(instance).content().path("description").asString()).isEqualTo("greeted by " + language);
    }

    @Test
    void a_machine_counts_as_started_when_its_name_is_in_the_hosts_file() throws Exception {
        var commands = commands("dns");
        register(commands.getFirst());
        var home = run("dns", commands.getLast());
        var first = insert("instance", "web-1", "stopped", Map.of());
        var second = insert("instance", "web-2", "stopped", Map.of("primaryIpAddress", "10.9.8.7"));
        schedule("instance.start", first);
        awaitState(first, "running");
        assertThat(Files.readString(home.resolve("hosts"))).isEqualTo("10.42.0.1 web-1 # instance " + first + "\n");
        assertThat(look(first).content().at("/data/dns/address").asString()).isEqualTo("10.42.0.1");
        schedule("instance.start", second);
        awaitState(second, "running");
        assertThat(Files.readAllLines(home.resolve("hosts")))
                .containsExactly("10.42.0.1 web-1 # instance " + first, "10.9.8.7 web-2 # instance " + second);
        schedule("instance.remove", first);
        awaitState(first, "removed");
        assertThat(Files.readAllLines(home.resolve("hosts"))).containsExactly("10.9.8.7 web-2 # instance " + second);

        var wrong = insert("instance", "no such name", "stopped", Map.of());
        schedule("instance.start", wrong);
        domain.waitFor(() -> look(wrong).message().orElse("").contains("cannot be the name of a host"));
        assertThat(look(wrong).state()).isEqualTo("starting");
    }
}
