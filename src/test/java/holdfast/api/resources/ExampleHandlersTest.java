package holdfast.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.platform.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// The handlers in `examples/handlers`, registered and run by the very commands of their pages.
@Timeout(300)
class ExampleHandlersTest {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("holdfast.root", ".")).toAbsolutePath().resolve("examples/handlers");
    private static final Pattern COMMAND = Pattern.compile("```sh\n(.*?)\n```", Pattern.DOTALL);

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(test, SimulatedSettings.PERFECT);

    @TempDir
    private Path scratch;

    private final List<Process> running = new ArrayList<>();

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

    private void register(String example) throws Exception {
        var command = start(EXAMPLES.resolve(example), commands(example).getFirst());
        assertThat(command.waitFor()).isZero();
        domain.waitFor(() -> domain.get(domain.admin, "/v1/externalhandlers")
                .json()
                .at("/data/0/state")
                .asString("")
                .equals("active"));
    }

    /// Runs a copy, so that nothing is left in the examples.
    private Path run(String example) throws IOException {
        for (var folder : new HashSet<>(List.of("python", example))) {
            var to = Files.createDirectories(scratch.resolve(folder));
            try (var files = Files.list(EXAMPLES.resolve(folder))) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        start(scratch.resolve(example), commands(example).getLast());
        return scratch.resolve(example);
    }

    private Process start(Path folder, String command) throws IOException {
        var builder = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .inheritIO();
        builder.environment().put("HOLDFAST_URL", domain.server.address().toString());
        builder.environment().put("HOLDFAST_TOKEN", domain.admin);
        var process = builder.start();
        running.add(process);
        return process;
    }

    private JsonNode instance(String name) {
        var made = domain.post(
                domain.admin,
                "/v1/instances",
                Json.text(Json.object().put("name", name).put("startOnCreate", true)));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json();
    }

    private JsonNode look(JsonNode instance) {
        return domain.get(domain.admin, "/v1/instances/" + instance.get("id").stringValue())
                .json();
    }

    private void awaitState(JsonNode instance, String state) {
        domain.waitFor(() -> look(instance).get("state").stringValue().equals(state));
    }

    @ParameterizedTest
    @CsvSource({"python, Python", "shell, shell", "node, JavaScript"})
    void an_example_takes_part_when_it_is_run_as_its_page_says(String example, String language) throws Exception {
        register(example);
        var instance = instance("web-1");
        domain.waitFor(
                () -> look(instance).get("transitioningMessage").asString("").contains("waiting for handler"));
        assertThat(look(instance).get("state").stringValue()).isEqualTo("starting");
        run(example);
        awaitState(instance, "running");
        assertThat(look(instance).get("description").asString()).isEqualTo("greeted by " + language);
    }

    @Test
    void a_machine_counts_as_started_when_its_name_is_in_the_hosts_file() throws Exception {
        register("dns");
        var hosts = run("dns").resolve("hosts");
        var first = instance("web-1");
        awaitState(first, "running");
        assertThat(Files.readAllLines(hosts))
                .containsExactly("10.42.0.1 web-1 # instance " + first.get("id").stringValue());
        assertThat(look(first)
                        .at("/data/fields/dns/address")
                        .asString(look(first).at("/data/dns/address").asString("")))
                .isEqualTo("10.42.0.1");
        var second = instance("web-2");
        awaitState(second, "running");
        assertThat(Files.readAllLines(hosts)).hasSize(2);
        var id = first.get("id").stringValue();
        domain.post(domain.admin, "/v1/instances/" + id + "/?action=stop", "{}");
        awaitState(first, "stopped");
        domain.delete(domain.admin, "/v1/instances/" + id);
        awaitState(first, "removed");
        assertThat(Files.readAllLines(hosts))
                .containsExactly(
                        "10.42.0.2 web-2 # instance " + second.get("id").stringValue());

        var wrong = instance("no such name");
        domain.waitFor(
                () -> look(wrong).get("transitioningMessage").asString("").contains("cannot be the name of a host"));
        assertThat(look(wrong).get("state").stringValue()).isEqualTo("starting");
    }
}
