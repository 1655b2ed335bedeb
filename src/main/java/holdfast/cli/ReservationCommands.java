package holdfast.cli;

import holdfast.platform.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `reservation create`, `list`, `offers`, `show`, `update`, `confirm`, `cancel` and `calendar`.
@Command(
        name = "reservation",
        description = "Reservations: capacity at providers for a time.",
        synopsisSubcommandLabel = "COMMAND")
final class ReservationCommands {
    static final String COLLECTION = "reservations";

    private ReservationCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new ReservationCommands())
                .addSubcommand(new ReservationCreate(wiring))
                .addSubcommand(new ReservationList(wiring))
                .addSubcommand(new Offers(wiring))
                .addSubcommand(new Show(wiring))
                .addSubcommand(new Update(wiring))
                .addSubcommand(new Confirm(wiring))
                .addSubcommand(new Activate(wiring))
                .addSubcommand(new Cancel(wiring))
                .addSubcommand(new Calendar(wiring));
    }

    /// A list of some of them.
    abstract static class Some extends RemoteCommand {
        @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: ${DEFAULT-VALUE}.")
        private int limit = 1000;

        Some(Wiring wiring) {
            super(wiring);
        }

        final int list(Map<String, Optional<String>> which, String none) {
            var found = client().list(List.of(COLLECTION), which, limit);
            output.writeAll(
                    terminal(),
                    found,
                    () -> {
                        var table = ReservationView.table(terminal(), found);
                        return table;
                    },
                    none);
            return ExitCode.OK;
        }
    }

    @Command(name = "list", description = "Lists reservations.")
    static final class ReservationList extends Some {
        @Option(names = "--state", paramLabel = "STATE", description = "Only those in a state, such as active.")
        private Optional<String> state = Optional.empty();

        ReservationList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return list(
                    Map.of("state", state),
                    "No reservations. Make one:  holdfast reservation create NAME --flavor SIZE --for 2h\n");
        }
    }

    @Command(name = "offers", description = "Lists offers that can still be taken.")
    static final class Offers extends Some {
        Offers(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return list(Map.of("state", Optional.of("held")), "No offers. Ask for one with --hold 60s.\n");
        }
    }

    /// One of them.
    abstract static class One extends RemoteCommand {
        @Parameters(paramLabel = "RESERVATION", description = "Name or id.")
        String id = "";

        One(Wiring wiring) {
            super(wiring);
        }

        final int act(String action) {
            return act(COLLECTION, id, action, one -> ReservationView.line(terminal(), one));
        }
    }

    @Command(name = "show", description = "Shows a reservation, its items and where they are.")
    static final class Show extends One {
        Show(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return show(COLLECTION, id, one -> ReservationView.text(terminal(), one));
        }
    }

    @Command(name = "confirm", description = "Takes an offer.")
    static final class Confirm extends One {
        Confirm(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return act("confirm");
        }
    }

    @Command(name = "activate", description = "Begins a reservation that stands by, or whose start was left open.")
    static final class Activate extends One {
        Activate(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return act("activate");
        }
    }

    @Command(name = "cancel", description = "Gives a reservation up, before it begins or while it runs.")
    static final class Cancel extends One {
        Cancel(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return act("cancel");
        }
    }

    @Command(
            name = "update",
            description = "Changes a reservation; what is not named stays, and a refusal changes nothing.",
            footer = {"", "Example:  holdfast reservation update expo --end +6h --count 5"})
    static final class Update extends One {
        @Option(names = "--name", paramLabel = "NAME", description = "Another name.")
        private Optional<String> name = Optional.empty();

        @Option(names = "--start", paramLabel = "TIME", description = "Another start, if it has not begun.")
        private Optional<String> start = Optional.empty();

        @Option(names = "--end", paramLabel = "TIME", description = "Another end.")
        private Optional<String> end = Optional.empty();

        @Option(names = "--priority", paramLabel = "N", description = "0 to 100.")
        private Optional<Integer> priority = Optional.empty();

        @Option(names = "--count", paramLabel = "N", description = "How many hosts, servers or addresses.")
        private Optional<Integer> count = Optional.empty();

        @Option(names = "--item", paramLabel = "ID", description = "Of which item, if there are several.")
        private Optional<String> item = Optional.empty();

        Update(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var path = Client.path(COLLECTION, id);
            var body = Json.object();
            name.ifPresent(text -> body.put("name", text));
            start.ifPresent(text -> body.put("start", time("--start", text)));
            end.ifPresent(text -> body.put("end", time("--end", text)));
            priority.ifPresent(number -> body.put("priority", number));
            count.ifPresent(number -> body.putArray("items").add(item(path, number)));
            if (body.isEmpty())
                throw new CliException(ExitCode.USAGE, "nothing is to be changed; say what with options");
            return say(client().put(path, body), one -> ReservationView.line(terminal(), one));
        }

        private ObjectNode item(String path, int number) {
            var one = one(path);
            var node = Json.object().put("id", Nodes.text(one, "id"));
            return switch (Nodes.text(one, "kind")) {
                case "addresses" -> node.put("count", number);
                case "quantity", "elements" ->
                    throw new CliException(
                            ExitCode.USAGE,
                            "--count is of hosts, servers and addresses, and the item is " + Alternatives.item(one));
                default -> node.put("min", number).put("max", number);
            };
        }

        private JsonNode one(String path) {
            var items = Nodes.items(client().get(path), "items").stream()
                    .filter(one -> item.isEmpty() || item.get().equals(Nodes.text(one, "id")))
                    .toList();
            if (item.isPresent() && items.isEmpty())
                throw new CliException(
                        ExitCode.NOT_THERE,
                        id + " has no item " + item.get(),
                        "see them with:  holdfast reservation show " + id);
            if (items.size() != 1)
                throw new CliException(
                        ExitCode.USAGE,
                        id + " has " + items.size() + " items; name one with --item",
                        "see them with:  holdfast reservation show " + id);
            return items.getFirst();
        }
    }

    @Command(
            name = "calendar",
            description = "Draws who has what at providers and when. What is not yours is only seen to be taken.",
            footer = {"", "Example:  holdfast reservation calendar --zone lab/north --start +1d --for 12h"})
    static final class Calendar extends RemoteCommand {
        @Option(names = "--provider", paramLabel = "NAME", description = "Of one provider.")
        private Optional<String> provider = Optional.empty();

        @Option(names = "--zone", paramLabel = "ZONE", description = "Of one zone, such as north or lab/north.")
        private Optional<String> zone = Optional.empty();

        @Option(names = "--start", paramLabel = "TIME", description = "From when. Default: now.")
        private Optional<String> start = Optional.empty();

        @Option(names = "--for", paramLabel = "TIME", description = "How long. Default: 24h.")
        private Optional<String> length = Optional.empty();

        Calendar(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var now = wiring.platform().now();
            var from = start.map(
                            text -> Times.parse("--start", text, now, terminal().zone()))
                    .orElse(now);
            var until =
                    from.plus(length.map(text -> Times.length("--for", text)).orElse(Duration.ofDays(1)));
            var parameters = new LinkedHashMap<String, Optional<String>>();
            parameters.put("provider", provider);
            parameters.put("zone", zone);
            parameters.put("start", Optional.of(from.toString()));
            parameters.put("end", Optional.of(until.toString()));
            return say(
                    client().get(Client.path(List.of("calendar"), parameters)),
                    answer -> Gantt.text(terminal(), answer));
        }
    }
}
