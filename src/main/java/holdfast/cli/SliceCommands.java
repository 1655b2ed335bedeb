package holdfast.cli;

import holdfast.cli.Terminal.Style;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `slice list`, `show`, `watch` and `delete`; `create` is in [SliceCreate], `connect` in [SliceConnect].
@Command(
        name = "slice",
        description = "Slices: what users have built for them, each with its slivers.",
        synopsisSubcommandLabel = "COMMAND")
final class SliceCommands {
    private SliceCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new SliceCommands())
                .addSubcommand(new SliceCreate(wiring))
                .addSubcommand(new SliceList(wiring))
                .addSubcommand(new Show(wiring))
                .addSubcommand(new Watch(wiring))
                .addSubcommand(new SliceConnect(wiring))
                .addSubcommand(new Delete(wiring));
    }

    @Command(
            name = "list",
            description = "Lists slices.",
            footer = {"", "Example:  holdfast slice list --state StableOK"})
    static final class SliceList extends RemoteCommand {
        @Option(names = "--state", paramLabel = "STATE", description = "Only those in this state, such as StableOK.")
        private Optional<String> state = Optional.empty();

        @Option(names = "--project", paramLabel = "NAME", description = "Only those of this project.")
        private Optional<String> project = Optional.empty();

        @Option(names = "--removed", description = "Those that are gone, too.")
        private boolean removed;

        @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: ${DEFAULT-VALUE}.")
        private int limit = 1000;

        SliceList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var parameters = new LinkedHashMap<String, Optional<String>>();
            parameters.put("state", state);
            parameters.put("project", project);
            parameters.put("_removed", removed ? Optional.of("true") : Optional.empty());
            var slices = client().list(List.of("slices"), parameters, limit);
            output.writeAll(
                    terminal(),
                    slices,
                    () -> {
                        var table = Table.of("NAME", "STATE", "OWNER", "START", "END", "ID");
                        for (var json : slices) {
                            var slice = new SliceView(json);
                            var zone = terminal().zone();
                            table.row(
                                    slice.name(),
                                    Table.state(slice.state()),
                                    Nodes.text(json, "owner"),
                                    Times.minutes(slice.start(), zone),
                                    Times.minutes(slice.end(), zone),
                                    slice.id());
                        }
                        return table;
                    },
                    "No slices. Build one:  holdfast slice create examples/one-vm.yaml\n");
            return ExitCode.OK;
        }
    }

    @Command(
            name = "show",
            description = "Shows a slice: its slivers, their hosts, and the PCI addresses of its devices.",
            footer = {"", "Example:  holdfast slice show one-vm"})
    static final class Show extends RemoteCommand {
        @Parameters(paramLabel = "SLICE", description = "Name or id.")
        private String slice = "";

        @Option(
                names = "--graph",
                description = "Write the manifest as GraphML: what was asked for, with what became of it.")
        private boolean graph;

        Show(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var client = client();
            if (graph) {
                terminal()
                        .print(client.text(Client.path("slices", slice, "graph"))
                                .stripTrailing());
                return ExitCode.OK;
            }
            var found = whole(client, slice);
            output.write(terminal(), found.json(), () -> found.text(terminal()));
            return ExitCode.OK;
        }
    }

    /// A slice with its slivers inside.
    static SliceView whole(Client client, String slice) {
        return new SliceView(
                client.get(Client.path(List.of("slices", slice), Map.of("include", Optional.of("slivers")))));
    }

    @Command(
            name = "watch",
            description = "Shows each change of a slice until it is dead, or until you interrupt.",
            footer = {
                "",
                "With -o json each change is one line of JSON.",
                "",
                "Example:  holdfast slice watch one-vm --until-settled"
            })
    static final class Watch extends RemoteCommand {
        @Parameters(paramLabel = "SLICE", description = "Name or id.")
        private String slice = "";

        @Option(
                names = "--until-settled",
                description = "End as soon as nothing more happens by itself; the exit status tells how it went.")
        private boolean untilSettled;

        Watch(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var client = client();
            var id = Nodes.text(client.get(Client.path("slices", slice)), "id");
            try (var view =
                    new ProgressView(terminal(), terminal().out(), terminal().watched(), wiring.platform())) {
                var last = new Follow(client, wiring.platform(), terminal()::note)
                        .until(
                                id,
                                now -> untilSettled
                                        && now.settled(wiring.platform().now()),
                                now -> {
                                    if (output.table()) view.show(now);
                                    else output.writeOneOfMany(terminal(), now.json());
                                });
                return untilSettled ? last.exitCode() : ExitCode.OK;
            }
        }
    }

    @Command(
            name = "delete",
            description = "Takes slices down and waits until they are gone.",
            footer = {"", "Example:  holdfast slice delete one-vm"})
    static final class Delete extends RemoteCommand {
        @Parameters(paramLabel = "SLICE", arity = "1..*", description = "Names or ids.")
        private List<String> slices = List.of();

        @Option(names = "--no-wait", description = "Return as soon as the server has accepted it.")
        private boolean noWait;

        Delete(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var client = client();
            for (var name : slices) {
                var closing = new SliceView(client.delete(Client.path("slices", name)));
                if (noWait) {
                    output.write(terminal(), closing.json(), () -> closing.name() + " is being taken down\n");
                    continue;
                }
                var gone = await(client, closing);
                output.write(
                        terminal(),
                        gone.json(),
                        () -> closing.name() + " is " + terminal().styled(Style.FAINT, "gone") + "\n");
            }
            return ExitCode.OK;
        }

        private SliceView await(Client client, SliceView closing) {
            if (closing.dead()) return closing;
            try (var view =
                    new ProgressView(terminal(), terminal().err(), terminal().lively(), wiring.platform())) {
                return new Follow(client, wiring.platform(), terminal()::note)
                        .until(closing.id(), SliceView::dead, view::show);
            }
        }
    }
}
