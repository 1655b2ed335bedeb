package holdfast.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `instance launch`, `explain`, `list`, `show`, `start`, `stop`, `reboot`, `destroy`, `events` and `key`.
@Command(
        name = "instance",
        description = "Instances: machines that pools make at accounts of clouds.",
        synopsisSubcommandLabel = "COMMAND")
final class InstanceCommands {
    private static final Set<String> COMING = Set.of("new", "pending");

    static final BrokerCommands KIND = new BrokerCommands(
            Broker.INSTANCES,
            "instances",
            "No instances. Make one:  holdfast instance launch NAME --image IMAGE --hwprofile PROFILE\n",
            List.of("NAME", "STATE", "PROFILE", "ACCOUNT", "ADDRESSES", "~TROUBLE"),
            one -> List.of(
                    Nodes.text(one, "name"),
                    Table.state(Nodes.text(one, "state")),
                    SliceView.dash(Nodes.text(one, "hardware_profile", "value")),
                    SliceView.dash(Nodes.text(one, "provider_account", "value")),
                    SliceView.dash(addresses(one)),
                    Nodes.text(one, "last_error")));

    private InstanceCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new InstanceCommands())
                .addSubcommand(new Launch(wiring))
                .addSubcommand(new Explain(wiring))
                .addSubcommand(new InstanceList(wiring))
                .addSubcommand(KIND.shown(wiring))
                .addSubcommand(new Start(wiring))
                .addSubcommand(new Stop(wiring))
                .addSubcommand(new Reboot(wiring))
                .addSubcommand(new Destroy(wiring))
                .addSubcommand(new Events(wiring))
                .addSubcommand(new Key(wiring));
    }

    private static String addresses(JsonNode one) {
        var open = Nodes.text(one, "public_addresses");
        return open.isEmpty() ? Nodes.text(one, "private_addresses") : open;
    }

    /// In a line.
    private static String line(JsonNode one) {
        var at = Nodes.text(one, "provider_account", "value");
        var addresses = addresses(one);
        return "%s is %s%s%s.\n"
                .formatted(
                        Nodes.text(one, "name"),
                        Nodes.text(one, "state").replace('_', ' '),
                        at.isEmpty() ? "" : " at " + at,
                        addresses.isEmpty() ? "" : ", " + addresses);
    }

    @Command(
            name = "launch",
            description = "Has an instance made, and waits until it runs.",
            footer = {"", "Example:  holdfast instance launch web --image web-os --hwprofile small --pool dev"})
    static final class Launch extends RemoteCommand {
        @Mixin
        private LaunchOptions launch = new LaunchOptions();

        @Option(names = "--stopped", description = "Do not let it run yet.")
        private boolean stopped;

        @Mixin
        private BrokerWait wait = new BrokerWait();

        Launch(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = new Broker(client());
            var body = launch.body(broker);
            if (stopped) ((ObjectNode) body.path("instance")).put("stopped", true);
            var made = broker.post(body, Broker.INSTANCES);
            return say(wait.until(this, Broker.INSTANCES, made, COMING).orElse(made), InstanceCommands::line);
        }
    }

    @Command(
            name = "explain",
            description = "Tells at which accounts an instance could be made, and why not at others. Makes nothing.",
            footer = {"", "Example:  holdfast instance explain --image web-os --hwprofile small --pool dev"})
    static final class Explain extends RemoteCommand {
        @Mixin
        private LaunchOptions launch = new LaunchOptions();

        Explain(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = new Broker(client());
            var pool = broker.id(Broker.POOLS, launch.pool().orElse("default"));
            return say(
                    broker.post(launch.body(broker), Broker.POOLS, pool, "explain"),
                    answer -> ExplainedView.text(answer, terminal()));
        }
    }

    @Command(name = "list", description = "Lists instances.")
    static final class InstanceList extends RemoteCommand {
        @Option(names = "--pool", paramLabel = "POOL", description = "Only those of a pool.")
        private Optional<String> pool = Optional.empty();

        @Option(names = "--state", paramLabel = "STATE", description = "Only those in a state, such as running.")
        private Optional<String> state = Optional.empty();

        @Option(names = "--account", paramLabel = "ACCOUNT", description = "Only those at an account.")
        private Optional<String> account = Optional.empty();

        @Option(names = "--deployment", paramLabel = "NAME", description = "Only those of a deployment.")
        private Optional<String> deployment = Optional.empty();

        InstanceList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = new Broker(client());
            var which = new LinkedHashMap<String, Optional<String>>();
            which.put("pool", broker.id(Broker.POOLS, pool));
            which.put("state", state);
            which.put("provider_account", broker.id(Broker.ACCOUNTS, account));
            which.put("deployment", broker.id(Broker.DEPLOYMENTS, deployment));
            return KIND.listed(this, which);
        }
    }

    @Command(name = "start", description = "Starts an instance that is stopped, and waits until it runs.")
    static final class Start extends BrokerCommands.Act {
        Start(Wiring wiring) {
            super(wiring, Broker.INSTANCES, "start", Set.of("new", "pending", "stopped"), InstanceCommands::line);
        }
    }

    @Command(name = "stop", description = "Stops an instance, and waits until it is stopped.")
    static final class Stop extends BrokerCommands.Act {
        Stop(Wiring wiring) {
            super(
                    wiring,
                    Broker.INSTANCES,
                    "stop",
                    Set.of("new", "pending", "running", "shutting_down"),
                    InstanceCommands::line);
        }
    }

    @Command(name = "reboot", description = "Has an instance begin again.")
    static final class Reboot extends BrokerCommands.Act {
        Reboot(Wiring wiring) {
            super(wiring, Broker.INSTANCES, "reboot", COMING, InstanceCommands::line);
        }
    }

    @Command(
            name = "key",
            description = "Tells the private half of the key that was made for an instance, until it stops.",
            footer = {"", "Example:  holdfast instance key web > web.pem && chmod 600 web.pem"})
    static final class Key extends BrokerCommands.One {
        Key(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = broker();
            var key = broker.get(Broker.INSTANCES, broker.id(Broker.INSTANCES, name), "key");
            return say(key, one -> {
                var half = Nodes.text(one, "pem").strip();
                if (half.isEmpty())
                    throw new CliException(
                            ExitCode.NOT_THERE,
                            name + " is opened by the key " + Nodes.text(one, "name") + ", whose owner has it");
                return half + "\n";
            });
        }
    }

    @Command(name = "destroy", description = "Takes an instance away, and waits until it is gone.")
    static final class Destroy extends BrokerCommands.Gone {
        Destroy(Wiring wiring) {
            super(wiring, Broker.INSTANCES);
        }
    }

    @Command(name = "events", description = "Tells what happened to an instance, oldest first.")
    static final class Events extends BrokerCommands.One {
        Events(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = broker();
            var found = broker.list(List.of(Broker.INSTANCES, broker.id(Broker.INSTANCES, name), "events"), Map.of());
            return list(
                    found,
                    "Nothing has happened to it yet.\n",
                    Table.of("TIME", "WHAT", "~MORE"),
                    (table, one) -> table.row(
                            time(one, "event_time"),
                            SliceView.dash(Nodes.text(one, "status_code")),
                            Nodes.text(one, "summary")));
        }
    }
}
