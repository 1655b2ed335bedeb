package holdfast.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `capacity`: the resource query, and what providers of cloud resources have.
@Command(
        name = "capacity",
        description = {
            "Shows what there is and how much of it is free, now or over a time. Numbers are free/all.",
            "With --provider, --zone, --profile or --flavor: of providers of cloud resources, else of sites."
        },
        footer = {
            "",
            "Examples:",
            "  holdfast capacity --level 2",
            "  holdfast capacity --start 2031-04-05 --end 2031-04-12",
            "  holdfast capacity --level 2 --graph graphml > model.graphml",
            "  holdfast capacity --provider lab --start +1d --end +2d",
            "  holdfast capacity --zone lab/north --profile --dimension vcpu --end +7d",
            "  holdfast capacity --flavor m1.small --count 20 --end +2h",
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

    @Option(names = "--provider", paramLabel = "NAME", description = "Of a provider; all = of all of them.")
    private Optional<String> provider = Optional.empty();

    @Option(names = "--zone", paramLabel = "ZONE", description = "Of a zone of providers, such as north or lab/north.")
    private Optional<String> zone = Optional.empty();

    @Option(names = "--dimension", paramLabel = "NAME", description = "Only this of providers, such as vcpu.")
    private Optional<String> dimension = Optional.empty();

    @Option(names = "--profile", description = "What of providers changes over the time, and when. Default: 7 days.")
    private boolean profile;

    @Option(names = "--flavor", paramLabel = "SIZE", description = "How many servers of a size there is room for.")
    private Optional<String> flavor = Optional.empty();

    @Option(names = "--count", paramLabel = "N", description = "With --flavor: when there is room for so many.")
    private Optional<Integer> count = Optional.empty();

    CapacityCommand(Wiring wiring) {
        super(wiring);
    }

    @Override
    public Integer call() {
        if (provider.isPresent() || zone.isPresent() || profile || flavor.isPresent()) return ofProviders();
        if (level < 0 || level > 2) throw new CliException(ExitCode.USAGE, "--level is 0, 1 or 2, not " + level);
        if (level == 0 && graph.isEmpty())
            throw new CliException(
                    ExitCode.USAGE, "--level 0 has no numbers", "ask for the model itself:  --level 0 --graph graphml");
        var parameters = new LinkedHashMap<String, Optional<String>>();
        parameters.put("level", Optional.of(String.valueOf(level)));
        parameters.put("start", start.map(text -> time("--start", text)));
        parameters.put("end", end.map(text -> time("--end", text)));
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

    private int ofProviders() {
        if (graph.isPresent() || (profile && flavor.isPresent()))
            throw new CliException(ExitCode.USAGE, "--graph, --profile and --flavor exclude each other");
        var parameters = new LinkedHashMap<String, Optional<String>>();
        parameters.put("provider", provider.filter(name -> !name.equals("all")));
        parameters.put("zone", zone);
        parameters.put("start", start.map(text -> time("--start", text)));
        parameters.put("end", end.map(text -> time("--end", text)));
        if (flavor.isPresent()) {
            parameters.put("flavor", flavor);
            parameters.put("count", count.map(String::valueOf));
            return show("flavors", parameters, ProviderCapacity::flavors);
        }
        parameters.put("dimension", dimension);
        return profile
                ? show("profile", parameters, ProviderCapacity::profile)
                : show("quadruple", parameters, ProviderCapacity::quadruple);
    }

    private int show(
            String what,
            Map<String, Optional<String>> parameters,
            java.util.function.Function<ProviderCapacity, String> text) {
        var answer = client().get(Client.path(List.of("capacity", what), parameters));
        output.write(terminal(), answer, () -> text.apply(new ProviderCapacity(terminal(), answer)));
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
