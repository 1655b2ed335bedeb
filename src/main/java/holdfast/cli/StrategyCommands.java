package holdfast.cli;

import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// `strategy list`, `on`, `off`, `group`, `ungroup`, `weigh` and `unweigh`.
@Command(
        name = "strategy",
        description = "Strategies: how a pool chooses among accounts.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "What comes of it:  holdfast instance explain --image IMAGE --pool POOL"})
final class StrategyCommands {
    private static final String STRATEGIES = "selection_strategies";
    private static final String GROUPS = "priority_groups";
    private static final String WEIGHTS = "account_options";

    private StrategyCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new StrategyCommands())
                .addSubcommand(new Strategies(wiring))
                .addSubcommand(new On(wiring))
                .addSubcommand(new Off(wiring))
                .addSubcommand(new Group(wiring))
                .addSubcommand(new Ungroup(wiring))
                .addSubcommand(new Weigh(wiring))
                .addSubcommand(new Unweigh(wiring));
    }

    private static String numbers(JsonNode strategy) {
        return Nodes.texts(strategy, "config").entrySet().stream()
                .map(number -> number.getKey() + "=" + number.getValue())
                .collect(Collectors.joining(" "));
    }

    /// What is switched on at a pool, with its groups and weights.
    static String choice(BrokerView view, JsonNode pool) {
        var broker = view.broker();
        var id = Nodes.text(pool, "id");
        var strategies = Table.of("STRATEGY", ">POSITION", "~NUMBERS");
        for (var one : Nodes.items(broker.get(Broker.POOLS, id, STRATEGIES)))
            if (Nodes.at(one, "enabled").asBoolean(false))
                strategies.row(Nodes.text(one, "name"), Nodes.text(one, "position"), numbers(one));
        var groups = Table.of("GROUP", ">SCORE", "~CLOUDS", "~ACCOUNTS");
        for (var one : Nodes.items(broker.get(Broker.POOLS, id, GROUPS)))
            groups.row(
                    Nodes.text(one, "name"),
                    Nodes.text(one, "score"),
                    names(view, one, Broker.PROVIDERS),
                    names(view, one, Broker.ACCOUNTS));
        var weights = Table.of("ACCOUNT", ">WEIGHT");
        for (var one : Nodes.items(broker.get(Broker.POOLS, id, WEIGHTS)))
            weights.row(view.name(one.path("provider_account")), Nodes.text(one, "score"));
        var text = new StringBuilder();
        for (var table : List.of(strategies, groups, weights))
            if (!table.isEmpty()) text.append('\n').append(table.text(view.terminal()));
        return text.toString();
    }

    private static String names(BrokerView view, JsonNode one, String field) {
        return Nodes.items(one, field).stream().map(view::name).collect(Collectors.joining(", "));
    }

    /// About one pool.
    abstract static class OfPool extends RemoteCommand {
        @Parameters(index = "0", paramLabel = "POOL", description = "Name or id.")
        String pool = "";

        OfPool(Wiring wiring) {
            super(wiring);
        }

        final Broker broker() {
            return new Broker(client());
        }
    }

    @Command(name = "list", description = "Lists strategies of a pool in the order in which they count.")
    static final class Strategies extends OfPool {
        Strategies(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = broker();
            var all = Nodes.items(broker.get(Broker.POOLS, broker.id(Broker.POOLS, pool), STRATEGIES));
            return list(
                    all,
                    "No strategies.\n",
                    Table.of("STRATEGY", "ON", ">POSITION", "~NUMBERS"),
                    (table, one) -> table.row(
                            Nodes.text(one, "name"),
                            BrokerView.yes(one, "enabled"),
                            Nodes.text(one, "position"),
                            numbers(one)));
        }
    }

    @Command(
            name = "on",
            description = "Switches a strategy of a pool on, or changes its numbers.",
            footer = {
                "",
                "Strategies: strict_order (groups by score), penalty_for_failure, weighting, cost_order",
                "Example:    holdfast strategy on dev penalty_for_failure --number penalty_percentage=10"
            })
    static final class On extends OfPool {
        @Parameters(index = "1", paramLabel = "STRATEGY", description = "As 'holdfast strategy list' shows it.")
        private String strategy = "";

        @Option(names = "--position", paramLabel = "N", description = "Which of all it is, from 1. Default: as it was.")
        private Optional<Integer> position = Optional.empty();

        @Option(
                names = "--number",
                paramLabel = "NAME=N",
                description =
                        "A number of the strategy; may be given again. All that are not given have their usual one.")
        private Map<String, Integer> numbers = Map.of();

        On(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = broker();
            var body = Json.object().put("enabled", true);
            position.ifPresent(number -> body.put("position", number));
            if (!numbers.isEmpty()) numbers.forEach(body.putObject("config")::put);
            return say(
                    broker.put(body, Broker.POOLS, broker.id(Broker.POOLS, pool), STRATEGIES, strategy),
                    _ -> pool + " chooses by " + strategy + ".\n");
        }
    }

    @Command(name = "off", description = "Switches a strategy of a pool off.")
    static final class Off extends OfPool {
        @Parameters(index = "1", paramLabel = "STRATEGY", description = "As 'holdfast strategy list' shows it.")
        private String strategy = "";

        Off(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = broker();
            var body = Json.object().put("enabled", false);
            return say(
                    broker.put(body, Broker.POOLS, broker.id(Broker.POOLS, pool), STRATEGIES, strategy),
                    _ -> pool + " does not choose by " + strategy + ".\n");
        }
    }

    /// A priority group of a pool.
    abstract static class OfGroup extends OfPool {
        @Parameters(index = "1", paramLabel = "GROUP", description = "The name of the group.")
        String group = "";

        OfGroup(Wiring wiring) {
            super(wiring);
        }

        final Optional<String> known(Broker broker, String id) {
            return Nodes.items(broker.get(Broker.POOLS, id, GROUPS)).stream()
                    .filter(one -> Nodes.text(one, "name").equals(group))
                    .map(one -> Nodes.text(one, "id"))
                    .findFirst();
        }
    }

    @Command(
            name = "group",
            description = "Puts clouds and accounts into a group of a pool, which strict_order tries by its score.",
            footer = {"", "Example:  holdfast strategy group dev near --score 20 --cloud north"})
    static final class Group extends OfGroup {
        @Option(
                names = "--score",
                paramLabel = "N",
                required = true,
                description = "-100 to 100; the highest is first.")
        private int score;

        @Option(names = "--cloud", paramLabel = "CLOUD", description = "All accounts of it; may be given again.")
        private List<String> clouds = List.of();

        @Option(names = "--account", paramLabel = "ACCOUNT", description = "May be given again.")
        private List<String> accounts = List.of();

        Group(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = broker();
            var body = Json.object().put("name", group).put("score", score);
            body.set(Broker.PROVIDERS, ids(broker, Broker.PROVIDERS, clouds));
            body.set(Broker.ACCOUNTS, ids(broker, Broker.ACCOUNTS, accounts));
            var id = broker.id(Broker.POOLS, pool);
            var answer = known(broker, id)
                    .map(old -> broker.put(body, Broker.POOLS, id, GROUPS, old))
                    .orElseGet(() -> broker.post(body, Broker.POOLS, id, GROUPS));
            return say(answer, _ -> "The group %s of %s has the score %d.\n".formatted(group, pool, score));
        }

        private static ArrayNode ids(Broker broker, String collection, List<String> names) {
            var all = Json.array();
            names.forEach(name -> all.add(Json.object().put("id", broker.id(collection, name))));
            return all;
        }
    }

    @Command(name = "ungroup", description = "Removes a group of a pool.")
    static final class Ungroup extends OfGroup {
        Ungroup(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = broker();
            var id = broker.id(Broker.POOLS, pool);
            var known = known(broker, id)
                    .orElseThrow(() -> new CliException(
                            ExitCode.NOT_THERE,
                            pool + " has no group " + group,
                            "see which it has with:  holdfast pool show " + pool));
            return say(
                    broker.client().delete(Broker.path(Broker.POOLS, id, GROUPS, known)),
                    _ -> "%s has no group %s any more.\n".formatted(pool, group));
        }
    }

    /// The weight of an account in a pool.
    abstract static class OfAccount extends OfPool {
        @Parameters(index = "1", paramLabel = "ACCOUNT", description = "Name or id.")
        String account = "";

        OfAccount(Wiring wiring) {
            super(wiring);
        }

        final String[] path(Broker broker) {
            return new String[] {
                Broker.POOLS, broker.id(Broker.POOLS, pool), WEIGHTS, broker.id(Broker.ACCOUNTS, account)
            };
        }
    }

    @Command(
            name = "weigh",
            description = "Gives an account a weight in a pool, which weighting draws by.",
            footer = {"", "Example:  holdfast strategy weigh dev ours-south --score -5"})
    static final class Weigh extends OfAccount {
        @Option(
                names = "--score",
                paramLabel = "N",
                required = true,
                description = "-100 to 100; 0 is as if it had none.")
        private int score;

        Weigh(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = broker();
            return say(
                    broker.put(Json.object().put("score", score), path(broker)),
                    _ -> "%s has the weight %d in %s.\n".formatted(account, score, pool));
        }
    }

    @Command(name = "unweigh", description = "Takes the weight of an account in a pool away.")
    static final class Unweigh extends OfAccount {
        Unweigh(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = broker();
            return say(
                    broker.client().delete(Broker.path(path(broker))),
                    _ -> "%s has no weight in %s.\n".formatted(account, pool));
        }
    }
}
