package holdfast.cli;

import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `role add`, `list`, `show` and `remove`.
@Command(
        name = "role",
        description = "Roles: what those may do to whom permissions give them.",
        synopsisSubcommandLabel = "COMMAND")
final class RoleCommands {
    private static final BrokerCommands KIND = new BrokerCommands(
            Broker.ROLES,
            "roles",
            "No roles.\n",
            List.of("NAME", "GIVEN ON", "TO MAKERS", "~MAY"),
            one -> List.of(
                    Nodes.text(one, "name"),
                    Nodes.text(one, "scope"),
                    BrokerView.yes(one, "assign_to_owner"),
                    String.join(", ", privileges(one).keySet())),
            RoleCommands::below);

    private RoleCommands() {}

    static CommandLine all(Wiring wiring) {
        return KIND.into(new CommandLine(new RoleCommands()).addSubcommand(new Add(wiring)), wiring);
    }

    private static Map<String, TreeSet<String>> privileges(JsonNode role) {
        var all = new TreeMap<String, TreeSet<String>>();
        for (var one : Nodes.items(role, "privileges"))
            all.computeIfAbsent(Nodes.text(one, "target_type"), _ -> new TreeSet<>())
                    .add(Nodes.text(one, "action"));
        return all;
    }

    private static String below(BrokerView view, JsonNode role) {
        var table = Table.of("ON", "~MAY");
        privileges(role).forEach((target, actions) -> table.row(target, String.join(", ", actions)));
        return table.isEmpty() ? "" : "\n" + table.text(view.terminal());
    }

    @Command(
            name = "add",
            description = "Makes a role.",
            footer = {
                "",
                "Actions: create, view, use, modify, view_perms, set_perms",
                "Example: holdfast role add Starter --scope Pool --may Pool=view --may Instance=create,view,use"
            })
    static final class Add extends BrokerCommands.New {
        @Option(
                names = "--scope",
                paramLabel = "KIND",
                required = true,
                description =
                        "On what it is given: Pool, PoolFamily, Provider ...; BasePermissionObject is everything.")
        private String scope = "";

        @Option(
                names = "--may",
                paramLabel = "KIND=ACTION[,ACTION]",
                description = "What may be done to what; may be given again.")
        private Map<String, String> may = Map.of();

        @Option(names = "--to-makers", description = "Who makes such a thing has it from then on.")
        private boolean owner;

        Add(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var body = Json.object().put("name", name).put("scope", scope).put("assign_to_owner", owner);
            var privileges = body.putArray("privileges");
            may.forEach((target, actions) -> List.of(actions.split(",", 10))
                    .forEach(action ->
                            privileges.addObject().put("target_type", target).put("action", action.strip())));
            return say(
                    broker().post(Json.object().set("role", body), Broker.ROLES),
                    _ -> name + " is made. Next:  holdfast permission give '" + name + "' --user USER\n");
        }
    }
}
