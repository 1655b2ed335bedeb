package holdfast.cli;

import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `pool add`, `list`, `show`, `quota` and `remove`.
@Command(
        name = "pool",
        description = "Pools: virtual clouds, which have instances made at accounts of many clouds.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "How a pool chooses among accounts:  holdfast strategy --help"})
final class PoolCommands {
    private static final String ONE = "pool";

    private static final BrokerCommands KIND = new BrokerCommands(
            Broker.POOLS,
            "pools",
            "No pools. Make one:  holdfast pool add NAME\n",
            List.of("NAME", "FAMILY", "ENABLED", ">RUNNING/TOTAL", "EXPORTED AS", "~DESCRIPTION"),
            one -> List.of(
                    Nodes.text(one, "name"),
                    Nodes.text(one, "pool_family", "value"),
                    BrokerView.yes(one, "enabled"),
                    BrokerView.limits(one),
                    SliceView.dash(Nodes.text(one, "exported_as")),
                    Nodes.text(one, "description")),
            StrategyCommands::choice);

    private PoolCommands() {}

    static CommandLine all(Wiring wiring) {
        var all = new CommandLine(new PoolCommands()).addSubcommand(new Add(wiring));
        return KIND.into(all, wiring).addSubcommand(KIND.quota(wiring));
    }

    @Command(
            name = "add",
            description = "Makes a pool.",
            footer = {"", "Example:  holdfast pool add dev --max-running 5"})
    static final class Add extends BrokerCommands.New {
        @Option(
                names = "--family",
                paramLabel = "FAMILY",
                description = "Whose accounts it uses. Default: the default family.")
        private Optional<String> family = Optional.empty();

        @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.")
        private Optional<String> description = Optional.empty();

        @Option(
                names = "--export",
                paramLabel = "NAME",
                description = "The provider as which clients of clouds see it.")
        private Optional<String> export = Optional.empty();

        @Mixin
        private QuotaOptions quota = new QuotaOptions();

        Add(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = broker();
            var body = Json.object().put("name", name);
            body.putObject("pool_family").put("id", family(broker));
            description.ifPresent(text -> body.put("description", text));
            export.ifPresent(text -> body.put("exported_as", text));
            quota.putInto(body, Json.object());
            return say(
                    broker.post(Json.object().set(ONE, body), Broker.POOLS),
                    _ -> name + " is made. Next:  holdfast instance launch --pool " + name
                            + " --image IMAGE --hwprofile PROFILE\n");
        }

        private String family(Broker broker) {
            if (family.isPresent()) return broker.id(Broker.FAMILIES, family.get());
            var found = broker.list(List.of(Broker.FAMILIES), Map.of("default", Optional.of("true")));
            if (found.isEmpty())
                throw new CliException(ExitCode.USAGE, "there is no default family; name one with --family");
            return Nodes.text(found.getFirst(), "id");
        }
    }
}
