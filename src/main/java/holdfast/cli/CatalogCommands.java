package holdfast.cli;

import holdfast.platform.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `catalog add`, `list`, `show`, `include`, `exclude` and `remove`.
@Command(
        name = "catalog",
        description = "Catalogs: deployables of a pool that are offered together.",
        synopsisSubcommandLabel = "COMMAND")
final class CatalogCommands {
    private static final BrokerCommands KIND = new BrokerCommands(
            Broker.CATALOGS,
            "catalogs",
            "No catalogs. Make one:  holdfast catalog add NAME --pool POOL --deployable NAME\n",
            List.of("NAME", ">DEPLOYABLES", "~DESCRIPTION", "ID"),
            one -> List.of(
                    Nodes.text(one, "name"),
                    Nodes.items(one, Broker.DEPLOYABLES).size(),
                    Nodes.text(one, "description"),
                    Nodes.text(one, "id")));

    private CatalogCommands() {}

    static CommandLine all(Wiring wiring) {
        var all = new CommandLine(new CatalogCommands()).addSubcommand(new Add(wiring));
        return KIND.into(all, wiring).addSubcommand(new Include(wiring)).addSubcommand(new Exclude(wiring));
    }

    @Command(
            name = "add",
            description = "Makes a catalog in a pool.",
            footer = {"", "Example:  holdfast catalog add web --pool dev --deployable shop"})
    static final class Add extends BrokerCommands.New {
        @Mixin
        private InPool pool = new InPool();

        @Option(names = "--deployable", paramLabel = "NAME", description = "What is in it; may be given again.")
        private List<String> deployables = List.of();

        @Option(names = "--description", paramLabel = "TEXT", description = "What it offers.")
        private Optional<String> description = Optional.empty();

        Add(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = broker();
            var in = pool.id(broker);
            var body = Json.object().put("name", name);
            body.putObject(Broker.POOL).put("id", in);
            description.ifPresent(text -> body.put("description", text));
            body.set(
                    Broker.DEPLOYABLES,
                    Membership.refs(deployables.stream()
                            .map(one -> DeployableCommands.id(broker, one, in))
                            .toList()));
            return say(
                    broker.post(Json.object().set("catalog", body), Broker.CATALOGS),
                    _ -> "%s is made.\n".formatted(name));
        }
    }

    /// A catalog, and a deployable that is or is not to be in it.
    abstract static class Change extends Membership {
        @Parameters(index = "1", paramLabel = "DEPLOYABLE", description = "Name or id.")
        String deployable = "";

        Change(Wiring wiring, BiConsumer<Set<String>, String> change) {
            super(wiring, Broker.CATALOGS, Broker.DEPLOYABLES, change);
        }

        @Override
        String member(Broker broker, JsonNode catalog) {
            return DeployableCommands.id(broker, deployable, Nodes.text(catalog, Broker.POOL, "id"));
        }

        @Override
        String said(JsonNode after) {
            return "%s has %d deployables now.\n"
                    .formatted(name, Nodes.items(after, Broker.DEPLOYABLES).size());
        }
    }

    @Command(name = "include", description = "Puts a deployable into a catalog.")
    static final class Include extends Change {
        Include(Wiring wiring) {
            super(wiring, Set::add);
        }
    }

    @Command(name = "exclude", description = "Takes a deployable out of a catalog; it stays in the pool.")
    static final class Exclude extends Change {
        Exclude(Wiring wiring) {
            super(wiring, Set::remove);
        }
    }
}
