package holdfast.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `process list` and `show`.
@Command(
        name = "process",
        description = "Processes: what the server is doing to which thing, step by step.",
        synopsisSubcommandLabel = "COMMAND")
final class ProcessCommands {
    private ProcessCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new ProcessCommands())
                .addSubcommand(new ProcessList(wiring))
                .addSubcommand(new Show(wiring))
                .addSubcommand("retry", new Intervene(wiring, "retry"))
                .addSubcommand("skip", new Intervene(wiring, "skip"))
                .addSubcommand("fail", new Intervene(wiring, "fail"))
                .addSubcommand("cancel", new Intervene(wiring, "cancel"));
    }

    @Command(
            description = {
                "Brings a process that is stuck on its way again, for administrators:",
                "  retry   tries the present step again now; one that has failed goes on",
                "  skip    goes over the present step as if it were done",
                "  fail    gives it up: what it did is undone, or its resource stays, marked",
                "  cancel  stops it as it stands, if nothing would be forgotten outside"
            })
    static final class Intervene extends RemoteCommand {
        private final String action;

        @Parameters(paramLabel = "ID", description = "Id of the process.")
        private String id = "";

        Intervene(Wiring wiring, String action) {
            super(wiring);
            this.action = action;
        }

        @Override
        public Integer call() {
            return act(
                    "processinstances",
                    id,
                    action,
                    process -> Nodes.text(process, "processName") + " " + Nodes.text(process, "id") + ": done\n");
        }
    }

    @Command(
            name = "list",
            description = "Lists processes, the latest first.",
            footer = {"", "Example:  holdfast process list --state waiting"})
    static final class ProcessList extends RemoteCommand {
        @Option(names = "--resource", paramLabel = "ID", description = "Only those of this thing.")
        private Optional<String> resource = Optional.empty();

        @Option(
                names = "--state",
                paramLabel = "STATE",
                description =
                        "Only those in this state: scheduled, running, waiting, undoing, done, failed, cancelled.")
        private Optional<String> state = Optional.empty();

        @Option(names = "--name", paramLabel = "NAME", description = "Only those called so, such as lease.create.")
        private Optional<String> name = Optional.empty();

        @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: ${DEFAULT-VALUE}.")
        private int limit = 50;

        ProcessList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var parameters = new LinkedHashMap<String, Optional<String>>();
            parameters.put("resource", resource);
            parameters.put("state", state);
            parameters.put("name", name);
            return list(
                    client().list(List.of("processes"), parameters, limit),
                    "No processes.\n",
                    Table.of("PROCESS", "STATE", "STEP", "~WAITING FOR, OR WHY", "CREATED", "OF", "ID"),
                    (table, process) -> table.row(
                            Nodes.text(process, "name"),
                            Table.state(Nodes.text(process, "state")),
                            step(process),
                            SliceView.dash(why(process, terminal().zone())),
                            time(process, "created"),
                            Nodes.text(process, "resourceType"),
                            Nodes.text(process, "id")));
        }
    }

    private static String step(JsonNode process) {
        var step = Nodes.text(process, "step");
        return step.isEmpty()
                ? "-"
                : "%d/%d %s".formatted(Nodes.number(process, "stepNumber"), Nodes.number(process, "steps"), step);
    }

    /// What it waits for, or why it failed.
    private static String why(JsonNode process, java.time.ZoneId zone) {
        var waitingFor = Nodes.text(process, "waitingFor");
        if (!waitingFor.isEmpty()) return waitingFor;
        if (Nodes.text(process, "state").equals("scheduled"))
            return "its time, " + Times.seconds(Nodes.text(process, "runAfter"), zone);
        return Nodes.text(process, "error", "message");
    }

    @Command(name = "show", description = "Shows a process and its log: what ran, when, with what result.")
    static final class Show extends RemoteCommand {
        @Parameters(paramLabel = "ID", description = "Id of the process.")
        private String id = "";

        Show(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return show("processes", id, this::text);
        }

        private String text(JsonNode found) {
            var zone = terminal().zone();
            var out = new StringBuilder("""
                    %s  %s
                    id       %s
                    of       %s %s
                    step     %s
                    created  %s
                    ended    %s
                    """.formatted(
                            terminal().styled(Terminal.Style.STRONG, Nodes.text(found, "name")),
                            Nodes.text(found, "state"),
                            Nodes.text(found, "id"),
                            Nodes.text(found, "resourceType"),
                            Nodes.text(found, "resource"),
                            step(found),
                            Times.seconds(Nodes.text(found, "created"), zone),
                            SliceView.dash(Times.seconds(Nodes.text(found, "ended"), zone))));
            var why = why(found, zone);
            if (!why.isEmpty()) out.append("why      ").append(why).append('\n');
            var log = Table.of("AT", "STEP", "OUTCOME", "~DETAIL");
            for (var line : Nodes.items(found, "log"))
                log.row(
                        Times.seconds(Nodes.text(line, "at"), zone),
                        Nodes.text(line, "step"),
                        Table.state(Nodes.text(line, "outcome")),
                        Nodes.text(line, "detail"));
            if (!log.isEmpty()) out.append('\n').append(log.text(terminal()));
            return out.toString();
        }
    }
}
