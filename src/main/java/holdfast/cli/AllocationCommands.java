package holdfast.cli;

import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `allocation create`, `list`, `show` and `destroy`.
@Command(
        name = "allocation",
        description = "Servers at providers, from a reservation or from what is free.",
        synopsisSubcommandLabel = "COMMAND")
final class AllocationCommands {
    private static final String COLLECTION = "allocations";

    private AllocationCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new AllocationCommands())
                .addSubcommand(new Create(wiring))
                .addSubcommand(new AllocationList(wiring))
                .addSubcommand(new Show(wiring))
                .addSubcommand(new Destroy(wiring));
    }

    @Command(
            name = "create",
            description = "Runs a server.",
            footer = {"", "Example:  holdfast allocation create web --flavor m1.tiny --image cirros --reservation expo"
            })
    static final class Create extends RemoteCommand {
        @Parameters(paramLabel = "NAME", description = "Of the server.")
        private String name = "";

        @Option(names = "--flavor", paramLabel = "FLAVOR", required = true, description = "Its size: name or id.")
        private String flavor = "";

        @Option(names = "--image", paramLabel = "IMAGE", required = true, description = "What to boot: name or id.")
        private String image = "";

        @Option(
                names = "--network",
                paramLabel = "NETWORK",
                description = "Name or id; may be given several times, in the order of the interfaces.")
        private List<String> networks = List.of();

        @Option(
                names = "--reservation",
                paramLabel = "RESERVATION",
                description = "What it is taken from: name or id. Default: from what is free.")
        private Optional<String> reservation = Optional.empty();

        @Option(
                names = "--item",
                paramLabel = "ID",
                description = "The item of the reservation. Default: the first with room.")
        private Optional<String> item = Optional.empty();

        @Option(names = "--on-start", description = "Before the start of the reservation: wait for that.")
        private boolean onStart;

        @Option(
                names = "--firm",
                description = "Without a reservation: it stays, whoever else needs its room. Default: it makes way.")
        private boolean firm;

        @Option(names = "--provider", paramLabel = "PROVIDER", description = "Name or id. Default: any.")
        private Optional<String> provider = Optional.empty();

        @Option(
                names = "--zone",
                paramLabel = "ZONE",
                description = "Without a reservation: where; may be given several times. Default: any.")
        private List<String> zones = List.of();

        @Option(
                names = "--end",
                paramLabel = "TIME",
                description = "When it is to be gone, such as +2h or '2031-04-05 12:00'.")
        private Optional<String> end = Optional.empty();

        Create(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var body = Json.object().put("name", name).put("flavor", flavor).put("image", image);
            reservation.ifPresent(text -> body.put("reservation", text));
            item.ifPresent(text -> body.put("item", text));
            provider.ifPresent(text -> body.put("provider", text));
            end.ifPresent(text -> body.put("end", time("--end", text)));
            if (onStart) body.put("allocateOnStart", true);
            if (firm) body.put("preemptible", false);
            if (!networks.isEmpty()) body.set("networks", Json.toTree(networks));
            if (!zones.isEmpty()) body.set("zones", Json.toTree(zones));
            var made = client().post(Client.path(COLLECTION), body);
            output.write(terminal(), made, () -> line(made));
            if (!Nodes.text(made, "state").equals("error")) return ExitCode.OK;
            throw new CliException(
                    ExitCode.FAILED,
                    "the provider could not make it: " + Nodes.text(made, "transitioningMessage"),
                    "forget it with:  holdfast allocation destroy " + Nodes.text(made, "id"));
        }

        private static String line(JsonNode made) {
            var host = Nodes.text(made, "host");
            return "%s  %s is %s%s\n"
                    .formatted(
                            Nodes.text(made, "id"),
                            Nodes.text(made, "name"),
                            Nodes.text(made, "state"),
                            host.isEmpty() ? "." : " on " + host + ".");
        }
    }

    @Command(name = "list", description = "Lists the servers that there are.")
    static final class AllocationList extends RemoteCommand {
        @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: ${DEFAULT-VALUE}.")
        private int limit = 1000;

        AllocationList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return list(
                    client().list(List.of(COLLECTION), Map.of(), limit),
                    "No servers. Make one:  holdfast allocation create NAME --flavor FLAVOR --image IMAGE\n",
                    Table.of("ID", "NAME", "STATE", "PRIORITY", "RESERVATION", "HOST", "LEAVES", "~TROUBLE"),
                    (table, one) -> table.row(
                            Nodes.text(one, "id"),
                            Nodes.text(one, "name"),
                            Table.state(Nodes.text(one, "state")),
                            Nodes.text(one, "priority"),
                            SliceView.dash(Nodes.text(one, "reservationId")),
                            SliceView.dash(Nodes.text(one, "host")),
                            time(one, "leaves"),
                            Nodes.text(one, "transitioningMessage")));
        }
    }

    /// One of them.
    abstract static class One extends RemoteCommand {
        @Parameters(paramLabel = "ID", description = "Its id, such as 1a5, or its name.")
        String id = "";

        One(Wiring wiring) {
            super(wiring);
        }
    }

    @Command(name = "show", description = "Shows a server and, if it is in trouble, why.")
    static final class Show extends One {
        Show(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return show(COLLECTION, id, this::text);
        }

        private String text(JsonNode one) {
            return Sheet.named(terminal(), one)
                    .facts("id", "project", "owner", "reservationId", "itemId", "providerId", "flavor", "image")
                    .facts("serverId", "host", "priority", "preemptible")
                    .times("start", "end", "leaves")
                    .fact("trouble", Nodes.text(one, "transitioningMessage"))
                    .toString();
        }
    }

    @Command(
            name = "destroy",
            description = "Takes a server away; its room is free when the provider says that it is gone.")
    static final class Destroy extends One {
        Destroy(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return remove(COLLECTION, id, one -> Nodes.text(one, "name") + " is " + Nodes.text(one, "state") + ".\n");
        }
    }
}
