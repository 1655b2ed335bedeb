package holdfast.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `graph`: the life of a type of resource, or one process of it, as a picture.
@Command(
        name = "graph",
        description = "Draws the states of a type of resource and the processes that lead from one to the other.",
        footer = {
            "",
            "Examples:",
            "  holdfast graph instance",
            "  holdfast graph instance --form svg --out instance.svg",
            "  holdfast graph instance.start --form dot",
            ""
        })
final class GraphCommand extends RemoteCommand {
    /// What the picture is written as.
    enum Form {
        TABLE,
        DOT,
        SVG
    }

    @Parameters(paramLabel = "NAME", description = "A type such as instance, or a process such as instance.start.")
    private String name = "";

    @Option(
            names = "--form",
            paramLabel = "FORM",
            description = "table, dot (text for Graphviz) or svg. Default: ${DEFAULT-VALUE}.")
    private Form form = Form.TABLE;

    @Option(names = "--out", paramLabel = "FILE", description = "Write it to this file.")
    private Optional<Path> out = Optional.empty();

    GraphCommand(Wiring wiring) {
        super(wiring);
    }

    @Override
    public Integer call() {
        boolean process = name.contains(".");
        var at = process ? List.of("processdefinitions", "1pd!" + name) : List.of("resourcedefinitions", "1rd!" + name);
        if (form == Form.TABLE) {
            var found = process
                    ? List.of(client().get(Client.path(at, Map.of())))
                    : Nodes.items(client().get(Client.path(at.getFirst(), at.getLast(), "processes")));
            output.writeAll(terminal(), found, () -> table(found), "Nothing leads from state to state here.\n");
            return ExitCode.OK;
        }
        var link = (process ? "process" : "resource") + form.name().toLowerCase(Locale.ROOT);
        var picture =
                client().text(Client.path(at.getFirst(), at.getLast(), link)).stripTrailing() + "\n";
        if (out.isEmpty()) {
            terminal().print(picture.stripTrailing());
        } else {
            write(out.get(), picture);
        }
        return ExitCode.OK;
    }

    private void write(Path file, String picture) {
        try {
            Files.writeString(file, picture);
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, file + " cannot be written: " + e.getMessage());
        }
        terminal().note("written to " + file);
    }

    private static Table table(List<JsonNode> processes) {
        var table = Table.of("PROCESS", "FROM", "THROUGH", "TO");
        for (var process : processes) {
            for (var start : Nodes.items(process, "stateTransitions")) {
                if (!Nodes.text(start, "type").equals("TRANSITIONING")) continue;
                var through = Nodes.text(start, "toState");
                for (var done : Nodes.items(process, "stateTransitions")) {
                    if (Nodes.text(done, "type").equals("DONE")
                            && Nodes.text(done, "fromState").equals(through))
                        table.row(
                                Nodes.text(process, "name"),
                                state(start, "fromState"),
                                state(start, "toState"),
                                state(done, "toState"));
                }
            }
        }
        return table;
    }

    private static String state(JsonNode transition, String end) {
        var field = Nodes.text(transition, "field");
        return (field.isEmpty() || field.equals("state") ? "" : field + ":") + Nodes.text(transition, end);
    }
}
