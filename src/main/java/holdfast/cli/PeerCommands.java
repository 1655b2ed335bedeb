package holdfast.cli;

import holdfast.platform.Json;
import java.util.Optional;
import java.util.stream.Stream;
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
            return say(client().post(Client.path(COLLECTION), body), Add::said);
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
            return list(
                    COLLECTION,
                    "No peers. Add one:  holdfast peer add HOST:PORT\n",
                    Table.of("NAME", "STATE", "NODE", "DOMAIN", "ADDRESS", "ID"),
                    (table, one) -> table.row(
                            Nodes.text(one, "name"),
                            Nodes.text(one, "state"),
                            SliceView.dash(Nodes.text(one, "nodeId")),
                            SliceView.dash(Nodes.text(one, "domain")),
                            Nodes.text(one, "address"),
                            Nodes.text(one, "id")));
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
            return show(
                    COLLECTION,
                    id,
                    one -> Sheet.named(terminal(), one)
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
                            .below(ratings(one))
                            .toString());
        }

        /// Of what it was asked for, how much it did.
        private static Table ratings(JsonNode peer) {
            var table = Table.of("KIND", ">RATING", ">LIST", ">RESERVE", ">PURCHASE", ">PEERING", ">TERM");
            for (var kind : peer.path("ratings").properties()) {
                var rating = kind.getValue();
                var cells = Stream.of("list", "reserve", "purchase", "peering", "term")
                        .map(deed -> rating.has(deed)
                                ? Nodes.text(rating, deed, "kept") + "/" + Nodes.text(rating, deed, "tries")
                                : "-");
                table.row(Stream.concat(Stream.of(kind.getKey(), Nodes.text(rating, "score")), cells)
                        .toArray());
            }
            return table;
        }
    }

    @Command(name = "remove", description = "Removes a peer. It is asked nothing any more; contracts with it live on.")
    static final class Remove extends One {
        Remove(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return remove(COLLECTION, id, removed -> Nodes.text(removed, "name") + " is removed.\n");
        }
    }
}
