package holdfast.cli;

import holdfast.cli.Terminal.Style;
import holdfast.platform.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `intent apply`, `list`, `show`, `measure` and `delete`.
@Command(
        name = "intent",
        description = "Intents: what is to run, without saying where.",
        synopsisSubcommandLabel = "COMMAND")
final class IntentCommands {
    private static final String COLLECTION = "intents";
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Set<String> OVER = Set.of("Done", "Released", "Failed");

    private IntentCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new IntentCommands())
                .addSubcommand(new Apply(wiring))
                .addSubcommand(new IntentList(wiring))
                .addSubcommand(new Show(wiring))
                .addSubcommand(new Measure(wiring))
                .addSubcommand(new Delete(wiring));
    }

    @Command(
            name = "apply",
            description = "Runs what a file asks for, here or in another domain, and shows how it gets on.",
            footer = {
                "",
                "The file is a manifest of a Pod or Deployment, with annotations fluidos-intent-... or without, MSPL,",
                "or the short form:",
                "",
                "  name: my-intent",
                "  parts:",
                "    - {name: front, cpu: 2, memory: 4Gi, hard: [latency <= 40ms]}",
                "",
                "A manifest runs as one virtual machine of its size; what is in its containers is not started.",
                "",
                "Example:  holdfast intent apply examples/intents/two-parts.yaml"
            })
    static final class Apply extends RemoteCommand {
        @Parameters(paramLabel = "FILE", description = "What is to run; - reads standard input.")
        private Path file = Path.of("-");

        @Option(names = "--no-wait", description = "Return as soon as the server has accepted it.")
        private boolean noWait;

        Apply(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var client = client();
            var accepted = client.post(Client.path(COLLECTION), Json.object().put("text", Inputs.text(file)));
            if (noWait) {
                output.write(
                        terminal(),
                        accepted,
                        () -> "%s is accepted. See how it gets on:  holdfast intent show %s\n"
                                .formatted(Nodes.text(accepted, "name"), Nodes.text(accepted, "name")));
                return ExitCode.OK;
            }
            var last = settled(client, accepted);
            output.write(terminal(), last, () -> sheet(terminal(), last) + outcome(last));
            return OVER.contains(Nodes.text(last, "state")) ? ExitCode.FAILED : ExitCode.OK;
        }

        private String outcome(JsonNode intent) {
            return switch (Nodes.text(intent, "state")) {
                case "Running" -> "\n" + terminal().styled(Style.GOOD, "It runs.") + "\n";
                case "Waiting" -> "\nIt waits until then.\n";
                case "Placing" ->
                    "\nIt has its room and begins at %s.\n"
                            .formatted(Times.minutes(
                                    Nodes.text(intent, "start"), terminal().zone()));
                default -> "\n" + terminal().styled(Style.BAD, "It does not run: see above.") + "\n";
            };
        }

        /// The intent when it runs, waits for its start, or is over; tells each change on the way.
        private JsonNode settled(Client client, JsonNode accepted) {
            var path = Client.path(COLLECTION, Nodes.text(accepted, "id"));
            var told = "";
            for (var now = accepted; ; now = client.get(path)) {
                var state = Nodes.text(now, "state");
                if (!state.equals(told)) terminal().note(Nodes.text(now, "name") + "  " + state);
                told = state;
                if (state.equals("Running") || OVER.contains(state) || waits(now)) return now;
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }

        private boolean waits(JsonNode intent) {
            return List.of("Placing", "Waiting").contains(Nodes.text(intent, "state"))
                    && Instant.parse(Nodes.text(intent, "start"))
                            .isAfter(wiring.platform().now());
        }
    }

    @Command(name = "list", description = "Lists intents.")
    static final class IntentList extends RemoteCommand {
        @Option(names = "--removed", description = "Those that are over, too.")
        private boolean removed;

        IntentList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var parameters = new LinkedHashMap<String, Optional<String>>();
            parameters.put("_removed", removed ? Optional.of("true") : Optional.empty());
            return list(
                    client().list(List.of(COLLECTION), parameters, 1000),
                    "No intents. Say what is to run:  holdfast intent apply examples/intents/two-parts.yaml\n",
                    Table.of("NAME", "STATE", "FORM", "PARTS", "END", "ID"),
                    (table, one) -> table.row(
                            Nodes.text(one, "name"),
                            Table.state(Nodes.text(one, "state")),
                            Nodes.text(one, "form"),
                            String.valueOf(one.path("parts").size()),
                            Times.minutes(Nodes.text(one, "end"), terminal().zone()),
                            Nodes.text(one, "id")));
        }
    }

    @Command(name = "show", description = "Shows an intent: its parts, and what became of it.")
    static final class Show extends RemoteCommand {
        @Parameters(paramLabel = "INTENT", description = "Name or id.")
        private String intent = "";

        @Option(names = "--trace", description = "Its steps on this server instead.")
        private boolean trace;

        Show(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var client = client();
            var one = client.get(Client.path(COLLECTION, intent));
            if (trace) {
                var steps = TraceView.of(client, Nodes.text(one, "trace"));
                output.writeAll(terminal(), steps.steps(), steps::table, "No steps.\n");
                return ExitCode.OK;
            }
            return say(one, known -> sheet(terminal(), known));
        }
    }

    @Command(
            name = "measure",
            description = "Says what was measured of a part that runs.",
            footer = {
                "",
                "What its hard conditions do not allow three times in a row, with half a minute between, has another one",
                "looked for, in another domain if need be.",
                "",
                "Example:  holdfast intent measure render-farm front 'latency = 80ms'"
            })
    static final class Measure extends RemoteCommand {
        @Parameters(index = "0", paramLabel = "INTENT", description = "Name or id.")
        private String intent = "";

        @Parameters(index = "1", paramLabel = "PART", description = "Its name.")
        private String part = "";

        @Parameters(index = "2..*", arity = "1..*", paramLabel = "MEASURED", description = "Such as 'latency = 80ms'.")
        private List<String> measured = List.of();

        Measure(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var body = Json.object().put("part", part);
            measured.forEach(body.putArray("measured")::add);
            var path = Client.path(List.of(COLLECTION, intent), Map.of("action", Optional.of("measure")));
            return say(client().post(path, body), known -> sheet(terminal(), known));
        }
    }

    @Command(name = "delete", description = "Gives intents up: all their machines are taken down.")
    static final class Delete extends RemoteCommand {
        @Parameters(paramLabel = "INTENT", arity = "1..*", description = "Names or ids.")
        private List<String> intents = List.of();

        Delete(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            for (var name : intents) {
                var one = client().delete(Client.path(List.of(COLLECTION, name), Map.of()));
                output.write(
                        terminal(),
                        one,
                        () -> Nodes.text(one, "name") + " is " + Nodes.text(one, "state") + "; its slices are taken"
                                + " down.\n");
            }
            return ExitCode.OK;
        }
    }

    private static String sheet(Terminal terminal, JsonNode one) {
        var parts = Table.of("PART", "CPU", "MEMORY", "WITHIN", "~CONDITIONS", "SLICE");
        for (var part : one.path("parts"))
            parts.row(
                    Nodes.text(part, "name"),
                    Nodes.text(part, "cpu"),
                    Nodes.text(part, "memory"),
                    Nodes.text(part, "within"),
                    conditions(part),
                    SliceView.dash(Nodes.text(part, "slice")));
        return new Sheet(terminal, one, Nodes.text(one, "name"), Nodes.text(one, "state"))
                .facts("id", "form", "objective")
                .fact("message", Nodes.text(one, "transitioningMessage"))
                .times("start", "end")
                .below(parts)
                .toString();
    }

    private static String conditions(JsonNode part) {
        var all = new ArrayList<String>();
        part.path("hard").forEach(one -> all.add(one.asString()));
        part.path("soft").forEach(one -> all.add(one.asString() + " (soft)"));
        return SliceView.dash(String.join(", ", all));
    }
}
