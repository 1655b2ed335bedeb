package holdfast.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `solver`, `candidate` and `peering`: how room is found and bought in other domains.
final class TradeCommands {
    private static final int MOST = 1000;
    private static final String REMOVED = "_removed";

    private TradeCommands() {}

    @Command(
            name = "solver",
            description = "Searches for room in other domains, one for each part that finds none here.",
            synopsisSubcommandLabel = "COMMAND")
    private static final class Solvers {}

    @Command(name = "candidate", description = "What other domains offer.", synopsisSubcommandLabel = "COMMAND")
    private static final class Candidates {}

    @Command(
            name = "peering",
            description = "What was bought of other domains, as sites that are used here, and what they use of ours.",
            synopsisSubcommandLabel = "COMMAND")
    private static final class Peerings {}

    static CommandLine solvers(Wiring wiring) {
        var solvers = new CommandLine(new Solvers())
                .addSubcommand(new SolverList(wiring))
                .addSubcommand(new SolverShow(wiring));
        return SolverCommands.addTo(solvers, wiring);
    }

    static CommandLine candidates(Wiring wiring) {
        return new CommandLine(new Candidates()).addSubcommand(new CandidateList(wiring));
    }

    static CommandLine peerings(Wiring wiring) {
        return new CommandLine(new Peerings()).addSubcommand(new PeeringList(wiring));
    }

    private static Map<String, Optional<String>> past(boolean removed) {
        return Map.of(REMOVED, removed ? Optional.of("true") : Optional.empty());
    }

    private static String amounts(JsonNode one, String field) {
        return SliceView.dash(Nodes.texts(one, field).entrySet().stream()
                .map(amount -> amount.getKey() + " " + amount.getValue())
                .collect(Collectors.joining(", ")));
    }

    @Command(name = "list", description = "Lists searches that are under way or whose find is in use.")
    static final class SolverList extends RemoteCommand {
        @Option(names = "--removed", description = "Those that are over, too.")
        private boolean removed;

        SolverList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return list(
                    client().list(List.of("solvers"), past(removed), MOST),
                    "No room is looked for in other domains.\n",
                    Table.of("ID", "STATE", "FIND", "BUY", "PEER", "CONTRACT", "~WHY"),
                    (table, one) -> table.row(
                            Nodes.text(one, "id"),
                            Table.state(Nodes.text(one, "state")),
                            Nodes.text(one, "find"),
                            Nodes.text(one, "buy"),
                            Nodes.text(one, "peer"),
                            SliceView.dash(Nodes.text(one, "contractId")),
                            SliceView.dash(Nodes.text(one, "transitioningMessage"))));
        }
    }

    @Command(name = "show", description = "Shows a search: what is wanted, how far it is, what was asked of whom.")
    static final class SolverShow extends RemoteCommand {
        @Parameters(paramLabel = "SOLVER", description = "Its id, or that of its sliver.")
        private String id = "";

        @Option(names = "--trace", description = "Its steps on this server instead.")
        private boolean trace;

        SolverShow(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var client = client();
            var one = client.get(Client.path("solvers", id));
            if (trace) {
                var steps = TraceView.of(client, Nodes.text(one, "trace"));
                output.writeAll(terminal(), steps.steps(), steps::table, "No steps.\n");
                return ExitCode.OK;
            }
            return say(one, solver -> sheet(client, solver));
        }

        private String sheet(Client client, JsonNode solver) {
            return Sheet.named(terminal(), solver)
                    .facts("id", "sliverId")
                    .fact("wanted", amounts(solver, "wanted"))
                    .facts("objective", "find", "buy", "peer", "looks", "contractId")
                    .fact("message", Nodes.text(solver, "transitioningMessage"))
                    .times("start", "end")
                    .facts("trace")
                    .below(purchases(client, solver))
                    .toString();
        }

        private static Table purchases(Client client, JsonNode solver) {
            var table = Table.of(">RANK", "PURCHASE", "STATE", "SELLER", "FLAVOR", "AMOUNTS");
            for (var one : client.list(List.of("solvers", Nodes.text(solver, "id"), "purchases"), past(true), MOST))
                table.row(
                        Nodes.text(one, "rank"),
                        Nodes.text(one, "id"),
                        Table.state(Nodes.text(one, "state")),
                        Nodes.text(one, "seller"),
                        Nodes.text(one, "flavor"),
                        amounts(one, "amounts"));
            return table;
        }
    }

    @Command(name = "list", description = "Lists what peers offer, as it was heard of them last.")
    static final class CandidateList extends RemoteCommand {
        @Option(names = "--kind", paramLabel = "KIND", description = "k8slice, vm, service or sensor.")
        private Optional<String> kind = Optional.empty();

        @Option(names = "--peer", paramLabel = "PEER", description = "Only what that one offers: its name or id.")
        private Optional<String> peer = Optional.empty();

        @Option(names = "--state", paramLabel = "STATE", description = "fresh, stale, held, bought or gone.")
        private Optional<String> state = Optional.empty();

        CandidateList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var parameters = new LinkedHashMap<String, Optional<String>>();
            parameters.put("kind", kind);
            parameters.put("peer", peer);
            parameters.put("state", state);
            return list(
                    client().list(List.of("candidates"), parameters, MOST),
                    "No offers are known. Peers are asked when something finds no room here.\n",
                    Table.of("NAME", "KIND", "STATE", "SELLER", "HEARD", "AMOUNTS"),
                    (table, one) -> table.row(
                            Nodes.text(one, "name"),
                            Nodes.text(one, "kind"),
                            Table.state(Nodes.text(one, "state")),
                            Nodes.text(one, "seller"),
                            time(one, "asOf"),
                            amounts(one, "amounts")));
        }
    }

    @Command(name = "list", description = "Lists what was bought and is, or becomes, a site here.")
    static final class PeeringList extends RemoteCommand {
        /// What is known best comes first.
        private static final List<String> AMOUNTS = List.of("lent", "granted");

        @Option(names = "--removed", description = "Those that are over, too.")
        private boolean removed;

        PeeringList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return list(
                    client().list(List.of("peerings"), past(removed), MOST),
                    "Nothing of other domains is used here, and nothing of ours there.\n",
                    Table.of("SIDE", "SITE", "STATE", "WITH", "CONTRACT", "AMOUNTS", "UNTIL"),
                    (table, one) -> table.row(
                            Nodes.text(one, "side"),
                            SliceView.dash(Nodes.text(one, "site")),
                            Table.state(Nodes.text(one, "state")),
                            Nodes.text(one, Nodes.text(one, "side").equals("seller") ? "buyer" : "seller"),
                            Nodes.text(one, "contract"),
                            amounts(
                                    one,
                                    AMOUNTS.stream()
                                            .filter(one::hasNonNull)
                                            .findFirst()
                                            .orElse("wanted")),
                            time(one, "end")));
        }
    }
}
