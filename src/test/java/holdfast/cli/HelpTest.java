package holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Commands;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class HelpTest {
    @TestFactory
    List<DynamicTest> each_command_helps() {
        var tests = new ArrayList<DynamicTest>();
        collect(commands(), "holdfast", tests);
        return tests;
    }

    private static void collect(CommandLine command, String name, List<DynamicTest> tests) {
        tests.add(DynamicTest.dynamicTest(
                name, () -> Run.isGolden("help/" + name.replace(' ', '-') + ".txt", command.getUsageMessage())));
        command.getSubcommands().forEach((sub, line) -> collect(line, name + " " + sub, tests));
    }

    private static CommandLine commands() {
        var nothing = new PrintWriter(new StringWriter());
        var terminal = new Terminal(nothing, nothing, false, false, false, 100_000, java.time.ZoneOffset.UTC);
        var wiring = new Wiring(
                terminal,
                holdfast.platform.Platform.seeded(1, java.time.InstantSource.fixed(Run.NOW)),
                java.util.Map.of(),
                Run.ROOT,
                "9.9",
                _ -> {
                    throw new AssertionError();
                },
                (_, _, _) -> new SubstrateCheck.Real(""),
                new Backups() {
                    @Override
                    public long save(Path data, java.util.Optional<String> database, Path file) {
                        return 0;
                    }

                    @Override
                    public void restore(Path file, Path data, java.util.Optional<String> database) {}
                });
        return Cli.commandLine(wiring);
    }

    @Test
    void help_and_a_bare_command_are_answered_without_a_server() {
        assertThat(new Run().command().ok().out()).startsWith("Usage: holdfast [OPTIONS] COMMAND");
        assertThat(new Run().command("slice", "create", "--help").ok().out()).contains("Exit status:");
        assertThat(new Run().command("help", "demo").ok().out()).startsWith("Usage: holdfast demo");
    }

    @Test
    void the_completion_script_is_one_that_bash_takes(@TempDir Path directory) throws IOException {
        var script = directory.resolve("completion");
        Files.writeString(script, new Run().command("completion").ok().out());
        var said = Commands.run("bash", "-c", "source " + script + " && complete -p holdfast");
        assertThat(said.output()).contains("_complete_holdfast");
        assertThat(said.ok()).isTrue();
        assertThat(Files.readString(script)).contains("--ssh-key").contains("journal");
    }
}
