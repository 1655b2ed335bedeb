package holdfast.cli;

import holdfast.platform.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `group add`, `list`, `show`, `join`, `leave` and `remove`.
@Command(
        name = "group",
        description = "Groups of users, whose members may do what the group may.",
        synopsisSubcommandLabel = "COMMAND")
final class GroupCommands {
    private static final BrokerCommands KIND = new BrokerCommands(
            Broker.GROUPS,
            "groups",
            "No groups. Make one:  holdfast group add NAME --user USER\n",
            List.of("NAME", ">USERS", "~DESCRIPTION"),
            one -> List.of(
                    Nodes.text(one, "name"), Nodes.items(one, Broker.USERS).size(), Nodes.text(one, "description")));

    private GroupCommands() {}

    static CommandLine all(Wiring wiring) {
        var all = new CommandLine(new GroupCommands()).addSubcommand(new Add(wiring));
        return KIND.into(all, wiring).addSubcommand(new Join(wiring)).addSubcommand(new Leave(wiring));
    }

    @Command(
            name = "add",
            description = "Makes a group.",
            footer = {"", "Example:  holdfast group add developers --user bob --user carol"})
    static final class Add extends BrokerCommands.New {
        @Option(names = "--description", paramLabel = "TEXT", description = "Who they are.")
        private Optional<String> description = Optional.empty();

        @Option(names = "--user", paramLabel = "USER", description = "A member; may be given again.")
        private List<String> users = List.of();

        Add(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = broker();
            var body = Json.object().put("name", name).put("description", description.orElse(""));
            body.set(
                    Broker.USERS,
                    Membership.refs(users.stream()
                            .map(user -> broker.id(Broker.USERS, user))
                            .toList()));
            return say(
                    broker.post(Json.object().set("user_group", body), Broker.GROUPS),
                    _ -> name + " is made. Next:  holdfast permission give ROLE --group " + name + " --pool POOL\n");
        }
    }

    /// A group, and a user that is or is not to be in it.
    abstract static class Change extends Membership {
        @Parameters(index = "1", paramLabel = "USER", description = "Name or id.")
        String user = "";

        Change(Wiring wiring, BiConsumer<Set<String>, String> change) {
            super(wiring, Broker.GROUPS, Broker.USERS, change);
        }

        @Override
        String member(Broker broker, JsonNode group) {
            return broker.id(Broker.USERS, user);
        }
    }

    @Command(name = "join", description = "Puts a user into a group.")
    static final class Join extends Change {
        Join(Wiring wiring) {
            super(wiring, Set::add);
        }

        @Override
        String said(JsonNode after) {
            return user + " is in " + name + ".\n";
        }
    }

    @Command(name = "leave", description = "Takes a user out of a group.")
    static final class Leave extends Change {
        Leave(Wiring wiring) {
            super(wiring, Set::remove);
        }

        @Override
        String said(JsonNode after) {
            return user + " is not in " + name + ".\n";
        }
    }
}
