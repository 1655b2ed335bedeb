package holdfast.cli;

import holdfast.platform.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

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

    private static ArrayNode refs(Iterable<String> ids) {
        var all = Json.array();
        ids.forEach(id -> all.add(Json.object().put("id", id)));
        return all;
    }

    @Command(
            name = "add",
            description = "Makes a catalog in a pool.",
            footer = {"", "Example:  holdfast catalog add web --pool dev --deployable shop"})
    static final class Add extends BrokerCommands.New {
        @Option(names = "--pool", paramLabel = "POOL", description = "In which pool. Default: the pool default.")
        private String pool = "default";

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
            var in = broker.id(Broker.POOLS, pool);
            var body = Json.object().put("name", name);
            body.putObject(Broker.POOL).put("id", in);
            description.ifPresent(text -> body.put("description", text));
            body.set(
                    Broker.DEPLOYABLES,
                    refs(deployables.stream()
                            .map(one -> DeployableCommands.id(broker, one, in))
                            .toList()));
            return say(
                    broker.post(Json.object().set("catalog", body), Broker.CATALOGS),
                    _ -> "%s is made.\n".formatted(name));
        }
    }

    /// A catalog, and a deployable that is or is not to be in it.
    abstract static class Change extends BrokerCommands.One {
        @Parameters(index = "1", paramLabel = "DEPLOYABLE", description = "Name or id.")
        String deployable = "";

        Change(Wiring wiring) {
            super(wiring);
        }

        abstract void change(Set<String> members, String id);

        @Override
        public Integer call() {
            var broker = broker();
            var catalog = broker.find(Broker.CATALOGS, name);
            var members = new TreeSet<String>();
            Nodes.items(catalog, Broker.DEPLOYABLES).forEach(one -> members.add(Nodes.text(one, "id")));
            change(members, DeployableCommands.id(broker, deployable, Nodes.text(catalog, Broker.POOL, "id")));
            var body = Json.object().put("lock_version", Nodes.number(catalog, "lock_version"));
            body.set(Broker.DEPLOYABLES, refs(members));
            return say(broker.put(body, Broker.CATALOGS, Nodes.text(catalog, "id")), this::said);
        }

        private String said(JsonNode after) {
            return "%s has %d deployables now.\n"
                    .formatted(name, Nodes.items(after, Broker.DEPLOYABLES).size());
        }
    }

    @Command(name = "include", description = "Puts a deployable into a catalog.")
    static final class Include extends Change {
        Include(Wiring wiring) {
            super(wiring);
        }

        @Override
        void change(Set<String> members, String id) {
            members.add(id);
        }
    }

    @Command(name = "exclude", description = "Takes a deployable out of a catalog; it stays in the pool.")
    static final class Exclude extends Change {
        Exclude(Wiring wiring) {
            super(wiring);
        }

        @Override
        void change(Set<String> members, String id) {
            members.remove(id);
        }
    }
}
