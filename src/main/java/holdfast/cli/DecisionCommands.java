package holdfast.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `decisions list` and `replay`.
@Command(
        name = "decisions",
        description = "What was decided on reservations and servers, for administrators.",
        synopsisSubcommandLabel = "COMMAND")
final class DecisionCommands {
    private static final String COLLECTION = "decisions";

    private DecisionCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new DecisionCommands())
                .addSubcommand(new DecisionList(wiring))
                .addSubcommand(new Again(wiring));
    }

    /// Which of them.
    static final class Which {
        @Option(names = "--reservation", paramLabel = "ID", description = "Only those about this reservation.")
        private Optional<String> reservation = Optional.empty();

        @Option(names = "--project", paramLabel = "PROJECT", description = "Only those of this project.")
        private Optional<String> project = Optional.empty();

        @Option(
                names = "--start",
                paramLabel = "TIME",
                description = "Only from then on, such as 2031-04-05T12:00:00Z.")
        private Optional<String> start = Optional.empty();

        @Option(names = "--end", paramLabel = "TIME", description = "Only earlier ones.")
        private Optional<String> end = Optional.empty();

        @Option(names = "--after", paramLabel = "N", description = "Only those with a greater number.")
        private Optional<String> after = Optional.empty();

        Map<String, Optional<String>> parameters() {
            var parameters = new LinkedHashMap<String, Optional<String>>();
            parameters.put("reservation", reservation);
            parameters.put("project", project);
            parameters.put("start", start);
            parameters.put("end", end);
            parameters.put("after", after);
            return parameters;
        }
    }

    @Command(
            name = "list",
            description = "Lists them, oldest first.",
            footer = {"", "Example:  holdfast decisions list --project physics --start 2031-04-05T00:00:00Z"})
    static final class DecisionList extends RemoteCommand {
        @Mixin
        private final Which which = new Which();

        @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: ${DEFAULT-VALUE}.")
        private int limit = 100;

        DecisionList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return list(
                    client().list(List.of(COLLECTION), which.parameters(), limit),
                    "No decisions.\n",
                    Table.of(">NO", "AT", "WHAT", "PROJECT", "BY", "ABOUT", "~ANSWER"),
                    (table, one) -> table.row(
                            Nodes.text(one, "id"),
                            time(one, "at"),
                            Nodes.text(one, "verb"),
                            Nodes.text(one, "project"),
                            Nodes.text(one, "who"),
                            about(one),
                            answer(one)));
        }
    }

    private static String about(JsonNode one) {
        var allocation = Nodes.text(one, "allocation");
        return allocation.isEmpty() ? Nodes.text(one, "reservation") : allocation;
    }

    private static String answer(JsonNode one) {
        return one.path("answer").has("granted") ? "granted" : Nodes.text(one, "message");
    }

    @Command(
            name = "replay",
            description = {
                "Decides again what was decided.",
                "Each is decided on what was looked at then; the first that has another answer is shown."
            },
            footer = {"", "Example:  holdfast decisions replay --start 2031-04-05T00:00:00Z"})
    static final class Again extends RemoteCommand {
        @Mixin
        private final Which which = new Which();

        Again(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            long same = 0;
            long skipped = 0;
            var next = Client.path(List.of(COLLECTION, "replay"), which.parameters());
            while (!next.isEmpty()) {
                var page = client().get(next);
                same += page.path("same").asLong(0);
                skipped += page.path("skipped").asLong(0);
                if (page.has("different")) throw differs(page, same);
                var link = Nodes.text(page, "pagination", "next");
                next = link.isEmpty() ? "" : Client.ownPath(link);
            }
            terminal()
                    .out()
                    .printf("%d decisions have the same answer again; %d cannot be decided again.%n", same, skipped);
            return ExitCode.OK;
        }

        private static CliException differs(JsonNode page, long same) {
            var one = page.path("different");
            return new CliException(
                    ExitCode.FAILED,
                    "decision " + Nodes.text(one, "id") + " (" + Nodes.text(one, "verb") + " " + about(one)
                            + ") has another answer, after " + same + " that have the same\n  then: "
                            + one.path("answer") + "\n  now:  " + page.path("now"),
                    "look at it with:  holdfast decisions list --after "
                            + (one.path("id").asLong(1) - 1) + " --limit 1 -o json");
        }
    }
}
