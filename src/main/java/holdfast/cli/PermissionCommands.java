package holdfast.cli;

import holdfast.platform.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `permission list`, `give` and `revoke`.
@Command(
        name = "permission",
        description = "Permissions: who has which role on what, and on all that is in it.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "What a role allows:  holdfast role show 'Pool User'"})
final class PermissionCommands {
    private static final String PERMISSIONS = "permissions";
    private static final String ENTITY = "entity";
    private static final String OBJECT = "object";
    private static final String TYPE = "type";

    private PermissionCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new PermissionCommands())
                .addSubcommand(new Give(wiring))
                .addSubcommand(new Permissions(wiring))
                .addSubcommand(new Revoke(wiring));
    }

    /// A user or a group.
    static final class Who {
        @Option(names = "--user", paramLabel = "USER", description = "A user.")
        private Optional<String> user = Optional.empty();

        @Option(names = "--group", paramLabel = "GROUP", description = "All users of a group; everybody has all.")
        private Optional<String> group = Optional.empty();

        Optional<String> id(Broker broker) {
            if (user.isPresent() && group.isPresent())
                throw new CliException(ExitCode.USAGE, "say who: either --user or --group");
            return broker.id(Broker.USERS, user).or(() -> broker.id(Broker.GROUPS, group));
        }

        String words() {
            return user.or(() -> group).orElse("");
        }
    }

    /// One thing of those on which roles are given.
    static final class On {
        @Option(names = "--pool", paramLabel = "POOL", description = "On a pool.")
        private Optional<String> pool = Optional.empty();

        @Option(names = "--family", paramLabel = "FAMILY", description = "On a pool family.")
        private Optional<String> family = Optional.empty();

        @Option(names = "--cloud", paramLabel = "CLOUD", description = "On a cloud.")
        private Optional<String> cloud = Optional.empty();

        @Option(names = "--account", paramLabel = "ACCOUNT", description = "On an account.")
        private Optional<String> account = Optional.empty();

        @Option(names = "--hwprofile", paramLabel = "PROFILE", description = "On a hardware profile.")
        private Optional<String> profile = Optional.empty();

        @Option(names = "--realm", paramLabel = "REALM", description = "On a realm.")
        private Optional<String> realm = Optional.empty();

        @Option(names = "--deployable", paramLabel = "DEPLOYABLE", description = "On a deployable.")
        private Optional<String> deployable = Optional.empty();

        @Option(names = "--instance", paramLabel = "INSTANCE", description = "On an instance.")
        private Optional<String> instance = Optional.empty();

        @Option(names = "--deployment", paramLabel = "DEPLOYMENT", description = "On a deployment.")
        private Optional<String> deployment = Optional.empty();

        private record Thing(String type, String collection, Optional<String> name) {}

        private Optional<Thing> said() {
            return Stream.of(
                            new Thing("Pool", Broker.POOLS, pool),
                            new Thing("PoolFamily", Broker.FAMILIES, family),
                            new Thing("Provider", Broker.PROVIDERS, cloud),
                            new Thing("ProviderAccount", Broker.ACCOUNTS, account),
                            new Thing("HardwareProfile", Broker.PROFILES, profile),
                            new Thing("FrontendRealm", Broker.REALMS, realm),
                            new Thing("Deployable", Broker.DEPLOYABLES, deployable),
                            new Thing("Instance", Broker.INSTANCES, instance),
                            new Thing("Deployment", Broker.DEPLOYMENTS, deployment))
                    .filter(thing -> thing.name().isPresent())
                    .findFirst();
        }

        Optional<JsonNode> object(Broker broker) {
            return said().map(thing -> Json.object()
                    .put(TYPE, thing.type())
                    .put("id", broker.id(thing.collection(), thing.name().orElseThrow())));
        }

        String words() {
            return said().flatMap(Thing::name).orElse("everything");
        }
    }

    /// A role, who has it, and on what.
    abstract static class Giving extends RemoteCommand {
        @Parameters(paramLabel = "ROLE", description = "As 'holdfast role list' shows it.")
        String role = "";

        @Mixin
        Who who = new Who();

        @ArgGroup
        On on = new On();

        Giving(Wiring wiring) {
            super(wiring);
        }

        final String entity(Broker broker) {
            return who.id(broker)
                    .orElseThrow(() -> new CliException(ExitCode.USAGE, "say who: either --user or --group"));
        }
    }

    @Command(
            name = "give",
            description = "Gives somebody a role on one thing and all that is in it, or on everything.",
            footer = {"", "Example:  holdfast permission give 'Pool User' --group developers --pool dev"})
    static final class Give extends Giving {
        Give(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = new Broker(client());
            var body = Json.object();
            body.putObject(ENTITY).put("id", entity(broker));
            body.putObject("role").put("id", broker.id(Broker.ROLES, role));
            on.object(broker).ifPresent(thing -> body.set(OBJECT, thing));
            return say(
                    broker.post(Json.object().set("permission", body), PERMISSIONS),
                    _ -> "%s is %s on %s.\n".formatted(who.words(), role, on.words()));
        }
    }

    @Command(name = "revoke", description = "Takes a role on something from somebody.")
    static final class Revoke extends Giving {
        Revoke(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = new Broker(client());
            var thing = on.object(broker).map(one -> Nodes.text(one, "id")).orElse("");
            var asked = Map.of(ENTITY, Optional.of(entity(broker)), "role", Optional.of(broker.id(Broker.ROLES, role)));
            var found = broker.list(List.of(PERMISSIONS), asked).stream()
                    .filter(one -> Nodes.text(one, OBJECT, "id").equals(thing))
                    .findFirst()
                    .orElseThrow(() -> new CliException(
                            ExitCode.NOT_THERE,
                            "%s is not %s on %s".formatted(who.words(), role, on.words()),
                            "see who is what with:  holdfast permission list"));
            broker.client().delete(Broker.path(PERMISSIONS, Nodes.text(found, "id")));
            return say(found, _ -> "%s is not %s on %s any more.\n".formatted(who.words(), role, on.words()));
        }
    }

    @Command(
            name = "list",
            description = "Lists permissions: all that you may see, or those of somebody or on one thing.")
    static final class Permissions extends RemoteCommand {
        @Mixin
        private Who who = new Who();

        @ArgGroup
        private On on = new On();

        Permissions(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = new Broker(client());
            var asked = new HashMap<String, Optional<String>>();
            asked.put(ENTITY, who.id(broker));
            asked.put(OBJECT, on.object(broker).map(one -> Nodes.text(one, "id")));
            var found = broker.list(List.of(PERMISSIONS), asked);
            var view = new BrokerView(terminal(), broker);
            var names = found.isEmpty() ? Map.<String, String>of() : names(broker);
            return list(
                    found,
                    "No permissions.\n",
                    Table.of("WHO", "ROLE", "ON", "~NAME"),
                    (table, one) -> table.row(
                            names.getOrDefault(Nodes.text(one, ENTITY, "id"), Nodes.text(one, ENTITY, "id")),
                            Nodes.text(one, "role", "value"),
                            Nodes.text(one, OBJECT, "id").isEmpty() ? "everything" : Nodes.text(one, OBJECT, TYPE),
                            view.name(Nodes.at(one, OBJECT))));
        }

        private static Map<String, String> names(Broker broker) {
            return Stream.of(Broker.USERS, Broker.GROUPS)
                    .flatMap(collection -> broker.list(List.of(collection), Map.of()).stream())
                    .collect(Collectors.toMap(one -> Nodes.text(one, "id"), one -> Nodes.text(one, "name")));
        }
    }
}
