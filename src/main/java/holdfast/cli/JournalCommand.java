package holdfast.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `journal`.
@Command(
        name = "journal",
        description = "Shows who moved what from which state to which, when and why; oldest first.",
        footer = {"", "Example:  holdfast journal --type sliver --after 120"})
final class JournalCommand extends RemoteCommand {
    @Option(
            names = "--after",
            paramLabel = "N",
            description = "Only entries with a greater number. Default: the newest entries.")
    private Optional<Long> after = Optional.empty();

    @Option(names = "--resource", paramLabel = "ID", description = "Only entries of this thing.")
    private Optional<String> resource = Optional.empty();

    @Option(names = "--type", paramLabel = "TYPE", description = "Only entries of this type, such as slice or lease.")
    private Optional<String> type = Optional.empty();

    @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: ${DEFAULT-VALUE}.")
    private int limit = 100;

    JournalCommand(Wiring wiring) {
        super(wiring);
    }

    @Override
    public Integer call() {
        var parameters = new LinkedHashMap<String, Optional<String>>();
        parameters.put("after", after.map(String::valueOf));
        parameters.put("resource", resource);
        parameters.put("type", type);
        var entries = client().list(List.of("journal"), parameters, limit);
        output.writeAll(
                terminal(),
                entries,
                () -> {
                    var table = Table.of(">NO", "AT", "TYPE", "NAME", "FROM", "TO", "BY", "~WHY");
                    for (var entry : entries)
                        table.row(
                                Nodes.text(entry, "id"),
                                Times.seconds(
                                        Nodes.text(entry, "at"), terminal().zone()),
                                Nodes.text(entry, "resourceType"),
                                Nodes.text(entry, "name"),
                                SliceView.dash(Nodes.text(entry, "from")),
                                Table.state(Nodes.text(entry, "to")),
                                Nodes.text(entry, "who"),
                                Nodes.text(entry, "why"));
                    return table;
                },
                "No entries.\n");
        return ExitCode.OK;
    }
}
