package holdfast.cli;

import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// What the commands for things of the cloud broker have in common: `list`, `show` and `remove`.
///
/// @param collection as the interface calls all of them
/// @param all as people do
/// @param none what is said if there are none
/// @param titles of a table, as [Table#of] takes them
/// @param row the cells of one of them
/// @param below what `show` adds to the fields of one
record BrokerCommands(
        String collection,
        String all,
        String none,
        List<String> titles,
        Function<JsonNode, List<?>> row,
        BiFunction<BrokerView, JsonNode, String> below) {

    BrokerCommands(String collection, String all, String none, List<String> titles, Function<JsonNode, List<?>> row) {
        this(collection, all, none, titles, row, (_, _) -> "");
    }

    /// Adds all three.
    CommandLine into(CommandLine command, Wiring wiring) {
        return listAndShow(command, wiring).addSubcommand(removed(wiring));
    }

    CommandLine listAndShow(CommandLine command, Wiring wiring) {
        return command.addSubcommand(described(new BrokerList(wiring, this), "Lists " + all + "."))
                .addSubcommand(shown(wiring));
    }

    /// Says what a command does that is made for many kinds of things.
    private static CommandLine described(RemoteCommand command, String description) {
        var line = new CommandLine(command);
        line.getCommandSpec().usageMessage().description(description);
        return line;
    }

    CommandLine shown(Wiring wiring) {
        return described(new Show(wiring, this), "Shows one of the " + all + ".");
    }

    CommandLine removed(Wiring wiring) {
        return described(new Remove(wiring, this), "Takes one of the " + all + " out; refused while it is used.");
    }

    /// For those of a kind that has quotas.
    CommandLine quota(Wiring wiring) {
        return described(
                new QuotaCommand(wiring, collection),
                "Shows how many instances one of the " + all + " has and may have; with options, changes the latter.");
    }

    int listed(RemoteCommand command, Map<String, Optional<String>> which) {
        var found = new Broker(command.client()).list(List.of(collection), which);
        return command.list(
                found, none, table(), (table, one) -> table.row(row.apply(one).toArray()));
    }

    Table table() {
        return Table.of(titles.toArray(String[]::new));
    }

    @Command(name = "list")
    static final class BrokerList extends RemoteCommand {
        private final BrokerCommands kind;

        BrokerList(Wiring wiring, BrokerCommands kind) {
            super(wiring);
            this.kind = kind;
        }

        @Override
        public Integer call() {
            return kind.listed(this, Map.of());
        }
    }

    /// One that is not there yet.
    abstract static class New extends RemoteCommand {
        @Parameters(paramLabel = "NAME", description = "A name to find it by.")
        String name = "";

        New(Wiring wiring) {
            super(wiring);
        }

        final Broker broker() {
            return new Broker(client());
        }
    }

    /// One of them.
    abstract static class One extends RemoteCommand {
        @Parameters(paramLabel = "NAME", description = "Name or id.")
        String name = "";

        One(Wiring wiring) {
            super(wiring);
        }

        final Broker broker() {
            return new Broker(client());
        }
    }

    /// Has something done with one, and waits until it is done.
    abstract static class Act extends One {
        @Mixin
        private BrokerWait wait = new BrokerWait();

        private final String collection;
        private final String action;
        private final Set<String> busy;
        private final Function<JsonNode, String> line;

        /// @param action as the interface calls what is done
        /// @param busy the states that it passes through meanwhile
        /// @param line says how it is at the end
        Act(Wiring wiring, String collection, String action, Set<String> busy, Function<JsonNode, String> line) {
            super(wiring);
            this.collection = collection;
            this.action = action;
            this.busy = busy;
            this.line = line;
        }

        @Override
        public Integer call() {
            var broker = broker();
            var now = broker.post(Json.object(), collection, broker.id(collection, name), action);
            return say(wait.until(this, collection, now, busy).orElse(now), line);
        }
    }

    /// Takes one away, and waits until nothing is left of it.
    abstract static class Gone extends One {
        @Mixin
        private BrokerWait wait = new BrokerWait();

        private final String collection;

        Gone(Wiring wiring, String collection) {
            super(wiring);
            this.collection = collection;
        }

        @Override
        public Integer call() {
            var broker = broker();
            var before = broker.find(collection, name);
            var path = Broker.path(collection, Nodes.text(before, "id"));
            var answer = Broker.inside(broker.client().delete(path));
            var left = answer.isEmpty() ? Optional.<JsonNode>empty() : wait.untilGone(this, collection, answer);
            var known = Nodes.text(before, "name");
            return say(
                    left.orElse(before),
                    one -> known + (left.isPresent() ? " is " + Nodes.text(one, "state") + ".\n" : " is gone.\n"));
        }
    }

    @Command(name = "show")
    static final class Show extends One {
        private final BrokerCommands kind;

        Show(Wiring wiring, BrokerCommands kind) {
            super(wiring);
            this.kind = kind;
        }

        @Override
        public Integer call() {
            var broker = broker();
            var view = new BrokerView(terminal(), broker);
            return say(broker.find(kind.collection, name), one -> view.text(one) + kind.below.apply(view, one));
        }
    }

    @Command(name = "remove")
    static final class Remove extends One {
        private final BrokerCommands kind;

        Remove(Wiring wiring, BrokerCommands kind) {
            super(wiring);
            this.kind = kind;
        }

        @Override
        public Integer call() {
            var broker = broker();
            var found = broker.find(kind.collection, name);
            var gone = Broker.inside(broker.client().delete(Broker.path(kind.collection, Nodes.text(found, "id"))));
            return say(
                    found,
                    one -> Nodes.text(one, "name") + " is removed" + along(gone, Broker.ACCOUNTS, "accounts")
                            + along(gone, Broker.POOLS, "pools") + ".\n");
        }

        private static String along(JsonNode gone, String list, String word) {
            var names = Nodes.items(gone, list).stream()
                    .map(one -> Nodes.text(one, "name"))
                    .collect(Collectors.joining(", "));
            return names.isEmpty() ? "" : ", and with it its " + word + ": " + names;
        }
    }
}
