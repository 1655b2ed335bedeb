package holdfast.cli;

import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.inventory.Graph;
import holdfast.inventory.GraphMl;
import holdfast.inventory.Hosts;
import holdfast.inventory.NodeLink;
import holdfast.inventory.Validation;
import holdfast.inventory.VertexClass;
import holdfast.platform.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `site list`, `show` and `load`.
@Command(
        name = "site",
        description = "Sites and networks, as their authorities describe them.",
        synopsisSubcommandLabel = "COMMAND")
final class SiteCommands {
    private SiteCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new SiteCommands())
                .addSubcommand(new SiteList(wiring))
                .addSubcommand(new Show(wiring))
                .addSubcommand(new Load(wiring));
    }

    @Command(name = "list", description = "Lists sites, and on what their leases become real.")
    static final class SiteList extends RemoteCommand {
        SiteList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return list(
                    "sites",
                    "No sites. Give some when the server starts:  holdfast up --site FILE\n",
                    Table.of("NAME", "CODE", "STATE", "AUTHORITY", "~RUNS ON"),
                    (table, site) -> table.row(
                            Nodes.text(site, "name"),
                            SliceView.dash(Nodes.text(site, "code")),
                            Table.state(Nodes.text(site, "state")),
                            Nodes.text(site, "actor"),
                            Nodes.text(site, "driver")));
        }
    }

    @Command(name = "show", description = "Shows a site, its hosts, what is free on them, and what it has delegated.")
    static final class Show extends RemoteCommand {
        @Parameters(paramLabel = "SITE", description = "Name or id.")
        private String site = "";

        Show(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var client = client();
            var found = client.get(Client.path("sites", site));
            return say(found, known -> text(client, known));
        }

        private String text(Client client, JsonNode found) {
            var actor = Nodes.text(found, "actor");
            var out = new StringBuilder("""
                    %s  %s
                    id         %s
                    authority  %s
                    runs on    %s
                    """.formatted(
                            terminal().styled(Terminal.Style.STRONG, Nodes.text(found, "name")),
                            Nodes.text(found, "state"),
                            Nodes.text(found, "id"),
                            actor,
                            Nodes.text(found, "driver")));
            var delegations = Table.of("DELEGATION", "STATE", "CLAIMED BY");
            for (var delegation : client.list(List.of("delegations"), Map.of(), 10_000))
                if (Nodes.text(delegation, "actor").equals(actor))
                    delegations.row(
                            Nodes.text(delegation, "name"),
                            Table.state(Nodes.text(delegation, "state")),
                            SliceView.dash(Nodes.text(delegation, "claimant")));
            if (!delegations.isEmpty()) out.append('\n').append(delegations.text(terminal()));
            var code = Nodes.text(found, "code");
            var hosts = CapacityCommand.ask(client, 2).hostTable(code.isEmpty() ? Nodes.text(found, "name") : code);
            if (!hosts.isEmpty()) out.append('\n').append(hosts.text(terminal()));
            return out.toString();
        }
    }

    @Command(
            name = "load",
            description = "Checks an advertisement and shows what is in it. Needs no server.",
            footer = {
                "",
                "A server takes it with:  holdfast up --site FILE",
                "",
                "Example:  holdfast site load examples/fabric/renc-site-ad.graphml"
            })
    static final class Load implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", description = "GraphML or node-link JSON; - reads standard input.")
        private Path file = Path.of("-");

        @Mixin
        private final OutputOptions output = new OutputOptions();

        private final Wiring wiring;

        Load(Wiring wiring) {
            this.wiring = wiring;
        }

        @Override
        public Integer call() {
            try {
                var graph = read(file);
                var wrong = Validation.advertisement(graph);
                if (!wrong.isEmpty()) {
                    throw new CliException(
                            ExitCode.FAILED,
                            file + " breaks " + (wrong.size() == 1 ? "a rule" : wrong.size() + " rules")
                                    + " for advertisements",
                            wrong.stream().limit(50).map(Load::line).toArray(String[]::new));
                }
                show(graph);
                return ExitCode.OK;
            } catch (RefusedException e) {
                throw SliceFile.refused(file, e);
            }
        }

        static Graph read(Path file) {
            var text = Inputs.text(file);
            return text.stripLeading().startsWith("{") ? NodeLink.read(text) : GraphMl.read(text);
        }

        private static String line(Refusal refusal) {
            return refusal.message()
                    + refusal.field().map(at -> " (at " + at + ")").orElse("");
        }

        private void show(Graph graph) {
            var hosts = Hosts.of(graph);
            var counts = new TreeMap<String, Long>();
            var table = Table.of("SITE", "HOST", ">CORES", ">RAM GB", ">DISK GB", "~DEVICES");
            for (var host : hosts) {
                var kinds = new TreeMap<String, Long>();
                for (var device : host.devices())
                    kinds.merge(
                            (device.type() + " " + device.model().orElse("")).strip(),
                            (long) device.units().size(),
                            Long::sum);
                kinds.forEach((kind, units) -> counts.merge(kind, units, Long::sum));
                table.row(
                        host.site(),
                        host.name(),
                        host.delegated().get("core"),
                        host.delegated().get("ram"),
                        host.delegated().get("disk"),
                        kinds.entrySet().stream()
                                .map(kind -> kind.getValue() + " " + kind.getKey())
                                .collect(Collectors.joining(", ")));
            }
            var json = Json.object()
                    .put("file", file.toString())
                    .put("vertices", graph.size())
                    .put("edges", graph.edges().size());
            json.put("hosts", hosts.size())
                    .put("links", graph.ofClass(VertexClass.LINK).count());
            var devices = json.putObject("devices");
            counts.forEach(devices::put);
            output.write(
                    wiring.terminal(),
                    json,
                    () -> "%s is a sound advertisement: %d vertices, %d edges, %s.\n%s"
                            .formatted(
                                    file,
                                    graph.size(),
                                    graph.edges().size(),
                                    hosts.isEmpty() ? "no hosts (a network)" : hosts.size() + " hosts",
                                    hosts.isEmpty() ? "" : "\n" + table.text(wiring.terminal())));
        }
    }
}
