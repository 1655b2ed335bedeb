package holdfast.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `notice list` and `follow`.
@Command(
        name = "notice",
        description = "Notices: what happened to reservations and capacity, each with its number.",
        synopsisSubcommandLabel = "COMMAND")
final class NoticeCommands {
    private static final String WAIT_SECONDS = "30";
    private static final Duration PAUSE = Duration.ofMillis(500);
    /// A server that is away longer than this is given up.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private NoticeCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new NoticeCommands())
                .addSubcommand(new NoticeList(wiring))
                .addSubcommand(new NoticeFollow(wiring));
    }

    /// One that reads notices.
    abstract static class Reading extends RemoteCommand {
        @Mixin
        final NoticeOptions options = new NoticeOptions();

        @Option(names = "--since", paramLabel = "N", description = "Only those with a greater number.")
        Optional<Long> since = Optional.empty();

        Reading(Wiring wiring) {
            super(wiring);
        }

        JsonNode page(Optional<Long> from, Map<String, Optional<String>> more) {
            var parameters = new LinkedHashMap<>(options.parameters());
            parameters.put("since", from.map(String::valueOf));
            parameters.putAll(more);
            return client().get(Client.path(List.of("notices"), parameters));
        }
    }

    @Command(
            name = "list",
            description = "Lists notices, oldest first: the newest, or those after a number.",
            footer = {"", "Example:  holdfast notice list --event 'reservation.*' --since 120"})
    static final class NoticeList extends Reading {
        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "At most so many, and at most 1000. Default: ${DEFAULT-VALUE}.")
        private int limit = 100;

        NoticeList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return list(
                    Nodes.items(page(since, Map.of("limit", Optional.of(String.valueOf(limit))))),
                    "No notices.\n",
                    Table.of(">NO", "AT", "TYPE", "PROJECT", "OF", "~DATA"),
                    (table, notice) -> table.row(
                            Nodes.text(notice, "sequence"),
                            time(notice, "time"),
                            Nodes.text(notice, "type"),
                            SliceView.dash(Nodes.text(notice, "project")),
                            object(notice),
                            Nodes.at(notice, "data")));
        }
    }

    private static String object(JsonNode notice) {
        return Nodes.text(notice, "object", "kind") + " " + Nodes.text(notice, "object", "id");
    }

    private static String line(JsonNode notice, ZoneId zone) {
        return "%s  %s  %s  %s  %s"
                .formatted(
                        Nodes.text(notice, "sequence"),
                        Times.seconds(Nodes.text(notice, "time"), zone),
                        Nodes.text(notice, "type"),
                        object(notice),
                        Nodes.at(notice, "data"));
    }

    @Command(
            name = "follow",
            description = {
                "Shows notices as they come, until it is interrupted; over restarts of the server.",
                "Begins with what comes now, or after --since."
            },
            footer = {"", "Example:  holdfast notice follow --event 'reservation.*' --output json"})
    static final class NoticeFollow extends Reading {
        @Option(names = "--count", paramLabel = "N", description = "End after so many.")
        private Optional<Integer> count = Optional.empty();

        private Optional<Instant> awaySince = Optional.empty();

        NoticeFollow(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            long from = since.orElseGet(() ->
                    Nodes.number(page(Optional.empty(), Map.of("limit", Optional.of("1"))), "sequence"));
            for (int shown = 0; count.filter(most -> most <= 0).isEmpty(); ) {
                var page = next(from);
                if (page.isEmpty()) continue;
                for (var notice : Nodes.items(page.get())) {
                    if (output.table())
                        terminal().out().println(line(notice, terminal().zone()));
                    output.writeOneOfMany(terminal(), notice);
                    int now = ++shown;
                    if (count.filter(most -> now >= most).isPresent()) return ExitCode.OK;
                }
                from = Nodes.number(page.get(), "sequence");
            }
            return ExitCode.OK;
        }

        /// The next notices; empty while the server is away.
        ///
        /// @throws CliException if it is away for too long
        private Optional<JsonNode> next(long from) {
            try {
                var page = page(Optional.of(from), Map.of("wait", Optional.of(WAIT_SECONDS)));
                awaySince = Optional.empty();
                return Optional.of(page);
            } catch (CliException e) {
                var now = wiring.platform().now();
                if (e.exitCode() != ExitCode.NO_SERVER
                        || awaySince
                                .filter(began -> began.plus(PATIENCE).isBefore(now))
                                .isPresent()) throw e;
                if (awaySince.isEmpty()) terminal().note("the server is away; trying again");
                awaySince = awaySince.or(() -> Optional.of(now));
                LockSupport.parkNanos(PAUSE.toNanos());
                return Optional.empty();
            }
        }
    }
}
