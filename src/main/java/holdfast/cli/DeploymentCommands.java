package holdfast.cli;

import holdfast.platform.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `deployment launch`, `list`, `show`, `stop` and `delete`.
@Command(
        name = "deployment",
        description = "Deployments: several instances that are made at one account, all or none.",
        synopsisSubcommandLabel = "COMMAND")
final class DeploymentCommands {
    private static final Set<String> COMING = Set.of("new", "pending", "rollback_in_progress", "rollback_complete");
    private static final Set<String> GOING =
            Set.of("new", "pending", "running", "incomplete", "shutting_down", "rollback_in_progress");

    private static final BrokerCommands KIND = new BrokerCommands(
            Broker.DEPLOYMENTS,
            "deployments",
            "No deployments. Make one:  holdfast deployment launch NAME --file FILE\n",
            List.of("NAME", "STATE", "UP SINCE ALL", "UP SINCE FIRST", "~TROUBLE"),
            one -> List.of(
                    Nodes.text(one, "name"),
                    Table.state(Nodes.text(one, "state")),
                    SliceView.dash(Nodes.text(one, "uptime_all")),
                    SliceView.dash(Nodes.text(one, "uptime_1st_instance")),
                    Nodes.text(one, "last_error")),
            DeploymentCommands::instances);

    private DeploymentCommands() {}

    static CommandLine all(Wiring wiring) {
        var all = new CommandLine(new DeploymentCommands()).addSubcommand(new Launch(wiring));
        return KIND.listAndShow(all, wiring).addSubcommand(new Stop(wiring)).addSubcommand(new Delete(wiring));
    }

    private static String line(JsonNode one) {
        return "%s is %s.\n"
                .formatted(Nodes.text(one, "name"), Nodes.text(one, "state").replace('_', ' '));
    }

    private static String instances(BrokerView view, JsonNode deployment) {
        var asked = Map.of("deployment", Optional.of(Nodes.text(deployment, "id")));
        var table = InstanceCommands.KIND.table();
        for (var one : view.broker().list(List.of(Broker.INSTANCES), asked))
            table.row(InstanceCommands.KIND.row().apply(one).toArray());
        return table.isEmpty() ? "" : "\n" + table.text(view.terminal());
    }

    @Command(
            name = "launch",
            description = "Has all instances of a deployable made at one account, and waits until they run.",
            footer = {"", "Example:  holdfast deployment launch shop --file shop.xml --pool dev"})
    static final class Launch extends BrokerCommands.New {
        @Option(
                names = {"-f", "--file"},
                paramLabel = "FILE",
                description = "The deployable in XML; - reads standard input.")
        private Optional<Path> file = Optional.empty();

        @Option(names = "--deployable", paramLabel = "NAME", description = "One that is kept, instead of a file.")
        private Optional<String> deployable = Optional.empty();

        @Option(names = "--pool", paramLabel = "POOL", description = "In which pool. Default: the pool default.")
        private String pool = "default";

        @Option(names = "--realm", paramLabel = "REALM", description = "Where. Default: anywhere.")
        private Optional<String> realm = Optional.empty();

        @Option(names = "--partial", description = "Keep those that can be made if others cannot.")
        private boolean partial;

        @Mixin
        private BrokerWait wait = new BrokerWait();

        Launch(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = broker();
            if (file.isPresent() == deployable.isPresent())
                throw new CliException(ExitCode.USAGE, "say what is to be made: either --file or --deployable");
            var body = Json.object().put("name", name);
            file.ifPresent(path -> body.put("deployable_xml", Inputs.text(path)));
            var in = broker.id(Broker.POOLS, pool);
            deployable
                    .map(one -> DeployableCommands.id(broker, one, in))
                    .ifPresent(id -> body.putObject("deployable").put("id", id));
            body.putObject("pool").put("id", in);
            broker.id(Broker.REALMS, realm)
                    .ifPresent(id -> body.putObject("frontend_realm").put("id", id));
            if (partial) body.put("partial_launch", true);
            var made = broker.post(Json.object().set("deployment", body), Broker.DEPLOYMENTS);
            return say(wait.until(this, Broker.DEPLOYMENTS, made, COMING).orElse(made), DeploymentCommands::line);
        }
    }

    @Command(name = "stop", description = "Stops all instances of a deployment, and waits until they are stopped.")
    static final class Stop extends BrokerCommands.One {
        @Mixin
        private BrokerWait wait = new BrokerWait();

        Stop(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = broker();
            var id = broker.id(Broker.DEPLOYMENTS, name);
            var now = broker.post(Json.object(), Broker.DEPLOYMENTS, id, "stop");
            return say(wait.until(this, Broker.DEPLOYMENTS, now, GOING).orElse(now), DeploymentCommands::line);
        }
    }

    @Command(name = "delete", description = "Takes a deployment away with its instances, and waits until it is gone.")
    static final class Delete extends BrokerCommands.Gone {
        Delete(Wiring wiring) {
            super(wiring, Broker.DEPLOYMENTS);
        }
    }
}
