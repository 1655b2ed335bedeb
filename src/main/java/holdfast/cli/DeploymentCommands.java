package holdfast.cli;

import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `deployment launch`, `explain`, `list`, `show`, `start`, `stop`, `reboot` and `delete`.
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
        var all = new CommandLine(new DeploymentCommands())
                .addSubcommand(new Launch(wiring))
                .addSubcommand(new Explain(wiring));
        return KIND.listAndShow(all, wiring)
                .addSubcommand(new Start(wiring))
                .addSubcommand(new Stop(wiring))
                .addSubcommand(new Reboot(wiring))
                .addSubcommand(new Delete(wiring));
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
        @Mixin
        private DeploymentOptions launch = new DeploymentOptions();

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
            var body = launch.fields(broker).put("name", name);
            if (partial) body.put("partial_launch", true);
            var made = broker.post(Json.object().set("deployment", body), Broker.DEPLOYMENTS);
            return say(wait.until(this, Broker.DEPLOYMENTS, made, COMING).orElse(made), DeploymentCommands::line);
        }
    }

    @Command(
            name = "explain",
            description = "Tells at which accounts all of it could be made, and why not at others. Makes nothing.",
            footer = {"", "Example:  holdfast deployment explain --deployable shop --pool dev"})
    static final class Explain extends RemoteCommand {
        @Mixin
        private DeploymentOptions launch = new DeploymentOptions();

        Explain(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = new Broker(client());
            var body = Json.object().set("deployment", launch.fields(broker));
            return say(
                    broker.post(body, Broker.DEPLOYMENTS, "explain"), answer -> ExplainedView.text(answer, terminal()));
        }
    }

    @Command(
            name = "start",
            description = "Starts all instances of a deployment that are stopped, and waits until they run.")
    static final class Start extends BrokerCommands.Act {
        Start(Wiring wiring) {
            super(wiring, Broker.DEPLOYMENTS, "start", Set.of("stopped", "incomplete"), DeploymentCommands::line);
        }
    }

    @Command(name = "stop", description = "Stops all instances of a deployment, and waits until they are stopped.")
    static final class Stop extends BrokerCommands.Act {
        Stop(Wiring wiring) {
            super(wiring, Broker.DEPLOYMENTS, "stop", GOING, DeploymentCommands::line);
        }
    }

    @Command(name = "reboot", description = "Has all instances of a deployment that run begin again.")
    static final class Reboot extends BrokerCommands.Act {
        Reboot(Wiring wiring) {
            super(wiring, Broker.DEPLOYMENTS, "reboot", Set.of(), DeploymentCommands::line);
        }
    }

    @Command(name = "delete", description = "Takes a deployment away with its instances, and waits until it is gone.")
    static final class Delete extends BrokerCommands.Gone {
        Delete(Wiring wiring) {
            super(wiring, Broker.DEPLOYMENTS);
        }
    }
}
