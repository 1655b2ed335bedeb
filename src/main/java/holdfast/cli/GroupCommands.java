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
import tools.jackson.databind.node.ArrayNode;

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

    private static ArrayNode refs(Iterable<String> ids) {
        var all = Json.array();
        ids.forEach(id -> all.add(Json.object().put("id", id)));
        return all;
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
                    refs(users.stream()
                            .map(user -> broker.id(Broker.USERS, user))
                            .toList()));
            return say(
                    broker.post(Json.object().set("user_group", body), Broker.GROUPS),
                    _ -> name + " is made. Next:  holdfast permission give ROLE --group " + name + " --pool POOL\n");
        }
    }

    /// A group, and a user that is or is not to be in it.
    abstract static class Membership extends BrokerCommands.One {
        @Parameters(index = "1", paramLabel = "USER", description = "Name or id.")
        String user = "";

        Membership(Wiring wiring) {
            super(wiring);
        }

        abstract void change(Set<String> members, String id);

        abstract String said();

        @Override
        public Integer call() {
            var broker = broker();
            var group = broker.find(Broker.GROUPS, name);
            var members = new TreeSet<String>();
            Nodes.items(group, Broker.USERS).forEach(one -> members.add(Nodes.text(one, "id")));
            change(members, broker.id(Broker.USERS, user));
            var body = Json.object().put("lock_version", Nodes.number(group, "lock_version"));
            body.set(Broker.USERS, refs(members));
            return say(broker.put(body, Broker.GROUPS, Nodes.text(group, "id")), _ -> said());
        }
    }

    @Command(name = "join", description = "Puts a user into a group.")
    static final class Join extends Membership {
        Join(Wiring wiring) {
            super(wiring);
        }

        @Override
        void change(Set<String> members, String id) {
            members.add(id);
        }

        @Override
        String said() {
            return user + " is in " + name + ".\n";
        }
    }

    @Command(name = "leave", description = "Takes a user out of a group.")
    static final class Leave extends Membership {
        Leave(Wiring wiring) {
            super(wiring);
        }

        @Override
        void change(Set<String> members, String id) {
            members.remove(id);
        }

        @Override
        String said() {
            return user + " is not in " + name + ".\n";
        }
    }
}
