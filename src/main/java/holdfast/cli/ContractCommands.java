package holdfast.cli;

import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `contract list`, `show`, `renew`, `release` and `readmit`.
@Command(
        name = "contract",
        description = "What other domains have bought here, and what was bought of them.",
        synopsisSubcommandLabel = "COMMAND")
final class ContractCommands {
    private static final String COLLECTION = "contracts";

    private ContractCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new ContractCommands())
                .addSubcommand(new ContractList(wiring))
                .addSubcommand(new Show(wiring))
                .addSubcommand(new Renew(wiring))
                .addSubcommand(new Release(wiring))
                .addSubcommand(new Readmit(wiring));
    }

    @Command(name = "list", description = "Lists contracts that are not over.")
    static final class ContractList extends RemoteCommand {
        ContractList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return list(
                    COLLECTION,
                    "No contracts.\n",
                    Table.of("NAME", "SIDE", "STATE", "WITH", "FROM", "UNTIL"),
                    (table, one) -> table.row(
                            Nodes.text(one, "name"),
                            Nodes.text(one, "side"),
                            Table.state(Nodes.text(one, "state")),
                            Nodes.text(one, Nodes.text(one, "side").equals("buyer") ? "seller" : "buyer"),
                            time(one, "start"),
                            time(one, "end")));
        }
    }

    /// One of them.
    abstract static class One extends RemoteCommand {
        @Parameters(paramLabel = "CONTRACT", description = "Its name or its id.")
        String id = "";

        One(Wiring wiring) {
            super(wiring);
        }
    }

    @Command(name = "show", description = "Shows a contract: who bought what, and until when.")
    static final class Show extends One {
        Show(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return show(
                    COLLECTION,
                    id,
                    one -> new Sheet(terminal(), one, Nodes.text(one, "name"), Nodes.text(one, "state"))
                            .facts("id", "side", "buyer", "seller", "flavor", "transaction")
                            .times("start", "end")
                            .fact(
                                    "signed",
                                    Nodes.items(one, "signed").stream()
                                            .map(JsonNode::asString)
                                            .collect(Collectors.joining(" and ")))
                            .fact("renewal", renewal(one))
                            .facts("trace")
                            .toString());
        }
    }

    private static String renewal(JsonNode contract) {
        var renewal = contract.path("renewal");
        return renewal.isMissingNode()
                ? ""
                : Stream.of("state", "until", "why")
                        .map(field -> Nodes.text(renewal, field))
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining(" "));
    }

    @Command(
            name = "renew",
            description = {
                "Asks the seller to let what was bought last longer.",
                "Until it agrees the contract ends when it did; show says whether it is asked or refused."
            })
    static final class Renew extends One {
        @Option(names = "--until", paramLabel = "TIME", required = true, description = "When it shall end.")
        private String until = "";

        Renew(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var end = Times.parse(
                    "--until", until, wiring.platform().now(), terminal().zone());
            var path = Client.path(List.of(COLLECTION, id), Map.of("action", Optional.of("renew")));
            return say(
                    client().post(path, Json.object().put("until", end.toString())),
                    asked -> Nodes.text(asked, "name") + ": the seller is asked for it until " + end + ".\n");
        }
    }

    @Command(
            name = "release",
            description = {
                "Ends a contract before its time. What was lent for it is taken back.",
                "What was sold here, administrators end; what was bought, also those for whose project it was."
            })
    static final class Release extends One {
        Release(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return act(
                    COLLECTION,
                    id,
                    "release",
                    released -> Nodes.text(released, "name") + " is " + Nodes.text(released, "state") + ".\n");
        }
    }

    @Command(
            name = "readmit",
            description = {
                "Has what lets the buyer of a part of a cluster in made anew.",
                "What let it in before opens nothing ten minutes later."
            })
    static final class Readmit extends One {
        Readmit(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return act(
                    COLLECTION,
                    id,
                    "readmit",
                    same -> "What lets the buyer in under " + Nodes.text(same, "name") + " is made anew.\n");
        }
    }
}
