package holdfast.cli;

import holdfast.platform.Json;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `cloud add`, `list`, `show`, `enable`, `disable`, `remove` and `types`: the providers of the cloud broker. (Those of
/// reservations are `provider`.)
@Command(
        name = "cloud",
        description = "Clouds whose accounts pools use. For administrators.",
        synopsisSubcommandLabel = "COMMAND")
final class CloudCommands {
    private static final BrokerCommands KIND = new BrokerCommands(
            Broker.PROVIDERS,
            "clouds",
            "No clouds. Add one:  holdfast cloud add NAME --type TYPE --url URL\n",
            List.of("NAME", "TYPE", "ENABLED", "ANSWERS", "REGION", "~URL"),
            one -> List.of(
                    Nodes.text(one, "name"),
                    Nodes.text(one, "provider_type"),
                    BrokerView.yes(one, "enabled"),
                    BrokerView.yes(one, "available"),
                    SliceView.dash(Nodes.text(one, "deltacloud_provider")),
                    Nodes.text(one, "url")));

    private static final BrokerCommands TYPES = new BrokerCommands(
            "provider_types",
            "types of clouds",
            "No types of clouds.\n",
            List.of("NAME", "TYPE", "THROUGH", "~CREDENTIALS"),
            one -> List.of(
                    Nodes.text(one, "name"),
                    Nodes.text(one, "deltacloud_driver"),
                    Nodes.text(one, "through"),
                    Nodes.items(one, "credential_definitions").stream()
                            .map(credential -> Nodes.text(credential, "name"))
                            .collect(Collectors.joining(", "))));

    private CloudCommands() {}

    static CommandLine all(Wiring wiring) {
        var all = new CommandLine(new CloudCommands()).addSubcommand(new Add(wiring));
        return KIND.into(all, wiring)
                .addSubcommand(new Enable(wiring))
                .addSubcommand(new Disable(wiring))
                .addSubcommand(new Types(wiring));
    }

    @Command(name = "types", description = "Lists types of clouds, and which credentials their accounts give.")
    static final class Types extends RemoteCommand {
        Types(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return TYPES.listed(this, java.util.Map.of());
        }
    }

    @Command(
            name = "add",
            description = "Adds a cloud; it is taken only if it answers.",
            footer = {"", "Example:  holdfast cloud add north --type openstack --url http://dc.example:3002/api"})
    static final class Add extends BrokerCommands.New {
        @Option(
                names = "--type",
                paramLabel = "TYPE",
                required = true,
                description = "As 'holdfast cloud types' shows it.")
        private String type = "";

        @Option(names = "--url", paramLabel = "URL", required = true, description = "Where it is reached.")
        private String url = "";

        @Option(names = "--region", paramLabel = "REGION", description = "What of it: a provider of its Deltacloud.")
        private Optional<String> region = Optional.empty();

        Add(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var body =
                    Json.object().put("name", name).put("provider_type", type).put("url", url);
            region.ifPresent(text -> body.put("deltacloud_provider", text));
            return say(
                    broker().post(Json.object().set("provider", body), Broker.PROVIDERS),
                    _ -> name + " is added. Next:  holdfast account add NAME --cloud " + name + " --username USER\n");
        }
    }

    @Command(name = "enable", description = "Lets a cloud be used again.")
    static final class Enable extends BrokerCommands.One {
        Enable(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var body = Json.object().put("enabled", true);
            var broker = broker();
            return say(
                    broker.put(body, Broker.PROVIDERS, broker.id(Broker.PROVIDERS, name)),
                    one -> Nodes.text(one, "name") + " is used again.\n");
        }
    }

    @Command(name = "disable", description = "Has all that runs at a cloud stopped, and makes nothing there any more.")
    static final class Disable extends BrokerCommands.One {
        @Option(
                names = "--terminate",
                description = "Also if it does not answer; what runs there is then taken for stopped.")
        private boolean terminate;

        Disable(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var body = Json.object().put("enabled", false).put("terminate", terminate);
            var broker = broker();
            return say(
                    broker.put(body, Broker.PROVIDERS, broker.id(Broker.PROVIDERS, name)),
                    one -> Nodes.text(one, "name") + " is used no more.\n");
        }
    }
}
