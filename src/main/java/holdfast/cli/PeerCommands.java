package holdfast.cli;

import holdfast.platform.Json;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `peer add`, `list`, `show` and `remove`.
@Command(
        name = "peer",
        description = "The nodes of other domains that this one deals with. Administrators say which.",
        synopsisSubcommandLabel = "COMMAND")
final class PeerCommands {
    private static final String COLLECTION = "peers";

    private PeerCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new PeerCommands())
                .addSubcommand(new Add(wiring))
                .addSubcommand(new PeerList(wiring))
                .addSubcommand(new Show(wiring))
                .addSubcommand(new Remove(wiring));
    }

    @Command(
            name = "add",
            description = "Adds a node of another domain. It is asked at once, and then every 30 seconds.",
            footer = {"", "Example:", "  holdfast peer add rear.alps.example:30000 --name alps"})
    static final class Add extends RemoteCommand {
        @Parameters(paramLabel = "ADDRESS", description = "Where its gateway is, as host:port.")
        private String address = "";

        @Option(names = "--name", paramLabel = "NAME", description = "How it is called here; its address if not given.")
        private Optional<String> name = Optional.empty();

        @Option(
                names = "--dialect",
                paramLabel = "DIALECT",
                description =
                        "How it is spoken to: node (the usual one), or doc for one that only knows what is documented.")
        private Optional<String> dialect = Optional.empty();

        @Option(
                names = "--fingerprint",
                paramLabel = "KEY",
                description = "Of its key, as it shows when it starts: it is asked by TLS, and known by that key.")
        private Optional<String> fingerprint = Optional.empty();

        @Option(
                names = "--domain",
                paramLabel = "DOMAIN",
                description = "That it is of, if its own word is not enough; needed for nodes of our own domain.")
        private Optional<String> domain = Optional.empty();

        Add(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var body = Json.object().put("address", address);
            name.ifPresent(text -> body.put("name", text));
            dialect.ifPresent(text -> body.put("dialect", text));
            fingerprint.ifPresent(text -> body.put("fingerprint", text));
            domain.ifPresent(text -> body.put("domain", text));
            var added = client().post(Client.path(COLLECTION), body);
            output.write(terminal(), added, () -> said(added));
            return ExitCode.OK;
        }

        private static String said(JsonNode added) {
            var name = Nodes.text(added, "name");
            return Nodes.text(added, "state").equals("up")
                    ? name + " is up.\n"
                    : name + " is added. It does not answer yet: " + Nodes.text(added, "transitioningMessage") + ".\n";
        }
    }

    @Command(name = "list", description = "Lists peers, and whether they answer.")
    static final class PeerList extends RemoteCommand {
        PeerList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var found = Nodes.items(client().get(Client.path(COLLECTION)));
            output.writeAll(
                    terminal(),
                    found,
                    () -> {
                        var table = Table.of("NAME", "STATE", "NODE", "DOMAIN", "ADDRESS", "ID");
                        for (var one : found)
                            table.row(
                                    Nodes.text(one, "name"),
                                    Nodes.text(one, "state"),
                                    SliceView.dash(Nodes.text(one, "nodeId")),
                                    SliceView.dash(Nodes.text(one, "domain")),
                                    Nodes.text(one, "address"),
                                    Nodes.text(one, "id"));
                        return table;
                    },
                    "No peers. Add one:  holdfast peer add HOST:PORT\n");
            return ExitCode.OK;
        }
    }

    /// One of them.
    abstract static class One extends RemoteCommand {
        @Parameters(paramLabel = "PEER", description = "Its name or its id.")
        String id = "";

        One(Wiring wiring) {
            super(wiring);
        }
    }

    @Command(name = "show", description = "Shows a peer: who it is, what it can do, when it answered last.")
    static final class Show extends One {
        Show(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var one = client().get(Client.path(COLLECTION, id));
            output.write(
                    terminal(),
                    one,
                    () -> new Sheet(terminal(), one, Nodes.text(one, "name"), Nodes.text(one, "state"))
                            .facts(
                                    "id",
                                    "address",
                                    "dialect",
                                    "nodeId",
                                    "domain",
                                    "role",
                                    "fingerprint",
                                    "flagged",
                                    "via",
                                    "weak",
                                    "missed")
                            .times("lastHeard", "pausedUntil")
                            .toString());
            return ExitCode.OK;
        }
    }

    @Command(name = "remove", description = "Removes a peer. It is asked nothing any more; contracts with it live on.")
    static final class Remove extends One {
        Remove(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var removed = client().delete(Client.path(COLLECTION, id));
            output.write(terminal(), removed, () -> Nodes.text(removed, "name") + " is removed.\n");
            return ExitCode.OK;
        }
    }
}
