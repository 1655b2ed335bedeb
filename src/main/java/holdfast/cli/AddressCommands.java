package holdfast.cli;

import holdfast.platform.Json;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `address add`, `list`, `show` and `remove`.
@Command(
        name = "address",
        description = "Floating addresses that can be reserved. Administrators say which.",
        synopsisSubcommandLabel = "COMMAND")
final class AddressCommands {
    private static final String COLLECTION = "addresses";

    private AddressCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new AddressCommands())
                .addSubcommand(new Add(wiring))
                .addSubcommand(new AddressList(wiring))
                .addSubcommand(new Show(wiring))
                .addSubcommand(new Remove(wiring));
    }

    @Command(
            name = "add",
            description = {
                "Sets an address aside for reservations.",
                "It must lie in an external network, and not among those that the provider gives to others."
            },
            footer = {"", "Example:  holdfast address add 203.0.113.99 --network lab/outside"})
    static final class Add extends RemoteCommand {
        @Parameters(paramLabel = "ADDRESS", description = "Such as 203.0.113.99.")
        private String address = "";

        @Option(
                names = "--network",
                paramLabel = "NETWORK",
                required = true,
                description = "Its id or name at the provider, or PROVIDER/NETWORK.")
        private String network = "";

        Add(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var body = Json.object().put("network", network).put("address", address);
            return say(
                    client().post(Client.path(COLLECTION), body),
                    added -> Nodes.text(added, "address") + " can be reserved.\n");
        }
    }

    @Command(name = "list", description = "Lists the addresses that can be reserved.")
    static final class AddressList extends RemoteCommand {
        AddressList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return list(
                    COLLECTION,
                    "No addresses. Set one aside:  holdfast address add ADDRESS --network NETWORK\n",
                    Table.of("ADDRESS", "PROVIDER", "NETWORK", "SINCE", "ID"),
                    (table, one) -> table.row(
                            Nodes.text(one, "address"),
                            SliceView.dash(Nodes.text(one, "provider")),
                            SliceView.dash(Nodes.text(one, "networkName")),
                            time(one, "created"),
                            Nodes.text(one, "id")));
        }
    }

    /// One of them.
    abstract static class One extends RemoteCommand {
        @Parameters(paramLabel = "ADDRESS", description = "The address or its id.")
        String id = "";

        One(Wiring wiring) {
            super(wiring);
        }
    }

    @Command(name = "show", description = "Shows an address: its provider, network and subnet.")
    static final class Show extends One {
        Show(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return show(
                    COLLECTION,
                    id,
                    one -> new Sheet(terminal(), one, Nodes.text(one, "address"), "can be reserved")
                            .facts("id", "provider", "network", "networkName", "subnet")
                            .times("created")
                            .toString());
        }
    }

    @Command(name = "remove", description = "Lets an address be reserved no more; refused while one has it.")
    static final class Remove extends One {
        Remove(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return remove(COLLECTION, id, removed -> Nodes.text(removed, "address") + " can be reserved no more.\n");
        }
    }
}
