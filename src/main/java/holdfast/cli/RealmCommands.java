package holdfast.cli;

import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `realm add`, `list`, `show`, `map`, `unmap`, `parts` and `remove`.
@Command(
        name = "realm",
        description = "Realms: what users name to say where, and to which parts of which clouds that leads.",
        synopsisSubcommandLabel = "COMMAND")
final class RealmCommands {
    private static final BrokerCommands KIND = new BrokerCommands(
            Broker.REALMS,
            "realms",
            "No realms. Add one:  holdfast realm add NAME\n",
            List.of("NAME", ">PARTS", ">CLOUDS", "~DESCRIPTION"),
            one -> List.of(
                    Nodes.text(one, "name"),
                    Nodes.items(one, Broker.PROVIDER_REALMS).size(),
                    Nodes.items(one, Broker.PROVIDERS).size(),
                    Nodes.text(one, "description")));

    private static final BrokerCommands PARTS = new BrokerCommands(
            Broker.PROVIDER_REALMS,
            "parts of clouds",
            "No cloud has shown its parts yet.\n",
            List.of("PART", "AVAILABLE", ">REALMS"),
            one -> List.of(
                    Nodes.text(one, "provider", "value") + "/" + Nodes.text(one, "name"),
                    BrokerView.yes(one, "available"),
                    Nodes.items(one, Broker.REALMS).size()));

    private RealmCommands() {}

    static CommandLine all(Wiring wiring) {
        var all = new CommandLine(new RealmCommands()).addSubcommand(new Add(wiring));
        return KIND.into(all, wiring)
                .addSubcommand(new MapIt(wiring))
                .addSubcommand(new Unmap(wiring))
                .addSubcommand(new Parts(wiring));
    }

    @Command(name = "add", description = "Adds a realm, which leads nowhere yet.")
    static final class Add extends BrokerCommands.New {
        @Option(names = "--description", paramLabel = "TEXT", description = "What it stands for.")
        private Optional<String> description = Optional.empty();

        Add(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var body = Json.object().put("name", name).put("description", description.orElse(""));
            return say(
                    broker().post(Json.object().set("frontend_realm", body), Broker.REALMS),
                    _ -> name + " is added. Next:  holdfast realm map " + name + " CLOUD/PART\n");
        }
    }

    @Command(name = "parts", description = "Lists parts of clouds, as these have shown them.")
    static final class Parts extends RemoteCommand {
        @Option(names = "--cloud", paramLabel = "CLOUD", description = "Those of one cloud.")
        private Optional<String> cloud = Optional.empty();

        Parts(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return PARTS.listed(this, Map.of("provider", new Broker(client()).id(Broker.PROVIDERS, cloud)));
        }
    }

    /// A realm, and somewhere to which it leads.
    abstract static class Mapping extends RemoteCommand {
        @Parameters(index = "0", paramLabel = "REALM", description = "Name or id.")
        String realm = "";

        @Parameters(index = "1", paramLabel = "CLOUD[/PART]", description = "A whole cloud, or a part of it.")
        String target = "";

        Mapping(Wiring wiring) {
            super(wiring);
        }

        final boolean whole() {
            return !target.contains("/");
        }

        final String id(Broker broker) {
            var parts = target.split("/", 2);
            var provider = broker.id(Broker.PROVIDERS, parts[0]);
            if (whole()) return provider;
            var asked = Map.of("provider", Optional.of(provider), "name", Optional.of(parts[1]));
            return broker.list(List.of(Broker.PROVIDER_REALMS), asked).stream()
                    .map(one -> Nodes.text(one, "id"))
                    .findFirst()
                    .orElseThrow(() -> new CliException(
                            ExitCode.NOT_THERE,
                            parts[0] + " has no part " + parts[1],
                            "see which it has with:  holdfast realm parts --cloud " + parts[0]));
        }
    }

    @Command(
            name = "map",
            description = "Lets a realm lead to a cloud, or to a part of one.",
            footer = {"", "Example:  holdfast realm map europe north/us-east"})
    static final class MapIt extends Mapping {
        MapIt(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = new Broker(client());
            var body = Json.object();
            body.putObject(whole() ? "provider" : "provider_realm").put("id", id(broker));
            var mapping = Json.object().set("mapping", body);
            return say(
                    broker.post(mapping, Broker.REALMS, broker.id(Broker.REALMS, realm), "mappings"),
                    _ -> realm + " leads to " + target + ".\n");
        }
    }

    @Command(name = "unmap", description = "Lets a realm lead there no more.")
    static final class Unmap extends Mapping {
        Unmap(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = new Broker(client());
            var path = Broker.path(Broker.REALMS, broker.id(Broker.REALMS, realm), "mappings", id(broker));
            return say(broker.client().delete(path), _ -> realm + " leads to " + target + " no more.\n");
        }
    }
}
