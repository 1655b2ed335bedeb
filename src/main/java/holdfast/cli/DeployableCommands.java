package holdfast.cli;

import holdfast.platform.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `deployable add`, `list`, `show` and `remove`.
@Command(
        name = "deployable",
        description = "Deployables: what is launched together in a pool.",
        synopsisSubcommandLabel = "COMMAND")
final class DeployableCommands {
    private static final BrokerCommands KIND = new BrokerCommands(
            Broker.DEPLOYABLES,
            "deployables",
            "No deployables. Add one:  holdfast deployable add NAME --file FILE --pool POOL\n",
            List.of("NAME", ">ASSEMBLIES", "~DESCRIPTION", "ID"),
            one -> List.of(
                    Nodes.text(one, "name"),
                    Nodes.items(one, "assemblies").size(),
                    Nodes.text(one, "description"),
                    Nodes.text(one, "id")));

    private DeployableCommands() {}

    static CommandLine all(Wiring wiring) {
        return KIND.into(new CommandLine(new DeployableCommands()).addSubcommand(new Add(wiring)), wiring);
    }

    /// The one of that name in a pool; its id will do as well.
    static String id(Broker broker, String name, String pool) {
        return broker
                .list(List.of(Broker.DEPLOYABLES), Map.of("name", Optional.of(name), Broker.POOL, Optional.of(pool)))
                .stream()
                .map(one -> Nodes.text(one, "id"))
                .findFirst()
                .orElseGet(() -> broker.id(Broker.DEPLOYABLES, name));
    }

    @Command(
            name = "add",
            description = "Keeps a deployable in a pool.",
            footer = {"", "Example:  holdfast deployable add shop --file shop.xml --pool dev"})
    static final class Add extends BrokerCommands.New {
        @Option(
                names = {"-f", "--file"},
                paramLabel = "FILE",
                required = true,
                description = "Its XML; - reads standard input.")
        private Path file = Path.of("-");

        @Mixin
        private InPool pool = new InPool();

        @Option(names = "--description", paramLabel = "TEXT", description = "Default: what the file says.")
        private Optional<String> description = Optional.empty();

        Add(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = broker();
            var body = Json.object().put("name", name).put("xml", Inputs.text(file));
            body.putObject(Broker.POOL).put("id", pool.id(broker));
            description.ifPresent(text -> body.put("description", text));
            return say(
                    broker.post(Json.object().set("deployable", body), Broker.DEPLOYABLES),
                    _ -> "%s is added. Next:  holdfast deployment launch NAME --deployable %s --pool %s\n"
                            .formatted(name, name, pool.name()));
        }
    }
}
