package holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// What the pages say is there: the files they link to, and the commands they tell people to type.
class DocumentationTest {
    private static final Path ROOT =
            Path.of(System.getProperty("holdfast.root", ".")).toAbsolutePath().normalize();
    /// Made by builds and tests; what is in there comes and goes.
    private static final Set<String> NOT_OURS = Set.of("target", "var", ".git");

    private static final CommandLine CLI = Cli.commandLine(Main.wiring());
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern COMMAND = Pattern.compile("\\./holdfast((?:[ \\t]+[^\\s`|;&#()]+)*)");

    @Test
    void relative_links_lead_somewhere() throws IOException {
        var broken = new ArrayList<String>();
        for (var page : pages()) {
            var links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                var target = links.group(1).replaceFirst("#.*", "");
                if (target.isEmpty() || target.contains(":")) continue; // in this page, or elsewhere in the world
                if (!Files.exists(page.resolveSibling(target)))
                    broken.add(ROOT.relativize(page) + " links to " + target);
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void commands_and_their_options_exist() throws IOException {
        var wrong = new ArrayList<String>();
        for (var page : pages()) {
            var commands = COMMAND.matcher(Files.readString(page));
            while (commands.find())
                problem(commands.group(1)).ifPresent(why -> wrong.add(ROOT.relativize(page) + ": " + why));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void a_command_that_does_not_exist_is_noticed() {
        assertThat(problem(" slice list --help")).isEmpty();
        assertThat(problem(" --version")).isEmpty();
        assertThat(problem(" frobnicate FILE")).hasValue("./holdfast frobnicate: there is no such command");
        assertThat(problem(" slice frobnicate")).hasValue("./holdfast slice frobnicate: there is no such command");
        assertThat(problem(" slice list --frobnicate"))
                .hasValue("./holdfast slice list --frobnicate: there is no such option");
    }

    /// What is wrong with the words after `./holdfast`, if anything.
    private static Optional<String> problem(String words) {
        var command = CLI;
        var said = new StringBuilder("./holdfast");
        for (var word : words.strip().split("\\s+")) {
            said.append(' ').append(word);
            if (word.startsWith("-") && !word.matches("-\\d+")) {
                var name = word.replaceFirst("=.*", "");
                if (command.getCommandSpec().findOption(name) == null)
                    return Optional.of(said + ": there is no such option");
            } else if (command.getSubcommands().containsKey(word)) {
                command = command.getSubcommands().get(word);
            } else if (!command.getSubcommands().isEmpty() && word.matches("[a-z][a-z-]*")) {
                return Optional.of(said + ": there is no such command");
            }
        }
        return Optional.empty();
    }

    private static List<Path> pages() throws IOException {
        var pages = new ArrayList<Path>();
        try (Stream<Path> top = Files.list(ROOT)) {
            for (var part : top.filter(
                            each -> !NOT_OURS.contains(each.getFileName().toString()))
                    .toList()) {
                try (Stream<Path> files = Files.walk(part, 3)) {
                    files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
                }
            }
        }
        return pages;
    }
}
