package holdfast.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `capacity`: the resource query.
@Command(
        name = "capacity",
        description = "Shows what there is and how much of it is free, now or over a time. Numbers are free/all.",
        footer = {
            "",
            "Examples:",
            "  holdfast capacity --level 2",
            "  holdfast capacity --start 2031-04-05 --end 2031-04-12",
            "  holdfast capacity --level 2 --graph graphml > model.graphml",
            ""
        })
final class CapacityCommand extends RemoteCommand {
    /// Forms of the model itself.
    enum GraphForm {
        GRAPHML,
        NODELINK
    }

    @Option(
            names = "--level",
            paramLabel = "N",
            description = "1 = sites, 2 = hosts, 0 = topology only (with --graph). Default: ${DEFAULT-VALUE}.")
    private int level = 1;

    @Option(names = "--start", paramLabel = "TIME", description = "From when. Default: now.")
    private Optional<String> start = Optional.empty();

    @Option(names = "--end", paramLabel = "TIME", description = "Until when: free is what is free in all of that time.")
    private Optional<String> end = Optional.empty();

    @Option(names = "--graph", paramLabel = "FORM", description = "Write the model itself: graphml or nodelink.")
    private Optional<GraphForm> graph = Optional.empty();

    CapacityCommand(Wiring wiring) {
        super(wiring);
    }

    @Override
    public Integer call() {
        if (level < 0 || level > 2) throw new CliException(ExitCode.USAGE, "--level is 0, 1 or 2, not " + level);
        if (level == 0 && graph.isEmpty())
            throw new CliException(
                    ExitCode.USAGE, "--level 0 has no numbers", "ask for the model itself:  --level 0 --graph graphml");
        var now = wiring.platform().now();
        var parameters = new LinkedHashMap<String, Optional<String>>();
        parameters.put("level", Optional.of(String.valueOf(level)));
        parameters.put(
                "start",
                start.map(text ->
                        Times.parse("--start", text, now, terminal().zone()).toString()));
        parameters.put(
                "end",
                end.map(text ->
                        Times.parse("--end", text, now, terminal().zone()).toString()));
        parameters.put(
                "format",
                Optional.of(graph.map(form -> form.name().toLowerCase(java.util.Locale.ROOT))
                        .orElse("json")));
        var path = Client.path(List.of("capacity"), parameters);
        if (graph.isPresent()) {
            terminal().print(client().text(path).stripTrailing());
            return ExitCode.OK;
        }
        var view = new CapacityView(client().get(path));
        output.write(terminal(), view.json(), () -> text(view));
        return ExitCode.OK;
    }

    private String text(CapacityView view) {
        if (view.sites().isEmpty()) return "No site has delegated anything yet.  holdfast site list\n";
        var out = new StringBuilder(view.siteTable().text(terminal()));
        if (level == 2) out.append('\n').append(view.hostTable("").text(terminal()));
        var links = view.linkTable();
        if (!links.isEmpty()) out.append('\n').append(links.text(terminal()));
        return out.toString();
    }

    static CapacityView ask(Client client, int level) {
        return new CapacityView(
                client.get(Client.path(List.of("capacity"), Map.of("level", Optional.of(String.valueOf(level))))));
    }
}
