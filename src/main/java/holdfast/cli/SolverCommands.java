package holdfast.cli;

import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `solver start`, `raise` and `delete`: searches that people lead on phase by phase.
final class SolverCommands {
    private static final String COLLECTION = "solvers";

    private SolverCommands() {}

    static CommandLine addTo(CommandLine solver, Wiring wiring) {
        return solver.addSubcommand(new Start(wiring))
                .addSubcommand(new Raise(wiring))
                .addSubcommand(new Delete(wiring));
    }

    /// The phases, as options.
    static final class Phases {
        @Option(names = "--buy", description = "Reserve the best of what is found, and buy it.")
        private boolean buy;

        @Option(names = "--peer", description = "Make what is bought a site that may be used here.")
        private boolean peer;

        void put(ObjectNode body, boolean find) {
            var wants = body.putArray("wants");
            if (find) wants.add("find");
            if (buy) wants.add("buy");
            if (peer) wants.add("peer");
        }
    }

    private static String said(JsonNode solver) {
        return "%s is %s: %s.\n"
                .formatted(
                        Nodes.text(solver, "id"),
                        Nodes.text(solver, "state"),
                        SliceView.dash(Nodes.text(solver, "transitioningMessage")));
    }

    @Command(
            name = "start",
            description = {
                "Looks for room in other domains, and does no more than it is told.",
                "What it is to do beside may be raised later."
            })
    static final class Start extends RemoteCommand {
        @Option(names = "--cores", paramLabel = "N", required = true, description = "Of the machine, at least.")
        private int cores;

        @Option(names = "--ram", paramLabel = "GB", required = true, description = "Its memory, at least.")
        private int ram;

        @Option(names = "--disk", paramLabel = "GB", description = "Its disk, at least.")
        private int disk;

        @Option(names = "--hours", paramLabel = "N", description = "For how long, from now on; 24 if left out.")
        private Optional<Integer> hours = Optional.empty();

        @Option(
                names = "--objective",
                paramLabel = "WORD",
                description = "cheapest, nearest, greenest, best-rated or balanced.")
        private Optional<String> objective = Optional.empty();

        @Option(names = "--hard", paramLabel = "CONDITION", description = "That it must meet, such as 'latency < 9ms'.")
        private List<String> hard = List.of();

        @Option(names = "--soft", paramLabel = "CONDITION", description = "That it should meet.")
        private List<String> soft = List.of();

        @Option(names = "--known", description = "Take what is known already, ask nobody for offers.")
        private boolean known;

        @Mixin
        private final Phases phases = new Phases();

        Start(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var body = Json.object().put("cores", cores).put("ram", ram).put("disk", disk);
            hours.ifPresent(many -> body.put("hours", many));
            objective.ifPresent(word -> body.put("objective", word));
            if (!hard.isEmpty()) hard.forEach(body.putArray("hard")::add);
            if (!soft.isEmpty()) soft.forEach(body.putArray("soft")::add);
            phases.put(body, !known);
            var begun = client().post(Client.path(COLLECTION), body);
            output.write(terminal(), begun, () -> said(begun));
            return ExitCode.OK;
        }
    }

    @Command(name = "raise", description = "Has a search do more: buy what it found, make it a site.")
    static final class Raise extends RemoteCommand {
        @Parameters(paramLabel = "SOLVER", description = "Its id.")
        private String id = "";

        @Option(names = "--find", description = "Ask peers what they offer.")
        private boolean find;

        @Mixin
        private final Phases phases = new Phases();

        Raise(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var body = Json.object();
            phases.put(body, find);
            var path = Client.path(List.of(COLLECTION, id), Map.of("action", Optional.of("raise")));
            var raised = client().post(path, body);
            output.write(terminal(), raised, () -> said(raised));
            return ExitCode.OK;
        }
    }

    @Command(name = "delete", description = "Ends a search that was started by hand; what it bought is given back.")
    static final class Delete extends RemoteCommand {
        @Parameters(paramLabel = "SOLVER", description = "Its id.")
        private String id = "";

        Delete(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var ended = client().delete(Client.path(COLLECTION, id));
            output.write(terminal(), ended, () -> Nodes.text(ended, "id") + " is over.\n");
            return ExitCode.OK;
        }
    }
}
